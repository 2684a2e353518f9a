"""
Create a sign-in link: a way in for one member, or for an operator, for some days.
"""

import secrets

from backend.kernel.finding import Finding, Place, Refused
from backend.store.access import add_link

LINK_DAYS = 30
TOKEN_BYTES = 24


async def create_sign_in_link(*, member_code: str | None, days: int = LINK_DAYS) -> str:
    """Return the path of a fresh link, for an operator where no member is named; raises Refused for nobody."""
    token = secrets.token_urlsafe(TOKEN_BYTES)
    role = "operator" if member_code is None else "member"
    if not await add_link(token, role=role, member_code=member_code, days=days):
        message = f'No member bears the id "{member_code}".'
        place = Place(source="sign-in-link", path="member")
        raise Refused([Finding(code="member-unknown", place=place, message=message, remedy="Mend the id.")])
    return f"/sign-in/{token}"
