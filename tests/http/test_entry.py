"""
Coming in, on a real database: links become sessions, sessions end, and a database that is away is told politely.
"""

from backend.flows.create_sign_in_link import create_sign_in_link
from tests.http.test_intake import Door, door

__all__ = ["door"]


async def test_a_link_of_the_database_lets_a_member_in_and_out(door: Door) -> None:
    """A real link leads to the member's page, which has no numbers yet; signing out ends the session for good."""
    link = await create_sign_in_link(member_code="LEG")
    entered = await door.client.get(link)
    assert (303, "/today") == (entered.status_code, entered.headers["location"])
    assert 1 == await door.ask("SELECT count(*) FROM session")
    assert "no numbers for it yet" in (await door.client.get("/today")).text
    assert 303 == (await door.client.post("/sign-out")).status_code
    assert 0 == await door.ask("SELECT count(*) FROM session")


async def test_an_operator_comes_to_the_company(door: Door) -> None:
    """A link without a member leads to the company's page, and a member's page stays closed."""
    entered = await door.client.get(await create_sign_in_link(member_code=None))
    assert "/company" == entered.headers["location"]
    assert 403 == (await door.client.get("/today")).status_code


async def test_only_the_hash_of_a_session_is_kept(door: Door) -> None:
    """Who reads the database cannot sign in with what stands there."""
    entered = await door.client.get(await create_sign_in_link(member_code="LEG"))
    kept = await door.ask("SELECT token_hash FROM session")
    assert kept not in entered.headers["set-cookie"]
    door.client.cookies.clear()
    assert 401 == (await door.client.get("/today", headers={"cookie": f"handrail={kept}"})).status_code


async def test_a_forged_link_lets_nobody_in(door: Door) -> None:
    """A link that the database does not know is refused, whatever it looks like."""
    for link in ("/sign-in/x", "/sign-in/'%20OR%201=1--", "/sign-in/" + "a" * 5000):
        assert 401 == (await door.client.get(link)).status_code
