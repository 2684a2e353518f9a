"""
Purge access: forget the sign-in links and sessions that have expired, which nobody needs and nobody should find.
"""

from backend.store.access import purge_expired


async def purge_access() -> int:
    """Delete what has expired; return how many links and sessions that were."""
    return await purge_expired()
