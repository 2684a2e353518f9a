"""
Loading: from the tables into columns by binary COPY, all of it in one snapshot of the database.
"""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
from tortoise.connection import get_connection

from backend.kernel.period import Period
from backend.plan.terms import Terms
from backend.store.columns.copied import HEADER, TRAILER, Column, StreamTruncated, check_types, decoded, lengths
from backend.store.columns.loaded import FACTS, SHEETS, VOLUMES, Columns, Stamp, ids_of
from backend.store.network import REACHED
from backend.store.rolls import SUMS

UNIX = datetime(1970, 1, 1, tzinfo=UTC)


async def load(period: Period, terms: Terms, now: datetime) -> Columns:
    """
    Return the company with the volumes of a period, as one instant of the database has it.

    Volume is provisional that may come back after `now`. Raises NullFound, TypeChanged or StreamTruncated where the
    database sends anything else than the columns asked for.
    """
    async with at_one_instant() as raw:
        stamp = await _stamp(raw, period, terms, now)
        asked = questions(stamp)
        sheets = {name: await copied_sheet(raw, name, query, arguments(name, stamp)) for name, query in asked.items()}
        codes = _unescaped(await _copied(raw, CODES, (), format="text"))
    unasked = {name: decoded(HEADER + TRAILER, fields) for name, fields in SHEETS.items() if name not in asked}
    return await asyncio.to_thread(_checked, stamp, sheets | unasked, codes)


@asynccontextmanager
async def at_one_instant() -> AsyncIterator[Any]:
    """Give a connection on which all questions are answered from one snapshot, and nothing is written."""
    async with (
        get_connection("default").acquire_connection() as raw,
        raw.transaction(isolation="repeatable_read", readonly=True),
    ):
        await raw.execute(ROOM)
        yield raw


def questions(stamp: Stamp) -> dict[str, str]:
    """Return the query of each sheet that has to be asked for: units only where a product pays a fixed amount."""
    return {name: query for name, query in QUERIES.items() if name != "unit" or stamp.products}


def arguments(name: str, stamp: Stamp) -> tuple[Any, ...]:
    """Return what the query of a sheet is asked with."""
    return {
        "member": (list(stamp.markets), list(stamp.titles)),
        "fact": (list(FACTS),),
        "volume": (stamp.period, UNIX + timedelta(microseconds=stamp.until)),
        "unit": (stamp.period, list(stamp.products)),
    }.get(name, ())


async def _stamp(raw: Any, period: Period, terms: Terms, now: datetime) -> Stamp:
    row = await raw.fetchrow(STAMP)
    return Stamp(
        **row,
        period=str(period),
        until=(now - UNIX) // timedelta(microseconds=1),
        markets=tuple(market.id for market in terms.markets),
        titles=tuple(title.id for title in terms.titles),
        products=tuple(terms.products),
    )


async def copied_sheet(raw: Any, name: str, query: str, asked: tuple[Any, ...]) -> dict[str, Column]:
    """
    Return a sheet, copied; its types are asked for first, for some are as wide as others.

    Raises NullFound, TypeChanged or StreamTruncated.
    """
    prepared = await raw.prepare(query)
    check_types(SHEETS[name], [(one.name, one.type.name) for one in prepared.get_attributes()])
    data = await _copied(raw, query, asked, format="binary")
    return await asyncio.to_thread(decoded, data, SHEETS[name])


async def _copied(raw: Any, query: str, asked: tuple[Any, ...], *, format: str) -> bytes:  # noqa: A002 - as COPY calls it
    chunks: list[bytes] = []

    async def take(chunk: bytes) -> None:
        chunks.append(chunk)

    await raw.copy_from_query(query, *asked, output=take, format=format)
    return b"".join(chunks)


def _unescaped(text: bytes) -> bytes:
    """Return the lines of a COPY as text without its escapes: an id holds no other character that it escapes."""
    return text.removesuffix(b"\n").replace(rb"\\", b"\\")


def _checked(stamp: Stamp, sheets: Mapping[str, Mapping[str, Column]], codes: bytes) -> Columns:
    """Return the columns, members in the order of their ordinals, once it is sure that nobody is missing."""
    ids = ids_of(codes)
    member = sheets["member"]
    order = np.argsort(member["id"], kind="stable")
    dense = np.array_equal(member["id"][order], np.arange(stamp.members, dtype=np.int32))
    if not dense or len(ids) != stamp.members or any(len(lengths(sheet)) != 1 for sheet in sheets.values()):
        raise StreamTruncated(f"{stamp.members:,} members have {len(ids):,} ids and {len(member['id']):,} rows")
    in_order = {name: column[order] for name, column in member.items()}
    return Columns(stamp=stamp, sheets={**sheets, "member": in_order}, codes=codes, rank=_rank(ids))


def _rank(ids: list[str]) -> Column:
    rank = np.empty(len(ids), dtype=np.int32)
    rank[sorted(range(len(ids)), key=ids.__getitem__)] = np.arange(len(ids), dtype=np.int32)
    return rank


IDENTITY = """
(SELECT system_identifier FROM pg_control_system())::text || '/' ||
(SELECT oid FROM pg_database WHERE datname = current_database())::text
"""
"""Which database this is, among all that there are: the server's own number, and the database's there."""

ENTRY = """
SELECT md5(concat_ws('|', position, key, body_digest, volume_entry.member_id, period, volume_entry.pv_points))
FROM volume_entry JOIN sales_order ON sales_order.id = order_id WHERE position = {position}
"""
"""A digest of one entry of the log, with its order."""

STAMP = f"""
WITH reached AS (SELECT coalesce(max(position), 0) AS position FROM volume_entry)
SELECT {IDENTITY} AS database, plan_digest, reached.position,
       coalesce(({ENTRY.format(position="reached.position")}), '') AS entry, {REACHED} AS network,
       (SELECT coalesce(max(id), 0) FROM stated_fact) AS fact, (SELECT count(*) FROM member) AS members
FROM company, reached WHERE company.id = 1
"""

CODES = "SELECT code FROM member ORDER BY id"

LOG = "SELECT member_id AS member, coalesce({above}_id, -1) AS above, since, recorded FROM {table}"

ROOM = "SET LOCAL work_mem = '256MB'"
"""One connection sorts and groups all orders of a period, and only while it loads."""

ENTRIES = """
WITH counted AS (
    SELECT entry.*, coalesce(bought.returns_id, bought.id) AS of_order, bought.customer
    FROM volume_entry AS entry JOIN sales_order AS bought ON bought.id = entry.order_id
    WHERE entry.period = $1 AND entry.origin = ''
), first AS (
    SELECT DISTINCT ON (member_id) member_id, id FROM sales_order
    WHERE kind = 'order' AND customer IS NULL ORDER BY member_id, placed_at, key COLLATE "C"
), customer AS (
    SELECT member_id, count(*) AS bought
    FROM (SELECT member_id FROM counted WHERE NOT own GROUP BY member_id, customer HAVING sum(pv_points) > 0) AS each
    GROUP BY member_id
)
"""
"""What counts in a period, each member's first own order, how many customers bought: as in `rolls`, of all at once."""

VOLUME_SUMS = f"""
SELECT entry.member_id AS member, {SUMS}
       coalesce(sum(entry.pv_points) FILTER (WHERE entry.firm_at > $2), 0)::bigint AS provisional_pv,
       coalesce(sum(entry.pv_points) FILTER (WHERE entry.of_order = first.id), 0)::bigint AS first_pv,
       coalesce(sum(entry.cv_points) FILTER (WHERE entry.of_order = first.id), 0)::bigint AS first_cv,
       coalesce(max(customer.bought), 0) AS customers
FROM counted AS entry
LEFT JOIN first USING (member_id)
LEFT JOIN customer USING (member_id)
GROUP BY entry.member_id
"""

UNIT_SUMS = """
SELECT counted.member_id AS member, array_position($2::text[], product::text) - 1 AS product,
       sum(CASE WHEN of_order = order_id THEN units ELSE -units END)::bigint AS count,
       coalesce(of_order = first.id, false) AS first
FROM counted
JOIN ordered_product USING (order_id)
LEFT JOIN first USING (member_id)
WHERE product = ANY($2::text[])
GROUP BY 1, 2, 4
"""

QUERIES: Mapping[str, str] = {
    "member": """
SELECT id, joined_on AS joined, coalesce(enroller_id, -1) AS enroller,
       coalesce(array_position($1::text[], market::text) - 1, 0) AS market, training,
       coalesce(array_position($2::text[], title_held::text) - 1, 0) AS title,
       title_periods_held AS held, title_periods_missed AS missed
FROM member
""",
    "placement": LOG.format(above="sponsor", table="placement"),
    "enrolment": LOG.format(above="enroller", table="enrolment"),
    "departure": 'SELECT member_id AS member, coalesce(left_on, $$infinity$$) AS "left", recorded FROM departure',
    "fact": "SELECT member_id AS member, array_position($1::text[], fact::text) - 1 AS fact, since, value "
    "FROM stated_fact",
    "volume": ENTRIES + VOLUME_SUMS,
    "unit": ENTRIES + UNIT_SUMS,
}
"""What is asked for each sheet."""

assert [field.name for field in SHEETS["volume"]] == ["member", *VOLUMES], "columns stand as they are asked for"
