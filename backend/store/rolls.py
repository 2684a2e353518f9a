"""
The company as the engine takes it: the roll of a period, and volume entries added up by member.

The database adds up; what comes out are the rows that `engine.assemble` turns into columns.
"""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

import numpy as np
from msgspec import Struct
from tortoise.connection import get_connection

from backend.engine.periods import assemble
from backend.engine.periods.assemble import Roll, Volumes, brought
from backend.engine.snapshot import Carried
from backend.kernel.period import Period
from backend.plan.terms import Terms


class Members(Struct, frozen=True, kw_only=True):
    """The members as columns in the order of their rows, placed as on one day."""

    codes: list[str]
    sponsors: list[str | None]
    enrollers: list[str | None]
    markets: list[str]
    joined: list[date]
    training: list[bool]
    titles: list[str]
    held: list[int]
    missed: list[int]


async def members_on(day: date) -> Members:
    """Return the members as they were placed on a day."""
    rows = await get_connection("default").execute_query_dict(MEMBERS, [day])
    columns: dict[str, list[Any]] = {name: [row[name] for row in rows] for name in Members.__struct_fields__}
    return Members(**columns)


def roll_of(members: Members, terms: Terms, period: Period) -> Roll:
    """Return the members as the roll of a period."""
    return assemble.roll_of(
        ids=members.codes,
        sponsors=members.sponsors,
        enrollers=members.enrollers,
        markets=members.markets,
        joined=[day.toordinal() for day in members.joined],
        training=members.training,
        last_day=period.last_day.toordinal(),
        terms=terms,
    )


def carried_in(members: Members, terms: Terms) -> dict[str, Carried]:
    """Return the titles that members brought from before their first period here."""
    return brought(ids=members.codes, titles=members.titles, held=members.held, missed=members.missed, terms=terms)


async def volumes_of(period: Period, *, now: datetime) -> Volumes:
    """Return each member's volumes of a period as known now; provisional is what may still come back."""
    rows = await get_connection("default").execute_query_dict(VOLUMES, [str(period), now])
    return _volumes(rows)


async def volumes_after(period: Period, *, instant: datetime) -> Volumes:
    """Return what each member's orders brought in a period from an instant on: how its rest went."""
    rows = await get_connection("default").execute_query_dict(REST, [str(period), instant])
    return _volumes(rows)


async def last_sales(zone: str, after: int, up_to: int) -> dict[str, int]:
    """
    Return the day of each member's last order, or of an own customer's, between two positions of the log.

    Days are ordinals of `date.toordinal` in the company's zone.
    """
    rows = await get_connection("default").execute_query_dict(LAST_SALES, [zone, after, up_to])
    return {row["code"]: row["day"].toordinal() for row in rows}


class Mark(Struct, frozen=True, kw_only=True):
    """How far the log of entries reaches: its last position, and the newest order's instant."""

    position: int
    data_at: datetime | None


async def mark() -> Mark:
    """Return how far the log of entries reaches."""
    (row,) = await get_connection("default").execute_query_dict(MARK)
    return Mark(**row)


async def periods_touched(after: int, up_to: int) -> list[Period]:
    """Return the periods that entries between two positions fall into, in order."""
    rows = await get_connection("default").execute_query_dict(TOUCHED, [after, up_to])
    return [Period.parse(row["period"]) for row in rows]


def _volumes(rows: Sequence[dict[str, Any]]) -> Volumes:
    def column(name: str) -> Any:
        return np.array([row[name] for row in rows], dtype=np.int64)

    names = ("own_pv", "customer_pv", "own_cv", "customer_cv", "provisional_pv")
    return Volumes(members=[row["code"] for row in rows], **{name: column(name) for name in names})


MEMBERS = """
SELECT member.code AS codes, sponsor.code AS sponsors, enroller.code AS enrollers, member.market AS markets,
       member.joined_on AS joined, member.training AS training, member.title_held AS titles,
       member.title_periods_held AS held, member.title_periods_missed AS missed
FROM member
JOIN LATERAL (
    SELECT sponsor_id FROM placement WHERE placement.member_id = member.id AND since <= greatest($1, member.joined_on)
    ORDER BY since DESC LIMIT 1
) AS placed ON true
LEFT JOIN member AS sponsor ON sponsor.id = placed.sponsor_id
LEFT JOIN member AS enroller ON enroller.id = member.enroller_id
ORDER BY member.id
"""

SUMS = """
SELECT member.code,
       coalesce(sum(entry.pv_points) FILTER (WHERE entry.own), 0)::bigint AS own_pv,
       coalesce(sum(entry.pv_points) FILTER (WHERE NOT entry.own), 0)::bigint AS customer_pv,
       coalesce(sum(entry.cv_points) FILTER (WHERE entry.own), 0)::bigint AS own_cv,
       coalesce(sum(entry.cv_points) FILTER (WHERE NOT entry.own), 0)::bigint AS customer_cv,
       coalesce(sum(entry.pv_points) FILTER (WHERE {provisional}), 0)::bigint AS provisional_pv
FROM volume_entry AS entry JOIN member ON member.id = entry.member_id
WHERE entry.period = $1 {within}
GROUP BY member.code
"""

VOLUMES = SUMS.format(provisional="entry.firm_at > $2", within="")

REST = SUMS.format(provisional="false", within="AND entry.at >= $2")

LAST_SALES = """
SELECT member.code, max((sales_order.placed_at AT TIME ZONE $1)::date) AS day
FROM volume_entry
JOIN sales_order ON sales_order.id = volume_entry.order_id
JOIN member ON member.id = sales_order.member_id
WHERE sales_order.kind = 'order' AND position > $2 AND position <= $3
GROUP BY member.code
"""

MARK = """
SELECT coalesce(max(position), 0) AS position,
       (SELECT max(placed_at) FROM sales_order) AS data_at
FROM volume_entry
"""

TOUCHED = "SELECT DISTINCT period FROM volume_entry WHERE position > $1 AND position <= $2 ORDER BY period"
