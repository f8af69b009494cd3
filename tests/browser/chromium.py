"""The browser that the tests of this folder drive. Run as a script, it gets one when there is none."""

import os
import shutil
import subprocess
import sys

from playwright.sync_api import Playwright, sync_playwright

NAMES = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
)
PACKAGES = ("chromium", "fonts-liberation", "fonts-dejavu-core")


def chromium(playwright: Playwright) -> str | None:
    """The path of the system's Chromium or Chrome, else of Playwright's own, else None."""
    return next(filter(None, map(shutil.which, (*NAMES, playwright.chromium.executable_path))), None)


def is_there() -> bool:
    """Whether this machine has a browser for the tests."""
    with sync_playwright() as playwright:
        return chromium(playwright) is not None


def install() -> None:
    """Get a browser: Debian's package when root, else, or when that fails, Playwright's own."""
    apt = shutil.which("apt-get")
    if apt and os.geteuid() == 0:
        os.environ["DEBIAN_FRONTEND"] = "noninteractive"
        for command in (["update", "-qq"], ["install", "-qq", "--yes", "--no-install-recommends", *PACKAGES]):
            subprocess.run([apt, *command], check=False, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
    if not is_there():
        subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], check=False)


def main() -> None:
    """Get a browser when there is none; under CI=true it is a failure to end without."""
    if is_there():
        return
    print("No Chromium or Chrome on this machine: getting one …", file=sys.stderr)
    install()
    if not is_there():
        print("No browser: install Chromium or Google Chrome to run the browser tests.", file=sys.stderr)
        sys.exit(os.environ.get("CI") == "true")


if __name__ == "__main__":
    main()
