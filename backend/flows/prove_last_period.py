"""
Prove the last period: that what was kept of the last closed period still computes to the hashes it was sealed with.
"""

from backend.flows.close_period import Closing, close_period
from backend.store import periods
from backend.store.periods import CLOSED


async def prove_last_period() -> Closing | None:
    """
    Compute the last closed period again from what was kept; None where none is closed.

    Nothing is written. Raises Refused where it comes to another outcome than was sealed.
    """
    closed = [period for period, state in (await periods.states()).items() if state == CLOSED]
    return await close_period(max(closed)) if closed else None
