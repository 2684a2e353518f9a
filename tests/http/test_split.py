"""
The payout split on the company's page: by bonus, by own volume against depth, by market, each adding up visibly.
"""

import re

import httpx
import msgspec
import pytest
from babel import Locale

from backend.forecast.company import PayoutSplit
from backend.http.operator.company import draw, regions
from backend.http.operator.split import Bars, split_bars, weights_bp
from backend.plan.terms import Terms
from tests.http import cast
from tests.http.test_today import words

TOTALS = cast.company_page().totals


def shown(split: PayoutSplit, terms: Terms | None = None, locale: str = "en") -> str:
    """Return what the section says of a split."""
    page = cast.company_page(totals=msgspec.structs.replace(TOTALS, split=split))
    html = draw(page, terms or cast.terms(), Locale(locale))
    start = html.index('<div id="split">')
    return words("<body>" + html[start : html.index("</section>", start)]).strip()


@pytest.mark.parametrize("way", split_bars(TOTALS, cast.terms()), ids=lambda way: way.by)
def test_the_bars_add_up(way: Bars) -> None:
    """In each way the bars' amounts, currency by currency, and their shares give what stands below them."""
    assert TOTALS.payout_bp == way.share_bp == sum(bar.share_bp for bar in way.bars)
    paid: dict[str, int] = {}
    for bar in way.bars:
        for amount in bar.amounts:
            paid[amount.currency] = paid.get(amount.currency, 0) + amount.amount_minor
    assert {"USD": 5895429, "EUR": 92000} == paid == {each.currency: each.amount_minor for each in way.amounts}


def test_own_volume_stands_against_depth() -> None:
    """The section begins with what own volume and what depth are paid, so that the two can be weighed."""
    assert (622, 2152) == weights_bp(TOTALS)
    assert shown(TOTALS.split).startswith("6.22% on own volume, 21.52% on depth")


def test_each_part_is_named_with_amount_currency_and_share() -> None:
    """A part has the trade's word, its amounts in their currencies, and its share of CV; the sum stands below."""
    said = shown(TOTALS.split)
    assert "Override $9,312.66 €920.00 5.34%" in said
    assert "On legs of the own group $31,254.47 16.18%" in said
    assert "EU €920.00 0.52% Together $58,954.29 €920.00 31.8%" in said
    assert 3 == said.count("Together $58,954.29 €920.00 31.8%")


def test_the_section_says_of_when_and_of_what() -> None:
    """The period, that it is still open, and what the percents are shares of stand below the bars."""
    said = shown(TOTALS.split)
    assert "Computed so far for October 2026, held amounts included; the month is still open." in said
    assert "shares of the company's commissionable sales (CV)" in said


def test_several_of_a_kind_bear_the_plans_names() -> None:
    """Where a plan has several overrides each has the plan's name for it; what a cap takes is named for the cap."""
    terms = cast.terms()
    second = msgspec.structs.replace(terms.overrides[0], id="infinity", name="Infinity override")
    two = msgspec.structs.replace(terms, overrides=(*terms.overrides, second), caps=())
    parts = (cast.part("override infinity", 1000, 10), cast.part("override generations", 3000, 30))
    said = shown(PayoutSplit(by_bonus=(*parts, cast.part("cap most", -500, -5))), two)
    assert "Infinity override $10.00 0.1%" in said
    assert "Cut by most -$5.00 -0.05%" in said


def test_depths_are_numbered() -> None:
    """Generations, levels and matches are told apart by their number."""
    parts = tuple(cast.part(name, 100, 1) for name in ("generation 2", "level 3", "match 1"))
    said = shown(PayoutSplit(by_depth=parts))
    assert all(name in said for name in ("Generation 2 $1.00", "Level 3 $1.00", "Match, level 1 $1.00"))


def test_the_split_is_live() -> None:
    """The split is a part of the page that a stream sends by itself when it changes, and then alone."""
    before = regions(cast.company_page(), cast.terms(), Locale("en"))
    fewer = msgspec.structs.replace(TOTALS, split=msgspec.structs.replace(TOTALS.split, by_market=()))
    after = regions(cast.company_page(totals=fewer), cast.terms(), Locale("en"))
    assert ["split"] == [one.target for one, other in zip(before, after, strict=True) if one.html != other.html]


def test_before_the_first_numbers_nothing_is_drawn() -> None:
    """A month in which nothing is paid, or numbers of an earlier release, say so."""
    assert "Nothing is paid yet this month." == shown(PayoutSplit())


async def test_a_member_does_not_see_the_split(amara: httpx.AsyncClient) -> None:
    """The split is the company's; nothing of it stands on a member's page."""
    assert re.search("split-bar", (await amara.get("/today")).text) is None
