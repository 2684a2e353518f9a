"""
The plan as people read it: every number of the terms stands there in words, with its clause.
"""

from datetime import date
from pathlib import Path

import pytest

from backend.kernel.finding import Refused
from backend.plan.phrases import minor_words, requirement_words
from backend.plan.reading import read_plan
from backend.plan.resolve import terms_on
from backend.plan.terms import Condition, Measure, Requirement
from backend.plan.text import WIDTH, plan_text

PLAN = read_plan((Path(__file__).parent / "sound.toml").read_text(), "sound.toml")
STAIRSTEP = read_plan(Path("manifest/plans/stairstep.toml").read_text(), "stairstep.toml")
DAY = date(2026, 10, 31)


def test_a_gate_is_said_in_words() -> None:
    """An OR of ANDs reads as one sentence, points grouped by thousands."""
    terms = terms_on(PLAN, DAY)
    expected = (
        "GV at least 2,500 and at least 3 legs that sell 250, or "
        'GV at least 4,000 and at least 2 legs led from the step "Second" (second) or above'
    )
    assert expected == requirement_words(terms.steps[3].requirement, terms)


@pytest.mark.parametrize(
    ("condition", "words"),
    [
        (Condition(measure=Measure.CUSTOMER_PV, at_least=80_050), "PV of own customers at least 800.5"),
        (Condition(measure=Measure.SIDE_VOLUME, at_least=100), "side volume at least 1"),
        (Condition(measure=Measure.ENROLLED_ACTIVE, at_least=1), "at least 1 enrolled member active"),
        (Condition(measure=Measure.ENROLLED_ACTIVE, at_least=2), "at least 2 enrolled members active"),
        (Condition(measure=Measure.LEGS_WITH_VOLUME, at_least=1, of=100), "at least 1 leg that sells 1"),
        (Condition(measure=Measure.LEGS_BROKEN_AWAY, at_least=4), "at least 4 legs broken away"),
        (Condition(measure=Measure.STEP, at_least=3), 'the step "Top" (top)'),
        (Condition(measure=Measure.TRAINING, at_least=1), "the training done"),
        (Condition(measure=Measure.ACTIVE, at_least=1), "active in the month"),
    ],
)
def test_every_measure_has_words(condition: Condition, words: str) -> None:
    """Each measure reads as a phrase, one of a kind in the singular."""
    assert words == requirement_words(Requirement(any_of=((condition,),)), terms_on(PLAN, DAY))


def test_nothing_asked_is_said_so() -> None:
    """A requirement without a way asks for nothing."""
    assert "nothing" == requirement_words(Requirement(), terms_on(PLAN, DAY))


@pytest.mark.parametrize(
    ("minor", "currency", "decimals", "words"),
    [(25_050, "USD", 2, "250.50 USD"), (1_500, "JPY", 0, "1,500 JPY"), (7, "KWD", 3, "0.007 KWD")],
)
def test_money_is_written_by_its_currencys_decimals(minor: int, currency: str, decimals: int, words: str) -> None:
    """Cents, yen and fils each have their own number of decimals."""
    assert words == minor_words(minor, currency, decimals)


def test_the_text_changes_with_the_day() -> None:
    """The rate of the day is what stands there."""
    before, after = plan_text(PLAN, date(2026, 6, 30)), plan_text(PLAN, date(2026, 7, 1))
    assert ["first       5 %", "first       6 %"] == [_line(text, "first ")[:15] for text in (before, after)]


def test_overrides_stand_by_title_and_generation() -> None:
    """A title's row ends where its generations end."""
    text = plan_text(STAIRSTEP, DAY)
    assert ["5", "%", "4", "%", "3", "%", "–", "–"] == _line(text, "Senior Manager   ").split()[2:]
    assert ["5", "%", "4", "%", "3", "%", "2", "%", "1", "%"] == _line(text, "Presidential Manager   ").split()[2:]


def test_every_clause_stands_in_the_text() -> None:
    """Each clause is named beside a rule, and its words stand at the end."""
    text = plan_text(STAIRSTEP, DAY)
    rules, words = text.split("The clauses\n")
    for clause, said in STAIRSTEP.clauses.items():
        assert f"[{clause}]" in rules or f"  {clause}  " in rules or rules.count(f"  {clause}\n"), clause
        assert " ".join(said.split()) in " ".join(words.split())


def test_no_line_is_wider_than_a_terminal() -> None:
    """No line of the default plan is wider than the text's width."""
    assert WIDTH >= max(map(len, plan_text(STAIRSTEP, DAY).splitlines()))


def test_a_day_outside_the_plan_is_refused() -> None:
    """There is nothing to read before the plan begins."""
    with pytest.raises(Refused):
        plan_text(PLAN, date(2025, 12, 31))


def _line(text: str, start: str) -> str:
    return next(line for line in text.splitlines() if line.startswith(start))
