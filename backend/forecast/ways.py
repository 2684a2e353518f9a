"""
Ways: a requirement opened up until nothing in it stands for another requirement.

A condition on the step, on a mark or on being active stands for what reaches it; the ways of all of these, multiplied
out, are what a person can work on.
"""

from collections.abc import Iterable, Iterator
from itertools import islice, product

from backend.engine.gates.measures import Member
from backend.engine.gates.requirements import key_of
from backend.engine.snapshot import UNSTATED
from backend.forecast.reach import counted_with_now, steps_from
from backend.plan.terms import Condition, Measure, Requirement

MOST_WAYS = 8
"""No more ways than these are looked into; a plan writes the usual one first."""

Leaves = tuple[Condition, ...]


def opened(member: Member, requirement: Requirement) -> list[Leaves]:
    """Return a requirement's ways with nothing behind their conditions; one without conditions if it always holds."""
    found: dict[Leaves, None] = {}
    for leaves in islice(_Opening(member).ways(requirement), 4 * MOST_WAYS):
        found.setdefault(leaves)
    return list(found)[:MOST_WAYS]


def without_covered(requirements: Iterable[Requirement]) -> list[Requirement]:
    """Return requirements without those that ask for all that an earlier one asks for, and maybe more."""
    kept: list[Requirement] = []
    for each in requirements:
        if not any(_covers(each, earlier) for earlier in kept):
            kept.append(each)
    return kept


def any_of(requirements: Iterable[Requirement]) -> Requirement:
    """Return the requirement that holds where any of several does."""
    each = without_covered(requirements)
    if any(not one.any_of for one in each):
        return Requirement()
    return Requirement(any_of=tuple(way for one in each for way in one.any_of))


class _Opening:
    """One member, and what stands behind conditions for it."""

    def __init__(self, member: Member) -> None:
        self.member, self.terms, self.measures = member, member.terms, member.measures

    def ways(self, requirement: Requirement) -> Iterator[Leaves]:
        if not requirement.any_of:
            yield ()
        for way in requirement.any_of:
            for parts in product(*(self.alternatives(condition) for condition in way)):
                yield tuple(dict.fromkeys(leaf for part in parts for leaf in part))

    def alternatives(self, condition: Condition) -> list[Leaves]:
        """Return what a condition may be met by: as it stands where it holds already, and whatever stands behind it."""
        behind = [leaves for each in self.behind(condition) for leaves in self.ways(each)]
        if not behind or self.measures.met(condition):
            return [(condition,), *behind]
        return behind

    def behind(self, condition: Condition) -> list[Requirement]:
        """Return the requirements of which any one brings a condition to hold; none where it stands for itself."""
        match condition.measure:
            case Measure.STEP:
                stated = self.terms.ladder.stated and self.member.of("percent_held_bp") != UNSTATED
                return [] if stated else without_covered(steps_from(self.terms, condition.at_least))
            case Measure.ACTIVE:
                return [] if self.member.of("active_stated") != UNSTATED else [self.terms.active]
            case Measure.MARK:
                return self.of_mark(condition.of)
            case Measure.PERIODS | Measure.PERIODS_IN_A_ROW:
                history = int(self.member.snapshot.marks_before[self.member.index, condition.of])
                enough = counted_with_now(history, condition) >= condition.at_least
                return self.of_mark(condition.of) if enough else []
        return []

    def of_mark(self, mark: int) -> list[Requirement]:
        """Return what a mark asks; nothing where the company states who has it."""
        there = self.terms.marks[mark]
        return [] if there.stated and self.member.of("qualified") != UNSTATED else [there.requirement]


def _covers(more: Requirement, less: Requirement) -> bool:
    """Say whether each way of the one asks for at least all that some way of the other asks for."""
    return all(any(_asks_all(way, other) for other in less.any_of) for way in more.any_of) and bool(more.any_of)


def _asks_all(way: Leaves, other: Leaves) -> bool:
    asked = {key_of(condition): condition.at_least for condition in way}
    return all(asked.get(key_of(condition), -1) >= condition.at_least for condition in other)
