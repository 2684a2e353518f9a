"""
The company as the engine takes it: the roll of a period with what is stated, and volume entries added up by member.

The database adds up; what comes out are the rows that `engine.assemble` turns into columns.
"""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

import numpy as np
from msgspec import Struct
from tortoise.connection import get_connection

from backend.engine.periods import assemble
from backend.engine.periods.assemble import Roll, Units, Volumes, brought
from backend.engine.periods.stated import NOTHING_STATED, Facts, as_stated
from backend.engine.snapshot import Carried
from backend.kernel.period import Period
from backend.plan.terms import Terms
from backend.store.former import titles_before
from backend.store.network import REACHED, Members

END_OF_LOG = 2**62
"""A position that no log of entries reaches."""


async def facts() -> Facts:
    """Return all that the company states of its members, each by the row of `Members`."""
    rows = await get_connection("default").execute_query_dict(FACTS)
    return Facts(
        fact=[row["fact"] for row in rows],
        member=[row["member_id"] for row in rows],
        since=[row["since"].toordinal() for row in rows],
        value=[row["value"] for row in rows],
    )


def roll_of(members: Members, terms: Terms, period: Period, facts: Facts = NOTHING_STATED) -> Roll:
    """Return the members as the roll of a period, as they are stated on its last day; facts of later ones wait."""
    roll = assemble.roll_of(
        ids=members.codes,
        sponsors=members.sponsors,
        enrollers=members.enrollers,
        markets=members.markets,
        joined=[day.toordinal() for day in members.joined],
        training=members.training,
        left=[day.toordinal() if day else None for day in members.left],
        last_day=period.last_day.toordinal(),
        terms=terms,
    )
    return as_stated(roll, _of_rows(facts, len(members.codes)), period.last_day.toordinal())


def _of_rows(facts: Facts, size: int) -> Facts:
    """Return the facts of the first so many rows."""
    if max(facts.member, default=-1) < size:
        return facts
    rows = [row for row, member in enumerate(facts.member) if member < size]
    names = Facts.__struct_fields__
    return Facts(**{name: [getattr(facts, name)[row] for row in rows] for name in names})


async def brought_into(period: Period, members: Members, terms: Terms) -> dict[str, Carried]:
    """
    Return what members bring into a period before which nothing was computed.

    That is the title of the last period of another system's history, for as many periods as it was held there in a
    row; else the title that the member came with.
    """
    former = await titles_before(period)
    titles, held, missed = list(members.titles), list(members.held), list(members.missed)
    for row, code in enumerate(members.codes):
        title, periods = former.get(code, (titles[row], held[row]))
        if title != titles[row]:
            titles[row], held[row], missed[row] = title, periods, 0
    return brought(ids=members.codes, titles=titles, held=held, missed=missed, terms=terms)


async def volumes_of(
    period: Period,
    *,
    now: datetime,
    through: Period | None = None,
    position: int = END_OF_LOG,
    returns_position: int = END_OF_LOG,
) -> Volumes:
    """
    Return each member's volumes of a period; provisional is what may still come back after `now`.

    With `through` a closed period is seen as it was corrected in the books up to that period. Of the log of entries
    only what lies up to `position` is read, of returns what lies up to `returns_position` if that is less. A customer
    counts who bought more in the period than comes back in it.
    """
    connection, which = get_connection("default"), [str(period), str(through or ""), position, returns_position]
    rows = await connection.execute_query_dict(ENTRIES + VOLUMES, [*which, now])
    units = await connection.execute_query_dict(ENTRIES + UNITS, which)
    return _volumes(rows, VOLUME_NAMES, [Units(**row) for row in units])


async def volumes_after(period: Period, *, instant: datetime, position: int = END_OF_LOG) -> Volumes:
    """Return what each member's orders brought in a period from an instant on: how its rest went."""
    rows = await get_connection("default").execute_query_dict(REST, [str(period), instant, position])
    return _volumes(rows, REST_NAMES)


async def last_sales(zone: str, after: int, up_to: int) -> dict[str, int]:
    """
    Return the day of each member's last order, or of an own customer's, between two positions of the log.

    Days are ordinals of `date.toordinal` in the company's zone.
    """
    rows = await get_connection("default").execute_query_dict(LAST_SALES, [zone, after, up_to])
    return {row["code"]: row["day"].toordinal() for row in rows}


class Mark(Struct, frozen=True, kw_only=True):
    """
    How far the logs of entries and of the network reach, and the newest order's instant.

    `former` is the last row of a history from another system, `stated` the last fact that the company has stated.
    """

    position: int
    data_at: datetime | None
    network: int = 0
    former: int = 0
    stated: int = 0


async def mark() -> Mark:
    """Return how far the logs reach."""
    (row,) = await get_connection("default").execute_query_dict(MARK)
    return Mark(**row)


async def first_period() -> Period | None:
    """Return the first period in whose books anything lies; None where nothing was sold yet."""
    (row,) = await get_connection("default").execute_query_dict(FIRST)
    return Period.parse(row["first"]) if row["first"] else None


async def corrected_in(books: Period) -> dict[Period, bool]:
    """
    Return the closed periods that entries correct in the books up to a period, in order.

    Each with whether any of these entries lies in books that are not closed yet.
    """
    rows = await get_connection("default").execute_query_dict(CORRECTED, [str(books)])
    return {Period.parse(row["origin"]): row["fresh"] for row in rows}


async def stated_since(after: int) -> date | None:
    """Return the first day on which a fact holds that was stated after a row; None where none was."""
    query = "SELECT min(since) AS day FROM stated_fact WHERE id > $1"
    (row,) = await get_connection("default").execute_query_dict(query, [after])
    found: date | None = row["day"]
    return found


async def periods_touched(after: int, up_to: int) -> list[Period]:
    """Return the periods that entries between two positions fall into, or late orders correct, in order."""
    rows = await get_connection("default").execute_query_dict(TOUCHED, [after, up_to])
    return [Period.parse(row["period"]) for row in rows]


REST_NAMES = ("own_pv", "customer_pv", "own_cv", "customer_cv", "provisional_pv")
VOLUME_NAMES = (*REST_NAMES, "first_pv", "first_cv", "customers")


def _volumes(rows: Sequence[dict[str, Any]], names: Sequence[str], units: Sequence[Units] = ()) -> Volumes:
    def column(name: str) -> Any:
        return np.array([row[name] for row in rows], dtype=np.int64)

    columns = {name: column(name) for name in names}
    return Volumes(members=[row["code"] for row in rows], units=units, **columns)


FACTS = "SELECT member_id, fact, value, since FROM stated_fact"

ENTRIES = """
WITH counted AS (
    SELECT entry.*, coalesce(bought.returns_id, bought.id) AS of_order, bought.customer
    FROM volume_entry AS entry JOIN sales_order AS bought ON bought.id = entry.order_id
    WHERE (entry.period = $1 AND entry.origin = '' OR entry.origin = $1 AND entry.period <= $2) AND entry.position <= $3
    AND (bought.kind = 'order' OR entry.position <= $4)
), first AS (
    SELECT buyer.member_id, earliest.id
    FROM (SELECT DISTINCT member_id FROM counted WHERE own) AS buyer
    CROSS JOIN LATERAL (
        SELECT sales_order.id
        FROM sales_order JOIN volume_entry AS known ON known.order_id = sales_order.id AND known.position <= $3
        WHERE sales_order.member_id = buyer.member_id AND kind = 'order' AND customer IS NULL
        ORDER BY placed_at, key COLLATE "C" LIMIT 1
    ) AS earliest
), customer AS (
    SELECT member_id, count(*) AS bought
    FROM (SELECT member_id FROM counted WHERE NOT own GROUP BY member_id, customer HAVING sum(pv_points) > 0) AS each
    GROUP BY member_id
)
"""
"""What counts in a period; the first own order of each who bought, the earliest ever placed; how many customers did."""

SUMS = """
       coalesce(sum(entry.pv_points) FILTER (WHERE entry.own), 0)::bigint AS own_pv,
       coalesce(sum(entry.pv_points) FILTER (WHERE NOT entry.own), 0)::bigint AS customer_pv,
       coalesce(sum(entry.cv_points) FILTER (WHERE entry.own), 0)::bigint AS own_cv,
       coalesce(sum(entry.cv_points) FILTER (WHERE NOT entry.own), 0)::bigint AS customer_cv,
"""

VOLUMES = f"""
SELECT member.code, {SUMS}
       coalesce(sum(entry.pv_points) FILTER (WHERE entry.firm_at > $5), 0)::bigint AS provisional_pv,
       coalesce(sum(entry.pv_points) FILTER (WHERE entry.of_order = first.id), 0)::bigint AS first_pv,
       coalesce(sum(entry.cv_points) FILTER (WHERE entry.of_order = first.id), 0)::bigint AS first_cv,
       coalesce(max(customer.bought), 0) AS customers
FROM counted AS entry
JOIN member ON member.id = entry.member_id
LEFT JOIN first USING (member_id)
LEFT JOIN customer USING (member_id)
GROUP BY member.code
"""

UNITS = """
SELECT member.code AS member, product, sum(CASE WHEN of_order = order_id THEN units ELSE -units END)::bigint AS count,
       coalesce(of_order = first.id, false) AS first
FROM counted
JOIN ordered_product USING (order_id)
JOIN member ON member.id = counted.member_id
LEFT JOIN first USING (member_id)
GROUP BY 1, 2, 4
"""

REST = f"""
SELECT member.code, {SUMS} 0::bigint AS provisional_pv
FROM volume_entry AS entry JOIN member ON member.id = entry.member_id
WHERE entry.period = $1 AND entry.origin = '' AND entry.at >= $2 AND entry.position <= $3
GROUP BY member.code
"""

LAST_SALES = """
SELECT member.code, max((sales_order.placed_at AT TIME ZONE $1)::date) AS day
FROM volume_entry
JOIN sales_order ON sales_order.id = volume_entry.order_id
JOIN member ON member.id = sales_order.member_id
WHERE sales_order.kind = 'order' AND position > $2 AND position <= $3
GROUP BY member.code
"""

MARK = f"""
SELECT coalesce(max(position), 0) AS position, {REACHED} AS network,
       (SELECT coalesce(max(id), 0) FROM former_standing) AS former,
       (SELECT coalesce(max(id), 0) FROM stated_fact) AS stated,
       (SELECT max(placed_at) FROM sales_order) AS data_at
FROM volume_entry
"""

FIRST = """
SELECT min(period) AS first FROM volume_entry
"""

CORRECTED = """
SELECT origin, bool_or(period > coalesce(last.closed, '')) AS fresh
FROM volume_entry CROSS JOIN (SELECT max(id) AS closed FROM closed_period WHERE state = 'closed') AS last
WHERE origin > '' AND period <= $1 AND origin IN (SELECT id FROM closed_period WHERE state = 'closed')
GROUP BY origin ORDER BY origin
"""

TOUCHED = """
SELECT period FROM volume_entry WHERE position > $1 AND position <= $2
UNION
SELECT origin FROM volume_entry JOIN sales_order ON sales_order.id = order_id
WHERE position > $1 AND position <= $2 AND origin > '' AND kind = 'order'
ORDER BY period
"""
