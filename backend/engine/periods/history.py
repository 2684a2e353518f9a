"""
History: what earlier periods bring into windows, as slots of whole numbers, and what this period hands on.

A mark's history is one number whose bits are periods, the latest lowest. A windowed volume has slots for points and CV:
the last k periods need the k - 1 before this one each by itself, a year or a lifetime only their sum.
"""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from backend.engine.columns.compiled import borrowing
from backend.engine.gates.requirements import requirements_of
from backend.engine.outcome import Outcome
from backend.engine.snapshot import Ints, Snapshot
from backend.plan.terms import Condition, GroupVolume, Terms, Window

REMEMBERED = 62
"""How many earlier periods a mark's history goes back."""


class Slots(NamedTuple):
    """Where a volume's slots begin, and how many earlier periods or sums it has; CV stands behind the points."""

    first: int
    held: int


def slots_of(terms: Terms) -> tuple[Slots, ...]:
    """Return each named volume's place in `volumes_before`; none for what looks at one period only."""
    found, first = [], 0
    for volume in terms.volumes:
        count = _count(volume)
        found.append(Slots(first, count))
        first += 2 * count
    return tuple(found)


def width(terms: Terms) -> int:
    """Return how many slots the named volumes of some terms have together."""
    return sum(2 * slots.held for slots in slots_of(terms))


def _count(volume: GroupVolume) -> int:
    return {Window.PERIOD: 0, Window.LAST: max(0, volume.periods - 1)}.get(volume.window, 1)


def brought(snapshot: Snapshot, terms: Terms) -> tuple[Ints, Ints]:
    """Return, per member and named volume, the points and the CV that earlier periods bring into its window."""
    shape = (len(snapshot.members), len(terms.volumes))
    points, cv = np.zeros(shape, dtype=np.int64), np.zeros(shape, dtype=np.int64)
    for at, (volume, slots) in enumerate(zip(terms.volumes, slots_of(terms), strict=True)):
        if not (volume.window == Window.YEAR and snapshot.year_begins):
            middle, end = slots.first + slots.held, slots.first + 2 * slots.held
            points[:, at] = snapshot.volumes_before[:, slots.first : middle].sum(axis=1)
            cv[:, at] = snapshot.volumes_before[:, middle:end].sum(axis=1)
    return points, cv


def volumes_after(snapshot: Snapshot, terms: Terms, outcome: Outcome) -> Ints:
    """Return the slots as the next period takes them: the latest period first, or the sum so far."""
    after = np.zeros((len(snapshot.members), width(terms)), dtype=np.int64)
    before_points, before_cv = brought(snapshot, terms)
    for at, (volume, slots) in enumerate(zip(terms.volumes, slots_of(terms), strict=True)):
        pairs = ((outcome.named_points, before_points), (outcome.named_cv, before_cv))
        for first, (now, before) in zip((slots.first, slots.first + slots.held), pairs, strict=True):
            if volume.window == Window.LAST and slots.held:
                after[:, first] = now[:, at] - before[:, at]
                after[:, first + 1 : first + slots.held] = snapshot.volumes_before[:, first : first + slots.held - 1]
            elif slots.held:
                after[:, first] = now[:, at]
    return after


def marks_after(snapshot: Snapshot, terms: Terms, outcome: Outcome) -> Ints:
    """Return each mark's history with this period as its lowest bit, of those marks whose history anything asks for."""
    after = np.zeros_like(snapshot.marks_before)
    for mark in remembered(terms):
        held = (outcome.marks >> mark) & 1
        after[:, mark] = ((snapshot.marks_before[:, mark] << 1) & ((1 << REMEMBERED) - 1)) | held
    return after


def remembered(terms: Terms) -> tuple[int, ...]:
    """Return the marks whose earlier periods some condition or pool looks at."""
    asked = {c.of for c in _conditions(terms) if c.periods or c.measure.name.startswith("PERIODS")}
    asked |= {pool.mark for pool in terms.pools if pool.leg_periods}
    return tuple(sorted(asked))


def _conditions(terms: Terms) -> Iterator[Condition]:
    for requirement in requirements_of(terms):
        for way in requirement.any_of:
            yield from way


@borrowing
def periods_held(history: int, now: bool, periods: int) -> int:
    """Return in how many of the last periods, this one included, a mark held."""
    count = int(now)
    for period in range(periods - 1):
        count += (history >> period) & 1
    return count


@borrowing
def periods_in_a_row(history: int, now: bool) -> int:
    """Return how many periods in a row, up to and including this one, a mark held."""
    count = int(now)
    while now and history & 1:
        count += 1
        history >>= 1
    return count
