"""
List what was withdrawn: held events that somebody let go, with who, when and why.
"""

from collections.abc import Sequence

from backend.store.withdrawn import Withdrawn, withdrawn


async def list_withdrawn() -> Sequence[Withdrawn]:
    """Return what was withdrawn, the last first."""
    return await withdrawn()
