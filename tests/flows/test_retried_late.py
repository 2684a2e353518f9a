"""
What is sent again after weeks, when its month is closed and its windows are over, is known and changes nothing.
"""

import json
from datetime import UTC, datetime

from tortoise.connection import get_connection

from backend.flows.close_period import close_period
from backend.flows.set_clock import set_clock
from backend.flows.take_event_message import take_event_message
from backend.kernel.period import Period
from backend.store.database import opened
from tests.flows.companies import found

OCTOBER = datetime(2026, 10, 25, 12, tzinfo=UTC)
DECEMBER = datetime(2026, 12, 5, 12, tzinfo=UTC)
EVENTS = [
    {"kind": "member", "member": "NEW", "sponsor": "LEG", "joined": "2026-10-01", "market": "EU"},
    {"kind": "placement", "member": "NEW", "sponsor": "TOP", "from": "2026-10-05"},
    {"kind": "placement", "member": "NEW", "sponsor": "LEG", "from": "2026-10-05", "correction": "1"},
    {"kind": "enrolment", "member": "NEW", "enroller": "TOP", "from": "2026-10-05"},
    {"kind": "customer", "customer": "C1", "member": "NEW", "type": "retail", "from": "2026-10-02"},
    {
        "kind": "customer",
        "customer": "C1",
        "member": "NEW",
        "type": "preferred",
        "from": "2026-10-09",
        "correction": "1",
    },
    {"kind": "fact", "member": "NEW", "from": "2026-10-05", "fact": "training", "value": "yes"},
    {"kind": "product", "product": "KIT", "prices": [{"from": "2026-01-01", "pv": "30", "cv": "27"}]},
    {"kind": "product", "product": "BOX", "parts": {"KIT": 2}},
    {"kind": "price", "product": "KIT", "market": "EU", "from": "2026-10-01", "pv": "25", "cv": "22.50"},
    {"kind": "order", "order": "A1", "member": "NEW", "customer": "C1", "placed_at": "2026-10-10T10:00:00Z"}
    | {"lines": [{"product": "BOX", "units": 2}]},
    {"kind": "return", "order": "R1", "member": "NEW", "returns": "A1", "placed_at": "2026-10-11T10:00:00Z"}
    | {"lines": [{"product": "BOX", "units": 1}]},
    {
        "kind": "refund",
        "order": "R2",
        "member": "NEW",
        "returns": "A1",
        "placed_at": "2026-10-12",
        "pv": "10",
        "cv": "9",
    },
    {"kind": "cancellation", "order": "X1", "returns": "A1", "placed_at": "2026-10-13"},
    {"kind": "leaving", "member": "NEW", "on": "2026-12-20"},
]
EARLY = {"kind": "order", "order": "E1", "member": "LATE", "placed_at": "2026-10-14", "pv": "5", "cv": "5"}
TABLES = ("member", "placement", "enrolment", "departure", "customer", "stated_fact", "product", "product_price")
TABLES = (*TABLES, "bundle_part", "sales_order", "ordered_product", "volume_entry", "accepted_event", "held_event")


async def told(*events: object, at: datetime) -> list[str]:
    """Tell events at a time of the company's, and return what became of each."""
    await set_clock(real_at=datetime.now(UTC), company_at=at, speed=1)
    receipt = await take_event_message(source="erp", raw=json.dumps(events).encode())
    return [one.status for one in receipt.results]


async def counts() -> list[int]:
    """Return how many rows each table has."""
    query = " UNION ALL ".join(
        f"SELECT {at} AS at, count(*)::int AS rows FROM {name}" for at, name in enumerate(TABLES)
    )
    return [row["rows"] for row in await get_connection("default").execute_query_dict(f"{query} ORDER BY at")]


async def test_all_that_was_told_is_known_after_its_month_is_closed(database: str) -> None:
    """Each kind once in October, and again in December one by one, behind the close: repeated, or held as before."""
    async with opened(database):
        await found(now=OCTOBER)
        assert ["accepted"] * len(EVENTS) == await told(*EVENTS, at=OCTOBER)
        assert ["held"] == await told(EARLY, at=OCTOBER)
        await set_clock(real_at=datetime.now(UTC), company_at=DECEMBER, speed=1)
        await close_period(Period(2026, 10))
        before = await counts()
        again = [status for event in reversed(EVENTS) for status in await told(event, at=DECEMBER)]

        assert ["repeated"] * len(EVENTS) == again
        assert ["held"] == await told(EARLY, at=DECEMBER)
        assert before == await counts()
        changed = {**EVENTS[-5], "lines": [{"product": "BOX", "units": 1}]}
        assert ["refused"] == await told(changed, at=DECEMBER)
