"""
What another system computed and paid, in the tables: kept by period, read beside what the plan computes.
"""

from collections.abc import Mapping

from tortoise.connection import get_connection

from backend.forecast.deviation import Former
from backend.kernel.period import Period
from backend.store.network import announce
from backend.store.transactions import transaction


async def keep_former(history: Mapping[Period, Mapping[str, Former]]) -> None:
    """Keep periods of a history whole, in place of what was kept of these; the worker hears of it."""
    rows = [(str(period), code, one) for period, members in history.items() for code, one in members.items()]
    standings = [[period for period, _, _ in rows], [code for _, code, _ in rows]]
    standings += [[getattr(one, name) for _, _, one in rows] for name in ("title", "pv_points", "gv_points")]
    paid = [(period, code, *each) for period, code, one in rows for each in one.amounts_minor.items()]
    async with transaction() as connection:
        await connection.execute_query("DELETE FROM former_standing WHERE period = ANY($1)", [list(map(str, history))])
        await connection.execute_query(STANDINGS, standings)
        await connection.execute_query(AMOUNTS, [[row[at] for row in paid] for at in range(4)])
        await announce(connection)


async def former_periods() -> list[Period]:
    """Return the periods of the history, in order."""
    rows = await get_connection("default").execute_query_dict(
        "SELECT DISTINCT period FROM former_standing ORDER BY period"
    )
    return [Period.parse(row["period"]) for row in rows]


async def former_in(period: Period) -> dict[str, Former]:
    """Return what the other system says of a period, by member."""
    connection = get_connection("default")
    amounts: dict[str, dict[str, int]] = {}
    for row in await connection.execute_query_dict(PAID, [str(period)]):
        amounts.setdefault(row["code"], {})[row["bonus"]] = row["amount_minor"]
    rows = await connection.execute_query_dict(SAID, [str(period)])
    return {row["code"]: Former(amounts_minor=amounts.get(row.pop("code"), {}), **row) for row in rows}


async def titles_before(period: Period) -> dict[str, tuple[str, int]]:
    """Return each member's title in the last period of the history before one, and for how many periods in a row."""
    rows = await get_connection("default").execute_query_dict(TITLES_BEFORE, [str(period)])
    return {row["code"]: (row["title"], row["held"]) for row in rows}


STANDINGS = """
INSERT INTO former_standing (period, member_id, title, pv_points, gv_points)
SELECT said.period, member.id, said.title, said.pv, said.gv
FROM unnest($1::text[], $2::text[], $3::text[], $4::bigint[], $5::bigint[]) AS said (period, code, title, pv, gv)
JOIN member USING (code)
"""

AMOUNTS = """
INSERT INTO former_amount (standing_id, bonus, amount_minor)
SELECT standing.id, said.bonus, said.amount
FROM unnest($1::text[], $2::text[], $3::text[], $4::bigint[]) AS said (period, code, bonus, amount)
JOIN member USING (code) JOIN former_standing AS standing ON standing.member_id = member.id
    AND standing.period = said.period
"""

SAID = """
SELECT member.code, title, pv_points, gv_points FROM former_standing JOIN member ON member.id = member_id
WHERE period = $1
"""

PAID = """
SELECT member.code, bonus, amount_minor
FROM former_amount JOIN former_standing AS standing ON standing.id = standing_id JOIN member ON member.id = member_id
WHERE period = $1
"""

TITLES_BEFORE = """
WITH last AS (SELECT max(period) AS period FROM former_standing WHERE period < $1)
SELECT member.code, now.title, (
    SELECT count(*) FROM former_standing AS same
    WHERE same.member_id = now.member_id AND same.period <= now.period AND same.period > coalesce((
        SELECT max(other.period) FROM former_standing AS other
        WHERE other.member_id = now.member_id AND other.period < now.period AND other.title <> now.title), '')
) AS held
FROM last JOIN former_standing AS now USING (period) JOIN member ON member.id = now.member_id
WHERE now.title <> ''
"""
