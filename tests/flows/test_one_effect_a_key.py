"""
One key has one effect, however often, however concurrently and in whatever company it is sent.
"""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from msgspec.structs import replace
from tortoise.connection import get_connection

from backend.flows.import_company import import_company
from backend.intake.order_body import OrderBody
from backend.kernel.period import Period
from backend.plan.reading import read_plan
from backend.plan.resolve import terms_on
from backend.plan.terms import Terms
from backend.store.database import opened
from backend.store.rolls import volumes_of
from tests.taken_orders import take_orders

PLAN = Path(__file__).parents[2] / "manifest/plans/stairstep.toml"
ZONE = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 10, 20, 12, tzinfo=UTC)
MEMBERS = b"member,sponsor,name,joined\nTOP,,Amara,2025-01-01\nLEG,TOP,Mei,2025-02-01\n"
NO_ORDERS = b"order,kind,member,customer,placed_at,pv,cv,returns\n"
AN_ORDER = OrderBody(
    order="s-1",
    kind="order",
    member="LEG",
    customer="c-1",
    placed_at=datetime(2026, 10, 19, 9, tzinfo=UTC),
    pv_points=50_00,
    cv_points=45_00,
    returns=None,
)
A_RETURN = replace(AN_ORDER, order="r-1", kind="return", returns="s-1", placed_at=datetime(2026, 10, 20, tzinfo=UTC))


@pytest.fixture
async def company(database: str) -> AsyncIterator[None]:
    """Open a company of two members and no order."""
    async with opened(database):
        await import_company(
            members_csv=MEMBERS, orders_csv=NO_ORDERS, plan_source=PLAN.read_text(), name="Two", zone=ZONE, now=NOW
        )
        yield


@cache
def plan_terms() -> Terms:
    """Return what the plan that ships says on the day of the tests."""
    return terms_on(read_plan(PLAN.read_text(), "plan"), NOW.date())


async def take(*orders: OrderBody) -> list[str]:
    """Take orders as one message of the shop; return what became of each."""
    return [one.status for one in await take_orders(shop="till", orders=orders, now=NOW, zone=ZONE, terms=plan_terms())]


async def entries() -> list[tuple[str, int]]:
    """Return the keys and the volumes that count, in the order of their keys."""
    rows = await get_connection("default").execute_query_dict(
        "SELECT key, entry.pv_points AS pv FROM sales_order JOIN volume_entry AS entry ON order_id = sales_order.id"
        " ORDER BY key, position"
    )
    return [(row["key"], row["pv"]) for row in rows]


async def provisional(now: datetime) -> int:
    """Return how much of October may still come back, hundredths of a point."""
    return int((await volumes_of(Period(2026, 10), now=now)).provisional_pv.sum())


async def test_two_hundred_at_once_are_one(company: None) -> None:
    """Of 200 messages with one key that arrive together, one is accepted and the others are told that it was."""
    statuses = [status for answer in await asyncio.gather(*(take(AN_ORDER) for _ in range(200))) for status in answer]

    assert (1, 199) == (statuses.count("accepted"), statuses.count("repeated"))
    assert [("s-1", 50_00)] == await entries()


async def test_messages_that_overlap_crosswise_end(company: None) -> None:
    """Messages that hold the same twenty keys in opposite order neither lock each other out nor count twice."""
    orders = [replace(AN_ORDER, order=f"s-{number}") for number in range(20)]
    answers = await asyncio.gather(*(take(*orders[:: 1 if turn % 2 else -1]) for turn in range(20)))

    assert 20 == sum(answer.count("accepted") for answer in answers)
    assert 20 == len(await entries())


async def test_another_body_under_a_key_is_refused(company: None) -> None:
    """The same key with another volume changes nothing, and says so."""
    assert ["accepted"] == await take(AN_ORDER)
    assert ["refused"] == await take(replace(AN_ORDER, pv_points=60_00))
    assert [("s-1", 50_00)] == await entries()


async def test_a_key_twice_in_a_message_counts_once(company: None) -> None:
    """The second of two equal orders in one message is a repetition."""
    assert ["accepted", "repeated"] == await take(AN_ORDER, AN_ORDER)
    assert [("s-1", 50_00)] == await entries()


async def test_a_refused_order_leaves_the_others_alone(company: None) -> None:
    """An order from the future is refused, one of a stranger is held; the one beside them is accepted."""
    future = replace(AN_ORDER, order="s-2", placed_at=NOW + timedelta(days=1))
    nobody = replace(AN_ORDER, order="s-0", member="NOBODY")
    assert ["refused", "held", "accepted"] == await take(future, nobody, AN_ORDER)
    assert [("s-1", 50_00)] == await entries()


async def test_an_order_and_its_return_in_one_message(company: None) -> None:
    """A return may come with its order, in any order, and takes off what the order gave."""
    assert {"accepted"} == set(await take(A_RETURN, AN_ORDER))
    assert [("r-1", -50_00), ("s-1", 50_00)] == await entries()


async def test_an_order_is_provisional_until_its_window_closes(company: None) -> None:
    """What may still come back is the order less what has come back of it, and nothing once the window has closed."""
    half = replace(A_RETURN, pv_points=20_00, cv_points=20_00)
    assert ["accepted", "accepted"] == await take(AN_ORDER, half)

    assert 30_00 == await provisional(NOW)
    assert 0 == await provisional(AN_ORDER.placed_at + timedelta(days=plan_terms().markets[0].return_days))


async def test_a_return_of_last_month_leaves_nothing_provisional(company: None) -> None:
    """A return lowers this month for good; what may still come back of this month is never less than nothing."""
    of_september = replace(AN_ORDER, placed_at=datetime(2026, 9, 28, tzinfo=UTC))
    assert ["accepted", "accepted"] == await take(of_september, A_RETURN)

    assert 0 == await provisional(NOW)


async def test_of_many_returns_at_once_no_more_comes_back_than_was_bought(company: None) -> None:
    """Of ten returns of 30 points of an order of 50 that arrive together, one is accepted."""
    await take(AN_ORDER)
    returns = [replace(A_RETURN, order=f"r-{number}", pv_points=30_00, cv_points=20_00) for number in range(10)]
    answers = await asyncio.gather(*(take(one) for one in returns))

    assert 1 == sum(answer.count("accepted") for answer in answers)
    assert 20_00 == sum(pv for _, pv in await entries())


async def test_without_its_entry_an_order_does_not_exist(company: None) -> None:
    """Where the entry of volume cannot be written, the order is not written either."""
    database = get_connection("default")
    await database.execute_script("ALTER TABLE volume_entry ADD CONSTRAINT none_at_all CHECK (pv_points = 1) NOT VALID")
    with pytest.raises(Exception, match="none_at_all"):
        await take(AN_ORDER)
    await database.execute_script("ALTER TABLE volume_entry DROP CONSTRAINT none_at_all")

    assert ["accepted"] == await take(AN_ORDER)
    assert [("s-1", 50_00)] == await entries()
