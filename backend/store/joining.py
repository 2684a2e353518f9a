"""
What accepted events write beside orders: members with their first placement, customers, facts, products and prices.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from tortoise.backends.base.client import BaseDBAsyncClient

from backend.intake.books import KnownMember
from backend.intake.events import Customer, Fact, ListPrice, Member, Product


async def join(
    connection: BaseDBAsyncClient, told: Sequence[tuple[str, Member]], known: Mapping[str, KnownMember]
) -> None:
    """Write members who joined, each as the row that was foreseen, and where they stand since, as some source told."""
    if not told:
        return
    members = [one for _, one in told]
    columns = [
        [known[one.member].id for one in members],
        [one.member for one in members],
        [one.name for one in members],
        [one.joined for one in members],
        [one.market for one in members],
        [one.training for one in members],
        [known[one.enroller].id if one.enroller else None for one in members],
        [one.title for one in members],
        [one.held for one in members],
        [one.missed for one in members],
    ]
    await connection.execute_query(JOIN, columns)
    sponsors = [known[one.sponsor].id if one.sponsor else None for one in members]
    await connection.execute_query(PLACE, [columns[0], sponsors, columns[3], [source for source, _ in told]])


async def serve(connection: BaseDBAsyncClient, customers: Sequence[Customer]) -> None:
    """Write whose customers people are; of one customer the last one holds."""
    last = {one.customer: one for one in customers}.values()
    if last:
        columns = [
            [one.customer for one in last],
            [one.name for one in last],
            [one.type for one in last],
            [one.member for one in last],
            [one.since for one in last],
        ]
        await connection.execute_query(SERVE, columns)


async def state(connection: BaseDBAsyncClient, facts: Sequence[Fact]) -> None:
    """Write what is stated of members; of one member, fact and day the last one holds, in a row of its own."""
    last = {(one.member, one.fact, one.since): one for one in facts}.values()
    if last:
        columns = [
            [one.member for one in last],
            [one.fact for one in last],
            [one.since for one in last],
            [one.value for one in last],
        ]
        await connection.execute_query(UNSTATE, columns[:3])
        await connection.execute_query(STATE, columns)


async def shelve(connection: BaseDBAsyncClient, products: Sequence[Product]) -> None:
    """Write products and what bundles hold; their prices come by `price`."""
    if not products:
        return
    await connection.execute_query(SHELVE, [[one.product for one in products], [one.name for one in products]])
    parts = [(one.product, part, units) for one in products for part, units in one.parts.items()]
    if parts:
        await connection.execute_query(PART, [list(column) for column in zip(*parts, strict=True)])


async def price(connection: BaseDBAsyncClient, prices: Iterable[tuple[str, ListPrice]]) -> None:
    """Write what one unit of a product brings in a market from a day on."""
    rows: list[tuple[str, str, date, int, int]] = [
        (product, one.market, one.since, one.pv_points, one.cv_points) for product, one in prices
    ]
    if rows:
        await connection.execute_query(PRICE, [list(column) for column in zip(*rows, strict=True)])


JOIN = """
INSERT INTO member (id, code, name, joined_on, market, training, enroller_id, title_held, title_periods_held,
                    title_periods_missed)
SELECT * FROM unnest($1::int[], $2::text[], $3::text[], $4::date[], $5::text[], $6::bool[], $7::int[], $8::text[],
                     $9::int[], $10::int[])
"""

PLACE = """
INSERT INTO placement (member_id, sponsor_id, since, recorded_by)
SELECT * FROM unnest($1::int[], $2::int[], $3::date[], $4::text[])
"""

SERVE = """
INSERT INTO customer (code, name, kind, member_id, since)
SELECT said.code, said.name, said.kind, member.id, said.since
FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::date[]) AS said (code, name, kind, member, since)
JOIN member ON member.code = said.member
ON CONFLICT (code) DO UPDATE
SET name = excluded.name, kind = excluded.kind, member_id = excluded.member_id, since = excluded.since
"""

UNSTATE = """
DELETE FROM stated_fact AS before USING unnest($1::text[], $2::text[], $3::date[]) AS said (member, fact, since), member
WHERE member.code = said.member AND before.member_id = member.id AND before.fact = said.fact
  AND before.since = said.since
"""
"""A corrected fact is a new row, so that whoever looks for the newest row sees that something was stated."""

STATE = """
INSERT INTO stated_fact (member_id, fact, since, value)
SELECT member.id, said.fact, said.since, said.value
FROM unnest($1::text[], $2::text[], $3::date[], $4::int[]) AS said (member, fact, since, value)
JOIN member ON member.code = said.member
"""

SHELVE = "INSERT INTO product (id, name) SELECT * FROM unnest($1::text[], $2::text[])"

PART = "INSERT INTO bundle_part (bundle_id, part_id, units) SELECT * FROM unnest($1::text[], $2::text[], $3::int[])"

PRICE = """
INSERT INTO product_price (product_id, market, since, pv_points, cv_points)
SELECT * FROM unnest($1::text[], $2::text[], $3::date[], $4::bigint[], $5::bigint[])
"""
