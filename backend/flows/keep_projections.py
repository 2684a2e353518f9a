"""
Keep projections: what members were shown last in a period that is over, kept for the difference to its result.
"""

from backend.store.company import company
from backend.store.standings import keep_last


async def keep_projections() -> None:
    """Keep what was shown last before the present period, where it is not kept yet; without a company, nothing."""
    row = await company()
    if row is not None:
        await keep_last(str(row.period_at(row.clock.now())))
