"""
Orders in the tables: who exists, what is there already, and one effect for one key.
"""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import datetime
from typing import Any

import msgspec
from msgspec import Struct
from tortoise.backends.base.client import BaseDBAsyncClient

from backend.store.transactions import transaction

LOG_LOCK = 7_305_815_003
"""Whoever writes to the log of entries holds it until the commit."""

TURN = asyncio.Lock()
"""Messages of one process wait here, so that those who wait hold no connection which a page could use."""


TURN_SECONDS = 2.0
"""So long one waits for a connection and for another process at the log; then whoever sent it shall come again."""


class Known(Struct, frozen=True, kw_only=True):
    """An order that is there already; `left_…` is what has not come back of it yet."""

    id: int
    kind: str
    body_digest: str
    member_id: int
    customer: str | None
    placed_at: datetime
    pv_points: int
    cv_points: int
    left_pv: int
    left_cv: int
    left_products: Mapping[str, int]
    counts_in: str
    """The period whose volume it is."""


class Bought(Struct, frozen=True, kw_only=True):
    """
    The market of an order's member, and what one unit of each product brought.

    Where the order was cancelled also by which key, when, and what that took back in all.
    """

    market: str
    brings: Mapping[str, tuple[int, int]]
    cancelled_by: str | None
    cancelled_at: datetime | None
    cancelled_pv: int
    cancelled_cv: int
    cancelled_products: Mapping[str, int]


@asynccontextmanager
async def open_ledger() -> AsyncIterator["Ledger"]:
    """
    Begin a transaction of the intake, commit it at the end of the block, and let no other come in between.

    One at a time, so that positions become visible in their order and whoever follows the log misses none, so that two
    returns of one order follow each other, and so that no two messages wait for each other crosswise. Raises
    TimeoutError where no connection is free, or another process does not leave the log, for `TURN_SECONDS`.
    """
    async with TURN, AsyncExitStack() as held:
        async with asyncio.timeout(TURN_SECONDS):
            connection = await held.enter_async_context(transaction(OPENING))
        yield Ledger(connection)


class Ledger:
    """One transaction of the intake."""

    def __init__(self, connection: BaseDBAsyncClient) -> None:
        """Speak on one connection within its transaction."""
        self.connection = connection

    async def known(self, keys: Sequence[str]) -> dict[str, Known]:
        """Return the orders of these keys that are there, and what is left of each."""
        if not keys:
            return {}
        rows = await self.connection.execute_query_dict(KNOWN, [list(keys)])
        return {row.pop("key"): _known(row) for row in rows}

    async def bought(self, keys: Sequence[str]) -> dict[str, Bought]:
        """Return of the orders of these keys what their returns need beside that: unit volumes, and a cancellation."""
        rows = await self.connection.execute_query_dict(BOUGHT, [list(keys)])
        return {row.pop("key"): _bought(row) for row in rows}


def _known(row: dict[str, Any]) -> Known:
    return Known(left_products=msgspec.json.decode(row.pop("left"), type=dict[str, int]), **row)


def _bought(row: dict[str, Any]) -> Bought:
    brings = msgspec.json.decode(row.pop("brings"), type=dict[str, tuple[int, int]])
    products = msgspec.json.decode(row.pop("cancelled_products"), type=dict[str, int])
    return Bought(brings=brings, cancelled_products=products, **row)


OPENING = f"""
SELECT pg_advisory_xact_lock({LOG_LOCK});
SET LOCAL plan_cache_mode = force_generic_plan;
SET LOCAL enable_seqscan = off;
SET LOCAL enable_hashjoin = off;
SET LOCAL enable_mergejoin = off;
"""
"""
Statements are planned once, and by index: what is asked for here is always a few rows by their keys.

A plan that was made while the tables were small would else read them whole for each message after they have grown.
"""

KNOWN = """
SELECT known.id, known.key, known.kind, known.body_digest, known.member_id, known.customer, known.placed_at,
       (SELECT max(coalesce(nullif(origin, ''), period)) FROM volume_entry WHERE order_id = known.id) AS counts_in,
       known.pv_points, known.cv_points,
       (known.pv_points - coalesce(back.pv_points, 0))::bigint AS left_pv,
       (known.cv_points - coalesce(back.cv_points, 0))::bigint AS left_cv,
       (SELECT coalesce(jsonb_object_agg(of_it.product, of_it.units), '{}')::text
        FROM (SELECT product, sum(units * sign) AS units
              FROM (SELECT known.id, 1 AS sign UNION ALL SELECT id, -1 FROM sales_order WHERE returns_id = known.id)
                  AS part
              JOIN ordered_product ON order_id = part.id
              GROUP BY product) AS of_it) AS left
FROM sales_order AS known
CROSS JOIN LATERAL (SELECT sum(pv_points) AS pv_points, sum(cv_points) AS cv_points
                    FROM sales_order WHERE returns_id = known.id) AS back
WHERE known.key = ANY($1)
"""

BOUGHT = """
WITH taken AS (
    SELECT id, key, returns_id, placed_at, pv_points, cv_points FROM sales_order
    WHERE said = 'cancellation' AND returns_id IN (SELECT id FROM sales_order WHERE key = ANY($1))
)
SELECT known.key, member.market, cancelled.key AS cancelled_by, cancelled.placed_at AS cancelled_at,
       (SELECT coalesce(sum(pv_points), 0)::bigint FROM taken WHERE returns_id = known.id) AS cancelled_pv,
       (SELECT coalesce(sum(cv_points), 0)::bigint FROM taken WHERE returns_id = known.id) AS cancelled_cv,
       (SELECT coalesce(jsonb_object_agg(product, units), '{}')::text
        FROM (SELECT product, sum(units) AS units FROM taken JOIN ordered_product ON order_id = taken.id
              WHERE returns_id = known.id GROUP BY product) AS of_it) AS cancelled_products,
       (SELECT coalesce(jsonb_object_agg(product, jsonb_build_array(pv_points, cv_points))
                        FILTER (WHERE pv_points IS NOT NULL), '{}')::text
        FROM ordered_product WHERE order_id = known.id) AS brings
FROM sales_order AS known
JOIN member ON member.id = known.member_id
LEFT JOIN taken AS cancelled ON cancelled.returns_id = known.id AND strpos(cancelled.key, ' ') = 0
WHERE known.key = ANY($1)
"""
"""A key with a blank is of what a cancellation gave back to an earlier return that came after it."""
