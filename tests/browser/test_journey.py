"""One reader's way through the running dashboard, in a real browser, with nothing but this machine."""

import os
import re
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from chromium import chromium
from playwright.sync_api import Browser, Page, expect, sync_playwright

pytestmark = pytest.mark.browser

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--no-first-run",
    "--font-render-hinting=none",
]
# Streamlit's client asks two addresses for the base path of a deep link, and the server does not know them.
PROBES = ("/_stcore/health", "/_stcore/host-config")
SHOTS = Path(os.environ.get("EVENHAND_SCREENSHOTS", ""))
# A page may be drawn slowly on a machine that runs other tests at once.
expect.set_options(timeout=60_000)


@pytest.fixture(scope="module")
def address(hatecheck_workspace: Path) -> Iterator[str]:
    """The dashboard of HateCheck, started as a reader starts it."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [Path(sys.executable).with_name("evenhand"), "serve", "-w", hatecheck_workspace, "--port", str(port)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as server:
        try:
            wait_for(f"http://127.0.0.1:{port}/healthz", server)
            yield f"http://127.0.0.1:{port}"
        finally:
            server.terminate()


def wait_for(url: str, server: subprocess.Popen[bytes]) -> None:
    """Return when the server answers."""
    until = time.monotonic() + 60
    while time.monotonic() < until and server.poll() is None:
        try:
            urllib.request.urlopen(url).close()  # noqa: S310 - our own server
        except OSError:
            time.sleep(0.2)
        else:
            return
    pytest.fail(f"the server does not answer (exit status {server.poll()})")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium; without one the test is skipped, but not where everything must run."""
    with sync_playwright() as playwright:
        path = os.environ.get("CHROMIUM") or chromium(playwright)
        if path is None:
            message = "no Chromium or Chrome: run `make browser`"
            pytest.fail(message) if os.environ.get("CI") == "true" else pytest.skip(message)
        launched = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield launched
        launched.close()


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    """A page that may neither leave this machine nor complain."""
    context = browser.new_context(viewport={"width": 1440, "height": 2600}, base_url=address, accept_downloads=True)
    opened, complaints = context.new_page(), list[str]()
    opened.on("request", lambda request: complaints.append(request.url) if leaves(request.url, address) else None)
    opened.on("console", lambda message: complaints.append(message.text) if is_fault(message) else None)
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    yield opened
    context.close()
    assert complaints == []


def leaves(url: str, address: str) -> bool:
    return not url.startswith((address, address.replace("http", "ws"), "data:", "blob:"))


def is_fault(message: object) -> bool:
    probe = message.location["url"].endswith(PROBES) and "404" in message.text
    return message.type == "error" and not probe


def settled(page: Page) -> None:
    """Wait until the page is drawn."""
    page.wait_for_timeout(250)
    page.wait_for_selector("[data-testid=stApp][data-test-script-state=notRunning]", timeout=60_000)
    expect(page.locator("[data-stale=true]")).to_have_count(0)
    expect(page.get_by_test_id("stSkeleton")).to_have_count(0)
    expect(page.get_by_test_id("stException")).to_have_count(0)


def visit(page: Page, path: str) -> None:
    page.goto(path)
    settled(page)


def test_a_cell_of_agreement_leads_to_its_cases_and_back(page: Page) -> None:
    visit(page, "/agreement")
    cell = page.locator(".st-key-card_pairs .mark-rect path[aria-label*='another: mod-02']").first
    items = re.search(r"items: ([\d,]+)", cell.get_attribute("aria-label"))[1]
    cell.click()
    page.wait_for_url(re.compile(r"/cases\?"))
    settled(page)
    assert "reviewer_a=mod-01" in page.url
    assert "reviewer_b=mod-02" in page.url
    expect(page.get_by_text(f"{int(items.replace(',', '')):,} items for the choice")).to_be_visible()
    page.go_back()
    settled(page)
    assert page.url.endswith("/agreement")
    expect(page.get_by_role("heading", name="Agreement", level=1)).to_be_visible()


def test_a_confused_pair_of_labels_leads_to_items_that_carry_both(page: Page) -> None:
    visit(page, "/agreement")
    cell = "path[aria-label*='one said: hateful'][aria-label*='another said: non-hateful']"
    page.locator(f".st-key-card_confused {cell}").click()
    page.wait_for_url(re.compile(r"label_a=hateful&label_b=non-hateful"))
    settled(page)
    expect(page.get_by_text("items for the choice above")).to_be_visible()


def test_a_reviewer_in_the_funnel_leads_to_the_profile_and_that_to_the_cases(page: Page) -> None:
    visit(page, "/reviewers")
    # The last that is drawn is covered by no other.
    point = page.locator(".st-key-card_funnel .mark-symbol path[aria-label*='reviewer: mod-']").last
    name = re.search(r"reviewer: (mod-\d\d)", point.get_attribute("aria-label"))[1]
    point.click()
    page.wait_for_url(re.compile(rf"/reviewer\?who={name}"))
    settled(page)
    expect(page.get_by_text("where all others would have made")).to_be_visible()
    page.get_by_role("button", name="All their cases").click()
    page.wait_for_url(re.compile(rf"/cases\?reviewer_a={name}"))
    settled(page)
    expect(page.get_by_text("items for the choice above")).to_be_visible()


def test_the_keyboard_reaches_what_the_mouse_does(page: Page) -> None:
    visit(page, "/accuracy")
    page.locator(".st-key-pick_confusion input").focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/cases\?gold_label="))
    settled(page)
    page.locator(".st-key-cases_listed input").focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"item_id=case-"))
    settled(page)
    expect(page.get_by_text("5 reviews")).to_be_visible()
    page.go_back()
    settled(page)
    assert "gold_label=" in page.url


def test_a_filter_is_kept_by_the_address_by_navigation_and_by_reload(page: Page) -> None:
    visit(page, "/")
    page.get_by_role("button", name="Filters").click()
    page.locator(".st-key-policy input").fill("policy-009")
    page.keyboard.press("Enter")
    page.keyboard.press("Escape")
    page.wait_for_url(re.compile(r"policy=policy-009"))
    settled(page)
    page.get_by_role("link", name="Accuracy").click()
    settled(page)
    assert "policy=policy-009" in page.url
    page.reload()
    settled(page)
    expect(page.locator(".st-key-filters").get_by_text("policy: policy-009")).to_be_visible()
    expect(page.get_by_test_id("stMetricValue").first).to_have_text("95.6 %")


def test_a_click_on_a_policy_keeps_it_as_a_filter(page: Page) -> None:
    visit(page, "/")
    page.locator(".st-key-card_accuracy_by_policy path[aria-label*='policy-009'][aria-label*='n: ']").click()
    page.wait_for_url(re.compile(r"/cases\?policy=policy-009"))
    settled(page)
    expect(page.get_by_text("140 items for the choice")).to_be_visible()


def choose(page: Page, name: str) -> None:
    """Click a log in the sidebar."""
    page.get_by_test_id("stSidebar").get_by_test_id("stRadio").get_by_text(name, exact=True).click()


def test_another_log_is_one_click_away_and_the_link_names_it(page: Page) -> None:
    """A filter that the other log does not have leaves the address; a name that is not offered is told."""
    visit(page, "/agreement?policy=policy-009")
    choose(page, "convabuse")
    page.wait_for_url(re.compile(r"workspace=convabuse"))
    settled(page)
    expect(page.get_by_text("Cercas Curry et al. (2021)", exact=False)).to_be_visible()
    assert "policy" not in page.url
    page.get_by_role("link", name="Today").click()
    settled(page)
    assert page.url.endswith("/?workspace=convabuse")
    page.reload()
    settled(page)
    expect(page.get_by_text("12,197 reviews")).to_be_visible()
    choose(page, "hatecheck")
    expect(page.get_by_text("19,505 reviews")).to_be_visible()
    settled(page)
    assert page.url.endswith("/")
    visit(page, "/?workspace=..%2Felsewhere")
    expect(page.get_by_text("is offered here: this is hatecheck")).to_be_visible()
    expect(page.get_by_text("19,505 reviews")).to_be_visible()


def test_a_chart_gives_its_data_its_picture_and_its_sql(page: Page) -> None:
    visit(page, "/accuracy")
    page.locator(".st-key-take_confusion button").first.click()
    with page.expect_download() as table:
        page.locator(".st-key-csv_confusion button").click()
    assert Path(table.value.path()).read_text().startswith("gold_label,label,answers")
    with page.expect_download() as picture:
        page.locator(".st-key-svg_confusion button").click()
    assert "<svg" in Path(picture.value.path()).read_text()
    expect(page.get_by_text("Which answers gold items got, and how often.").first).to_be_visible()


BACKGROUNDS = {"light": "rgb(255, 255, 255)", "dark": "rgb(18, 22, 28)"}


PAGES = ("", "agreement", "accuracy", "reviewers", "reviewer?who=mod-03", "calibration", "cases", "health", "methods")


@pytest.mark.parametrize("name", PAGES)
def test_a_page_follows_the_mode_and_fits_the_screen(page: Page, name: str) -> None:
    visit(page, f"/{name}")
    for mode, background in BACKGROUNDS.items():
        page.emulate_media(color_scheme=mode)
        expect(page.get_by_test_id("stApp")).to_have_css("background-color", background)
        for width in (390, 1440):
            page.set_viewport_size({"width": width, "height": 2600})
            settled(page)
            assert page.evaluate("document.documentElement.scrollWidth") <= width
            if SHOTS.name:
                page.screenshot(path=SHOTS / f"{name.partition('?')[0] or 'today'}-{mode}-{width}.png")


def test_the_server_keeps_pages_to_themselves(address: str) -> None:
    with urllib.request.urlopen(address) as answer:  # noqa: S310 - our own server
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert "default-src 'self'" in answer.headers["Content-Security-Policy"]
