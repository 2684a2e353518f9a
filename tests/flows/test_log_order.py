"""
The log of entries is followed by position: whoever has read up to a position has missed nothing below it.
"""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from msgspec.structs import replace

from backend.flows.close_behind import close_behind
from backend.flows.import_company import import_company
from backend.flows.memory import Memory
from backend.flows.recall import recall
from backend.intake.order_body import OrderBody
from backend.kernel.period import Period
from backend.plan.reading import read_plan
from backend.plan.resolve import terms_on
from backend.plan.terms import Terms
from backend.store.adding import Accepted, add_orders
from backend.store.database import opened
from backend.store.orders import open_ledger
from tests.taken_orders import take_orders

PLAN = Path(__file__).parents[2] / "manifest/plans/stairstep.toml"
ZONE = ZoneInfo("UTC")
NOW = datetime(2026, 10, 20, 12, tzinfo=UTC)
SEPTEMBER = Period(2026, 9)
MEMBERS = b"member,sponsor,name,joined\nTOP,,Amara,2025-01-01\nLEG,TOP,Mei,2025-02-01\n"
AN_ORDER_IN_AUGUST = (
    b"order,kind,member,customer,placed_at,pv,cv,returns\nA-1,order,LEG,,2026-08-03T10:00:00Z,10.00,10.00,\n"
)
LATE = OrderBody(
    order="late",
    kind="order",
    member="LEG",
    customer=None,
    placed_at=datetime(2026, 9, 29, 9, tzinfo=UTC),
    pv_points=50_00,
    cv_points=50_00,
    returns=None,
)
FRESH = replace(LATE, order="fresh", placed_at=datetime(2026, 10, 19, 9, tzinfo=UTC))


@cache
def plan_terms() -> Terms:
    """Return what the plan that ships says on the day of the tests."""
    return terms_on(read_plan(PLAN.read_text(), "plan"), NOW.date())


@pytest.fixture
async def memory(database: str) -> AsyncIterator[Memory]:
    """Yield what a worker holds of a company of two members who bought once, in August."""
    async with opened(database):
        await import_company(
            members_csv=MEMBERS,
            orders_csv=AN_ORDER_IN_AUGUST,
            plan_source=PLAN.read_text(),
            name="Two",
            zone=ZONE,
            now=NOW,
        )
        recalled = await recall(NOW)
        assert recalled is not None
        yield recalled


async def take(order: OrderBody) -> str:
    """Take one order of the shop; return what became of it."""
    (taken,) = await take_orders(shop="till", orders=[order], now=NOW, zone=ZONE, terms=plan_terms())
    return taken.status


async def take_slowly(order: OrderBody, written: asyncio.Event, commit: asyncio.Event) -> None:
    """Write an order, and commit it only when told to."""
    async with open_ledger() as ledger:
        await add_orders(ledger.connection, "slow", [row(order)], NOW)
        written.set()
        await commit.wait()


def row(order: OrderBody) -> Accepted:
    """Return the row that an order of the member LEG becomes."""
    return Accepted(
        key=order.order,
        kind=order.kind,
        member_id=1,
        customer=None,
        placed_at=order.placed_at,
        pv_points=order.pv_points,
        cv_points=order.cv_points,
        returns=None,
        body_digest=order.digest(),
        period=str(Period.of(order.placed_at, ZONE)),
        origin="",
        own=True,
        firm_at=order.placed_at,
    )


async def test_a_late_order_recomputes_its_period(memory: Memory) -> None:
    """An order that arrives after its period's end counts in that period."""
    await close_behind(memory, NOW)
    assert "accepted" == await take(LATE)
    await close_behind(memory, NOW)

    assert 50_00 == memory.closed[SEPTEMBER].gv["TOP"]


async def test_an_order_that_is_slow_to_commit_is_not_passed_over(memory: Memory) -> None:
    """Between an order's writing and its commit no other can be read with a higher position."""
    written, commit = asyncio.Event(), asyncio.Event()
    slow = asyncio.create_task(take_slowly(LATE, written, commit))
    await written.wait()
    fresh = asyncio.create_task(take(FRESH))
    await asyncio.wait([fresh], timeout=0.3)
    await close_behind(memory, NOW)
    commit.set()
    await slow
    assert "accepted" == await fresh
    await close_behind(memory, NOW)

    assert 50_00 == memory.closed[SEPTEMBER].gv["TOP"]
