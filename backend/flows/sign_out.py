"""
Sign out: the session is forgotten.
"""

from backend.store.access import end_session


async def sign_out(token: str) -> None:
    """Forget a session; one that is not there is gone already."""
    await end_session(token)
