"""
The least: what is surely missing, before a requirement is looked at as a whole.

Most members sell little and meet next to nothing. So of each requirement one condition that every way of it asks for is
looked at first; and who sells less than all requirements ask of everybody is not asked any of them.
"""

from collections.abc import Collection, Iterator, Sequence
from itertools import accumulate, pairwise
from typing import NamedTuple

import numpy as np

from backend.engine.snapshot import Ints
from backend.plan.terms import Requirement

NEVER = 2**62
"""More than anybody has of anything."""


class Tables(NamedTuple):
    """Requirements, and of their conditions, one after another, the slot and what each market asks of it."""

    requirements: Sequence[Requirement]
    slot: Sequence[int]
    at_least: Sequence[Sequence[int]]
    """Markets × conditions."""
    never: Sequence[bool]
    """Per requirement: nobody meets it."""

    def ways(self) -> Iterator[list[range]]:
        """Yield the ways of each requirement, each the places of its conditions."""
        free = 0
        for requirement in self.requirements:
            ends = [*accumulate(map(len, requirement.any_of), initial=free)]
            yield [range(first, end) for first, end in pairwise(ends)]
            free = ends[-1]

    def of_way(self, slot: int, way: Sequence[int]) -> list[int]:
        """Return per market the most that a way asks of a slot; 0 where it asks for nothing of it."""
        there = [condition for condition in way if self.slot[condition] == slot]
        return [max((row[condition] for condition in there), default=0) for row in self.at_least]


def asked_by_all(tables: Tables) -> tuple[Ints, Ints]:
    """
    Return per requirement a slot that all its ways ask for, and per market the least that the mildest way asks.

    A requirement without such a slot asks for at least nothing of the first; one that nobody meets, more than there is.
    """
    asked = np.zeros(len(tables.requirements), dtype=np.int64)
    least = np.zeros((len(tables.at_least), len(tables.requirements)), dtype=np.int64)
    for at, ways in enumerate(tables.ways()):
        slots = [[tables.slot[condition] for condition in way] for way in ways]
        shared = [slot for slot in (slots[0] if slots else ()) if all(slot in each for each in slots)]
        if shared:
            asked[at] = shared[0]
            least[:, at] = np.min([tables.of_way(shared[0], way) for way in ways], axis=0)
        if tables.never[at]:
            least[:, at] = NEVER
    return asked, least


def sold_by_all(tables: Tables, numbers: Collection[int], *, pv: int, nothing: Collection[int]) -> Ints:
    """
    Return per market the PV below which none of some requirements is met by who has nothing in some slots.

    A way that asks for any of these is closed to such a member; zero where some way asks for neither.
    """
    found = [NEVER] * len(tables.at_least)
    for at, ways in enumerate(tables.ways()):
        if at not in numbers or tables.never[at]:
            continue
        for way in ways or [range(0)]:
            asked = [tables.of_way(tables.slot[each], way) for each in way if tables.slot[each] in nothing]
            closed = [any(column) for column in zip(*asked, strict=True)] or [False] * len(found)
            sold = tables.of_way(pv, way)
            found = [old if shut else min(old, new) for old, new, shut in zip(found, sold, closed, strict=True)]
    return np.array(found, dtype=np.int64)


class Counts(NamedTuple):
    """How many gates, steps, titles and marks a plan has."""

    gates: int
    steps: int
    titles: int
    marks: int


def reached_from(gates: int, counts: Counts) -> Iterator[int]:
    """Yield the numbers of steps, fast tracks, titles, titles held again, marks; the first of each is everybody's."""
    steps = gates + counts.gates
    fast = steps + counts.steps
    titles = fast + counts.steps
    again, marks = titles + 2 * counts.titles, titles + 3 * counts.titles
    for first, end in ((steps, fast), (fast, titles), (titles, titles + counts.titles), (again, marks)):
        yield from range(first + 1, end)
    yield from range(marks, marks + counts.marks)
