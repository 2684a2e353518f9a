"""
Company: the operator's totals, the company's stairs, and what is paid beside its ceiling.
"""

import re

import msgspec
import pytest
from babel import Locale

from backend.http.operator.company import SHORTEST, WIDTH, draw, ladder
from tests.http import cast
from tests.http.test_today import words

ENGLISH = Locale("en")


def test_totals_and_ceiling_are_shown() -> None:
    """The page says the period's volume, who is active, and personal with differential beside the highest percent."""
    shown = words(draw(cast.company_page(), cast.terms(), ENGLISH))
    assert "Volume (PV) 214,670" in shown
    assert "Active 241" in shown
    assert "31.8% of commissionable sales" in shown
    assert "Own sales and differential 22.4% of 25% at most" in shown
    assert "Override $10,312.66" in shown


@pytest.mark.parametrize(
    "members", [(121, 96, 61, 38, 19, 10, 7), (1_000_000, 0, 0, 0, 0, 0, 0), (0, 0, 0, 0, 0, 0, 0)]
)
def test_the_longer_a_step_the_more_stand_there(members: tuple[int, ...]) -> None:
    """A step is as long as many stand on it, long enough to read, and all fit into the drawing."""
    page = cast.company_page()
    landings = ladder(msgspec.structs.replace(page.totals, steps=members), cast.terms())
    lengths = [landing.width for landing in landings]
    assert sorted(lengths, reverse=True) == lengths
    assert SHORTEST <= min(lengths)
    assert WIDTH >= landings[-1].x + landings[-1].width
    assert sorted({landing.height for landing in landings}) == [landing.height for landing in landings]


def test_a_return_is_told_from_an_order() -> None:
    """A return is named as one, with its volume below zero."""
    html = draw(cast.company_page(), cast.terms(), ENGLISH)
    (row,) = re.findall(r'<li class="order"[^>]*data-kind="return">.*?</li>', html, re.DOTALL)
    assert "-42" in row
    assert "return" in words("<body" + row)


def test_a_month_without_orders_says_so() -> None:
    """Where there is no order yet the page says so."""
    assert "No order yet this month." in words(draw(cast.company_page(orders=()), cast.terms(), ENGLISH))
