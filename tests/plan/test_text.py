"""
The plan as people read it: every rule that the terms have stands there in words, with its clause, and no other.
"""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from msgspec.structs import replace

from backend.kernel.finding import Refused
from backend.plan.document import Document
from backend.plan.reading import read_plan
from backend.plan.resolve import terms_on
from backend.plan.terms import (
    Against,
    Breakaway,
    Cap,
    Counting,
    Differential,
    Failing,
    FallsTo,
    Fund,
    LevelBonus,
    Line,
    Maintenance,
    Match,
    Override,
    Personal,
    Pool,
    Production,
    RatesBy,
    Requirement,
    Retail,
    Split,
    Stays,
    Terms,
    TitleHeld,
)
from backend.plan.text import WIDTH, plan_sections, plan_text
from backend.plan.text.paying import level_lines, override_lines, percent_lines, production_lines
from backend.plan.text.rewards import cap_lines, match_lines, once_lines, pool_lines
from backend.plan.text.standing import breakaway_lines, ladder_lines, named_volume_lines, title_lines, volume_lines

HERE = Path(__file__).parent
PLAN = read_plan((HERE / "sound.toml").read_text(), "sound.toml")
STAIRSTEP = read_plan(Path("manifest/plans/stairstep.toml").read_text(), "stairstep.toml")
EVERY = read_plan((HERE / "every.toml").read_text(), "every.toml")
DAY = date(2026, 10, 31)
TERMS = terms_on(EVERY, DAY)


def said(lines: list[str]) -> str:
    """Return lines as one text, wherever they were wrapped."""
    return " ".join(" ".join(lines).split())


def test_the_text_changes_with_the_day() -> None:
    """The rate of the day is what stands there."""
    before, after = plan_text(PLAN, date(2026, 6, 30)), plan_text(PLAN, date(2026, 7, 1))
    assert ["first       5 %", "first       6 %"] == [_line(text, "first ")[:15] for text in (before, after)]


def test_overrides_stand_by_title_and_generation() -> None:
    """A title's row ends where its generations end."""
    text = plan_text(STAIRSTEP, DAY)
    assert ["5", "%", "4", "%", "3", "%", "–", "–"] == _line(text, "Senior Manager   ").split()[2:]
    assert ["5", "%", "4", "%", "3", "%", "2", "%", "1", "%"] == _line(text, "Presidential Manager   ").split()[2:]


@pytest.mark.parametrize("plan", [STAIRSTEP, EVERY, PLAN], ids=lambda plan: plan.name)
def test_every_clause_stands_in_the_text(plan: Document) -> None:
    """Each clause is named beside a rule, and its words stand at the end."""
    text = plan_text(plan, DAY)
    rules, words = text.split("The clauses\n")
    for clause, wording in plan.clauses.items():
        assert f"[{clause}]" in rules or f"  {clause}  " in rules or rules.count(f"  {clause}\n"), clause
        assert " ".join(wording.split()) in " ".join(words.split())


@pytest.mark.parametrize("plan", [STAIRSTEP, EVERY, PLAN], ids=lambda plan: plan.name)
def test_no_line_is_wider_than_a_terminal(plan: Document) -> None:
    """No line of a plan is wider than the text's width."""
    assert WIDTH >= max(map(len, plan_text(plan, DAY).splitlines()))


def test_a_day_outside_the_plan_is_refused() -> None:
    """There is nothing to read before the plan begins."""
    with pytest.raises(Refused):
        plan_text(PLAN, date(2025, 12, 31))


def test_only_the_rules_that_a_plan_has_have_a_section() -> None:
    """The default plan has no named volumes, matches or caps, and so no headings for them; a full plan has all."""
    always = ["The ladder", "What the percent pays", "Breakaway", "Titles", "Overrides"]
    ends = ["Markets", "Rounding", "The clauses"]
    expected = ["Volume and activity", *always, "Pools", "Paid once", *ends]
    assert expected == [section.title for section in plan_sections(STAIRSTEP, DAY)]
    full = ["Volume and activity", "Volumes of this plan", "Marks", *always, "Production bonuses", "Level bonuses"]
    full += ["Pools", "Matches", "Paid once", "Caps", *ends]
    assert full == [section.title for section in plan_sections(EVERY, DAY)]


def test_a_market_that_differs_has_its_own_lines() -> None:
    """Where a market has its own number, the line in which it stands is said again for that market, and no other."""
    text = (HERE / "sound.toml").read_text()
    own = text.replace('"12.5 %"', '"12.5 %", "2026-03-01 JP" = "13 %"')
    sections = {section.title: section.lines for section in plan_sections(read_plan(own, "plan.toml"), DAY)}
    head, row = sections["Where markets differ"]
    assert ("In JP, the ladder:", ["second", "13", "%"]) == (head, row.split()[:3])


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
    assert f"Active in a month: PV at least 50. {words}" in said(volume_lines(replace(TERMS, unqualified=failing)))


def test_a_plan_that_asks_nothing_of_the_active_says_so() -> None:
    """Where nothing is asked all are active, and nothing is said of others."""
    assert said(volume_lines(replace(TERMS, active=Requirement()))).endswith("All are active.")


def test_a_named_volume_says_what_it_counts() -> None:
    """Own and legs, what is left out, the limit of one leg, the window and the mark stand in one sentence each."""
    bracket, half_year, year, lifetime = [said([line]) for line in named_volume_lines(TERMS)]
    left_out = 'less every line with anyone on the step "Top" or above, foster legs left out, less the group of anyone'
    assert bracket.startswith(f"Bracket volume: PV and the volume of all legs, {left_out}")
    assert bracket.endswith("; of one leg at most 5,000 points. [2]")
    window = 'over the last 6 months, of months with the mark "Producer"'
    assert f"Legs' volume of six periods: the volume of all legs, without own PV; {window}. [2]" == half_year
    assert "Own volume of the year: PV alone; since the year began in April. [2]" == year
    assert "Volume of all time: PV and the volume of all legs; over all time. [2]" == lifetime


def test_what_settles_a_step_beside_its_gate_is_said() -> None:
    """The fast track, the step that is never lost, the frontline's floor and stated percents have a line each."""
    lines = [said([line]) for line in ladder_lines(TERMS)[-4:]]
    assert 'Fast track to "Top", from the next month on: PV at least 900. [3]' == lines[0]
    assert [
        "A step once reached is never lost. [3]",
        "Nobody stands below the highest step of the own frontline. [3]",
    ] == lines[1:3]
    assert "Where the company states a member's percent, that is the percent. [3]" == lines[3]


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
    assert words in said(breakaway_lines(replace(TERMS, breakaway=replace(TERMS.breakaway, **change))))


def test_a_plan_without_breakaway_says_nothing_of_it() -> None:
    """Where no leg ever breaks away there is no section, and GV leaves nothing out."""
    terms = replace(TERMS, breakaway=Breakaway(requirement=Requirement(), never=True))
    assert [] == breakaway_lines(terms)
    assert "GV: PV and that of all legs. Active" in said(volume_lines(terms))


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
                "the first 2 misses are grace, and from the third on the title is at risk. It falls to the title achieved. "
                "In the first 1 month with a title no miss counts."
            ),
        ),
    ],
)
def test_maintenance_is_said_as_a_clock(maintenance: Maintenance, words: str) -> None:
    """Window, grace, risk, what a title falls to, and the locked periods stand in one rule."""
    assert words in said(title_lines(replace(TERMS, maintenance=maintenance)))


def test_a_title_says_what_earns_it_again() -> None:
    """Another gate for who has held it before, and what keeps it, stand below the title."""
    leader = 'Leader: the step "Top". [3] earned again by: GV at least 3,000. [3] kept by: GV at least 1,500. [3]'
    assert leader in said(title_lines(TERMS))


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
    assert words in said(percent_lines(replace(TERMS, **change)))


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (0, 'By title, on the CV of groups of those with the mark "Certified" (Bracket volume), by generation'),
        (0, "title first second Leader 5 % 5 %"),
        (0, 'To earn it: the title "Leader" or above; and side volume at least 600.'),
        (0, "Who does not have that ends the line: nobody above is paid on the group. [7]"),
        (0, "Deeper generations earn the last rate. Only the first who is paid on a group earns on it."),
        (0, "The group of a leader who is passed over is not paid on."),
        (0, "A leader whose group has no volume uses up no generation."),
        (0, "Paid is the earner's rate less that of the group's leader and at least 1.5 %."),
        (0, "A leader whose title lies 0 and 1 or more below the earner's brings 100 % and 50 % of the rate."),
        (0, "Guarantee: for each first-generation group of who earns below the next earner above receives"),
        (1, "By legs, on the CV of groups that broke away, by generation, counted upward:"),
        (1, "legs broken away first from 1 2 % from 3 4 %"),
        (1, "Who is not active uses up a generation."),
        (1, "Guarantee: for a leader's group the next earner above receives at least the rate on 900 points."),
        (1, "One line gives at most what it brings. Several lines that all bring less give their average."),
        (2, "By step, on the CV of groups on the earner's own percent or a higher one"),
        (2, 'from the step first second "First" 0.5 % – "Top" 1 % 1 %'),
        (3, "first second everybody 3 % 2 %"),
    ],
)
def test_an_override_says_on_whom_and_to_whom(number: int, words: str) -> None:
    """Whose groups, which rows, who earns, and what is guaranteed: each setting of an override has its words."""
    assert words in said(override_lines(replace(TERMS, overrides=TERMS.overrides[number : number + 1])))


def test_a_row_by_step_goes_as_deep_as_the_title() -> None:
    """Where rows go by step and the depth by title, both are said."""
    override = Override(id="a", name="A", rates_bp=((100, 100),), by=RatesBy.STEP, depth_by_title=True)
    assert "As deep as the earner's title opens generations." in said(
        override_lines(replace(TERMS, overrides=(override,)))
    )
    assert Counting.PASSED_OVER is override.counting


LEVEL = LevelBonus(id="l", name="Start", rates_bp=(2_000, 1_000))
POOL = Pool(id="p", name="Pool", share_bp=200)
MATCH = Match(id="m", name="Match", rates_bp=(1_000,), bonuses=(2,))
BRACKETS = ((0, 100), (500_000, 200))


@pytest.mark.parametrize(
    ("change", "lines", "words"),
    [
        (
            {"productions": (Production(id="p", name="Own bonus", volume=6, brackets=BRACKETS),)},
            production_lines,
            "Own bonus, on the CV of Own volume of the year: 1 % from 0 points on and 2 % from 5,000 points on.",
        ),
        (
            {"levels": (LEVEL,)},
            level_lines,
            "Start, on the CV of orders: 20 % and 10 %, to 2 sponsors upward. Who does not qualify uses up a level.",
        ),
        (
            {"levels": (replace(LEVEL, rates_bp=(500,), first_orders=True, line=Line.ENROLLER, compressed=True),)},
            level_lines,
            "Start, on the CV of first orders: 5 %, to the enroller. Who does not qualify is passed over.",
        ),
        (
            {"levels": (replace(LEVEL, within_days=60, or_differential=True),)},
            level_lines,
            (
                "orders in the first 60 days of a member: 20 % and 10 %, to 2 sponsors upward. Who does not qualify uses up "
                "a level. A member is paid the higher of this and the difference."
            ),
        ),
        ({"levels": (replace(LEVEL, gate=TERMS.active),)}, level_lines, "To earn it: PV at least 50."),
        (
            {"pools": (replace(POOL, leg_points=3),)},
            pool_lines,
            "Pool: 2 % of the company's CV, by points: Leader 1, and 3 for each leg broken away.",
        ),
        (
            {"pools": (replace(POOL, fund=Fund.MARKET, split=Split.EQUAL, gate=TERMS.active),)},
            pool_lines,
            "Pool: 2 % of each market's CV, for the market's members, in equal shares. To share in it: PV at least 50.",
        ),
        (
            {"pools": (replace(POOL, fund=Fund.DOWNLINES, split=Split.VOLUME, fund_volume=6),)},
            pool_lines,
            "2 % of the CV of all below those who share in it, each counted once (Own volume of the year), by the CV of",
        ),
        (
            {"pools": TERMS.pools[:1]},
            pool_lines,
            (
                'by points for each leg whose leader had the mark "Certified" in 4 of the last 6 months, on the CV of the '
                "leader's Bracket volume: 1 for each 1,000 up to 10,000 and 1 for each 2,000 beyond. Paid in the last month "
                "of the year."
            ),
        ),
        (
            {"pools": TERMS.pools[1:2]},
            pool_lines,
            (
                'Units of legs: 12.50 USD for each share, by units for each leg whose leader had the mark "Producer" in 6 of '
                "the last 12 months, and for each such month: 1 from 2 legs on and 2 from 6 legs on."
            ),
        ),
        (
            {"matches": (MATCH,)},
            match_lines,
            "Match: 10 % of what sponsored members earn by level as override. Who does not qualify uses up a level.",
        ),
        (
            {"matches": (replace(MATCH, bonuses=(0, 1, 3), line=Line.ENROLLER, compressed=True),)},
            match_lines,
            "enrolled members earn by level as personal, differential and pool. Who does not qualify is passed over.",
        ),
        ({}, once_lines, "Fast start, for a title within 90 days of joining: Leader 250.50 USD."),
        ({}, once_lines, "First target: 75.00 USD, once, for GV at least 1,000, within 60 days of joining."),
        (
            {},
            once_lines,
            (
                "Once, for a title held 3 months in a row after the month of achievement: Leader 200.00 USD. Paid in 2 "
                "monthly parts while the title is held."
            ),
        ),
        ({"title_held": TitleHeld(successive_periods=1)}, once_lines, "held 1 month in a row: Leader 200.00 USD."),
        (
            {},
            cap_lines,
            (
                "Cap on the pool: pool and level pay at most 5,000.00 USD to a member in a month, and at most 40 % of the "
                "company's CV in all."
            ),
        ),
        (
            {"caps": (Cap(id="c", name="Cap", share_bp=4_000),)},
            cap_lines,
            "Cap: all bonuses pay at most 40 % of the company's CV in all.",
        ),
        (
            {"caps": (Cap(id="c", name="Cap", bonuses=(2,), member_minor=100),)},
            cap_lines,
            "Cap: override pays at most 1.00 USD to a member in a month.",
        ),
    ],
)
def test_what_is_paid_beside_percentages_is_said(
    change: dict[str, object], lines: Callable[[Terms], list[str]], words: str
) -> None:
    """Productions, levels, pools, matches, what is paid once, and caps: each setting has its words."""
    assert words in said(lines(replace(TERMS, **change)))


def test_markets_stand_side_by_side() -> None:
    """CV per point and what lines are rounded to stand there where some market has its own."""
    text, plain = plan_text(EVERY, DAY), plan_text(STAIRSTEP, DAY)
    head = "market a point is worth a point in CV lines rounded to return days pool weight clause"
    assert head == " ".join(_line(text, "market ").split())
    assert "US 1.00 USD 0.8 0.05 USD 30 2 6" == " ".join(_line(text, "US ").split())
    assert "market a point is worth return days pool weight clause" == " ".join(_line(plain, "market ").split())
    assert "a multiple of what its market pays at least" in said([text])
    assert "whole minor units of its currency: cut off." in said([plain])


def _line(text: str, start: str) -> str:
    return next(line for line in text.splitlines() if line.startswith(start))
