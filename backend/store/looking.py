"""
Looking: what has to be known before events are judged, asked in one question.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from msgspec import Struct
from tortoise.backends.base.client import BaseDBAsyncClient

from backend.intake.books import KnownMember
from backend.kernel.period import Period
from backend.store.company import FIELDS, CompanyRow, company_of, known_plans


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


async def ground(connection: BaseDBAsyncClient) -> Ground:
    """Return what holds for all of a transaction."""
    (row,) = await connection.execute_query_dict(GROUND)
    return _ground(row)


async def look(
    connection: BaseDBAsyncClient, *, members: Sequence[str], orders: Sequence[str], shops: Sequence[str] = ()
) -> Looked:
    """Return what is to be known of these before they are judged; raises Refused where the kept plan is not sound."""
    (row,) = await connection.execute_query_dict(LOOK, [known_plans(), shops, members, orders])
    return Looked(
        company=company_of(row) if row["name"] is not None else None,
        ground=_ground(row),
        shops=dict(zip(row["shops"] or (), row["versions"] or (), strict=True)),
        members_named=members,
        members=_members(row),
        new_orders=frozenset(orders).difference(row["there"]),
    )


def _ground(row: Mapping[str, Any]) -> Ground:
    return Ground(closed=Period.parse(row["closed"]) if row["closed"] else None, anything_held=row["held"])


def _members(row: Mapping[str, Any]) -> dict[str, KnownMember]:
    columns = [row[name] or () for name in ("codes", "ids", "markets", "joined", "lefts")]
    return {
        code: KnownMember(id=number, market=market, joined=joined, left=left)
        for code, number, market, joined, left in zip(*columns, strict=True)
    }


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
