"""
Requirement trees as integer tables that kernels read: an OR of ANDs over one member's measures.

Every requirement of the terms gets a number. A requirement is a run of ways, a way a run of conditions, a condition a
slot of the member's measures and what it must be at least, which may be another in each market. What asks about legs
becomes a test of a leg's leader, and a question how many legs pass it.
"""

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np

from backend.engine.columns.regions import by_market
from backend.engine.gates.least import Counts, Tables, asked_by_all, reached_from, sold_by_all
from backend.engine.gates.of_bonuses import asking, gates_of
from backend.engine.gates.order import PERIODS, order_of
from backend.engine.snapshot import Flags, Ints
from backend.plan.terms import LEG_MEASURES, Condition, Exclusion, Fosters, Measure, Requirement, Terms, VolumeNumber

ACTIVE, BREAKAWAY, GATES = range(3)
"""The first numbers; the gates' begin at GATES, and then come those of steps, fast tracks, titles, marks and pay."""

MEASURES = len(Measure)
"""The slots of plain measures; those of marks, volumes, periods and legs come behind them."""

PERSONAL = (
    *(Measure.PV, Measure.CUSTOMER_PV, Measure.CUSTOMERS, Measure.CUSTOMER_SHARE, Measure.VERIFIED_SHARE),
    *(Measure.TRAINING, Measure.FEES_PAID, Measure.CLEARED),
)
"""What activity may look at: it is settled before any group is."""

KEPT = 8
"""Of so many terms the tables are kept."""

BITS = 62
"""How many tests, marks or gates one number can hold."""


class Test(NamedTuple):
    """What the leader of a leg may be asked; the fields of a condition or exclusion that say what."""

    measure: Measure
    of: int
    volume: int
    periods: int
    leg_periods: int
    fosters: Fosters


BROKEN_AWAY = Test(Measure.LEGS_BROKEN_AWAY, 0, 0, 0, 0, Fosters.COUNTED)
"""The first test of every plan."""


Key = Measure | tuple[Any, ...]
"""What a condition looks at: a plain measure, or a measure with what tells it from others."""


class Trees(NamedTuple):
    """The ways of requirements, and the conditions of ways."""

    ways: Ints
    """The ways of requirement r are `ways[r] : ways[r + 1]`."""
    conditions: Ints
    """The conditions of way w are `conditions[w] : conditions[w + 1]`."""
    slot: Ints
    """Per condition."""


class Rules(NamedTuple):
    """The requirement trees of some terms as tables; all of them go to kernels as arguments, never as globals."""

    trees: Trees
    never: Flags
    """Per requirement: nobody meets it. (No way at all is met by everybody.)"""
    asked: Ints
    """Per requirement: a slot that all its ways ask for."""
    least: Ints
    """Markets × requirements: what all ways ask of that slot at least."""
    sold: Ints
    """Per market: the PV below which nobody without title and mark meets anything that is not met by everybody."""
    at_least: Ints
    """Markets × conditions."""
    slots: int
    tests: Ints
    """Tests × the fields of Test."""
    questions: Ints
    """Per question about legs: its slot, its test, its reach."""
    periods: Ints
    """Per question about periods: its slot, its mark, and over how many periods; 0 asks how many in a row."""
    volumes: Ints
    """Per volume that a condition looks at: its slot and its number."""
    mark_slot: Ints
    """Per mark: its slot."""
    order: Ints
    """A member's own facts in the order in which they are settled: LADDER or a mark's index."""
    asking: Ints
    """The gates that ask for anything; the others stand open to everybody."""
    gates: int
    granted: int
    """How many of the first gates the company may let a member through: not the targets of one-time bonuses."""
    steps: int
    titles: int
    marks: int


def requirements_of(terms: Terms) -> Iterator[Requirement]:
    """Yield all requirements of terms, in the order of their numbers; NOBODY stands where there is none."""
    yield from (terms.active, NOBODY if terms.breakaway.never else terms.breakaway.requirement)
    yield from gates_of(terms)
    yield from (step.requirement for step in terms.steps)
    yield from (step.fast_track or NOBODY for step in terms.steps)
    yield from (title.requirement for title in terms.titles)
    yield from (title.keep for title in terms.titles)
    yield from (title.requalify or title.requirement for title in terms.titles)
    yield from (mark.requirement for mark in terms.marks)
    yield from (step.paid for step in terms.steps)


NOBODY = Requirement()
"""Is met by nobody where it stands for a requirement that a plan does not have."""


def tests_of(terms: Terms) -> tuple[Test, ...]:
    """Return the tests of legs' leaders: test t is bit t of `Columns.tests`."""
    asked = {test_of(c) for c in _conditions(terms) if c.measure in LEG_MEASURES}
    left_out = {excluded_by(each) for volume in terms.volumes for each in volume.less}
    return (BROKEN_AWAY, *sorted((asked | left_out) - {BROKEN_AWAY}))


def test_of(condition: Condition) -> Test:
    """Return what a condition on legs asks of a leg's leader."""
    measure, volume = condition.measure, condition.volume if condition.measure == Measure.LEGS_WITH_VOLUME else 0
    return Test(measure, condition.of, volume, condition.periods, condition.leg_periods, condition.fosters)


def excluded_by(exclusion: Exclusion) -> Test:
    """Return the test that leaves a leg out of a named volume."""
    asks = {
        Measure.LEGS_BROKEN_AWAY: Measure.LEGS_BROKEN_AWAY,
        Measure.STEP: Measure.LEGS_WITH_STEP,
        Measure.TITLE: Measure.LEGS_WITH_TITLE,
        Measure.MARK: Measure.LEGS_WITH_MARK,
    }
    return Test(asks[exclusion.measure], exclusion.of, 0, 0, 0, exclusion.fosters)


class _Same:
    """Terms as a key: the very same document, and no other that says the same."""

    def __init__(self, terms: Terms) -> None:
        self.terms = terms

    def __hash__(self) -> int:
        return id(self.terms)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and other.terms is self.terms


def rules_of(terms: Terms) -> Rules:
    """
    Lay out the requirement trees of terms; those of the last few are kept.

    Asserts what a plan check must have refused: activity on group measures, facts of one member that ask for each
    other, a breakaway title that everybody holds.
    """
    return _laid_out(_Same(terms))


@lru_cache(maxsize=KEPT)
def _laid_out(same: _Same) -> Rules:
    terms = same.terms
    _check(terms)
    slots = _slots(terms)
    tests = tests_of(terms)
    requirements = list(requirements_of(terms))
    ways = [way for requirement in requirements for way in requirement.any_of]
    keys = [key for key in slots if not isinstance(key, Measure)]
    never = np.array([requirement is NOBODY for requirement in requirements], dtype=np.bool_)
    slot = np.array([slots[key_of(c)] for way in ways for c in way], dtype=np.int64)
    at_least = _thresholds(terms)
    tables = Tables(requirements, slot.tolist(), at_least.tolist(), never.tolist())
    asked, least = asked_by_all(tables)
    return Rules(
        asked=asked,
        least=least,
        sold=sold_by_all(tables, {*_reached(terms)}, pv=int(Measure.PV), nothing=_nothing(terms)),
        trees=Trees(
            _bounds([len(requirement.any_of) for requirement in requirements]), _bounds(list(map(len, ways))), slot
        ),
        never=never,
        at_least=at_least,
        slots=MEASURES + len(terms.marks) + len(slots),
        tests=np.array([[int(field) for field in test] for test in tests], dtype=np.int64),
        questions=_table([(slots[k], tests.index(k[1]), int(k[2])) for k in keys if k[0] in LEG_MEASURES], 3),
        periods=_table([(slots[k], k[1], k[2]) for k in keys if k[0] in PERIODS], 3),
        volumes=_table([(slots[k], k[1]) for k in keys if k[0] == Measure.VOLUME], 2),
        mark_slot=np.arange(MEASURES, MEASURES + len(terms.marks), dtype=np.int64),
        order=np.array(order_of(terms), dtype=np.int64),
        asking=np.array(asking(terms), dtype=np.int64),
        gates=len(gates_of(terms)),
        granted=len(gates_of(terms)) - len(terms.one_times),
        steps=len(terms.steps),
        titles=len(terms.titles),
        marks=len(terms.marks),
    )


def key_of(condition: Condition) -> Key:
    """Return what tells a condition's slot from others: conditions that look at the same share one."""
    measure = condition.measure
    if measure in LEG_MEASURES:
        return (measure, test_of(condition), condition.reach)
    if measure == Measure.LEGS_BROKEN_AWAY:
        return measure
    if measure in PERIODS:
        return (measure, condition.of, condition.periods if measure == Measure.PERIODS else 0)
    if measure == Measure.VOLUME:
        return (measure, condition.volume)
    return (measure, condition.of) if measure == Measure.MARK else measure


def keys_of(terms: Terms) -> list[Key]:
    """Return whatever the conditions of terms look at, each once."""
    keys = {key_of(condition) for condition in _conditions(terms)}
    return sorted(keys, key=lambda key: (key,) if isinstance(key, Measure) else key)


def _slots(terms: Terms) -> dict[Key, int]:
    """Return the slot of each key; plain measures stand first, then the marks, then whatever is asked further."""
    slots: dict[Key, int] = {}
    free = MEASURES + len(terms.marks)
    for key in keys_of(terms):
        if isinstance(key, Measure):
            slots[key] = int(key)
        elif key[0] == Measure.MARK:
            slots[key] = MEASURES + key[1]
        else:
            slots[key], free = free, free + 1
    return slots


def _thresholds(terms: Terms) -> Ints:
    return by_market(terms, lambda there: [condition.at_least for condition in _conditions(there)])


def _conditions(terms: Terms) -> Iterator[Condition]:
    for requirement in requirements_of(terms):
        for way in requirement.any_of:
            yield from way


def _reached(terms: Terms) -> list[int]:
    """Return the numbers of whatever a member may reach in one period: all but activity, upkeep and what all reach."""
    counts = Counts(len(gates_of(terms)), len(terms.steps), len(terms.titles), len(terms.marks))
    return [BREAKAWAY, *(GATES + gate for gate in asking(terms)), *reached_from(GATES, counts)]


def _nothing(terms: Terms) -> list[int]:
    """Return the slots in which who sells too little for anything has nothing, beside who brings a title."""
    return [int(Measure.STEP), int(Measure.TITLE), *range(MEASURES, MEASURES + len(terms.marks))]


def _table(rows: Sequence[Sequence[int]], width: int) -> Ints:
    return np.array(rows, dtype=np.int64).reshape(len(rows), width)


def _bounds(lengths: list[int]) -> Ints:
    return np.concatenate(([0], np.cumsum(lengths, dtype=np.int64))).astype(np.int64)


def _check(terms: Terms) -> None:
    asked = {condition.measure for way in terms.active.any_of for condition in way}
    assert asked <= set(PERSONAL), "activity may look at personal measures only"
    assert terms.breakaway.never or terms.breakaway.title >= 1, "the breakaway title is above that of everybody"
    assert len(terms.titles) <= BITS // 2, "the bonuses already paid are two bits a title in 64"
    assert max(len(terms.marks), len(gates_of(terms)), len(tests_of(terms))) <= BITS, "each is one bit in 64"
    assert all(_exists(terms, condition) for condition in _conditions(terms)), "a condition looks at what is not there"
    percents = [step.percent_bp for step in terms.steps]
    assert percents == sorted(percents), "percents ascend with the steps"


def _exists(terms: Terms, condition: Condition) -> bool:
    """Say whether the volume or mark that a condition looks at is one of the plan's: kernels trust the numbers."""
    marked = condition.measure in {Measure.MARK, Measure.LEGS_WITH_MARK, Measure.LEGS_WITH_PERIODS, *PERIODS}
    volumes = VolumeNumber.NAMED + len(terms.volumes)
    return condition.volume < volumes and (not marked or condition.of < len(terms.marks))
