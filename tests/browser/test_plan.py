"""
The plan in a hand: it opens from the member's page without a script, and fits the narrowest phone, whatever the plan.
"""

import pytest
from babel import Locale
from playwright.sync_api import Browser, BrowserContext, Page, expect

from backend.http.plan import draw
from tests.browser.test_page import OVERFLOWING, SMALL
from tests.http import cast
from tests.plan.plans import PLANS

NARROWEST = {"width": 360, "height": 640}


@pytest.fixture
def narrow(browser: Browser, address: str) -> BrowserContext:
    """Return the narrowest phone of a German reader, who has signed in on it."""
    context = browser.new_context(viewport=NARROWEST, locale="de", base_url=address)
    page = context.new_page()
    page.goto("/sign-in/AMARA")
    page.close()
    return context


def test_the_plan_opens_from_the_members_page_without_scripts(browser: Browser, address: str) -> None:
    """With scripts off a member comes to the plan and back, sees the own step, and opens a rule into its clause."""
    context = browser.new_context(java_script_enabled=False, viewport=NARROWEST, locale="de", base_url=address)
    page = context.new_page()
    page.goto("/sign-in/AMARA")
    page.locator("a[href='/plan']").click()
    expect(page.locator(".rung[data-state='here'] .rung-percent")).to_contain_text("Hier stehen Sie")
    clause = page.locator(".block-breakaway details p")
    expect(clause).to_be_hidden()
    page.locator(".block-breakaway summary").last.click()
    expect(clause.last).to_be_visible()
    page.locator(".plan-head a").first.click()
    expect(page.locator(".huge")).to_have_text("16 %")
    context.close()


@pytest.mark.parametrize("percent", [100, 200])
def test_every_plan_fits_the_narrowest_phone(narrow: BrowserContext, percent: int) -> None:
    """Every plan of the project, all clauses open, stands in 360 pixels in German, also with text of twice the size."""
    page = narrow.new_page()
    wide = {str(path): _wide(page, str(path), percent) for path in PLANS}
    assert {} == {path: found for path, found in wide.items() if found != [0, [], []]}
    narrow.close()


def _wide(page: Page, path: str, percent: int) -> list[object]:
    """Return what stands out to the side, and what is too small to touch, on the page of a plan."""
    html = draw(cast.plan_page(path), Locale("de"), market=0, home="/today", step=1)
    page.route("**/plan", lambda route: route.fulfill(body=html, content_type="text/html"))
    page.goto("/plan")
    page.evaluate(f"document.documentElement.style.fontSize = '{percent}%'")
    page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
    return [*page.evaluate(OVERFLOWING), page.evaluate(SMALL)]
