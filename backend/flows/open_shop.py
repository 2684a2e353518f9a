"""
Open a shop: from now on it may send orders, signed with its key.
"""

import re

from backend.kernel.finding import Finding, Place, Refused
from backend.store.shops import add_shop

NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}", re.ASCII)


async def open_shop(shop_id: str) -> int:
    """
    Return the version of a shop's key; a shop that is there keeps its own. A revoked one comes back with a new version.

    Raises Refused for a name that cannot stand in a header.
    """
    if not NAME.fullmatch(shop_id):
        message = f"{shop_id!r} is no name of a shop."
        remedy = "Write small letters, digits, dots and hyphens, 64 at most."
        raise Refused([Finding(code="shop-name", place=Place(source="shop"), message=message, remedy=remedy)])
    return await add_shop(shop_id)
