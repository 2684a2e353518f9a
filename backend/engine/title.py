"""
Title: the career title, kept over periods, apart from the step that one period's volume reaches.

A title is promoted as soon as it is achieved. Its maintenance counts successive misses: the first are grace, then it is
at risk, and the last of the window takes it; what remains is the title that this period achieves, or the next lower.
"""

from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np

from backend.engine.columns import Columns
from backend.engine.compiled import part
from backend.engine.history import marks_after, volumes_after
from backend.engine.outcome import Outcome, Upkeep
from backend.engine.requirements import GATES, Rules, holds
from backend.engine.snapshot import Carried, Ints, Snapshot
from backend.plan.terms import FallsTo, Stays, Terms

NONE_NEEDED, MET, GRACE, AT_RISK, LOST, LOCKED = (int(state) for state in Upkeep)


class LimitsOfTitles(NamedTuple):
    """The plan's numbers of maintenance."""

    window_periods: int
    grace_periods: int
    locked_periods: int
    one_down: bool


def limits_of(terms: Terms) -> LimitsOfTitles:
    """Return the numbers of maintenance as kernels take them."""
    upkeep = terms.maintenance
    return LimitsOfTitles(
        upkeep.window_periods, upkeep.grace_periods, upkeep.locked_periods, upkeep.falls_to == FallsTo.ONE_DOWN
    )


def stage(snapshot: Snapshot, terms: Terms, columns: Columns) -> None:  # noqa: ARG001 - every stage is called alike
    """
    Count the clocks: `held` successive periods with the same title, this one included; `missed` those of missed upkeep.

    Both begin anew with another title, and title 0, where everybody begins, has neither.
    """
    upkeep = columns.upkeep
    same = columns.title == snapshot.title_before
    columns.held[:] = np.where(columns.title == 0, 0, np.where(same, snapshot.held_before + 1, 1))
    missing = same & ((upkeep == GRACE) | (upkeep == AT_RISK))
    columns.missed[:] = np.where(missing, snapshot.missed_before + 1, 0)


@part
def achieved_of(rules: Rules, before: int, best: int, market: int, measures: Ints) -> int:
    """
    Return the highest title that this period achieves.

    A title held before and lost since asks what the plan asks to requalify.
    """
    first = GATES + rules.gates + 2 * rules.steps
    for title in range(rules.titles - 1, 0, -1):
        again = before < title <= best
        if holds(rules, first + 2 * rules.titles + title if again else first + title, market, measures):
            return title
    return 0


@part
def upkeep_of(limits: LimitsOfTitles, needed: bool, kept: bool, missed_before: int, held_before: int) -> int:
    """
    Return the `Upkeep` of a title: whether its maintenance is met, or how far the misses in a row have come.

    Who achieves the title anew in this period has kept it. A plan whose window is 0 periods never takes a title.
    """
    missed = missed_before + 1
    if not needed or limits.window_periods == 0:
        return NONE_NEEDED
    if kept:
        return MET
    if held_before < limits.locked_periods:
        return LOCKED
    if missed >= limits.window_periods:
        return LOST
    return GRACE if missed <= limits.grace_periods else AT_RISK


@part
def title_of(limits: LimitsOfTitles, before: int, achieved: int, upkeep: int) -> int:
    """Return the title after the period: the higher of the one carried in and the one achieved, or what is left."""
    if upkeep != LOST:
        return max(before, achieved)
    return max(achieved, before - 1) if limits.one_down else achieved


def carry(snapshot: Snapshot, terms: Terms, outcome: Outcome) -> dict[str, Carried]:
    """
    Return what each member takes into the next period; who has nothing but the beginning is left out.

    The next snapshot's columns of what was before are filled from it by id (`assemble.snapshot_of`).
    """
    return dict(_carried(snapshot, terms, outcome))


def _carried(snapshot: Snapshot, terms: Terms, outcome: Outcome) -> Iterator[tuple[str, Carried]]:
    ladder = terms.ladder
    step = np.where(ladder.never_lost, outcome.step, 0)
    columns: dict[str, Any] = {
        "title": outcome.title,
        "held": outcome.held,
        "missed": outcome.missed,
        "bonuses": outcome.bonuses,
        "instalments": outcome.instalments,
        "one_times": outcome.one_times,
        "step": np.maximum(step, 0 if ladder.fast_track_at_once else outcome.fast_step),
        "best_title": np.maximum(snapshot.best_title_before, outcome.title),
        "broke_away": (terms.breakaway.stays == Stays.FOR_GOOD) & (outcome.broken_away | snapshot.broke_away_before),
        "carried_minor": outcome.carried_minor,
    }
    marks, volumes = marks_after(snapshot, terms, outcome), volumes_after(snapshot, terms, outcome)
    plain = np.any([column != 0 for column in columns.values()], axis=0)
    for i in np.flatnonzero(plain | marks.any(axis=1) | volumes.any(axis=1)).tolist():
        yield (
            snapshot.members[i],
            Carried(
                **{name: column[i].item() for name, column in columns.items()},
                marks=_remembered(marks[i]),
                volumes=_remembered(volumes[i]),
            ),
        )


def _remembered(slots: Ints) -> tuple[int, ...]:
    """Return a member's slots; none where nothing is in any of them."""
    return tuple(slots.tolist()) if slots.any() else ()
