"""
Read load: how far the standings are behind, what waits, and how busy this process's connections are.
"""

import asyncio

from backend.metrics.figures import Load
from backend.store.away import AWAY
from backend.store.company import company
from backend.store.jobs import jobs_by_state
from backend.store.measures import behind, connections

PATIENCE_SECONDS = 2.0


async def read_load() -> Load | None:
    """Return the load of this moment, None where the database does not answer within two seconds."""
    asked = asyncio.create_task(_load())
    await asyncio.wait([asked], timeout=PATIENCE_SECONDS)
    if not asked.done():
        asked.cancel()
        return None
    try:
        return asked.result()
    except AWAY:
        return None


async def _load() -> Load:
    row, found, held = await company(), await behind(), connections()
    waited = row.clock.now() - found.unread_since if row and found.unread_since else None
    return Load(
        lag_seconds=max(0.0, waited.total_seconds() / row.clock.speed) if row and waited else 0.0,
        events_held=found.events_held,
        jobs=await jobs_by_state(),
        connections_idle=held.idle,
        connections_used=held.used,
        connections_most=held.most,
    )
