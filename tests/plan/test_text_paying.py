"""
Who is paid what on whom, in words: percent, margin, differential and overrides, each setting with its phrase.
"""

from datetime import date
from pathlib import Path

import pytest
from msgspec.structs import replace

from backend.plan.reading import read_plan
from backend.plan.resolve import terms_on
from backend.plan.rules.paying import override_parts, percent_rules
from backend.plan.terms import Against, Counting, Differential, Override, Personal, RatesBy, Retail
from tests.plan.said import said

HERE = Path(__file__).parent
TERMS = terms_on(read_plan((HERE / "every.toml").read_text(), "every.toml"), date(2026, 10, 31))


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"personal": Personal(pays=False)}, "On own PV: nothing."),
        ({"personal": Personal(first_orders_to_sponsor=True)}, "A member's first order is paid to the sponsor"),
        (
            {"personal": Personal(customer_share_bp=7_000)},
            "In part where less than 70 % of it is sold to customers: by the smaller share of that.",
        ),
        (
            {"personal": Personal(customer_share_bp=7_000, verified_share_bp=6_000)},
            "less than 70 % of it is sold to customers or less than 60 % of it is verified as sold",
        ),
        ({"retail": Retail(rate_bp=3_000)}, "Kept at the sale: 30 % of cost, on orders of own customers."),
        (
            {"retail": Retail(rate_bp=2_500, of_price=True, own_too=True)},
            "Kept at the sale: 25 % of the customer's price, on all own volume.",
        ),
        (
            {"differential": Differential()},
            "On legs: the own percent less the highest paid below, never less than zero. Both together at most 20 %.",
        ),
        ({"differential": Differential(pays=False)}, "On legs: no difference is paid."),
        (
            {"differential": Differential(against=Against.FRONTLINE)},
            "On legs: the own percent less that of the leg's frontline member, never less than zero.",
        ),
        ({"differential": Differential(deducts_in_full=True)}, "Who is not paid counts at the percent reached."),
        ({"differential": Differential(from_level=2)}, "What the frontline itself bought is left out."),
        (
            {"differential": Differential(less_deductions=True)},
            "One line a member: on the whole group, less each leg's own, each cut off.",
        ),
        (
            {"differential": Differential(gate=TERMS.active)},
            "To earn on legs: PV at least 50.",
        ),
    ],
)
def test_what_the_percent_pays_is_said(change: dict[str, object], words: str) -> None:
    """Each setting of personal commission, margin and differential has its words."""
    assert words in said(percent_rules(replace(TERMS, **change)))


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (0, "By title, on the CV of groups of those with the mark “Certified” (Bracket volume), by generation"),
        (0, "title first second Leader 5 % 5 %"),
        (0, "To earn it: the title “Leader” or above; and side volume at least 600."),
        (0, "Who does not have that ends the line: nobody above is paid on the group. [7]"),
        (0, "Deeper generations earn the last rate. Only the first who is paid on a group earns on it."),
        (0, "A leader who does not earn it passes on nothing; the own group is not paid on."),
        (0, "A leader whose group has no volume uses up no generation."),
        (0, "Paid is the earner's rate less that of the group's leader and at least 1.5 %."),
        (0, "A leader whose title lies 0 and 1 or more below the earner's brings 100 % and 50 % of the rate."),
        (0, "Guarantee: for each first-generation group of who earns below the next earner above receives"),
        (1, "By legs, on the CV of groups that broke away, by generation, counted upward:"),
        (1, "legs broken away first from 1 2 % from 3 4 %"),
        (1, "Who is not active uses up a generation."),
        (1, "Guarantee: for a leader's group the next earner above receives at least the rate on 900 points."),
        (1, "A leader who does not earn it passes on what comes in from below and the own group's share."),
        (1, "A group from 300 points up to that is asked for 25.5 % of what it leaves short."),
        (1, "One line gives at most what it brings. Several lines that all bring less give their average."),
        (2, "By step, on the CV of groups on the earner's own percent or a higher one"),
        (2, "from the step first second “First” 0.5 % – “Top” 1 % 1 %"),
        (3, "first second everybody 3 % 2 %"),
        (4, "first second everybody 0.0625 % 20 %"),
        (4, "From the second generation on the rates are of what the first one earns on the group."),
        (5, "Own rank, on the CV of groups of the earner's own title or a higher one, by generation"),
    ],
)
def test_an_override_says_on_whom_and_to_whom(number: int, words: str) -> None:
    """Whose groups, which rows, who earns, and what is guaranteed: each setting of an override has its words."""
    assert words in said(override_parts(replace(TERMS, overrides=TERMS.overrides[number : number + 1])))


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({}, "passes on what comes in from below and the own group's share."),
        ({"counting": Counting.USES_ONE}, "passes on what comes in from below and the own group's share."),
        ({"counting": Counting.ENDS}, "passes on the own group's share alone."),
        ({"pays_skipped": False}, "passes on what comes in from below; the own group is not paid on."),
        ({"counting": Counting.ENDS, "pays_skipped": False}, "passes on nothing; the own group is not paid on."),
    ],
)
def test_what_a_leader_passes_on_is_said(change: dict[str, object], words: str) -> None:
    """Whether the unqualified end the line and whether their groups are paid on say together what they pass on."""
    override = replace(Override(id="a", name="A", rates_bp=((100, 100),)), **change)
    assert f"A leader who does not earn it {words}" in said(override_parts(replace(TERMS, overrides=(override,))))


def test_a_row_by_step_goes_as_deep_as_the_title() -> None:
    """Where rows go by step and the depth by title, both are said."""
    override = Override(id="a", name="A", rates_bp=((100, 100),), by=RatesBy.STEP, depth_by_title=True)
    assert "As deep as the earner's title opens generations." in said(
        override_parts(replace(TERMS, overrides=(override,)))
    )
    assert Counting.PASSED_OVER is override.counting
