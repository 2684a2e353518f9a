"""
Orders in the tables: who exists, what is there already, and one effect for one key.
"""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
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
    products: Mapping[str, int] = {}


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
    returns of one order follow each other, and so that no two messages wait for each other crosswise.
    """
    async with TURN, transaction() as connection:
        await connection.execute_query("SELECT pg_advisory_xact_lock($1)", [LOG_LOCK])
        yield Ledger(connection)


class Ledger:
    """One transaction of the intake."""

    def __init__(self, connection: BaseDBAsyncClient) -> None:
        """Speak on one connection within its transaction."""
        self._connection = connection

    async def known(self, keys: Sequence[str]) -> dict[str, Known]:
        """Return the orders of these keys that are there, and what is left of each."""
        if not keys:
            return {}
        rows = await self._connection.execute_query_dict(KNOWN, [list(keys)])
        return {row.pop("key"): _known(row) for row in rows}

    async def closed_up_to(self) -> Period | None:
        """Return the last period under which a line was drawn; None before the first."""
        (row,) = await self._connection.execute_query_dict("SELECT max(id) AS id FROM closed_period")
        return Period.parse(row["id"]) if row["id"] else None

    async def add(self, shop: str, accepted_at: datetime, rows: Sequence[Accepted]) -> None:
        """
        Write orders that are not `known`, with their entries, and announce them as the transaction commits.

        Nobody else writes meanwhile, so each of them is new; the unique keys in the database hold that.
        """
        if not rows:
            return
        names = [name for name in Accepted.__struct_fields__ if name != "products"]
        columns = [[getattr(row, name) for row in rows] for name in names]
        columns.append([msgspec.json.encode(dict(row.products)).decode() for row in rows])
        await self._connection.execute_query(ADD, [shop, accepted_at, *columns])
        await self._connection.execute_query("SELECT pg_notify($1, '')", [ORDERS_CHANNEL])


def _known(row: dict[str, Any]) -> Known:
    return Known(left_products=msgspec.json.decode(row.pop("left"), type=dict[str, int]), **row)


KNOWN = """
SELECT known.id, known.key, known.kind, known.body_digest, known.member_id, known.customer, known.placed_at,
       max(coalesce(nullif(entry.origin, ''), entry.period)) AS counts_in,
       known.pv_points, known.cv_points,
       (known.pv_points - coalesce(sum(back.pv_points), 0))::bigint AS left_pv,
       (known.cv_points - coalesce(sum(back.cv_points), 0))::bigint AS left_cv,
       (SELECT coalesce(jsonb_object_agg(of_it.product, of_it.units), '{}')::text
        FROM (SELECT product, sum(CASE kind WHEN 'return' THEN -units ELSE units END) AS units
              FROM ordered_product JOIN sales_order ON sales_order.id = order_id
              WHERE known.id IN (sales_order.id, returns_id)
              GROUP BY product) AS of_it) AS left
FROM sales_order AS known
JOIN volume_entry AS entry ON entry.order_id = known.id
LEFT JOIN sales_order AS back ON back.returns_id = known.id
WHERE known.key = ANY($1)
GROUP BY known.id
"""

ADD = """
WITH said AS (
    SELECT * FROM unnest($3::text[], $4::text[], $5::int[], $6::text[], $7::timestamptz[], $8::bigint[], $9::bigint[],
        $10::text[], $11::text[], $12::text[], $13::text[], $14::bool[], $15::timestamptz[], $16::timestamptz[],
        $17::text[])
        AS t (key, kind, member_id, customer, placed_at, pv, cv, returns, digest, period, origin, own, counts_at,
              firm_at, products)
), added AS (
    INSERT INTO sales_order (key, shop, kind, member_id, customer, placed_at, accepted_at, pv_points, cv_points,
                             returns_id, body_digest)
    SELECT said.key, $1, said.kind, said.member_id, said.customer, said.placed_at, $2, said.pv, said.cv, known.id,
           said.digest
    FROM said LEFT JOIN sales_order AS known ON known.key = said.returns
    RETURNING id, key, kind
), named AS (
    INSERT INTO ordered_product (order_id, product, units)
    SELECT added.id, of_it.product, of_it.units::int
    FROM added JOIN said USING (key) CROSS JOIN jsonb_each_text(said.products::jsonb) AS of_it (product, units)
)
INSERT INTO volume_entry (order_id, member_id, period, origin, own, at, pv_points, cv_points, firm_at)
SELECT added.id, said.member_id, said.period, said.origin, said.own, said.counts_at,
       CASE added.kind WHEN 'return' THEN -said.pv ELSE said.pv END,
       CASE added.kind WHEN 'return' THEN -said.cv ELSE said.cv END,
       said.firm_at
FROM added JOIN said USING (key)
"""
