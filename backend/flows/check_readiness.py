"""
Check readiness: whether this process can answer for the company at this moment.
"""

import asyncio

from backend.kernel.finding import Finding, Place
from backend.store.away import AWAY
from backend.store.measures import missing_migrations

PATIENCE_SECONDS = 1.0


async def check_readiness() -> list[Finding]:
    """
    Return why this process is not ready, nothing where it is: the database answers within a second and has its tables.

    A question that gets no answer is given up without waiting for its end, which a vanished server would never bring.
    """
    asked = asyncio.create_task(missing_migrations())
    await asyncio.wait([asked], timeout=PATIENCE_SECONDS)
    if not asked.done():
        asked.cancel()
        return [_finding("database-silent", f"The database did not answer within {PATIENCE_SECONDS:g} s.")]
    try:
        missing = asked.result()
    except AWAY:
        return [_finding("database-away", "The database cannot be reached.")]
    return [_finding("database-behind", f"The database lacks {', '.join(missing)}.")] if missing else []


def _finding(code: str, message: str) -> Finding:
    remedy = "Wait: a process that starts migrates, and a lost database is found again; else see DATABASE_URL."
    return Finding(code=code, place=Place(source="database"), message=message, remedy=remedy)
