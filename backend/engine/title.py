"""
Title: the career title, kept over periods, apart from the step that one period's volume reaches.

A title is promoted as soon as it is achieved. Its maintenance counts successive misses: the first are grace, then it is
at risk, and the last of the window takes it; what remains is the title that this period achieves, or the next lower.
"""

import numpy as np

from backend.engine.columns.compiled import part
from backend.engine.columns.sheet import Columns
from backend.engine.gates.facts import LimitsOfTitles
from backend.engine.gates.meeting import holds
from backend.engine.gates.requirements import GATES, Rules
from backend.engine.outcome import Upkeep
from backend.engine.snapshot import Ints, Snapshot
from backend.plan.terms import Terms

NONE_NEEDED, MET, GRACE, AT_RISK, LOST, LOCKED = (int(state) for state in Upkeep)


def stage(snapshot: Snapshot, terms: Terms, columns: Columns) -> None:  # noqa: ARG001 - every stage is called alike
    """
    Count the clocks: `held` successive periods with the same title, this one included; `missed` those of missed upkeep.

    Both begin anew with another title, and title 0, where everybody begins, has neither.
    """
    titled = np.flatnonzero(columns.title).astype(np.int32)
    upkeep = columns.upkeep[titled]
    same = columns.title[titled] == snapshot.title_before[titled]
    columns.held[titled] = np.where(same, snapshot.held_before[titled] + 1, 1)
    missing = same & ((upkeep == GRACE) | (upkeep == AT_RISK))
    columns.missed[titled] = np.where(missing, snapshot.missed_before[titled] + 1, 0)


@part
def achieved_of(rules: Rules, before: int, best: int, market: int, measures: Ints) -> int:
    """
    Return the highest title that this period achieves.

    A title held before and lost since asks what the plan asks to requalify.
    """
    first = GATES + rules.gates + 2 * rules.steps
    achieved = 0
    for below in range(1, rules.titles):
        title = rules.titles - below
        again = before < title <= best
        if holds(rules, first + 2 * rules.titles + title if again else first + title, market, measures):
            achieved = title
            break
    return achieved


@part
def upkeep_of(limits: LimitsOfTitles, market: int, kept: bool, missed_before: int, held_before: int) -> int:
    """
    Return the `Upkeep` of a title that asks for something to be kept: met, or how far the misses in a row have come.

    Who achieves the title anew in this period has kept it. A plan whose window is 0 periods never takes a title.
    """
    missed = missed_before + 1
    if limits.window_periods[market] == 0:
        return NONE_NEEDED
    if kept:
        return MET
    if held_before < limits.locked_periods[market]:
        return LOCKED
    if missed >= limits.window_periods[market]:
        return LOST
    return GRACE if missed <= limits.grace_periods[market] else AT_RISK


@part
def title_of(limits: LimitsOfTitles, before: int, achieved: int, upkeep: int) -> int:
    """Return the title after the period: the higher of the one carried in and the one achieved, or what is left."""
    if upkeep != LOST:
        return max(before, achieved)
    return max(achieved, before - 1) if limits.one_down else achieved
