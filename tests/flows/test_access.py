"""
Who comes in: a link begins sessions until it expires, each session ends by itself, and only hashes are kept.
"""

from collections.abc import AsyncIterator

import pytest
from tortoise.connection import get_connection

from backend.flows.create_sign_in_link import create_sign_in_link
from backend.flows.sign_in import sign_in
from backend.flows.sign_out import sign_out
from backend.kernel.finding import Refused
from backend.store.access import Access
from backend.store.database import opened
from backend.store.views import session_of
from tests.flows.companies import found

PREFIX = "/sign-in/"
MEI = Access(role="member", member_code="LEG")
OPERATOR = Access(role="operator", member_code="")


@pytest.fixture(autouse=True)
async def company(database: str) -> AsyncIterator[None]:
    """Open a small company."""
    async with opened(database):
        await found()
        yield


async def link_for(member: str | None) -> str:
    """Return the token of a fresh link."""
    return (await create_sign_in_link(member_code=member)).removeprefix(PREFIX)


async def session_for(member: str | None) -> str:
    """Return the token of a session that has begun by a fresh link."""
    signed_in = await sign_in(await link_for(member))
    assert signed_in is not None
    return signed_in.token


async def expire(table: str) -> None:
    """Let everything in a table expire at this moment."""
    await get_connection("default").execute_query(f"UPDATE {table} SET expires_at = now()")


@pytest.mark.parametrize(("member", "who"), [("LEG", MEI), (None, OPERATOR)])
async def test_a_link_begins_a_session(member: str | None, who: Access) -> None:
    """The session is the member's, or an operator's who is no member."""
    signed_in = await sign_in(await link_for(member))

    assert signed_in is not None
    assert who == Access(role=signed_in.role, member_code=signed_in.member_code)
    assert who == await session_of(signed_in.token)


async def test_a_link_is_for_somebody() -> None:
    """For an id that nobody bears there is none, an empty one included."""
    for code in ("NOBODY", "", "leg"):
        with pytest.raises(Refused, match="member-unknown"):
            await create_sign_in_link(member_code=code)


async def test_a_false_token_opens_nothing() -> None:
    """Neither a guess, nor a link's token as a session, nor a session's token as a link."""
    link, session = await link_for("LEG"), await session_for("LEG")

    assert [None, None, None] == [await session_of(token) for token in ("", "guess", link)]
    assert [None, None, None] == [await sign_in(token) for token in ("", "guess", session)]


async def test_an_expired_link_begins_nothing() -> None:
    """A link is over at its instant; sessions that it began live on."""
    link = await link_for("LEG")
    signed_in = await sign_in(link)
    await expire("sign_in_link")

    assert signed_in is not None
    assert (None, MEI) == (await sign_in(link), await session_of(signed_in.token))


async def test_an_expired_session_is_over() -> None:
    """At its instant a session is nobody's."""
    session = await session_for("LEG")
    await expire("session")

    assert await session_of(session) is None


async def test_signing_out_ends_one_session() -> None:
    """Of two phones by one link one signs out, twice, and the other stays."""
    link = await link_for("LEG")
    one, other = await sign_in(link), await sign_in(link)
    assert one is not None
    assert other is not None
    assert one.token != other.token
    await sign_out(one.token)
    await sign_out(one.token)

    assert (None, MEI) == (await session_of(one.token), await session_of(other.token))


async def test_no_token_stands_in_the_database() -> None:
    """Whoever copies the tables can come in nowhere: no row holds a token, in part or whole."""
    link = await link_for("LEG")
    signed_in = await sign_in(link)
    assert signed_in is not None
    rows = [
        str(row)
        for table in ("sign_in_link", "session")
        for row in await get_connection("default").execute_query_dict(f"SELECT * FROM {table}")
    ]

    assert 2 == len(rows)
    assert not [row for row in rows for token in (link, signed_in.token) if token[:12] in row]
