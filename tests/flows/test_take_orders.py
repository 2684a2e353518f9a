"""
Taking orders: each is accepted, recognised or refused by name, counts in its own period, and is whole or not there.
"""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import asyncpg
import pytest
from tortoise.connection import get_connection

from backend.intake.order_body import OrderBody
from backend.store.away import AWAY
from backend.store.database import ORDERS_CHANNEL, opened
from backend.store.orders import LOG_LOCK
from tests.flows.companies import NOW, ZONE, codes, found, order, take

BOUGHT = datetime(2026, 11, 19, 9, tzinfo=UTC)
LATER = datetime(2026, 11, 20, 9, tzinfo=UTC)


@pytest.fixture
async def company(database: str) -> AsyncIterator[str]:
    """Open a company of three members and no order; yield the database's address."""
    async with opened(database):
        await found()
        yield database


def a_return(key: str, of: str = "A-1", **said: object) -> OrderBody:
    """Return a return of a whole order of 50 points."""
    return order(key, returns=of, placed_at=LATER, **said)


async def entries(key: str) -> list[dict[str, object]]:
    """Return the entries that a key has."""
    return await get_connection("default").execute_query_dict(
        "SELECT period, own, at, entry.pv_points AS pv, entry.cv_points AS cv, firm_at"
        " FROM volume_entry AS entry JOIN sales_order ON sales_order.id = order_id WHERE key = $1",
        [key],
    )


async def how_many(table: str) -> int:
    """Count the rows of a table."""
    (row,) = await get_connection("default").execute_query_dict(f"SELECT count(*) AS rows FROM {table}")
    return int(row["rows"])


PART = {"pv_points": 10_00, "cv_points": 9_00}
REST = {"pv_points": 40_00, "cv_points": 36_00}
WRONG = [
    (order("A-2", member="LOW", placed_at=datetime(2026, 11, 9, 22, 59, tzinfo=UTC)), "order-before-joining"),
    (order("A-2", placed_at=NOW + timedelta(minutes=5, seconds=1)), "order-ahead"),
    (a_return("A-2", of="R-1"), "return-of-unknown"),
    (a_return("A-2", member="TOP", **PART), "return-by-other"),
    (a_return("A-2", customer="C-2", **PART), "return-by-other"),
    (order("A-2", returns="A-1", placed_at=BOUGHT - timedelta(seconds=1), **PART), "return-before-order"),
    (a_return("A-2", pv_points=40_01, cv_points=1), "return-exceeds"),
    (a_return("A-2", pv_points=1, cv_points=36_01), "return-exceeds"),
    (order("A-1", pv_points=1), "key-reused"),
    (order("R-1"), "key-reused"),
]
FINE = [
    order("B-1", member="LOW", placed_at=datetime(2026, 11, 9, 23, tzinfo=UTC)),
    order("B-2", placed_at=NOW + timedelta(minutes=5)),
    order("B-3", pv_points=0, cv_points=0),
    order("B-4", returns="A-1", placed_at=BOUGHT, pv_points=0, cv_points=0),
    a_return("B-5", customer=None, **REST),
]


async def test_what_cannot_be_is_refused_by_name(company: str) -> None:
    """Beside an order of which 10 points came back, each impossible order has its reason and leaves no trace."""
    await take(order("A-1"), a_return("R-1", **PART))

    for wrong, code in WRONG:
        taken = await take(wrong)
        assert ([[code]], ["refused"]) == (codes(taken), [one.status for one in taken])
    assert 2 == await how_many("sales_order") == await how_many("volume_entry")


async def test_what_lies_on_the_line_is_accepted(company: str) -> None:
    """The first instant of the day of joining, five minutes ahead, at the order's moment, and all that is left."""
    await take(order("A-1"), a_return("R-1", **PART))

    assert ["accepted"] * len(FINE) == [one.status for one in await take(*FINE)]


async def test_all_reasons_are_given_at_once(company: str) -> None:
    """A return of another member's order, from the future and too large, hears all three."""
    await take(order("A-1"))
    wrong = order("R-1", returns="A-1", member="TOP", placed_at=NOW + timedelta(days=1), pv_points=50_01)

    assert [["order-ahead", "return-by-other", "return-exceeds"]] == codes(await take(wrong))


async def test_several_returns_take_no_more_than_the_order(company: str) -> None:
    """Of three returns of 20 points within one message the third is too much, and the rest of 10 still is not."""
    await take(order("A-1"))
    returns = [a_return(f"R-{number}", pv_points=20_00, cv_points=18_00) for number in range(3)]
    taken = await take(*returns, a_return("R-3", pv_points=10_00, cv_points=9_00))

    assert ["accepted", "accepted", "refused", "accepted"] == [one.status for one in taken]


async def test_a_refused_return_takes_nothing_of_its_order(company: str) -> None:
    """A return by somebody else is refused, and the buyer's own in the same message is still whole."""
    await take(order("A-1"))
    taken = await take(a_return("R-1", member="TOP"), a_return("R-2"))

    assert [["return-by-other"], []] == codes(taken)
    assert ["refused", "accepted"] == [one.status for one in taken]


async def test_a_return_belongs_to_who_bought(company: str) -> None:
    """A return that names no customer is still the customer's, so it never lowers own volume."""
    await take(order("A-1"), a_return("R-1", customer=None))
    (entry,) = await entries("R-1")

    assert (False, -50_00, -45_00) == (entry["own"], entry["pv"], entry["cv"])


EDGES = {
    datetime(2026, 10, 31, 22, 59, 59, 999_999, tzinfo=UTC): "2026-10",
    datetime(2026, 10, 31, 23, tzinfo=UTC): "2026-11",
    datetime(2026, 9, 30, 21, 59, 59, tzinfo=UTC): "2026-09",
    datetime(2026, 9, 30, 22, tzinfo=UTC): "2026-10",
    datetime(2026, 10, 25, 0, 30, tzinfo=UTC): "2026-10",
    datetime(2026, 10, 25, 1, 30, tzinfo=UTC): "2026-10",
}


async def test_a_month_ends_at_the_company_s_midnight(company: str) -> None:
    """Berlin's October of 2026 begins at 22:00 and ends at 23:00 UTC, because the clocks change within it."""
    await take(*(order(f"A-{at}", placed_at=placed_at.astimezone(ZONE)) for at, placed_at in enumerate(EDGES)))

    for at, (placed_at, period) in enumerate(EDGES.items()):
        (entry,) = await entries(f"A-{at}")
        assert (period, placed_at) == (entry["period"], entry["at"])


async def test_a_return_counts_when_it_happens(company: str) -> None:
    """What was bought in October and comes back in November lowers November, for good."""
    await take(order("A-1", placed_at=datetime(2026, 10, 30, tzinfo=UTC)), a_return("R-1"))
    (bought,), (back,) = await entries("A-1"), await entries("R-1")

    assert ("2026-10", 50_00) == (bought["period"], bought["pv"])
    assert ("2026-11", -50_00, LATER) == (back["period"], back["pv"], back["firm_at"])


async def test_volume_is_firm_after_the_market_s_window(company: str) -> None:
    """Thirty days in the United States and fourteen in the Union; a return within the month is as open as its order."""
    for member, days in (("TOP", 30), ("LEG", 14)):
        bought, back = f"A-{member}", f"R-{member}"
        await take(order(bought, member=member), a_return(back, bought, member=member))
        firm_at = [entry["firm_at"] for key in (bought, back) for entry in await entries(key)]
        assert [BOUGHT + timedelta(days=days)] * 2 == firm_at


async def test_the_announcement_comes_with_the_commit(company: str) -> None:
    """Who listens hears nothing of an order that is written, and hears of it once it can be read."""
    heard: asyncio.Queue[int] = asyncio.Queue()
    listener = await asyncpg.connect(company)
    await listener.add_listener(ORDERS_CHANNEL, lambda *_: heard.put_nowait(1))
    blocker = await asyncpg.connect(company)
    async with blocker.transaction():
        await blocker.execute("LOCK TABLE volume_entry IN SHARE MODE")
        taking = asyncio.create_task(take(order("A-1")))
        await asyncio.sleep(0.2)
        assert (heard.empty(), taking.done()) == (True, False)
    await asyncio.wait_for(heard.get(), 5)
    seen = await blocker.fetchval("SELECT count(*) FROM volume_entry")
    await asyncio.gather(taking, listener.close(), blocker.close())

    assert 1 == seen


async def test_a_message_that_changes_nothing_announces_nothing(company: str) -> None:
    """A repetition, a refusal and what is held wake nobody."""
    await take(order("A-1"))
    heard: list[object] = []
    listener = await asyncpg.connect(company)
    await listener.add_listener(ORDERS_CHANNEL, lambda *said: heard.append(said))
    await take(order("A-1"), order("A-2", member="NOBODY"), order("A-1", pv_points=1))
    await listener.execute("SELECT 1")
    await listener.close()

    assert [] == heard


async def test_a_backend_that_dies_midway_leaves_nothing(company: str) -> None:
    """Killed between the orders and the entries, nothing of the message is there, and it can be sent again."""
    blocker = await asyncpg.connect(company)
    message = [order(f"A-{number}") for number in range(10)]
    async with blocker.transaction():
        await blocker.execute("LOCK TABLE volume_entry IN SHARE MODE")
        taking = asyncio.create_task(take(*message))
        await waiting(blocker)
        await blocker.execute("SELECT pg_terminate_backend(pid, 5000) FROM pg_locks WHERE NOT granted")
        with pytest.raises(AWAY):
            await taking
    await blocker.close()

    assert (0, 0) == (await how_many("sales_order"), await how_many("volume_entry"))
    assert ["accepted"] * 10 == [one.status for one in await take(*message)]


async def waiting(connection: "asyncpg.Connection[asyncpg.Record]") -> None:
    """Wait until somebody waits for a lock of the database."""
    async with asyncio.timeout(5):
        while not await connection.fetchval("SELECT count(*) FROM pg_locks WHERE NOT granted"):  # noqa: ASYNC110
            await asyncio.sleep(0.02)


async def test_two_processes_take_turns(company: str) -> None:
    """While another process writes to the log of entries a message waits, and is taken afterwards."""
    other = await asyncpg.connect(company)
    await other.execute("SELECT pg_advisory_lock($1)", LOG_LOCK)
    taking = asyncio.create_task(take(order("A-1")))
    await waiting(other)
    assert 0 == await other.fetchval("SELECT count(*) FROM sales_order")
    await other.close()

    assert ["accepted"] == [one.status for one in await asyncio.wait_for(taking, 5)]
