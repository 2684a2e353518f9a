"""
Requirement trees as integer tables that kernels read: an OR of ANDs over one member's measures.

Every requirement of the terms gets a number. A requirement is a run of ways, a way a run of conditions, a condition a
slot of the member's measures and what it must be at least. Conditions that count legs get a slot for each different
question, such as "legs with 500 points".
"""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from backend.engine.compiled import kernel
from backend.engine.snapshot import Flags, Ints
from backend.plan.terms import Condition, Measure, Requirement, Terms

ACTIVE, BREAKAWAY, OVERRIDE_GATE, POOL_GATE, STEPS = range(5)
"""The numbers of the requirements; those of the steps begin at STEPS, then come the titles', then what keeps them."""

MEASURES = len(Measure)
"""The slots of the measures; the questions about legs come behind them."""

LEG_QUESTIONS = (Measure.LEGS_WITH_VOLUME, Measure.LEGS_WITH_STEP)
PERSONAL = (Measure.PV, Measure.CUSTOMER_PV, Measure.TRAINING)
"""What activity may look at: it is settled before any group is."""


class Rules(NamedTuple):
    """The requirement trees of some terms as tables; all of them go to kernels as arguments, never as globals."""

    ways: Ints
    """The ways of requirement r are `ways[r] : ways[r + 1]`."""
    conditions: Ints
    """The conditions of way w are `conditions[w] : conditions[w + 1]`."""
    slot: Ints
    at_least: Ints
    question_is_step: Flags
    """Per question: whether it asks for a step of the leg's leader, or else for the leg's total group volume."""
    question_of: Ints
    steps: int
    titles: int


def rules_of(terms: Terms) -> Rules:
    """
    Lay out the requirement trees of terms.

    Asserts what a plan check must have refused: activity on group measures, a step that asks for a step, a breakaway
    title that everybody holds.
    """
    _check(terms)
    requirements = list(_requirements(terms))
    ways = [way for requirement in requirements for way in requirement.any_of]
    conditions = [condition for way in ways for condition in way]
    questions = sorted({(c.measure, c.of) for c in conditions if c.measure in LEG_QUESTIONS})
    return Rules(
        ways=_bounds([len(requirement.any_of) for requirement in requirements]),
        conditions=_bounds([len(way) for way in ways]),
        slot=np.array([_slot(condition, questions) for condition in conditions], dtype=np.int64),
        at_least=np.array([condition.at_least for condition in conditions], dtype=np.int64),
        question_is_step=np.array([measure == Measure.LEGS_WITH_STEP for measure, _ in questions], dtype=np.bool_),
        question_of=np.array([of for _, of in questions], dtype=np.int64),
        steps=len(terms.steps),
        titles=len(terms.titles),
    )


@kernel
def holds(rules: Rules, requirement: int, measures: Ints) -> bool:
    """Say whether a requirement holds for one member: any way whose conditions all hold, or no way at all."""
    first = rules.ways[requirement]
    last = rules.ways[requirement + 1]
    for way in range(first, last):
        met = True
        for condition in range(rules.conditions[way], rules.conditions[way + 1]):
            if measures[rules.slot[condition]] < rules.at_least[condition]:
                met = False
                break
        if met:
            return True
    return bool(first == last)


@kernel
def highest(rules: Rules, first: int, count: int, measures: Ints) -> int:
    """Return the highest of `count` requirements from number `first` on that holds; 0 where none does."""
    for index in range(count - 1, 0, -1):
        if holds(rules, first + index, measures):
            return index
    return 0


def _requirements(terms: Terms) -> Iterator[Requirement]:
    """Yield the requirements in the order of their numbers."""
    yield from (terms.active, terms.breakaway, terms.overrides.gate, terms.pool.gate)
    yield from (step.requirement for step in terms.steps)
    yield from (title.requirement for title in terms.titles)
    yield from (title.keep for title in terms.titles)


def _slot(condition: Condition, questions: list[tuple[Measure, int]]) -> int:
    if condition.measure in LEG_QUESTIONS:
        return MEASURES + questions.index((condition.measure, condition.of))
    return int(condition.measure)


def _bounds(lengths: list[int]) -> Ints:
    return np.concatenate(([0], np.cumsum(lengths, dtype=np.int64))).astype(np.int64)


def _asked(requirement: Requirement) -> set[Measure]:
    return {condition.measure for way in requirement.any_of for condition in way}


def _check(terms: Terms) -> None:
    assert _asked(terms.active) <= set(PERSONAL), "activity may look at personal measures only"
    assert not any(Measure.STEP in _asked(step.requirement) for step in terms.steps), "a step may not ask for a step"
    assert terms.breakaway_title >= 1, "the breakaway title is above the title where everybody begins"
    assert len(terms.titles) <= 31, "the bonuses already paid are two bits a title in 64"
    percents = [step.percent_bp for step in terms.steps]
    assert percents == sorted(percents), "percents ascend with the steps"
