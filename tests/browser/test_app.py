"""
The app on the home screen: it can be installed, and shows the last view where there is no line.
"""

import re
from pathlib import Path

from playwright.sync_api import BrowserContext, Page, Playwright, expect

from tests.browser.conftest import FLAGS, PHONE


def kept(page: Page) -> None:
    """Wait until the worker has the page in its hands, and the last view is kept."""
    page.wait_for_load_state("load")
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    page.reload()
    expect(page.locator("#main")).to_be_visible()
    assert page.evaluate("navigator.serviceWorker.controller !== null")


def test_the_app_can_be_installed(playwright: Playwright, chromium: str, address: str, tmp_path: Path) -> None:
    """Chromium finds nothing that would keep the app from the home screen, and reads its manifest without errors."""
    context = playwright.chromium.launch_persistent_context(
        str(tmp_path), executable_path=chromium, args=FLAGS, viewport=PHONE, base_url=address
    )
    page = context.new_page()
    page.goto("/sign-in/AMARA")
    kept(page)
    tools = context.new_cdp_session(page)
    manifest = tools.send("Page.getAppManifest")
    assert [] == manifest["errors"]
    assert [] == tools.send("Page.getInstallabilityErrors")["installabilityErrors"]
    assert f"{address}/" == tools.send("Page.getAppId")["appId"]
    context.close()


def test_without_a_line_the_last_view_is_shown(phone: BrowserContext, today: Page) -> None:
    """A reload without a line shows the numbers of the last view, says so, and of when they are."""
    kept(today)
    volume = today.locator(".pair b").first.inner_text()
    phone.set_offline(True)
    today.reload()
    expect(today.locator("#offline")).to_be_visible()
    expect(today.locator("#offline")).to_contain_text(re.compile(r"No line\. This is the last view\. as of \d+:\d\d"))
    assert volume == today.locator(".pair b").first.inner_text()


def test_a_line_that_comes_back_ends_the_notice(phone: BrowserContext, today: Page) -> None:
    """Once there is a line again, the page is the present one and streams."""
    kept(today)
    phone.set_offline(True)
    today.reload()
    expect(today.locator("#offline")).to_be_visible()
    phone.set_offline(False)
    expect(today.locator("#offline")).to_be_hidden()
    expect(today.locator("html")).to_have_attribute("data-line", "live")


def test_a_page_that_was_never_opened_says_so(phone: BrowserContext, today: Page) -> None:
    """Without a line and without a last view there is a page that says what to do."""
    kept(today)
    phone.set_offline(True)
    today.goto("/company")
    expect(today.locator("h1")).to_have_text("No line")
    expect(today.get_by_text("This is the last view")).to_have_count(0)


def test_signing_out_forgets_the_last_view(phone: BrowserContext, today: Page) -> None:
    """After signing out nobody who picks up the phone finds the numbers, with or without a line."""
    kept(today)
    today.locator("form[action='/sign-out'] button").click()
    expect(today.locator("h1")).to_have_text("Handrail")
    assert [] == [name for name in today.evaluate("caches.keys()") if name.startswith("views")]
    today.goto("/today")
    expect(today.locator("h1")).to_have_text("Please sign in")


def test_the_worker_leaves_streams_and_changes_alone(phone: BrowserContext, today: Page) -> None:
    """The stream and what changes state never pass through the worker, and only pages are kept as views."""
    kept(today)
    answered = today.evaluate(
        """async () => {
            const stream = await fetch('/today/stream', {headers: {accept: 'text/event-stream'}});
            stream.body.cancel();
            const views = await (await caches.open('views-1')).keys();
            return views.map((request) => new URL(request.url).pathname);
        }"""
    )
    assert ["/today"] == answered
