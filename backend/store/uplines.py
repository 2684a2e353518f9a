"""
Uplines in the tables: who is above members as sponsor or enroller on any day, and when leavers have bought last.

What could contradict a further placement, enrolment or leaving is read here, before that is judged.
"""

from collections.abc import Mapping, Sequence

from tortoise.backends.base.client import BaseDBAsyncClient

from backend.intake.books import LastOrder, Row
from backend.intake.events import Enrolment, Placement, Upline


async def lines_above(connection: BaseDBAsyncClient, kind: type[Upline], codes: Sequence[str]) -> dict[str, list[Row]]:
    """Return the rows of members and of all who are above them on any day, in the order in which they hold."""
    found: dict[str, list[Row]] = {}
    for row in await connection.execute_query_dict(LINES_ABOVE[kind], [list(codes)]):
        found.setdefault(row["code"], []).append(Row(since=row["since"], above=row["above"]))
    return found


async def last_orders(connection: BaseDBAsyncClient, codes: Sequence[str], zone: str) -> dict[int, LastOrder]:
    """Return by its row the last order of each of these members who has bought anything; days are of the zone."""
    rows = await connection.execute_query_dict(LAST_ORDERS, [list(codes), zone])
    return {row["id"]: LastOrder(day=row["day"], order=row["key"]) for row in rows}


SAID: Mapping[type[Upline], str] = {
    Placement: "SELECT since, sponsor_id AS upline_id, recorded FROM placement WHERE member_id = above.id",
    Enrolment: """
        SELECT joined_on AS since, enroller_id AS upline_id, 0 AS recorded FROM member WHERE id = above.id
        UNION ALL
        SELECT since, enroller_id, recorded FROM enrolment WHERE member_id = above.id
    """,
}
"""The rows of a member; whoever enrolled a member when it joined stands with the member."""

LINES_ABOVE: Mapping[type[Upline], str] = {
    kind: f"""
WITH RECURSIVE above AS (
    SELECT id FROM member WHERE code = ANY($1)
    UNION
    SELECT upline_id FROM above CROSS JOIN LATERAL ({said}) AS said WHERE upline_id IS NOT NULL
)
SELECT member.code, since, upline.code AS above
FROM above JOIN member USING (id) CROSS JOIN LATERAL ({said}) AS said
LEFT JOIN member AS upline ON upline.id = upline_id
ORDER BY member.id, since, recorded
"""
    for kind, said in SAID.items()
}
"""A member comes once, so that a circle would end by itself."""

LAST_ORDERS = """
SELECT DISTINCT ON (member.id) member.id, key, (placed_at AT TIME ZONE $2)::date AS day
FROM member JOIN sales_order ON member_id = member.id
WHERE code = ANY($1) AND kind = 'order'
ORDER BY member.id, placed_at DESC, key
"""
