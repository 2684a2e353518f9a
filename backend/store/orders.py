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
from tortoise.connection import get_connection

from backend.kernel.period import Period
from backend.store.database import ORDERS_CHANNEL
from backend.store.transactions import transaction

LOG_LOCK = 7_305_815_003
"""Whoever writes to the log of entries holds it until the commit."""

TURN = asyncio.Lock()
"""Messages of one process wait here, so that those who wait hold no connection which a page could use."""


TURN_SECONDS = 2.0
"""So long one waits for a connection and for another process at the log; then whoever sent it shall come again."""


class Buyer(Struct, frozen=True, kw_only=True):
    """A member as the intake needs it: the row, the market that sets the return window, and the day of joining."""

    id: int
    market: str
    joined_on: str


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


class Ground(Struct, frozen=True, kw_only=True):
    """The last period under which a line was drawn, and whether any event is held at all."""

    closed: Period | None
    anything_held: bool


class Accepted(Struct, frozen=True, kw_only=True):
    """A row to write: the order as it was said, and its one entry of volume, negative for a return."""

    key: str
    kind: str
    member_id: int
    customer: str | None
    placed_at: datetime
    pv_points: int
    cv_points: int
    returns: str | None
    body_digest: str
    period: str
    origin: str
    """The period before it that the entry corrects, or empty."""
    own: bool
    counts_at: datetime
    firm_at: datetime
    said: str = ""
    """As what it was sent, where that is more than `kind` tells: `refund` or `cancellation`."""
    products: Mapping[str, int] = {}
    brings: Mapping[str, tuple[int, int]] = {}
    """PV and CV of one unit of a product, where they are known; hundredths of a point."""


async def buyers(codes: Sequence[str]) -> dict[str, Buyer]:
    """Return the members of these codes that exist."""
    query = "SELECT id, code, market, joined_on::text AS joined_on FROM member WHERE code = ANY($1)"
    rows = await get_connection("default").execute_query_dict(query, [list(codes)])
    return {row.pop("code"): Buyer(**row) for row in rows}


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
            connection = await held.enter_async_context(transaction())
            await connection.execute_query(BEGIN, [LOG_LOCK])
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

    async def ground(self) -> Ground:
        """Return what holds for all of the transaction."""
        (row,) = await self.connection.execute_query_dict(GROUND)
        return Ground(closed=Period.parse(row["closed"]) if row["closed"] else None, anything_held=row["held"])

    async def add(self, shop: str, accepted_at: datetime, rows: Sequence[Accepted]) -> None:
        """
        Write orders that are not `known`, with their entries, and announce them as the transaction commits.

        Nobody else writes meanwhile, so each of them is new; the unique keys in the database hold that.
        """
        if not rows:
            return
        names = [name for name in Accepted.__struct_fields__ if name not in {"products", "brings"}]
        columns = [[getattr(row, name) for row in rows] for name in names]
        columns.append([msgspec.json.encode(_units(row)).decode() for row in rows])
        await self.connection.execute_query(ADD, [shop, accepted_at, *columns, ORDERS_CHANNEL])


def _units(row: Accepted) -> dict[str, tuple[int | None, ...]]:
    """Return the units of each product, and what one of them brings where that is known."""
    return {product: (units, *row.brings.get(product, (None, None))) for product, units in row.products.items()}


def _known(row: dict[str, Any]) -> Known:
    return Known(left_products=msgspec.json.decode(row.pop("left"), type=dict[str, int]), **row)


def _bought(row: dict[str, Any]) -> Bought:
    brings = msgspec.json.decode(row.pop("brings"), type=dict[str, tuple[int, int]])
    products = msgspec.json.decode(row.pop("cancelled_products"), type=dict[str, int])
    return Bought(brings=brings, cancelled_products=products, **row)


BEGIN = "SELECT pg_advisory_xact_lock($1), set_config('plan_cache_mode', 'force_custom_plan', true)"
"""A plan that was made while the tables were small would read them whole for each message after they have grown."""

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

GROUND = """
SELECT (SELECT max(id) FROM closed_period) AS closed, EXISTS (SELECT FROM held_event) AS held
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

ADD = """
WITH said AS (
    SELECT * FROM unnest($3::text[], $4::text[], $5::int[], $6::text[], $7::timestamptz[], $8::bigint[], $9::bigint[],
        $10::text[], $11::text[], $12::text[], $13::text[], $14::bool[], $15::timestamptz[], $16::timestamptz[],
        $17::text[], $18::text[])
        AS t (key, kind, member_id, customer, placed_at, pv, cv, returns, digest, period, origin, own, counts_at,
              firm_at, said_as, products)
), added AS (
    INSERT INTO sales_order (key, shop, kind, member_id, customer, placed_at, accepted_at, pv_points, cv_points,
                             returns_id, body_digest, said)
    SELECT said.key, $1, said.kind, said.member_id, said.customer, said.placed_at, $2, said.pv, said.cv,
           (SELECT id FROM sales_order AS known WHERE known.key = said.returns), said.digest,
           nullif(said.said_as, '')
    FROM said
    RETURNING id, key, kind
), named AS (
    INSERT INTO ordered_product (order_id, product, units, pv_points, cv_points)
    SELECT added.id, of_it.product, (of_it.units ->> 0)::int, (of_it.units ->> 1)::bigint, (of_it.units ->> 2)::bigint
    FROM added JOIN said USING (key) CROSS JOIN jsonb_each(said.products::jsonb) AS of_it (product, units)
), counted AS (
    INSERT INTO volume_entry (order_id, member_id, period, origin, own, at, pv_points, cv_points, firm_at)
    SELECT added.id, said.member_id, said.period, said.origin, said.own, said.counts_at,
           CASE added.kind WHEN 'return' THEN -said.pv ELSE said.pv END,
           CASE added.kind WHEN 'return' THEN -said.cv ELSE said.cv END,
           said.firm_at
    FROM added JOIN said USING (key)
)
SELECT pg_notify($19, '')
"""
