"""
Control totals in the tables: what sources stated of their days, and what of those days is here.
"""

from collections.abc import Sequence
from datetime import UTC, date, datetime

import msgspec
from msgspec import Struct
from tortoise.connection import get_connection

from backend.intake.day_totals import Counted, Here


class Stated(Struct, frozen=True, kw_only=True):
    """What a source stated last of a day, and when."""

    source: str
    counted: Counted
    stated_at: datetime


async def state(source: str, counted: Sequence[Counted], now: datetime) -> None:
    """Keep what a source counted, in place of what it stated of the same days before; the last of a message counts."""
    days = {each.day: each for each in counted}
    rows = list(days.values())
    keys = [None if row.keys is None else msgspec.json.encode(row.keys).decode() for row in rows]
    columns = [
        [row.day for row in rows],
        [row.orders for row in rows],
        [row.pv_points for row in rows],
        [row.cv_points for row in rows],
    ]
    await get_connection("default").execute_query(STATE, [source, now, *columns, keys])


async def stated(source: str | None, first: date, last: date) -> list[Stated]:
    """Return what one source, or each, stated of the days from first to last, by day and source."""
    rows = await get_connection("default").execute_query_dict(STATED, [source, first, last])
    return [
        Stated(
            source=row["source"],
            stated_at=row["stated_at"],
            counted=Counted(
                day=row["day"],
                orders=row["orders"],
                pv_points=row["pv_points"],
                cv_points=row["cv_points"],
                keys=None if row["keys"] is None else msgspec.json.decode(row["keys"], type=tuple[str, ...]),
            ),
        )
        for row in rows
    ]


async def accepted_between(source: str, start: datetime, end: datetime) -> Here:
    """Return the orders and returns of a source that were placed from an instant on and before another."""
    return await _here(ACCEPTED, source, start, end)


async def held_between(source: str, start: datetime, end: datetime) -> Here:
    """Return what of a source was placed between two instants and waits; a volume that is not known yet is nothing."""
    return await _here(HELD, source, start, end)


async def _here(query: str, source: str, start: datetime, end: datetime) -> Here:
    arguments = [source, start.astimezone(UTC), end.astimezone(UTC)]
    (row,) = await get_connection("default").execute_query_dict(query, arguments)
    return Here(orders=row["orders"], pv_points=row["pv"], cv_points=row["cv"], keys=frozenset(row["keys"]))


STATE = """
INSERT INTO control_total (source, day, orders, pv_points, cv_points, keys, stated_at)
SELECT $1, day, orders, pv, cv, keys, $2
FROM unnest($3::date[], $4::int[], $5::bigint[], $6::bigint[], $7::text[]) AS t (day, orders, pv, cv, keys)
ON CONFLICT (source, day) DO UPDATE
SET orders = excluded.orders, pv_points = excluded.pv_points, cv_points = excluded.cv_points, keys = excluded.keys,
    stated_at = excluded.stated_at
"""

STATED = """
SELECT source, day, orders, pv_points, cv_points, keys, stated_at
FROM control_total
WHERE ($1::text IS NULL OR source = $1) AND day BETWEEN $2 AND $3
ORDER BY day, source
"""

ACCEPTED = """
SELECT count(DISTINCT said.id) AS orders, coalesce(sum(entry.pv_points), 0)::bigint AS pv,
       coalesce(sum(entry.cv_points), 0)::bigint AS cv, coalesce(array_agg(DISTINCT said.key), '{}') AS keys
FROM sales_order AS said JOIN volume_entry AS entry ON entry.order_id = said.id
WHERE said.shop = $1 AND said.placed_at >= $2 AND said.placed_at < $3
"""

HELD = """
SELECT count(*) AS orders, coalesce(sum(sign * (body ->> 'pv_points')::bigint), 0)::bigint AS pv,
       coalesce(sum(sign * (body ->> 'cv_points')::bigint), 0)::bigint AS cv,
       coalesce(array_agg(body ->> 'order'), '{}') AS keys
FROM (SELECT body::jsonb AS body, CASE kind WHEN 'order' THEN 1 ELSE -1 END AS sign
      FROM held_event
      WHERE source = $1 AND kind IN ('order', 'return', 'refund', 'cancellation')) AS waiting
WHERE (body ->> 'placed_at')::timestamptz >= $2 AND (body ->> 'placed_at')::timestamptz < $3
"""
