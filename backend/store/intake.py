"""
Events in the tables: what they refer to is read, what became of them is written, what waits is kept.

All of it within one transaction that holds the lock of the logs (`orders.open_ledger`).
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

import msgspec
from msgspec import Struct
from tortoise.backends.base.client import BaseDBAsyncClient
from tortoise.connection import get_connection

from backend.intake.books import KnownMember, Sold
from backend.intake.events import Event, ListPrice, digest_of, key_of, kind_of, read_back, written
from backend.kernel.finding import Finding


class Held(Struct, frozen=True, kw_only=True):
    """An event that waits: who sent it, since when it is here, and what it lacked when it was looked at last."""

    event: Event
    source: str
    held_at: datetime
    lacks: tuple[str, ...]


class Listed(Struct, frozen=True, kw_only=True):
    """
    A held event as a person reads it; `findings` where it came to be wrong when what it lacked was there.

    `withdrawn_before` is when an event of the same key was withdrawn last, if one ever was.
    """

    kind: str
    key: str
    source: str
    held_at: datetime
    lacks: tuple[str, ...]
    findings: tuple[Finding, ...]
    withdrawn_before: datetime | None


class Shelf(Struct, frozen=True, kw_only=True):
    """Products with their parts and prices."""

    parts: Mapping[str, Mapping[str, int]]
    prices: Mapping[str, Sequence[ListPrice]]


async def members_of(connection: BaseDBAsyncClient, codes: Sequence[str]) -> dict[str, KnownMember]:
    """Return the members of these codes that are there."""
    rows = await connection.execute_query_dict(MEMBERS, [list(codes)])
    return {row.pop("code"): KnownMember(**row) for row in rows}


async def next_member_id(connection: BaseDBAsyncClient) -> int:
    """Return the row of the next member to join: rows are dense."""
    (row,) = await connection.execute_query_dict("SELECT coalesce(max(id) + 1, 0) AS next FROM member")
    return int(row["next"])


async def digests_of(connection: BaseDBAsyncClient, keys: Sequence[str]) -> dict[str, str]:
    """Return what the accepted events of these keys said, as digests."""
    query = "SELECT key, body_digest FROM accepted_event WHERE key = ANY($1)"
    rows = await connection.execute_query_dict(query, [list(keys)])
    return {row["key"]: row["body_digest"] for row in rows}


async def shelf(connection: BaseDBAsyncClient, products: Sequence[str], *, bundles: bool = False) -> Shelf:
    """Return products with all that is in them, down to the last part; with `bundles` also those that hold them."""
    rows = await connection.execute_query_dict(SHELF_ABOVE if bundles else SHELF, [list(products)])
    return Shelf(
        parts={row["id"]: msgspec.json.decode(row["parts"], type=dict[str, int]) for row in rows},
        prices={row["id"]: msgspec.json.decode(row["prices"], type=list[ListPrice]) for row in rows},
    )


async def sold_since(connection: BaseDBAsyncClient, products: Sequence[str], since: date, zone: str) -> list[Sold]:
    """Return what orders from a day on brought by these products."""
    rows = await connection.execute_query_dict(SOLD, [list(products), since, zone])
    return [Sold(**row) for row in rows]


async def held_by_key(connection: BaseDBAsyncClient, keys: Sequence[str]) -> list[Held]:
    """Return the events of these keys that wait."""
    return _held(await connection.execute_query_dict(HELD.format(which="held.key = ANY($1)"), [list(keys)]))


async def held_for(connection: BaseDBAsyncClient, whats: Sequence[str]) -> list[Held]:
    """Return the events that wait for one of these."""
    which = "held.key IN (SELECT event_id FROM lack WHERE what = ANY($1))"
    return _held(await connection.execute_query_dict(HELD.format(which=which), [list(whats)]))


async def held_of_kind(connection: BaseDBAsyncClient, kind: str) -> list[Held]:
    """Return the events of a kind that wait."""
    return _held(await connection.execute_query_dict(HELD.format(which="held.kind = $1"), [kind]))


async def accept(connection: BaseDBAsyncClient, added: Sequence[tuple[str, Event]], accepted_at: datetime) -> None:
    """Keep the keys of events that had their effect, each with who sent it."""
    rows = [(key_of(event), kind_of(event), source, digest_of(event)) for source, event in added]
    if rows:
        columns = [list(column) for column in zip(*rows, strict=True)]
        await connection.execute_query(ACCEPT, [*columns, accepted_at])


async def hold(connection: BaseDBAsyncClient, held: Sequence[Held]) -> None:
    """Keep events that wait, with what they lack, instead of what was kept of them before."""
    if not held:
        return
    keys = [key_of(one.event) for one in held]
    await connection.execute_query("DELETE FROM held_event WHERE key = ANY($1)", [keys])
    columns = [
        keys,
        [kind_of(one.event) for one in held],
        [one.source for one in held],
        [digest_of(one.event) for one in held],
        [written(one.event) for one in held],
        [one.held_at for one in held],
    ]
    await connection.execute_query(HOLD, columns)
    pairs = [(key_of(one.event), what) for one in held for what in one.lacks]
    await connection.execute_query(LACK, [list(column) for column in zip(*pairs, strict=True)])


async def release(connection: BaseDBAsyncClient, keys: Sequence[str]) -> None:
    """Let go of events that wait no longer."""
    if keys:
        await connection.execute_query("DELETE FROM held_event WHERE key = ANY($1)", [list(keys)])


async def refuse_held(
    connection: BaseDBAsyncClient, refused: Mapping[str, Sequence[Finding]], refused_at: datetime
) -> None:
    """Keep of events that waited why they are refused, now that what they lacked is there."""
    for key, findings in refused.items():
        await connection.execute_query(REFUSE, [key, msgspec.json.encode(findings).decode(), refused_at])


async def listed() -> list[Listed]:
    """Return what is held and what was refused after it was held, the oldest first."""
    rows = await get_connection("default").execute_query_dict(LISTED)
    return [
        Listed(
            kind=row["kind"],
            key=row["key"].removeprefix("order "),
            source=row["source"],
            held_at=row["held_at"],
            lacks=tuple(sorted(row["lacks"])),
            findings=msgspec.json.decode(row["findings"] or "[]", type=tuple[Finding, ...]),
            withdrawn_before=row["withdrawn_before"],
        )
        for row in rows
    ]


def _held(rows: Iterable[dict[str, Any]]) -> list[Held]:
    return [
        Held(
            event=read_back(row["kind"], row["body"]),
            source=row["source"],
            held_at=row["held_at"],
            lacks=tuple(row["lacks"]),
        )
        for row in rows
    ]


MEMBERS = 'SELECT id, code, market, joined_on AS joined, left_on AS "left" FROM member WHERE code = ANY($1)'

SHELVED = """
SELECT product.id,
       (SELECT coalesce(jsonb_object_agg(part_id, units), '{}')::text FROM bundle_part WHERE bundle_id = product.id)
           AS parts,
       (SELECT coalesce(jsonb_agg(jsonb_build_object('market', market, 'since', since, 'pv_points', pv_points,
                                                     'cv_points', cv_points) ORDER BY market, since), '[]')::text
        FROM product_price WHERE product_id = product.id) AS prices
FROM inside JOIN product USING (id)
"""

SHELF = (
    """
WITH RECURSIVE inside AS (
    SELECT unnest($1::text[]) AS id UNION SELECT part_id FROM inside JOIN bundle_part ON bundle_id = inside.id
)
"""
    + SHELVED
)

SHELF_ABOVE = (
    """
WITH RECURSIVE outside AS (
    SELECT unnest($1::text[]) AS id UNION SELECT bundle_id FROM outside JOIN bundle_part ON part_id = outside.id
), inside AS (
    SELECT id FROM outside UNION SELECT part_id FROM inside JOIN bundle_part ON bundle_id = inside.id
)
"""
    + SHELVED
)

SOLD = """
SELECT DISTINCT product, market, (placed_at AT TIME ZONE $3)::date AS day, of_it.pv_points, of_it.cv_points
FROM ordered_product AS of_it JOIN sales_order ON sales_order.id = order_id JOIN member ON member.id = member_id
WHERE product = ANY($1) AND kind = 'order' AND of_it.pv_points IS NOT NULL
  AND (placed_at AT TIME ZONE $3)::date >= $2
"""

HELD = """
SELECT held.kind, held.source, held.body, held.held_at,
       array(SELECT what FROM lack WHERE event_id = held.key ORDER BY what) AS lacks
FROM held_event AS held
WHERE refused_at IS NULL AND {which}
ORDER BY held.held_at, held.key
"""

ACCEPT = """
INSERT INTO accepted_event (key, kind, source, body_digest, accepted_at)
SELECT *, $5 FROM unnest($1::text[], $2::text[], $3::text[], $4::text[])
"""

HOLD = """
INSERT INTO held_event (key, kind, source, body_digest, body, held_at)
SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::timestamptz[])
"""

LACK = "INSERT INTO lack (event_id, what) SELECT * FROM unnest($1::text[], $2::text[])"

REFUSE = """
WITH full_filled AS (DELETE FROM lack WHERE event_id = $1)
UPDATE held_event SET findings = $2, refused_at = $3 WHERE key = $1
"""

LISTED = """
SELECT kind, key, source, held_at, findings, array(SELECT what FROM lack WHERE event_id = held_event.key) AS lacks,
       (SELECT max(withdrawn_at) FROM withdrawn_event WHERE key = held_event.key) AS withdrawn_before
FROM held_event ORDER BY refused_at IS NOT NULL, held_at, key
"""
