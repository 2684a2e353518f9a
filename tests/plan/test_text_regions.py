"""
Where markets differ: what is said again for a market, what it stands under, and what is not said twice.
"""

from datetime import date
from pathlib import Path

import pytest
from msgspec.structs import replace

from backend.plan.reading import read_plan
from backend.plan.resolve import terms_on
from backend.plan.rules import sections
from backend.plan.terms import Override, Terms
from tests.plan.said import said

HERE = Path(__file__).parent
TERMS = terms_on(read_plan((HERE / "every.toml").read_text(), "every.toml"), date(2026, 10, 31))
BY_STEP, EVERYBODY = TERMS.overrides[2], TERMS.overrides[3]


def differing(own: Terms) -> str:
    """Return what is said of the second market, whose terms are others; nothing where there is no such section."""
    found = {section.id: section.parts for section in sections(replace(TERMS, elsewhere={1: own}), "1")}
    return said(found.get("differing", ()))


def with_override(number: int, override: Override) -> Terms:
    """Return the terms with another override in one's place."""
    overrides = list(TERMS.overrides)
    overrides[number] = override
    return replace(TERMS, overrides=tuple(overrides))


def test_a_market_without_numbers_of_its_own_has_no_section() -> None:
    """Where no market differs nothing is said of it; a market with the same terms has nothing of its own to say."""
    assert "differing" not in [section.id for section in sections(TERMS, "1")]
    assert "" == differing(TERMS)


@pytest.mark.parametrize(
    ("own", "words"),
    [
        (
            replace(TERMS, own_pv_limit=20_000),
            (
                "In JP, under “Volume and activity”: "
                "PV: own orders and those of own customers; at most 200 points of own orders count. [1]"
            ),
        ),
        (
            with_override(2, replace(BY_STEP, rates_bp=(*BY_STEP.rates_bp[:-1], (100, 90)))),
            (
                "In JP, under “Overrides”: By step, on the CV of groups on the earner's own percent or a higher one, "
                "by generation, counted upward: [4] from the step first second “Top” 1 % 0.9 %"
            ),
        ),
        (
            with_override(3, replace(EVERYBODY, gate=TERMS.active)),
            (
                "In JP, under “Overrides”: One row, on the CV of groups that broke away, by generation, counted "
                "upward: [4] To earn it: PV at least 50. Who does not have that is passed over. [1]"
            ),
        ),
    ],
)
def test_a_rule_stands_again_under_the_one_that_it_belongs_to(own: Terms, words: str) -> None:
    """A rule is said alone; a row, with its heads, and what belongs to a rule stand below that rule, said once."""
    assert words == differing(own)


def test_sections_follow_each_other_in_the_plans_order() -> None:
    """Where a market differs in several parts each stands under its own heading, the ladder first."""
    steps = (*TERMS.steps[:-1], replace(TERMS.steps[-1], percent_bp=2_100))
    ladder = "In JP, under “The ladder”: step percent clause asks for top 21 % 3 GV at least 2,500"
    volume = (
        "In JP, under “Volume and activity”: PV: own orders and those of own customers; no limit on own orders. [1]"
    )
    assert f"{ladder} {volume}" == differing(replace(TERMS, steps=steps, own_pv_limit=0))
