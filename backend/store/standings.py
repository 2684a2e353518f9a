"""
Standings in the tables: what was written last, and writing what has changed at a new revision, announced as it commits.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime

import msgspec
from msgspec import Struct
from tortoise.connection import get_connection

from backend.store.database import STANDINGS_CHANNEL
from backend.store.transactions import transaction

COMPANY_TOPIC = ""
"""The topic of the company's own page: no member bears an empty code."""

NOTICE_BYTES = 6000
"""A notice may have 8,000 bytes; some room is left for its frame."""


class Written(Struct, frozen=True, kw_only=True):
    """A member's row: who, under whom, the people in the leg, the group volume to sort by, the standing as JSON."""

    code: str
    sponsor: str | None = None
    people: int
    gv_points: int
    document: str


class Overtaken(Exception):
    """Somebody else has written since this worker looked: it has lost its post, and what it knows is old."""


async def last_revision() -> int:
    """Return the revision that was written last, 0 before the first."""
    rows = await get_connection("default").execute_query_dict("SELECT revision FROM company_standing")
    return int(rows[0]["revision"]) if rows else 0


async def last_documents() -> dict[str, str]:
    """Return the standing of each member as it was written last."""
    query = "SELECT code, document FROM member_standing JOIN member ON member.id = member_id"
    return {row["code"]: row["document"] for row in await get_connection("default").execute_query_dict(query)}


async def last_sponsors() -> dict[str, str | None]:
    """Return under whom each member stood as it was written last."""
    return {row["code"]: row["sponsor"] for row in await get_connection("default").execute_query_dict(LAST_SPONSORS)}


async def write(
    changed: Sequence[Written],
    company: str,
    *,
    after: int,
    position: int,
    computed_at: datetime,
    data_at: datetime,
    topics: Sequence[str],
) -> int:
    """
    Write changed standings and the company's totals at the next revision, and announce the topics; return the revision.

    `position` is how far the log of entries was read. Pages hear of it when it is committed, never before. Raises
    Overtaken where `after` is not the last revision.
    """
    columns = [[getattr(row, name) for row in changed] for name in Written.__struct_fields__]
    async with transaction() as connection:
        rows = await connection.execute_query_dict(COMPANY, [company, computed_at, data_at, after, position])
        if not rows:
            raise Overtaken(f"revision {after} is not the last one any more")
        revision = int(rows[0]["revision"])
        await connection.execute_query_dict(MEMBERS, [revision, computed_at, data_at, *columns])
        for notice in notices(revision, topics):
            await connection.execute_query("SELECT pg_notify($1, $2)", [STANDINGS_CHANNEL, notice])
    return revision


async def keep_last(period: str) -> None:
    """Keep what members were shown last in the periods before this one, where it is not kept yet."""
    await get_connection("default").execute_query(KEEP_LAST, [period])


async def last_shown(period: str) -> tuple[dict[str, str], int]:
    """Return what members were shown last in a period, by code, and how far the log of entries was read for it."""
    rows = await get_connection("default").execute_query_dict(LAST_SHOWN, [period])
    return {row["code"]: row["document"] for row in rows}, max((row["position"] for row in rows), default=0)


def notices(revision: int, topics: Sequence[str]) -> Iterator[str]:
    """Yield `{"revision": 7, "members": ["M1", …]}` in as many notices as the channel's limit asks for."""
    some: list[str] = []
    size = 0
    for topic in topics:
        length = len(msgspec.json.encode(topic)) + 1
        if some and size + length > NOTICE_BYTES:
            yield _notice(revision, some)
            some, size = [], 0
        some.append(topic)
        size += length
    if some:
        yield _notice(revision, some)


def _notice(revision: int, topics: Sequence[str]) -> str:
    return msgspec.json.encode({"revision": revision, "members": topics}).decode()


COMPANY = """
INSERT INTO company_standing AS held (id, revision, computed_at, data_at, document, position)
VALUES (1, 1, $2, $3, $1, $5)
ON CONFLICT (id) DO UPDATE
SET revision = held.revision + 1, computed_at = $2, data_at = $3, document = $1, position = $5 WHERE held.revision = $4
RETURNING revision
"""

KEEP_LAST = """
INSERT INTO last_projection (period, member_id, position, document)
SELECT shown.document::jsonb ->> 'period', shown.member_id, company.position, shown.document
FROM member_standing AS shown, company_standing AS company
WHERE company.document::jsonb ->> 'period' < $1 AND shown.document::jsonb ->> 'period' < $1
ON CONFLICT DO NOTHING
"""

LAST_SHOWN = """
SELECT member.code, kept.document, kept.position FROM last_projection AS kept JOIN member ON member.id = kept.member_id
WHERE kept.period = $1
"""

LAST_SPONSORS = """
SELECT member.code, sponsor.code AS sponsor
FROM member_standing AS shown JOIN member ON member.id = member_id
LEFT JOIN member AS sponsor ON sponsor.id = sponsor_id
"""

MEMBERS = """
INSERT INTO member_standing (member_id, sponsor_id, revision, computed_at, data_at, people, gv_points, document)
SELECT member.id, sponsor.id, $1, $2, $3, said.people, said.gv, said.document
FROM unnest($4::text[], $5::text[], $6::int[], $7::bigint[], $8::text[]) AS said (code, sponsor, people, gv, document)
JOIN member ON member.code = said.code LEFT JOIN member AS sponsor ON sponsor.code = said.sponsor
ON CONFLICT (member_id) DO UPDATE
SET sponsor_id = excluded.sponsor_id, revision = $1, computed_at = $2, data_at = $3,
    people = excluded.people, gv_points = excluded.gv_points, document = excluded.document
RETURNING member_id
"""
