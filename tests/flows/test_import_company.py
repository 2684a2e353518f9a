"""
An import writes exactly what the files say, all of it or nothing, once; afterwards the shop's door goes on from there.
"""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest
from tortoise.connection import get_connection

from backend.flows.import_company import Imported
from backend.intake.order_message import read_each
from backend.kernel.finding import Refused
from backend.store.database import opened
from tests.flows.companies import MEMBERS, NOW, PLAN, ZONE, found, order, orders_csv, take

ROWS = (
    "A-1,order,LEG,C-1,2026-10-30T09:00:00+01:00,50.00,45.00,",
    "A-2,order,TOP,,2026-11-02,120.5,100,",
    "R-1,return,LEG,,2026-11-03T09:00:00Z,20,18,A-1",
)
ORDERS = orders_csv(*ROWS)


@pytest.fixture
async def store(database: str) -> AsyncIterator[None]:
    """Open an empty database."""
    async with opened(database):
        yield


async def rows(query: str) -> list[tuple[object, ...]]:
    """Return the rows of a query."""
    return [tuple(row.values()) for row in await get_connection("default").execute_query_dict(query)]


async def test_every_row_of_the_files_is_there(store: None) -> None:
    """Members with their sponsors, orders with what they return, and the volume of each."""
    assert Imported(members=3, orders=3, left_out=0) == await found(orders=ORDERS)
    members = await rows(
        "SELECT member.code, member.name, member.joined_on::text, member.market, sponsor.code AS sponsor,"
        " since = member.joined_on AS placed FROM placement JOIN member ON member.id = member_id"
        " LEFT JOIN member AS sponsor ON sponsor.id = sponsor_id ORDER BY member.id"
    )
    volume = await rows(
        "SELECT key, kind, customer, entry.period, own, entry.pv_points, entry.cv_points, returns_id"
        " FROM volume_entry AS entry JOIN sales_order ON sales_order.id = order_id ORDER BY position"
    )

    assert [
        ("TOP", "Amara", "2025-01-01", "US", None, True),
        ("LEG", "Mei", "2025-02-01", "EU", "TOP", True),
        ("LOW", "Jonas", "2026-11-10", "US", "LEG", True),
    ] == members
    assert [
        ("A-1", "order", "C-1", "2026-10", False, 50_00, 45_00, None),
        ("A-2", "order", None, "2026-11", True, 120_50, 100_00, None),
        ("R-1", "return", "C-1", "2026-11", False, -20_00, -18_00, 1),
    ] == volume


async def test_what_lies_behind_a_moment_is_left_out(store: None) -> None:
    """Orders from that instant on are for the shop to bring; the one at the instant itself is among them."""
    before = datetime(2026, 11, 2, 11, tzinfo=UTC)

    assert Imported(members=3, orders=1, left_out=2) == await found(orders=ORDERS, before=before)
    assert [("A-1",)] == await rows("SELECT key FROM sales_order")


async def test_a_second_company_is_refused(store: None) -> None:
    """Of three imports at the same moment one founds the company; the others and all later ones hear why not."""
    answers = await asyncio.gather(*(found(orders=ORDERS) for _ in range(3)), return_exceptions=True)
    refused = [one for one in answers if isinstance(one, Refused)]

    assert [["company-there"]] * 2 == [[finding.code for finding in one.findings] for one in refused]
    with pytest.raises(Refused, match="company-there"):
        await found()
    assert [(3,)] == await rows("SELECT count(*) FROM member")


async def test_a_mistake_in_a_file_leaves_nothing(store: None) -> None:
    """All findings of both files are told, and no table has a row."""
    with pytest.raises(Refused) as refused:
        await found(MEMBERS + b"TOP,,Again,2025-01-01,US\n", orders_csv("A-1,order,NOBODY,,2026-10-30,1e5,1,"))

    assert {"member-doubled", "member-unknown", "points-exponent"} == {one.code for one in refused.value.findings}
    assert [(0, 0)] == await rows("SELECT (SELECT count(*) FROM company) AS a, (SELECT count(*) FROM member) AS b")


async def test_a_market_may_have_a_long_name(store: None) -> None:
    """An id of a plan's market has up to forty characters, and its members are kept with it."""
    market = "M" * 40
    await found(MEMBERS.replace(b",US", f",{market}".encode()), plan=PLAN.replace('id = "US"', f'id = "{market}"'))

    assert [(2,)] == await rows(f"SELECT count(*) FROM member WHERE market = '{market}'")


async def test_an_imported_order_sent_again_is_repeated(store: None) -> None:
    """The shop sends what was imported, written in its own way: it is the same order, and counts once."""
    await found(orders=ORDERS)
    message = b"""[
        {"order": "A-1", "member": "LEG", "customer": "C-1", "placed_at": "2026-10-30T08:00Z", "pv": "50", "cv": "45"},
        {"order": "A-2", "member": "TOP", "placed_at": "2026-11-02T11:00:00Z", "pv": "120.50", "cv": "100"}
    ]"""
    bodies, _ = read_each(message, ZONE)

    assert ["repeated", "repeated"] == [one.status for one in await take(*bodies)]
    assert [(3,)] == await rows("SELECT count(*) FROM volume_entry")


async def test_numbers_go_on_after_an_import(store: None) -> None:
    """The next order and the next entry come behind the imported ones, and an imported order can come back."""
    await found(orders=ORDERS)
    taken = await take(order("A-3"), order("R-2", returns="A-1", placed_at=NOW, pv_points=30_00, cv_points=27_00))

    assert ["accepted", "accepted"] == [one.status for one in taken]
    assert [("A-3", 4, 4), ("R-2", 5, 5)] == await rows(
        "SELECT key, sales_order.id, position FROM sales_order JOIN volume_entry ON order_id = sales_order.id"
        " WHERE shop = 'till' ORDER BY key"
    )


async def test_a_company_without_orders_may_begin(store: None) -> None:
    """The first order of a company that brought none is simply accepted."""
    await found()

    assert ["accepted"] == [one.status for one in await take(order("A-1"))]


async def test_a_return_may_stand_above_its_order(store: None) -> None:
    """The rows of a file have no order; what comes back is written behind what it takes back."""
    await found(orders=orders_csv(*reversed(ROWS)))

    assert [("R-1", "A-1", True)] == await rows(
        "SELECT back.key, bought.key AS bought, back.id > bought.id AS behind FROM sales_order AS back"
        " JOIN sales_order AS bought ON bought.id = back.returns_id"
    )
