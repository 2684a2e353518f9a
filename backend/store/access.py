"""
Sign-in links and sessions in the tables: only hashes of tokens are kept, and the database says what has expired.
"""

from hashlib import sha256

from msgspec import Struct
from tortoise.connection import get_connection


class Access(Struct, frozen=True, kw_only=True):
    """Who may come in: `member` with a code, or `operator` without one."""

    role: str
    member_code: str


def hashed(token: str) -> str:
    """Return what is kept of a token."""
    return sha256(token.encode()).hexdigest()


async def add_link(token: str, *, role: str, member_code: str | None, days: int) -> bool:
    """Keep a link for some days; False where no member bears the code."""
    written = await get_connection("default").execute_query_dict(ADD_LINK, [hashed(token), role, member_code, days])
    return bool(written)


async def link_of(token: str) -> Access | None:
    """Return for whom a link is, or None where it is false or has expired."""
    return await _access(LINK, token)


async def add_session(token: str, *, of_link: str, days: int) -> None:
    """Begin a session for whom a link is."""
    await get_connection("default").execute_query(ADD_SESSION, [hashed(token), hashed(of_link), days])


async def session_of(token: str) -> Access | None:
    """Return whose session a token is, or None where it is false or has expired."""
    return await _access(SESSION, token)


async def end_session(token: str) -> None:
    """Forget a session."""
    await get_connection("default").execute_query("DELETE FROM session WHERE token_hash = $1", [hashed(token)])


async def purge_expired() -> int:
    """Delete the links and sessions that let nobody in any more; return how many."""
    rows = await get_connection("default").execute_query_dict(PURGE)
    return int(rows[0]["purged"])


async def _access(query: str, token: str) -> Access | None:
    rows = await get_connection("default").execute_query_dict(query, [hashed(token)])
    return Access(**rows[0]) if rows else None


ADD_LINK = """
INSERT INTO sign_in_link (token_hash, role, member_id, expires_at)
SELECT $1, $2, member.id, now() + make_interval(days => $4)
FROM (SELECT 1) AS one LEFT JOIN member ON member.code = $3
WHERE ($3::text IS NULL) = (member.id IS NULL)
RETURNING token_hash
"""

WHOSE = """
SELECT role, coalesce(member.code, '') AS member_code
FROM {table} AS held LEFT JOIN member ON member.id = held.member_id
WHERE token_hash = $1 AND expires_at > now()
"""

LINK = WHOSE.format(table="sign_in_link")
SESSION = WHOSE.format(table="session")

ADD_SESSION = """
INSERT INTO session (token_hash, role, member_id, created_at, expires_at)
SELECT $1, role, member_id, now(), now() + make_interval(days => $3)
FROM sign_in_link WHERE token_hash = $2
"""

PURGE = """
WITH links AS (DELETE FROM sign_in_link WHERE expires_at <= now() RETURNING 1),
     sessions AS (DELETE FROM session WHERE expires_at <= now() RETURNING 1)
SELECT (SELECT count(*) FROM links) + (SELECT count(*) FROM sessions) AS purged
"""
