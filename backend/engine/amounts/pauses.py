"""
Pauses: what holds a member's pay, as the company states it or as the plan finds by itself.
"""

import numpy as np

from backend.engine.columns.regions import by_market
from backend.engine.outcome import State
from backend.engine.snapshot import Indexes, Snapshot
from backend.plan.terms import Terms


def paused(snapshot: Snapshot, terms: Terms) -> Indexes:
    """
    Return the `State` in which each member's lines are held, 0 where nothing holds them.

    What the company states goes first, then compliance, then outstanding fees.
    """
    unpaid, uncleared = (
        by_market(terms, read) == 1
        for read in (lambda there: int(there.pause.while_unpaid), lambda there: int(there.pause.while_uncleared))
    )
    if not (unpaid.any() or uncleared.any()):
        return snapshot.paused
    unpaid, uncleared = unpaid[snapshot.market], uncleared[snapshot.market]
    found = np.where(unpaid & ~snapshot.fees_paid, int(State.HELD_PAYMENT), int(State.PAYABLE))
    found = np.where(uncleared & ~snapshot.cleared, int(State.HELD_COMPLIANCE), found)
    stated: Indexes = np.where(snapshot.paused != int(State.PAYABLE), snapshot.paused, found).astype(np.int32)
    return stated
