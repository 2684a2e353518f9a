"""
Title: the career title, kept over periods, apart from the step that one period's volume reaches.

A title is promoted as soon as it is achieved. Its maintenance counts successive misses: the first are grace, then it is
at risk, and the last of the window takes it; what remains is the title that this period achieves.
"""

from collections.abc import Iterator

import numpy as np

from backend.engine.columns import Columns
from backend.engine.compiled import kernel
from backend.engine.outcome import Outcome, Upkeep
from backend.engine.snapshot import Carried, Snapshot
from backend.plan.terms import Terms

NONE_NEEDED, MET, GRACE, AT_RISK, LOST = (int(state) for state in Upkeep)


def stage(snapshot: Snapshot, terms: Terms, columns: Columns) -> None:  # noqa: ARG001 - every stage is called alike
    """
    Take the higher of the title carried in, unless lost, and the one that this period achieves.

    `held` counts successive periods with the same title, this one included; `missed` those of missed maintenance. Both
    begin anew with another title, and title 0, where everybody begins, has neither.
    """
    before, upkeep = snapshot.title_before, columns.upkeep
    columns.title[:] = np.where(upkeep == LOST, columns.achieved_title, np.maximum(before, columns.achieved_title))
    same = columns.title == before
    columns.held[:] = np.where(columns.title == 0, 0, np.where(same, snapshot.held_before + 1, 1))
    missing = same & ((upkeep == GRACE) | (upkeep == AT_RISK))
    columns.missed[:] = np.where(missing, snapshot.missed_before + 1, 0)


@kernel
def upkeep_of(needed: bool, kept: bool, missed_before: int, window_periods: int, grace_periods: int) -> int:
    """
    Return the `Upkeep` of a title: whether its maintenance is met, or how far the misses in a row have come.

    Who achieves the title anew in this period has kept it.
    """
    missed = missed_before + 1
    if not needed:
        return NONE_NEEDED
    if kept:
        return MET
    if missed >= window_periods:
        return LOST
    return GRACE if missed <= grace_periods else AT_RISK


def carry(snapshot: Snapshot, outcome: Outcome) -> dict[str, Carried]:
    """
    Return what each member takes into the next period; who has nothing but the beginning is left out.

    The next snapshot's `title_before`, `held_before`, `missed_before` and `bonuses_before` are filled from it by id
    (`assemble.snapshot_of`).
    """
    return dict(_carried(snapshot, outcome))


def _carried(snapshot: Snapshot, outcome: Outcome) -> Iterator[tuple[str, Carried]]:
    columns = (outcome.title, outcome.held, outcome.missed, outcome.bonuses)
    worth_keeping = np.flatnonzero((outcome.title > 0) | (outcome.bonuses != 0))
    for i in worth_keeping.tolist():
        title, held, missed, bonuses = (int(column[i]) for column in columns)
        yield snapshot.members[i], Carried(title=title, held=held, missed=missed, bonuses=bonuses)
