"""
Holds: lines that may not be paid yet. They are computed as any other, nothing of them moves on, and nothing is lost.

A pause, stated or found by the plan itself, keeps a member's lines until it is cleared; they count in the member's
totals all the same. Where the plan carries pay forward, lines of who is not active count in no total until a period in
which the member is active.
"""

import numpy as np
from msgspec.structs import replace

from backend.engine.amounts.lines import chosen, inserted, lines_of, total_of
from backend.engine.amounts.pauses import paused
from backend.engine.columns.sheet import Columns
from backend.engine.outcome import Bonus, Entry, Lines, State
from backend.engine.snapshot import Flags, Snapshot
from backend.plan.terms import Failing, Terms


def stage(snapshot: Snapshot, terms: Terms, columns: Columns) -> None:
    """
    Release what an active member has carried forward, carry forward what an inactive one earns, and hold the paused.

    What is kept at the sale is held by nothing.
    """
    if snapshot.carried_minor_before.any():
        columns.carried_minor[:] = snapshot.carried_minor_before
        _release(snapshot, columns)
    if terms.unqualified == Failing.CARRY_FORWARD:
        _carry_forward(columns)
    pauses = paused(snapshot, terms)
    if not pauses.any():
        return
    for at, part in enumerate(columns.lines):
        state = pauses[part.earner]
        holds = (state != State.PAYABLE) & (part.state == State.PAYABLE)
        columns.lines[at] = replace(part, state=np.where(holds, state, part.state).astype(np.int32))


def _release(snapshot: Snapshot, columns: Columns) -> None:
    """Pay active members what they have carried forward, as one line."""
    earner = np.flatnonzero(columns.earns & (snapshot.carried_minor_before != 0))
    amount_minor = snapshot.carried_minor_before[earner]
    columns.carried_minor[earner] = 0
    np.add.at(columns.differential_minor, earner, amount_minor)
    released = lines_of(Bonus.DIFFERENTIAL, earner=earner, entry=int(Entry.RELEASED), amount_minor=amount_minor)
    inserted(columns, released)


def _carry_forward(columns: Columns) -> None:
    """Take the lines of who is not active out of the totals, and add them to what is carried."""
    for at, part in enumerate(columns.lines):
        held = ~columns.earns[part.earner] & (part.state != State.KEPT_AT_SALE)
        if held.any():
            columns.lines[at] = _held(columns, part, held)


def _held(columns: Columns, part: Lines, held: Flags) -> Lines:
    lines = chosen(part, held)
    for kind in np.unique(lines.bonus).tolist():
        of_kind = lines.bonus == kind
        np.subtract.at(total_of(columns, Bonus(kind)), lines.earner[of_kind], lines.amount_minor[of_kind])
    np.add.at(columns.carried_minor, lines.earner, lines.amount_minor)
    return replace(part, state=np.where(held, int(State.HELD_ACTIVITY), part.state).astype(np.int32))
