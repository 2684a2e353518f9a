"""
Sign in: a link becomes a session of its own, so that a phone can be signed out without the others.
"""

import secrets

from msgspec import Struct

from backend.store.access import add_session, link_of

SESSION_DAYS = 180
TOKEN_BYTES = 32


class SignedIn(Struct, frozen=True, kw_only=True):
    """A session that has begun: the token that the phone keeps, and whose it is."""

    token: str
    role: str
    member_code: str


async def sign_in(link_token: str) -> SignedIn | None:
    """Begin a session for a link, or return None where the link is false or has expired."""
    access = await link_of(link_token)
    if access is None:
        return None
    token = secrets.token_urlsafe(TOKEN_BYTES)
    await add_session(token, of_link=link_token, days=SESSION_DAYS)
    return SignedIn(token=token, role=access.role, member_code=access.member_code)
