"""
Causes of a difference at the close, found by the engine itself.

The period is computed in the states through which it went, from what was known at the last pulse to what the close
knows, and each state differs from the one before by one cause.
"""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from msgspec import Struct

from backend.engine.outcome import Outcome
from backend.forecast.difference import Cause, CauseKind, Difference
from backend.forecast.projection import minor_by_bonus
from backend.forecast.standing import Standing


class State(Struct, frozen=True, kw_only=True):
    """The period computed once more, with one cause more than the state before."""

    kind: CauseKind
    outcome: Outcome


def differences(shown: Sequence[Standing | None], states: Sequence[State]) -> Iterator[Difference]:
    """
    Yield the difference of each member who was shown anything, in the snapshot's order.

    `shown` has the last standing of each; `states` begin with what was known at the last pulse (facts as they are now)
    and end with the close. Who joined after the last pulse was shown nothing, and has none.
    """
    totals = [minor_by_bonus(state.outcome).sum(axis=0).tolist() for state in states]
    for index, standing in enumerate(shown):
        if standing is not None:
            points = [
                _Point(state.kind, total[index], _place(state.outcome, index))
                for state, total in zip(states, totals, strict=True)
            ]
            yield _difference(standing, points)


class _Place(NamedTuple):
    step: int
    title: int
    broken_away: bool


class _Point(NamedTuple):
    """Where a member stands after a cause, and earns how much."""

    kind: CauseKind
    total_minor: int
    place: _Place


def _place(outcome: Outcome, index: int) -> _Place:
    return _Place(int(outcome.step[index]), int(outcome.title[index]), bool(outcome.broken_away[index]))


def _difference(standing: Standing, points: Sequence[_Point]) -> Difference:
    to_date = sum(earning.to_date_minor for earning in standing.earnings)
    middles = [earning.projected.middle for earning in standing.earnings if earning.projected is not None]
    projected = sum(middles) if middles else None
    shown = _Place(standing.step, standing.title, standing.broken_away)
    rest = [] if projected is None else [_Point(CauseKind.SALES, to_date, shown)]
    begun = _Point(CauseKind.SALES, to_date if projected is None else projected, shown)
    return Difference(
        member=standing.member,
        period=standing.period,
        currency=standing.currency,
        projected_minor=projected,
        to_date_minor=to_date,
        result_minor=points[-1].total_minor,
        causes=tuple(_causes([begun, *rest, *points])),
    )


def _causes(points: Sequence[_Point]) -> Iterator[Cause]:
    """Yield what lies between each point and the next, where anything does."""
    for before, after in pairwise(points):
        if (before.total_minor, before.place) != (after.total_minor, after.place):
            yield Cause(
                kind=after.kind,
                amount_minor=after.total_minor - before.total_minor,
                step_before=before.place.step,
                step_after=after.place.step,
                title_before=before.place.title,
                title_after=after.place.title,
                broke_away=after.place.broken_away and not before.place.broken_away,
            )
