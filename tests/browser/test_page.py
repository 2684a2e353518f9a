"""
The page in a hand: it fits, it can be touched, it streams, and it breaks no rule of its own policy.
"""

import httpx
import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, expect

OVERFLOWING = """() => {
    const wide = (element) => element.getBoundingClientRect().right > innerWidth + 1 && !element.closest('.skip');
    const found = [...document.querySelectorAll('body *')].filter(wide);
    return [document.documentElement.scrollWidth - innerWidth, found.map((element) => element.outerHTML.slice(0, 80))];
}"""
SMALL = """() => {
    const touched = [...document.querySelectorAll('button, nav a, summary, .button')];
    const small = touched.filter((one) => one.checkVisibility() && one.getBoundingClientRect().height < 44);
    return small.map((one) => one.outerHTML);
}"""
NUMBER = ".pair b >> nth=0"


def order(address: str, points: int) -> None:
    """Let an order reach Amara's page."""
    httpx.post(f"{address}/stage/orders", json={"points": points}).raise_for_status()


def test_a_number_streams_in_and_is_marked(today: Page, address: str) -> None:
    """An order changes the number on the open page without a reload, and marks that number and no other."""
    expect(today.locator("html")).to_have_attribute("data-line", "live")
    before = float(today.locator(NUMBER).inner_text().replace(",", ""))
    loaded = today.evaluate("performance.timeOrigin")
    order(address, 10_000)
    expect(today.locator(NUMBER)).to_have_text(f"{before + 100:,.1f}")
    marked = today.locator("[data-changed]")
    assert {f"{before + 100:,.1f}"} == set(marked.all_inner_texts())
    assert loaded == today.evaluate("performance.timeOrigin")


def test_a_sheet_opens_over_the_page(today: Page) -> None:
    """A number opens into its reasons over the page, and the page is still there underneath."""
    today.locator(".pair a").first.click()
    sheet = today.locator("#sheet")
    expect(sheet).to_be_visible()
    expect(sheet).to_contain_text("Leg of Luís Gonçalves")
    today.keyboard.press("Escape")
    expect(sheet).to_be_hidden()


def test_the_policy_is_never_broken_and_nobody_else_is_called(phone: BrowserContext, address: str) -> None:
    """Signing in, streaming, opening a number and signing out raise no violation, no error, and no foreign request."""
    said: list[str] = []
    asked: list[str] = []
    page = phone.new_page()
    page.on("console", lambda message: said.append(_problem(message)))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("request", lambda request: asked.append(request.url))
    page.goto("/sign-in/AMARA")
    expect(page.locator("html")).to_have_attribute("data-line", "live")
    order(address, 500)
    page.locator(".pair a").first.click()
    expect(page.locator("#sheet")).to_be_visible()
    page.keyboard.press("Escape")
    page.locator("form[action='/sign-out'] button").click()
    expect(page.locator("h1")).to_have_text("Handrail")
    assert [] == [one for one in said if one]
    assert 10 < len(asked)
    assert [] == [url for url in asked if not url.startswith(address)]


def _problem(message: ConsoleMessage) -> str:
    """Return what a message complains of; what is only information complains of nothing."""
    return message.text if message.type in {"error", "warning"} else ""


@pytest.mark.parametrize(
    "path", ["/today", "/company", "/plan", "/explain/gv", "/changes", "/legs/MEI/breakaway", "/nowhere"]
)
@pytest.mark.parametrize("language", ["en", "de"])
@pytest.mark.parametrize("percent", [100, 200])
def test_nothing_overflows_the_narrowest_phone(
    *, browser: Browser, address: str, path: str, language: str, percent: int
) -> None:
    """At 360 pixels, in the long language, with text of twice the size, nothing stands out to the side."""
    context = browser.new_context(viewport={"width": 360, "height": 640}, locale=language, base_url=address)
    page = context.new_page()
    page.goto("/sign-in/company" if path == "/company" else "/sign-in/AMARA")
    page.goto(path)
    page.evaluate(f"document.documentElement.style.fontSize = '{percent}%'")
    assert [0, []] == page.evaluate(OVERFLOWING)
    context.close()


@pytest.mark.parametrize("path", ["/today", "/company", "/plan", "/explain/gv", "/changes", "/legs/MEI/breakaway"])
def test_what_is_touched_is_large_enough(today: Page, path: str) -> None:
    """Whatever is a button or a way is at least 44 pixels high."""
    today.goto("/sign-in/company" if path == "/company" else "/sign-in/AMARA")
    today.goto(path)
    assert [] == today.evaluate(SMALL)


def test_the_page_works_without_scripts(browser: Browser, address: str) -> None:
    """With scripts off the numbers are there, a number leads to its reasons and back, and one can sign out."""
    context = browser.new_context(java_script_enabled=False, base_url=address)
    page = context.new_page()
    page.goto("/sign-in/AMARA")
    expect(page.locator(".huge")).to_have_text("16%")
    page.locator(".pair a").first.click()
    expect(page.locator("h2")).to_contain_text("Group volume (GV)")
    page.locator(".back a").click()
    page.locator("form[action='/sign-out'] button").click()
    expect(page.locator("h1")).to_have_text("Handrail")
    context.close()
