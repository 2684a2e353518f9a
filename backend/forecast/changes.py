"""
Changes: what would change a member's step, title or a leg's standing, and how much that is, the cheapest way first.

Every answer of sales alone is proved: the engine, run with just these sales, reaches what was asked.
"""

from collections.abc import Callable
from functools import partial

import numpy as np

from backend.engine.gates.measures import Member
from backend.engine.outcome import Outcome, Upkeep
from backend.forecast.change import Change, Changes
from backend.forecast.reach import Missing, steps_from
from backend.forecast.search import Search
from backend.forecast.ways import any_of
from backend.plan.needs import title_requirement
from backend.plan.terms import Requirement, Stays

NEAREST_LEGS = 5
"""So many legs are looked at for their breakaway."""


def changes_of(member: Member) -> Changes:
    """Return everything that is missing for one member, of the nearest legs' breakaways the first few."""
    return Changes(
        next_step=to_next_step(member),
        next_title=to_next_title(member),
        keeping=to_keep(member),
        breakaways=to_breakaways(member),
    )


def to_next_step(member: Member) -> Change | None:
    """Return what is missing for the step above the one that this period reaches; None on the highest."""
    above = member.of("step") + 1
    if above == len(member.terms.steps) or member.of("closed"):
        return None
    asked = any_of(steps_from(member.terms, above))
    return _change(member, "step", above, asked, lambda outcome: bool(outcome.step[member.index] >= above))


def to_next_title(member: Member) -> Change | None:
    """Return what is missing for the title above the one that is held or achieved; None with the highest."""
    above = max(member.of("title"), member.of("title_before")) + 1
    if above >= len(member.terms.titles) or member.of("closed"):
        return None
    asked = any_of(_titles_from(member, above))
    return _change(member, "title", above, asked, lambda outcome: bool(outcome.title[member.index] >= above))


def to_keep(member: Member) -> Change | None:
    """
    Return what is missing for the maintenance of the title carried into the period; None where none is needed.

    Who achieves the title anew has kept it.
    """
    title = member.of("title_before")
    if member.of("upkeep") == Upkeep.NONE_NEEDED or member.of("closed"):
        return None
    asked = any_of([member.terms.titles[title].keep, *_titles_from(member, title)])
    return _change(member, "keep", title, asked, lambda outcome: bool(outcome.upkeep[member.index] == Upkeep.MET))


def to_breakaways(member: Member, *, most: int = NEAREST_LEGS) -> tuple[Change, ...]:
    """Return what each of the nearest legs misses to break away: those whose leaders miss the least sales first."""
    snapshot, outcome, plan = member.snapshot, member.outcome, member.plan
    legs = np.arange(member.legs.start, member.legs.stop)
    legs = legs[~outcome.broken_away[legs] & ~snapshot.closed[legs]]
    if plan.breakaway.never or not legs.size:
        return ()
    points = Missing(snapshot, plan, outcome).to_break_away()[legs]
    nearest = legs[np.lexsort([-outcome.gv[legs], points])][:most]
    return tuple(to_breakaway(member.at(int(leg))) for leg in nearest)


def to_breakaway(leader: Member) -> Change:
    """
    Return what is missing for a leader's group to stand alone; the leader's title is the change's index.

    A group whose leader is about to lose the title that lets it stay so also does by keeping it.
    """
    index = leader.index
    reached = partial(_has_broken_away, index=index)
    return _change(leader, "breakaway", leader.of("title"), _of_breakaway(leader), reached, names_legs=False)


def _change(
    member: Member,
    what: str,
    index: int,
    asked: Requirement,
    reached: Callable[[Outcome], bool],
    *,
    names_legs: bool = True,
) -> Change:
    if reached(member.outcome):
        return Change(member=member.id, what=what, index=index, met=True)
    ways = Search(member, reached, names_legs=names_legs).ways(asked)
    return Change(member=member.id, what=what, index=index, met=False, ways=ways)


def _titles_from(member: Member, title: int) -> list[Requirement]:
    """Return what earns a title or a higher one in this period."""
    best = member.of("best_title_before")
    above = range(max(1, title), len(member.terms.titles))
    return [title_requirement(member.terms, each, best_before=_again(member, each, best)) for each in above]


def _again(member: Member, title: int, best: int) -> int:
    """Return the best title before, where it matters: a title that is still held asks what it asked the first time."""
    return best if title > member.of("title_before") else 0


def _of_breakaway(leader: Member) -> Requirement:
    breakaway, title = leader.terms.breakaway, leader.of("title_before")
    if breakaway.stays != Stays.WITH_TITLE or title < breakaway.title:
        return breakaway.requirement
    return any_of([breakaway.requirement, leader.terms.titles[title].keep, *_titles_from(leader, title)])


def _has_broken_away(outcome: Outcome, index: int) -> bool:
    return bool(outcome.broken_away[index])
