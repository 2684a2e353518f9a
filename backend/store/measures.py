"""
Measures of the store itself: whether its tables are at the present state, how far the standings are behind, who waits.
"""

import pkgutil
from datetime import datetime

from msgspec import Struct
from tortoise.connection import get_connection

from backend.store import migrations


class Behind(Struct, frozen=True, kw_only=True):
    """When the oldest entry was accepted that no standing has read, in company time, and how many events wait."""

    unread_since: datetime | None
    events_held: int


class Connections(Struct, frozen=True, kw_only=True):
    """The connections of this process to the database: idle ones, those in use, and how many it may have."""

    idle: int
    used: int
    most: int


async def missing_migrations() -> list[str]:
    """Return the migrations of this version that the database has not seen; one from a newer version is no matter."""
    connection = get_connection("default")
    (made,) = await connection.execute_query_dict("SELECT to_regclass('tortoise_migrations') IS NOT NULL AS made")
    applied = {row["name"] for row in await connection.execute_query_dict(APPLIED)} if made["made"] else set()
    return [name for name in _known() if name not in applied]


async def behind() -> Behind:
    """Return how far the standings are behind the log."""
    (row,) = await get_connection("default").execute_query_dict(BEHIND)
    return Behind(**row)


def connections() -> Connections:
    """Return this process's connections; all are nought before the first question."""
    pool = getattr(get_connection("default"), "_pool", None)
    if pool is None:
        return Connections(idle=0, used=0, most=0)
    idle = pool.get_idle_size()
    return Connections(idle=idle, used=pool.get_size() - idle, most=pool.get_max_size())


def _known() -> list[str]:
    return sorted(found.name for found in pkgutil.iter_modules(migrations.__path__))


APPLIED = "SELECT name FROM tortoise_migrations WHERE app = 'models'"

BEHIND = """
SELECT (SELECT sales_order.accepted_at
        FROM volume_entry JOIN sales_order ON sales_order.id = order_id
        WHERE volume_entry.position > coalesce((SELECT position FROM company_standing), 0)
        ORDER BY volume_entry.position LIMIT 1) AS unread_since,
       (SELECT count(*) FROM held_event) AS events_held
"""
