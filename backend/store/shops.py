"""
Shops in the tables: who may send orders, and with which version of a key.
"""

from tortoise.connection import get_connection


async def add_shop(shop_id: str) -> int:
    """Return the version of a shop's key, added where it is not there, and raised where it was revoked."""
    (row,) = await get_connection("default").execute_query_dict(ADD_SHOP, [shop_id])
    return int(row["version"])


ADD_SHOP = """
INSERT INTO shop AS held (id, version, created_at) VALUES ($1, 1, now())
ON CONFLICT (id) DO UPDATE
SET version = held.version + (held.revoked_at IS NOT NULL)::int, revoked_at = NULL
RETURNING version
"""
