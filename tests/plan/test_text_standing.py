"""
What a member is, in words: activity, volumes, the ladder, breakaway and titles, each setting with its phrase.
"""

from datetime import date
from pathlib import Path

import pytest
from msgspec.structs import replace

from backend.plan.reading import read_plan
from backend.plan.resolve import terms_on
from backend.plan.rules.standing import (
    breakaway_rules,
    ladder_parts,
    named_volume_rules,
    title_rules,
    upkeep_rules,
    volume_rules,
)
from backend.plan.terms import Breakaway, Failing, FallsTo, Maintenance, Pause, Requirement, Returns, Stays, Unpaid
from tests.plan.said import said

HERE = Path(__file__).parent
TERMS = terms_on(read_plan((HERE / "every.toml").read_text(), "every.toml"), date(2026, 10, 31))


@pytest.mark.parametrize(
    ("failing", "words"),
    [
        (Failing.COMPRESS_UP, "Others are not paid; those above measure against what is paid below."),
        (Failing.FORFEIT, "Others are not paid, and nobody above gains by it."),
        (Failing.OWN_SALES_ONLY, "Others are paid on own sales only."),
        (Failing.PASS_UP, "What others would have earned goes to the nearest active member above."),
        (Failing.CARRY_FORWARD, "What others earn is held, and paid in the next month of activity."),
    ],
)
def test_what_becomes_of_the_inactive_is_said(failing: Failing, words: str) -> None:
    """Each answer to who is not active has its sentence behind the gate."""
    assert f"Active in a month: PV at least 50. {words}" in said(volume_rules(replace(TERMS, unqualified=failing)))


def test_a_plan_that_asks_nothing_of_the_active_says_so() -> None:
    """Where nothing is asked all are active, and nothing is said of others."""
    assert said(volume_rules(replace(TERMS, active=Requirement(), pause=Pause()))).endswith("All are active.")


def test_a_named_volume_says_what_it_counts() -> None:
    """Own and legs, what is left out, the limit of one leg, the window and the mark stand in one sentence each."""
    bracket, half_year, year, lifetime = [said([line]) for line in named_volume_rules(TERMS)]
    left_out = (
        "less every line with anyone on the step “Top” or above, though foster legs stay in, less the group of anyone"
    )
    assert bracket.startswith(f"Bracket volume: PV and the volume of all legs, {left_out}")
    assert bracket.endswith("; of one leg at most 5,000 points. [2]")
    window = "over the last 6 months, of months with the mark “Producer”"
    assert f"Legs' volume of six periods: the volume of all legs, without own PV; {window}. [2]" == half_year
    deep = "the volume of all legs from level 2 down, the frontline being level 1"
    assert "Own volume of the year: PV alone; since the year began in April. [2]" == year
    assert f"Volume of all time: {deep}; over all time. [2]" == lifetime


def test_what_settles_a_step_beside_its_gate_is_said() -> None:
    """The fast track, the gate of pay, what is never lost, the frontline's floor and stated percents: a line each."""
    lines = [said([line]) for line in list(ladder_parts(TERMS))[-5:]]
    assert "Fast track to “Top”, from the next month on: PV at least 900. [3]" == lines[0]
    assert [
        "A step once reached is never lost. [3]",
        "Nobody stands below the highest step of the own frontline. [3]",
    ] == lines[2:4]
    assert "Where the company states a member's percent, that is the percent. [3]" == lines[4]
    assert "Paid at “Top”: PV at least 60; others as if not active. [7]" == lines[1]


def test_who_is_not_paid_at_a_step_is_paid_at_a_lower_one() -> None:
    """Where the plan says so, who misses the gate of a step is paid at the highest one below that may be paid."""
    lower = replace(TERMS, ladder=replace(TERMS.ladder, unpaid=Unpaid.LOWER_STEP))
    expected = "Paid at “Top”: PV at least 60; others at the highest step below that may be paid. [7]"
    assert expected in said(ladder_parts(lower))


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"stays": Stays.WITH_TITLE, "title": 1}, "it stays so while its leader keeps the title Leader."),
        ({"stays": Stays.PERIOD}, "each month decides anew."),
        ({"stays": Stays.FOR_GOOD}, "it stays so for good."),
        ({"closes_differential": True}, "Its volume leaves the GV above, and the difference on it ends."),
        (
            {"closes_volume": False, "closes_differential": True},
            "Its volume still counts in the GV above; the difference on it ends.",
        ),
        ({}, "Its volume leaves the GV above; the difference on it goes on."),
    ],
)
def test_breakaway_says_how_long_and_what_it_closes(change: dict[str, object], words: str) -> None:
    """Each way to stay broken away, and each thing that is closed, has its words."""
    assert words in said(breakaway_rules(replace(TERMS, breakaway=replace(TERMS.breakaway, **change))))


def test_a_plan_without_breakaway_says_nothing_of_it() -> None:
    """Where no leg ever breaks away there is no section, and GV leaves nothing out."""
    terms = replace(TERMS, breakaway=Breakaway(requirement=Requirement(), never=True))
    assert [] == list(breakaway_rules(terms))
    assert "GV: PV and that of all legs. Active" in said(volume_rules(terms))


@pytest.mark.parametrize(
    ("returns", "clause", "words"),
    [
        (Returns.LOWER_THE_PERIOD, "1", "What comes back lowers the month in which it comes back. [1]"),
        (Returns.RECOVERED, "1", "lowers that month, and who earned on it gives back the pay. [1]"),
    ],
)
def test_what_a_return_does_is_said_with_its_clause(returns: Returns, clause: str, words: str) -> None:
    """A plan that has a rule of returns says it; one that says nothing of them has no sentence."""
    assert words in said(volume_rules(replace(TERMS, returns=returns, returns_clause=clause)))
    assert words.removesuffix(" [1]") not in said(volume_rules(replace(TERMS, returns=returns, returns_clause="")))


@pytest.mark.parametrize(
    ("maintenance", "words"),
    [
        (Maintenance(window_periods=0, grace_periods=0), "A title once earned is never lost."),
        (
            Maintenance(window_periods=1, grace_periods=0),
            "missed once in a row. It falls to the title achieved.",
        ),
        (
            Maintenance(window_periods=3, grace_periods=1, falls_to=FallsTo.ONE_DOWN),
            (
                "missed 3 times in a row; the first miss is grace, and from the second on the title is at risk. "
                "It falls by one title, or to the one achieved."
            ),
        ),
        (
            Maintenance(window_periods=4, grace_periods=2, locked_periods=1),
            (
                "the first 2 misses are grace, and from the third on the title is at risk. It falls to the "
                "title achieved. "
                "In the first 1 month with a title no miss counts."
            ),
        ),
    ],
)
def test_maintenance_is_said_as_a_clock(maintenance: Maintenance, words: str) -> None:
    """Window, grace, risk, what a title falls to, and the locked periods stand in one rule."""
    assert words in said(upkeep_rules(replace(TERMS, maintenance=maintenance)))


def test_a_title_says_what_earns_it_again() -> None:
    """Another gate for who has held it before, and what keeps it, stand below the title."""
    leader = "Leader: the step “Top”. [3] earned again by: GV at least 3,000. [3] kept by: GV at least 1,500. [3]"
    assert leader in said(title_rules(TERMS))
