"""
The network's log as a person reads it: what was recorded behind joining, by whom and when, the latest first.
"""

from datetime import date, datetime

from msgspec import Struct
from tortoise.connection import get_connection


class Recorded(Struct, frozen=True, kw_only=True):
    """
    A row of the log: a placement, an enrolment or a departure.

    `other` is the sponsor or enroller, None where there is none. `since` is the day from which it holds, and of a
    departure the day of leaving, None where the member stays. `by` is the source of an event or `operator NAME`; None
    where it was recorded before that was kept.
    """

    position: int
    kind: str
    member: str
    other: str | None
    since: date | None
    by: str | None
    at: datetime


async def recorded(*, member: str | None, last: int) -> list[Recorded]:
    """Return the last rows of the log, of one member or of all; where somebody stood at joining is left out."""
    return [Recorded(**row) for row in await get_connection("default").execute_query_dict(RECORDED, [member, last])]


RECORDED = """
SELECT log.recorded AS position, log.kind, member.code AS member, other.code AS other, log.since,
       log.recorded_by AS by, log.recorded_at AS at
FROM (
    SELECT recorded, 'placement' AS kind, member_id, sponsor_id AS other_id, since, recorded_by, recorded_at
    FROM placement AS one
    WHERE EXISTS (SELECT FROM placement AS was WHERE was.member_id = one.member_id AND was.recorded < one.recorded)
    UNION ALL
    SELECT recorded, 'enrolment', member_id, enroller_id, since, recorded_by, recorded_at FROM enrolment
    UNION ALL
    SELECT recorded, 'departure', member_id, NULL, left_on, recorded_by, recorded_at FROM departure
) AS log
JOIN member ON member.id = log.member_id LEFT JOIN member AS other ON other.id = log.other_id
WHERE $1::text IS NULL OR member.code = $1
ORDER BY log.recorded DESC LIMIT $2
"""
