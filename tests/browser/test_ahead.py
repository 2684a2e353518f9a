"""
What lies ahead in a hand: from the member's page to a leg's before and after and back, without a script.
"""

import pytest
from babel import Locale
from playwright.sync_api import Browser, BrowserContext, expect

from backend.forecast.preview import NeverOvertakes
from backend.http.member.breakaway import draw
from tests.browser.test_page import OVERFLOWING, SMALL
from tests.http import cast, foreseen

NARROWEST = {"width": 360, "height": 640}
LONG = "Ołeksandra Kovalčuk-Wiśniewska-Donaudampfschifffahrt"


def test_the_way_there_and_back_needs_no_script(browser: Browser, address: str) -> None:
    """With scripts off a member comes from what comes next to a leg's breakaway, and back to the own page."""
    context = browser.new_context(java_script_enabled=False, viewport=NARROWEST, base_url=address)
    page = context.new_page()
    page.goto("/sign-in/AMARA")
    page.locator("#next a[href^='/changes']").click()
    expect(page.locator("#step-block .verdict")).to_have_text("To 20%")
    page.locator("a[href='/legs/MEI/breakaway']").click()
    expect(page.locator("h1")).to_have_text("Breakaway of Mei-Ling Zhao")
    expect(page.locator(".point[data-kind='zone'] .point-total")).to_have_text("$1,207.24")
    page.locator(".ahead-back a").first.click()
    page.locator("#leg-MEI a").click()
    expect(page.locator("h1")).to_have_text("Breakaway of Mei-Ling Zhao")
    context.close()


@pytest.mark.parametrize("percent", [100, 200])
def test_long_names_and_large_amounts_fit_the_narrowest_phone(phone: BrowserContext, percent: int) -> None:
    """A long name, millions, and a list of what is missed stand in 360 pixels in German, also at twice the size."""
    leg = cast.leg("MEI", LONG, 12)
    rich = foreseen.moment(912345678, total_minor=123456789012, leg_override_minor=98765432109)
    missed = NeverOvertakes(reason="gate", missed=(foreseen.TRAINING,))
    preview = foreseen.preview(now=rich, day=rich, overtake=missed, unsold=(foreseen.TRAINING,))
    html = draw(cast.member_page(), leg, cast.terms(), Locale("de"), preview=preview)
    page = phone.new_page()
    page.set_viewport_size(NARROWEST)
    page.goto("/sign-in/AMARA")
    page.route("**/legs/MEI/breakaway", lambda route: route.fulfill(body=html, content_type="text/html"))
    page.goto("/legs/MEI/breakaway")
    page.evaluate(f"document.documentElement.style.fontSize = '{percent}%'")
    assert [0, [], []] == [*page.evaluate(OVERFLOWING), page.evaluate(SMALL)]
