"""
The network in the tables: who stood under whom, who had enrolled whom and who had left on a day, as recorded so far.

Placements, enrolments and departures share one log and are only ever added to. So a roll is asked for by two things:
the day, and how far the log is read; a closed period remembers how far it read.
"""

from datetime import date
from typing import Any, NamedTuple

from msgspec import Struct
from tortoise.backends.base.client import BaseDBAsyncClient
from tortoise.connection import get_connection

from backend.store.database import ORDERS_CHANNEL
from backend.store.orders import LOG_LOCK

END_OF_NETWORK = 2**62
"""A position that the network's log never reaches."""


class Members(Struct, frozen=True, kw_only=True):
    """The members as columns in the order of their rows, placed as on one day; `left` is the day of leaving."""

    codes: list[str]
    sponsors: list[str | None]
    enrollers: list[str | None]
    markets: list[str]
    joined: list[date]
    left: list[date | None]
    training: list[bool]
    titles: list[str]
    held: list[int]
    missed: list[int]


async def members_on(day: date, *, position: int = END_OF_NETWORK) -> Members:
    """Return the members as they were placed on a day, as the network's log says up to a position."""
    rows = await get_connection("default").execute_query_dict(MEMBERS, [day, position])
    columns: dict[str, list[Any]] = {name: [row[name] for row in rows] for name in Members.__struct_fields__}
    return Members(**columns)


async def network_position() -> int:
    """Return how far the network's log reaches."""
    (row,) = await get_connection("default").execute_query_dict(f"SELECT {REACHED} AS position")
    return int(row["position"])


async def changed_since(after: int, up_to: int = END_OF_NETWORK) -> date | None:
    """Return the first day on which anything is otherwise by what was recorded between two positions; None if none."""
    (row,) = await get_connection("default").execute_query_dict(CHANGED, [after, up_to])
    found: date | None = row["day"]
    return found


async def moves_between(after: date, up_to: date) -> bool:
    """Tell whether anybody moves, is enrolled by another, or leaves on a day after one and up to another."""
    (row,) = await get_connection("default").execute_query_dict(MOVES, [after, up_to])
    return bool(row["moves"])


class Person(Struct, frozen=True, kw_only=True):
    """A member as a correction needs it."""

    id: int
    code: str
    joined_on: date
    left_on: date | None
    sponsor: str | None
    enroller: str | None


async def person_on(code: str, day: date) -> Person | None:
    """Return a member as placed on a day; None for who is not there."""
    rows = await get_connection("default").execute_query_dict(PERSON, [day, END_OF_NETWORK, code])
    return Person(**rows[0]) if rows else None


async def next_placement(code: str, after: date) -> date | None:
    """Return the day of a member's first placement after a day; None where there is none."""
    (row,) = await get_connection("default").execute_query_dict(NEXT_PLACEMENT, [code, after])
    found: date | None = row["since"]
    return found


async def lock_network(connection: BaseDBAsyncClient) -> None:
    """Let nobody else write to either log until the transaction ends, so that positions become visible in order."""
    await connection.execute_query("SELECT pg_advisory_xact_lock($1)", [LOG_LOCK])


async def announce(connection: BaseDBAsyncClient) -> None:
    """Tell the worker, as the transaction commits, that there is something to read."""
    await connection.execute_query("SELECT pg_notify($1, '')", [ORDERS_CHANNEL])


class Scribe(NamedTuple):
    """Who writes to the network's log, within one transaction; `by` is a source or `operator NAME`, None unsaid."""

    connection: BaseDBAsyncClient
    by: str | None

    async def place(self, member: str, sponsor: str | None, since: date) -> None:
        """Record under whom a member stands from a day on."""
        await self.connection.execute_query(PLACE, [member, sponsor, since, self.by])

    async def enrol(self, member: str, enroller: str | None, since: date) -> None:
        """Record who is named as a member's enroller from a day on."""
        await self.connection.execute_query(ENROL, [member, enroller, since, self.by])

    async def depart(self, member: str, left_on: date | None) -> None:
        """Record on which day a member leaves; None takes it back."""
        await self.connection.execute_query(RECORDED_BY, [self.by or ""])
        await self.connection.execute_query("UPDATE member SET left_on = $2 WHERE code = $1", [member, left_on])


REACHED = """
greatest((SELECT coalesce(max(recorded), 0) FROM placement), (SELECT coalesce(max(recorded), 0) FROM enrolment),
         (SELECT coalesce(max(recorded), 0) FROM departure))
"""
"""How far the network's log reaches, as a number in SQL."""

AS_PLACED = """
FROM member
JOIN LATERAL (
    SELECT sponsor_id FROM placement
    WHERE placement.member_id = member.id AND since <= greatest($1::date, member.joined_on) AND recorded <= $2
    ORDER BY since DESC, recorded DESC LIMIT 1
) AS placed ON true
LEFT JOIN LATERAL (
    SELECT enroller_id, true AS said FROM enrolment
    WHERE enrolment.member_id = member.id AND since <= greatest($1::date, member.joined_on) AND recorded <= $2
    ORDER BY since DESC, recorded DESC LIMIT 1
) AS named ON true
LEFT JOIN LATERAL (
    SELECT left_on FROM departure
    WHERE departure.member_id = member.id AND recorded <= $2 ORDER BY recorded DESC LIMIT 1
) AS gone ON true
LEFT JOIN member AS sponsor ON sponsor.id = placed.sponsor_id
LEFT JOIN member AS enroller ON enroller.id = CASE WHEN named.said THEN named.enroller_id ELSE member.enroller_id END
"""
"""Each member with the sponsor, enroller and day of leaving that hold on day $1, read up to position $2."""

MEMBERS = f"""
SELECT member.code AS codes, sponsor.code AS sponsors, enroller.code AS enrollers, member.market AS markets,
       member.joined_on AS joined, gone.left_on AS "left", member.training AS training, member.title_held AS titles,
       member.title_periods_held AS held, member.title_periods_missed AS missed
{AS_PLACED}
ORDER BY member.id
"""

PERSON = f"""
SELECT member.id, member.code, member.joined_on, gone.left_on, sponsor.code AS sponsor, enroller.code AS enroller
{AS_PLACED}
WHERE member.code = $3
"""

RECORDED = """
SELECT recorded, since FROM placement UNION ALL SELECT recorded, since FROM enrolment
UNION ALL SELECT recorded, since FROM departure
"""
"""The network's log: where each row stands in it, and from which day on it holds."""

CHANGED = f"SELECT min(since) AS day FROM ({RECORDED}) AS log WHERE recorded > $1 AND recorded <= $2"

MOVES = """
SELECT EXISTS (SELECT FROM placement JOIN member ON member.id = member_id
               WHERE since > $1 AND since <= $2 AND since > joined_on)
    OR EXISTS (SELECT FROM enrolment WHERE since > $1 AND since <= $2)
    OR EXISTS (SELECT FROM member WHERE left_on > $1 AND left_on <= $2) AS moves
"""

NEXT_PLACEMENT = """
SELECT min(since) AS since FROM placement JOIN member ON member.id = member_id WHERE code = $1 AND since > $2
"""

RECORDED_BY = "SELECT set_config('handrail.recorded_by', $1, true)"
"""Says until the end of the transaction who lets members leave: departures are written by a trigger."""

PLACE = """
INSERT INTO placement (member_id, sponsor_id, since, recorded_by)
SELECT member.id, sponsor.id, $3, $4 FROM member LEFT JOIN member AS sponsor ON sponsor.code = $2 WHERE member.code = $1
"""

ENROL = """
INSERT INTO enrolment (member_id, enroller_id, since, recorded_by)
SELECT member.id, enroller.id, $3, $4
FROM member LEFT JOIN member AS enroller ON enroller.code = $2 WHERE member.code = $1
"""
