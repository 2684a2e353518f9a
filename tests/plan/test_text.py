"""
The plan as people read it: its sections, its tables, its clauses, and what differs by day and market.
"""

from datetime import date
from pathlib import Path

import pytest

from backend.kernel.finding import Refused
from backend.plan.document import Document
from backend.plan.reading import read_plan
from backend.plan.text import WIDTH, plan_sections, plan_text

HERE = Path(__file__).parent
PLAN = read_plan((HERE / "sound.toml").read_text(), "sound.toml")
STAIRSTEP = read_plan(Path("manifest/plans/stairstep.toml").read_text(), "stairstep.toml")
EVERY = read_plan((HERE / "every.toml").read_text(), "every.toml")
DAY = date(2026, 10, 31)


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
    pays = ["What the percent pays", "Breakaway", "Overrides", "Titles", "How a title is kept"]
    ends = ["Markets", "Rounding", "The clauses"]
    expected = ["The ladder", "Volume and activity", *pays, "Pools", "Paid once", *ends]
    assert expected == [section.title for section in plan_sections(STAIRSTEP, DAY)]
    full = ["The ladder", "Volume and activity", "Volumes of this plan", "Marks", *pays, "Production bonuses"]
    full += ["Level bonuses", "Pools", "Multipliers", "Matches", "Paid once", "Caps", *ends]
    assert full == [section.title for section in plan_sections(EVERY, DAY)]


def test_a_market_that_differs_has_its_own_lines() -> None:
    """Where a market has its own number, the line in which it stands is said again for that market, and no other."""
    text = (HERE / "sound.toml").read_text()
    own = text.replace('"12.5 %"', '"12.5 %", "2026-03-01 JP" = "13 %"')
    sections = {section.title: section.lines for section in plan_sections(read_plan(own, "plan.toml"), DAY)}
    market, heads, row = sections["Where markets differ"]
    assert ("In JP, under “The ladder”:", ["second", "13", "%"]) == (market, row.split()[:3])
    assert ["step", "percent", "clause", "asks", "for"] == heads.split()


def test_markets_stand_side_by_side() -> None:
    """CV per point and what lines are rounded to stand there where some market has its own."""
    text, plain = plan_text(EVERY, DAY), plan_text(STAIRSTEP, DAY)
    head = "market a point is worth a point in CV lines rounded to return days pool weight clause"
    assert head == " ".join(_line(text, "market ").split())
    assert "US 1.00 USD 0.8 0.05 USD 30 2 6" == " ".join(_line(text, "US ").split())
    assert "market a point is worth return days pool weight clause" == " ".join(_line(plain, "market ").split())
    assert "becomes a multiple of the least paid" in " ".join(text.split())
    assert "whole minor units of its currency: cut off." in " ".join(plain.split())


def _line(text: str, start: str) -> str:
    return next(line for line in text.splitlines() if line.startswith(start))
