"""
List what is held: each event that waits, since when, for what, and those that came to be wrong meanwhile.
"""

from collections.abc import Sequence

from backend.store.intake import Listed, listed


async def list_held() -> Sequence[Listed]:
    """Return what is held, the oldest first, and then what was refused after it had been held."""
    return await listed()
