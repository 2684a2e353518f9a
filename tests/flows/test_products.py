"""
Products on orders at the shop's door: read strictly, kept with the order, counted for the month, returned once at most.
"""

from collections.abc import AsyncIterator
from datetime import UTC, datetime

import msgspec
import pytest
from tortoise.connection import get_connection

from backend.engine.periods.assemble import Units
from backend.intake.order_body import OrderBody
from backend.intake.order_message import read_each
from backend.kernel.period import Period
from backend.store.database import opened
from backend.store.rolls import volumes_of
from tests.flows.companies import NOW, ZONE, codes, found, order, take

NOVEMBER = Period(2026, 11)
LATER = datetime(2026, 11, 20, 9, tzinfo=UTC)
RIGHT = {"order": "A-1", "member": "LEG", "placed_at": "2026-11-19T09:00:00Z", "pv": "35.50", "cv": "31.95"}


@pytest.fixture
async def company(database: str) -> AsyncIterator[None]:
    """Open a company of three members and no order."""
    async with opened(database):
        await found()
        yield


async def units() -> list[Units]:
    """Return what counts of products in November."""
    volumes = await volumes_of(NOVEMBER, now=NOW)
    return sorted(volumes.units, key=lambda one: (one.member, one.product, one.count))


def back(key: str, of: str, products: dict[str, int]) -> OrderBody:
    """Return a return of a point of an order, with products."""
    return order(key, returns=of, placed_at=LATER, pv_points=100, cv_points=100, products=products)


def test_products_are_read_in_the_order_of_their_ids() -> None:
    """Whatever order a shop writes them in; none, nothing and an empty list of them say the same as no such field."""
    (body, *others), refused = read_each(
        msgspec.json.encode([RIGHT | {"products": named} for named in ({"SHAKE": 1, "KIT": 2}, {}, None)] + [RIGHT]),
        ZONE,
    )

    assert ([], ["KIT", "SHAKE"]) == (refused, list(body.products))
    assert 1 == len({one.digest() for one in others})
    assert b"products" not in msgspec.json.encode(others[0]), "what was accepted before products came is still the same"
    assert body.digest() not in {one.digest() for one in others}


@pytest.mark.parametrize(
    ("named", "places"),
    [
        ("KIT:2", ["products"]),
        (["KIT"], ["products"]),
        ({"KIT": 0}, ["products.KIT"]),
        ({"KIT": -1}, ["products.KIT"]),
        ({"KIT": 10_000}, ["products.KIT"]),
        ({"KIT": "2"}, ["products.KIT"]),
        ({"KIT": True}, ["products.KIT"]),
        ({"KIT": 1.5}, ["products.KIT"]),
        ({"KIT": None, "K T": 1, "": 2}, ["products.KIT", "products", "products"]),
    ],
)
def test_products_written_otherwise_are_found_at_their_place(named: object, places: list[str]) -> None:
    """Units are whole numbers from 1 to 9,999, and a product's id is an id like any other."""
    _, (refused,) = read_each(msgspec.json.encode(RIGHT | {"products": named}), ZONE)

    assert [f"orders[0].{place}" for place in places] == [finding.place.path for finding in refused.findings]


async def test_units_count_with_what_comes_back(company: None) -> None:
    """Own and customers' units of a member add up, first orders apart; a return lowers them."""
    await take(
        order("A-1", customer=None, products={"KIT": 2}),
        order("A-2", products={"KIT": 1, "SHAKE": 3}),
        order("A-3", member="TOP"),
    )
    await take(back("R-1", "A-2", {"SHAKE": 2}))

    assert [
        Units(member="LEG", product="KIT", count=1),
        Units(member="LEG", product="KIT", count=2, first=True),
        Units(member="LEG", product="SHAKE", count=1),
    ] == await units()


async def test_no_more_units_come_back_than_are_left(company: None) -> None:
    """Over several returns, in one message and in several; another product was never there."""
    await take(order("A-1", products={"KIT": 3}), order("A-2"))
    taken = await take(back("R-1", "A-1", {"KIT": 2}), back("R-2", "A-1", {"KIT": 2}), back("R-3", "A-2", {"KIT": 1}))

    assert [[], ["units-excess"], ["units-excess"]] == codes(taken)
    assert [[]] == codes(await take(back("R-4", "A-1", {"KIT": 1})))
    assert [["units-excess"]] == codes(await take(back("R-5", "A-1", {"KIT": 1})))


async def test_the_same_order_with_other_products_is_another(company: None) -> None:
    """A repetition with its products is recognised and has no second effect; with other units it is refused by name."""
    first = order("A-1", products={"KIT": 1})
    taken = [
        one for said in (first, first, order("A-1", products={"KIT": 2}), order("A-1")) for one in await take(said)
    ]

    assert ["accepted", "repeated", "refused", "refused"] == [one.status for one in taken]
    assert [{"units": 1}] == await get_connection("default").execute_query_dict("SELECT units FROM ordered_product")


async def test_an_earlier_order_that_arrives_late_is_the_first(company: None) -> None:
    """The first own order is the earliest that was placed; what was first until then is an order as any other."""
    await take(order("A-2", customer=None, products={"KIT": 1}))
    before = await volumes_of(NOVEMBER, now=NOW)
    await take(order("A-1", customer=None, placed_at=datetime(2026, 10, 2, tzinfo=UTC), pv_points=1, cv_points=1))
    after = await volumes_of(NOVEMBER, now=NOW)

    assert before.first_pv is not None
    assert after.first_pv is not None
    assert ([50_00], [0]) == (before.first_pv.tolist(), after.first_pv.tolist())
    assert ([True], [False]) == ([one.first for one in before.units], [one.first for one in after.units])


async def test_customers_who_sent_all_back_have_not_bought(company: None) -> None:
    """Two customers of LEG bought, one of them twice; when the other's order comes back there is one."""
    await take(order("A-1"), order("A-2"), order("A-3", customer="C-2"), order("A-4", customer=None))
    both = await volumes_of(NOVEMBER, now=NOW)
    await take(order("R-3", returns="A-3", customer="C-2", placed_at=LATER))
    one = await volumes_of(NOVEMBER, now=NOW)

    assert both.customers is not None
    assert one.customers is not None
    assert ([2], [1]) == (both.customers.tolist(), one.customers.tolist())
