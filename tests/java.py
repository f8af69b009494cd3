"""The Java that Spark runs on. Run as a script, it gets one when there is none."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

PACKAGE = "openjdk-17-jre-headless"
OLDEST = 17


def java() -> str | None:
    """The path of a Java that is new enough for Spark."""
    home = os.environ.get("JAVA_HOME")
    found = shutil.which("java", path=str(Path(home, "bin"))) if home else shutil.which("java")
    if not found:
        return None
    said = subprocess.run([found, "-version"], check=False, capture_output=True, text=True).stderr
    version = re.search(r'version "(\d+)', said)
    return found if version and int(version[1]) >= OLDEST else None


def main() -> None:
    """Get Debian's Java when there is none; under CI=true it is a failure to end without."""
    apt = shutil.which("apt-get")
    if not java() and apt and os.geteuid() == 0:
        print(f"No Java {OLDEST} on this machine: getting one …", file=sys.stderr)
        os.environ["DEBIAN_FRONTEND"] = "noninteractive"
        for command in (["update", "-qq"], ["install", "-qq", "--yes", "--no-install-recommends", PACKAGE]):
            subprocess.run([apt, *command], check=False, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
    if not java():
        print(f"No Java: install Java {OLDEST} or newer to run the tests on Spark.", file=sys.stderr)
        sys.exit(os.environ.get("CI") == "true")


if __name__ == "__main__":
    main()
