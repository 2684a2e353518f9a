"""
The read side: what the screens show, read by plain queries and handed out as structs. Rows never leave this room.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import partial
from typing import Any

import msgspec
from msgspec import Struct
from tortoise.backends.base.client import BaseDBAsyncClient
from tortoise.connection import get_connection

from backend.forecast.company import CompanyTotals
from backend.forecast.standing import Standing
from backend.plan.terms import Terms
from backend.store import access, replica
from backend.store.access import Access
from backend.store.company import company
from backend.store.views.months import last_closed


class LegRow(Struct, frozen=True, kw_only=True):
    """A leg as a line of the list: its leader's code and name, how many stand in it, and the leader's standing."""

    code: str
    name: str
    people: int
    standing: Standing


class MemberPage(Struct, frozen=True, kw_only=True):
    """
    All that the member's page shows, of one revision.

    `revision` rises with each change of what this page shows; `computed_at` is when the numbers were made, `data_at`
    the last order that they know; `now` is the company's clock at reading. Ages on the page are differences to `now`,
    and grow by `clock_speed` seconds in a real one.
    """

    code: str
    name: str
    joined_on: str
    revision: int
    computed_at: datetime
    data_at: datetime
    now: datetime
    clock_speed: int = 1
    standing: Standing
    legs: tuple[LegRow, ...]
    last_closed: str = ""
    """The month that was closed last, or empty."""


class OrderRow(Struct, frozen=True, kw_only=True):
    """An order or return in the operator's list; volumes are hundredths of a point."""

    key: str
    kind: str
    member_code: str
    member_name: str
    placed_at: datetime
    accepted_at: datetime
    pv_points: int
    cv_points: int


class CompanyPage(Struct, frozen=True, kw_only=True):
    """The operator's page: the open period's totals, who stands where, what is paid for what, and the latest orders."""

    name: str
    revision: int
    computed_at: datetime
    data_at: datetime
    now: datetime
    clock_speed: int = 1
    totals: CompanyTotals
    orders: tuple[OrderRow, ...]
    orders_accepted: int


class PlanPage(Struct, frozen=True, kw_only=True):
    """The plan of the open period: its title, its terms, and its clauses in words by number."""

    title: str
    terms: Terms
    clauses: dict[str, str]
    rounding_clause: str


async def member_page(code: str) -> MemberPage | None:
    """Return a member's page as of the last revision; None for who is not there or has no numbers yet."""
    return await replica.read(partial(_member_page, code))


async def _member_page(code: str, connection: BaseDBAsyncClient) -> MemberPage | None:
    rows = await connection.execute_query_dict(MEMBER_AND_LEGS, [code])
    there = await company(connection)
    if not rows or there is None or rows[0]["code"] != code:
        return None
    own, *legs = rows
    return MemberPage(
        code=own["code"],
        name=own["name"],
        joined_on=own["joined_on"].isoformat(),
        revision=max(row["revision"] for row in rows),
        computed_at=own["computed_at"],
        data_at=own["data_at"],
        now=there.clock.now(),
        clock_speed=there.clock.speed,
        standing=_standing(own),
        last_closed=await last_closed(connection),
        legs=tuple(
            LegRow(code=leg["code"], name=leg["name"], people=leg["people"], standing=_standing(leg)) for leg in legs
        ),
    )


async def company_page() -> CompanyPage | None:
    """Return the operator's page as of the last revision; None before the first one."""
    return await replica.read(_company_page)


async def _company_page(connection: BaseDBAsyncClient) -> CompanyPage | None:
    there = await company(connection)
    rows = await connection.execute_query_dict(COMPANY)
    if there is None or not rows:
        return None
    orders = await connection.execute_query_dict(LATEST_ORDERS, [LATEST])
    return CompanyPage(
        name=there.name,
        revision=rows[0]["revision"],
        computed_at=rows[0]["computed_at"],
        data_at=rows[0]["data_at"],
        now=there.clock.now(),
        clock_speed=there.clock.speed,
        totals=msgspec.json.decode(rows[0]["document"], type=CompanyTotals),
        orders=tuple(OrderRow(**row) for row in orders),
        orders_accepted=rows[0]["orders_accepted"],
    )


async def session_of(token: str) -> Access | None:
    """Return whose session a token is, or None where it is false or has expired; the primary alone knows."""
    return await access.session_of(token)


async def plan_terms() -> Terms:
    """Return what the plan says of the open period; there is a company by then."""
    there = await replica.read(company)
    assert there is not None, "a page of a company needs one"
    return there.terms_of(there.period_at(there.clock.now()))


async def plan_clauses() -> dict[str, str]:
    """Return the plan's rules in words, by the number of their clause."""
    there = await replica.read(company)
    assert there is not None, "a page of a company needs one"
    return dict(there.document.clauses)


async def plan_page() -> PlanPage:
    """Return the plan as it stands in the open period; there is a company by then."""
    there = await replica.read(company)
    assert there is not None, "a page of a company needs one"
    return PlanPage(
        title=there.document.title,
        terms=there.terms_of(there.period_at(there.clock.now())),
        clauses=dict(there.document.clauses),
        rounding_clause=there.document.rounding.clause,
    )


async def market_of(code: str) -> str:
    """Return the market that a member belongs to, which the plan may not name; empty for who is not there."""
    rows = await replica.read(lambda server: server.execute_query_dict(MARKET, [code]))
    return str(rows[0]["market"]) if rows else ""


async def names_of(codes: Iterable[str]) -> dict[str, str]:
    """Return the names of members by their codes; who is not there is left out."""
    if not (wanted := sorted(codes)):
        return {}
    rows = await replica.read(lambda server: server.execute_query_dict(NAMES, [wanted]))
    return {row["code"]: row["name"] for row in rows}


async def shop_versions(shop_ids: Sequence[str]) -> dict[str, int]:
    """Return the versions of shops' keys; none for a shop that is not there or whose key was revoked."""
    query = "SELECT id, version FROM shop WHERE id = ANY($1) AND revoked_at IS NULL"
    rows = await get_connection("default").execute_query_dict(query, [list(shop_ids)])
    return {row["id"]: row["version"] for row in rows}


def _standing(row: dict[str, Any]) -> Standing:
    return msgspec.json.decode(row["document"], type=Standing)


LATEST = 20

MARKET = "SELECT market FROM member WHERE code = $1"

NAMES = "SELECT code, name FROM member WHERE code = ANY($1)"

MEMBER_AND_LEGS = """
SELECT member.code, member.name, member.joined_on, written.revision, written.people, written.document,
       pulse.computed_at, pulse.data_at
FROM member AS self
JOIN LATERAL (
    SELECT self.id AS member_id, 0 AS place
    UNION ALL
    SELECT leg.member_id, 1 FROM member_standing AS leg WHERE leg.sponsor_id = self.id
) AS shown ON true
JOIN member ON member.id = shown.member_id
JOIN member_standing AS written ON written.member_id = member.id
CROSS JOIN company_standing AS pulse
WHERE self.code = $1
ORDER BY shown.place, written.gv_points DESC, member.code
"""

COMPANY = """
SELECT revision, computed_at, data_at, document, (SELECT count(*) FROM sales_order) AS orders_accepted
FROM company_standing
"""

LATEST_ORDERS = """
SELECT key, kind, member.code AS member_code, member.name AS member_name, placed_at, accepted_at,
       CASE kind WHEN 'return' THEN -pv_points ELSE pv_points END AS pv_points,
       CASE kind WHEN 'return' THEN -cv_points ELSE cv_points END AS cv_points
FROM sales_order JOIN member ON member.id = member_id
ORDER BY sales_order.id DESC
LIMIT $1
"""
