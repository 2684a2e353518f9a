"""
Orders in the tables: who exists, what is there already, and one effect for one key.
"""

import asyncio
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import datetime
from typing import Any

import msgspec
from msgspec import Struct
from tortoise.backends.base.client import BaseDBAsyncClient

from backend.intake.books import KnownMember
from backend.kernel.period import Period
from backend.store.company import FIELDS, CompanyRow, company_of, known_plans
from backend.store.database import ORDERS_CHANNEL
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


class Ground(Struct, frozen=True, kw_only=True):
    """The last period under which a line was drawn, and whether any event is held at all."""

    closed: Period | None
    anything_held: bool


class Looked(Struct, frozen=True, kw_only=True):
    """
    What is to be known before messages are taken, read in one go.

    The company and what holds for all of the transaction, the versions of the shops' keys, those of the named members
    who are there, and which of the orders are not.
    """

    company: CompanyRow | None
    ground: Ground
    shops: Mapping[str, int]
    members_named: Sequence[str]
    members: Mapping[str, KnownMember]
    new_orders: frozenset[str]


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
    firm_at: datetime
    said: str = ""
    """As what it was sent, where that is more than `kind` tells: `refund` or `cancellation`."""
    products: Mapping[str, int] = {}
    brings: Mapping[str, tuple[int, int]] = {}
    """PV and CV of one unit of a product, where they are known; hundredths of a point."""


WRITTEN = tuple(name for name in Accepted.__struct_fields__ if name not in {"products", "brings"})
"""What of it is a column."""


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
        return _ground(row)

    async def look(self, *, members: Sequence[str], orders: Sequence[str], shops: Sequence[str] = ()) -> Looked:
        """Return what is to be known of these before they are judged."""
        (row,) = await self.connection.execute_query_dict(LOOK, [known_plans(), shops, members, orders])
        return Looked(
            company=company_of(row) if row["name"] is not None else None,
            ground=_ground(row),
            shops=dict(zip(row["shops"] or (), row["versions"] or (), strict=True)),
            members_named=members,
            members=_members(row),
            new_orders=frozenset(orders).difference(row["there"]),
        )

    async def add(self, accepted_at: datetime, rows: Sequence[tuple[str, Accepted]]) -> None:
        """
        Write orders that are not `known`, each with its shop, and their entries; announce them with the commit.

        Nobody else writes meanwhile, so each of them is new; the unique keys in the database hold that.
        """
        if not rows:
            return
        columns = [[getattr(row, name) for _, row in rows] for name in WRITTEN]
        shops = [shop for shop, _ in rows]
        await self.connection.execute_query(ADD, [shops, *columns, accepted_at, ORDERS_CHANNEL])
        named = [one for _, row in rows for one in _units(row)]
        if named:
            await self.connection.execute_query(NAME_PRODUCTS, [list(column) for column in zip(*named, strict=True)])


def _ground(row: Mapping[str, Any]) -> Ground:
    return Ground(closed=Period.parse(row["closed"]) if row["closed"] else None, anything_held=row["held"])


def _members(row: Mapping[str, Any]) -> dict[str, KnownMember]:
    columns = [row[name] or () for name in ("codes", "ids", "markets", "joined", "lefts")]
    return {
        code: KnownMember(id=number, market=market, joined=joined, left=left)
        for code, number, market, joined, left in zip(*columns, strict=True)
    }


def _units(row: Accepted) -> Iterator[tuple[str, str, int, int | None, int | None]]:
    """Yield the key, each product with its units, and what one of them brings where that is known."""
    for product, units in row.products.items():
        yield row.key, product, units, *row.brings.get(product, (None, None))


def _known(row: dict[str, Any]) -> Known:
    return Known(left_products=msgspec.json.decode(row.pop("left"), type=dict[str, int]), **row)


def _bought(row: dict[str, Any]) -> Bought:
    brings = msgspec.json.decode(row.pop("brings"), type=dict[str, tuple[int, int]])
    products = msgspec.json.decode(row.pop("cancelled_products"), type=dict[str, int])
    return Bought(brings=brings, cancelled_products=products, **row)


BEGIN = """
SELECT pg_advisory_xact_lock($1), set_config('plan_cache_mode', 'force_generic_plan', true),
       set_config('enable_seqscan', 'off', true), set_config('enable_hashjoin', 'off', true),
       set_config('enable_mergejoin', 'off', true)
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

GROUND = """
SELECT (SELECT max(id) FROM closed_period) AS closed, EXISTS (SELECT FROM held_event) AS held
"""

LOOK = f"""
SELECT {FIELDS}, (SELECT max(id) FROM closed_period) AS closed, EXISTS (SELECT FROM held_event) AS held,
       shops, versions, codes, ids, markets, joined, lefts,
       ARRAY(SELECT key FROM sales_order WHERE key = ANY($4::text[])) AS there
FROM (SELECT array_agg(id) AS shops, array_agg(version) AS versions FROM shop
      WHERE id = ANY($2::text[]) AND revoked_at IS NULL) AS sender
CROSS JOIN (SELECT array_agg(code) AS codes, array_agg(id) AS ids, array_agg(market) AS markets,
                   array_agg(joined_on) AS joined, array_agg(left_on) AS lefts
            FROM member WHERE code = ANY($3::text[])) AS known
LEFT JOIN company ON company.id = 1
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
WITH said AS MATERIALIZED (
    SELECT nextval('sales_order_id_seq') AS id, *
    FROM unnest($1::text[], $2::text[], $3::text[], $4::int[], $5::text[], $6::timestamptz[], $7::bigint[],
        $8::bigint[], $9::text[], $10::text[], $11::text[], $12::text[], $13::bool[], $14::timestamptz[], $15::text[])
        AS t (shop, key, kind, member_id, customer, placed_at, pv, cv, returns, digest, period, origin, own, firm_at,
              said_as)
), added AS (
    INSERT INTO sales_order (id, key, shop, kind, member_id, customer, placed_at, accepted_at, pv_points, cv_points,
                             returns_id, body_digest, said)
    SELECT id, key, shop, kind, member_id, customer, placed_at, $16, pv, cv,
           CASE WHEN returns IS NOT NULL THEN (SELECT id FROM sales_order AS known WHERE known.key = said.returns) END,
           digest, nullif(said_as, '')
    FROM said
), counted AS (
    INSERT INTO volume_entry (order_id, member_id, period, origin, own, at, pv_points, cv_points, firm_at)
    SELECT id, member_id, period, origin, own, placed_at,
           CASE kind WHEN 'return' THEN -pv ELSE pv END, CASE kind WHEN 'return' THEN -cv ELSE cv END, firm_at
    FROM said
)
SELECT pg_notify($17, '')
"""
"""Each row has its id before it is written, so that an entry need not look for its order."""

NAME_PRODUCTS = """
INSERT INTO ordered_product (order_id, product, units, pv_points, cv_points)
SELECT (SELECT id FROM sales_order WHERE sales_order.key = of_it.key), product, units, pv, cv
FROM unnest($1::text[], $2::text[], $3::int[], $4::bigint[], $5::bigint[]) AS of_it (key, product, units, pv, cv)
"""
