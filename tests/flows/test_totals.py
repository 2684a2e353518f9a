"""
What a shop counted on a day and what is here: a hundredth of a feed that was dropped, doubled or moved is always seen.
"""

import json
import random
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest

from backend.flows.list_totals import ListedTotals, list_totals
from backend.flows.open_shop import open_shop
from backend.flows.state_totals import state_totals
from backend.flows.take_message import take_message
from backend.kernel.finding import Refused
from backend.store.database import opened
from tests.flows.companies import ZONE, found

MORNING = datetime.combine(datetime.now(ZONE) - timedelta(days=2), time(), ZONE)
DAY = MORNING.date()
FEED = 200
A_HUNDREDTH = FEED // 100


@pytest.fixture
async def company(database: str) -> AsyncIterator[None]:
    """Open a company of three members and no order."""
    async with opened(database):
        await found(now=datetime.now(UTC))
        yield


def feed() -> list[dict[str, str]]:
    """Return a day's orders, every tenth of which comes back in part before its last midnight."""
    chance = random.Random(3)
    said: list[dict[str, str]] = []
    for number in range(FEED):
        placed_at = MORNING + timedelta(minutes=6 * number)
        volume = f"{chance.randrange(1000, 9000) / 100:.2f}"
        one = {"order": f"A-{number}", "member": "LEG", "placed_at": placed_at.isoformat(), "pv": volume, "cv": volume}
        said.append(one)
        if number % 10 == 0:
            said.append(one | {"order": f"R-{number}", "kind": "return", "returns": one["order"], "pv": "5", "cv": "5"})
    return said


def counted(orders: Sequence[dict[str, str]], *, named: bool = True) -> dict[str, Any]:
    """Return what the shop counts of its orders, and their keys where it names them."""
    pv, cv = (
        sum((-1 if "returns" in one else 1) * round(float(one[name]) * 100) for one in orders) for name in ("pv", "cv")
    )
    totals = {"day": DAY.isoformat(), "orders": len(orders), "pv": f"{pv / 100:.2f}", "cv": f"{cv / 100:.2f}"}
    return totals | ({"keys": [one["order"] for one in orders]} if named else {})


async def send(orders: Sequence[dict[str, str]], shop: str) -> None:
    """Send orders as one message of a shop."""
    await take_message(shop=shop, version=await open_shop(shop), raw=json.dumps({"orders": list(orders)}).encode())


async def stated(totals: dict[str, Any], shop: str) -> ListedTotals:
    """State the totals of a day, and return how it stands."""
    (listed,) = await state_totals(shop=shop, raw=json.dumps(totals).encode())
    return listed


def of_shop(orders: Sequence[dict[str, str]], shop: str) -> list[dict[str, str]]:
    """Return the same orders under keys of another shop."""
    return [
        one
        | {"order": f"{shop}-{one['order']}"}
        | ({"returns": f"{shop}-{one['returns']}"} if "returns" in one else {})
        for one in orders
    ]


async def test_a_hundredth_that_is_dropped_doubled_or_moved_is_seen(company: None) -> None:
    """Each kind of fault in a feed of its own shop, drawn three times: the day does not agree, and the keys say why."""
    for seed in range(3):
        chance = random.Random(seed)
        whole = {name: of_shop(feed(), f"{name}{seed}") for name in ("dropped", "doubled", "moved", "whole")}
        sold = {name: [one for one in orders if "returns" not in one] for name, orders in whole.items()}
        faulty = {
            name: [one["order"] for one in chance.sample(sold[name][1::2], A_HUNDREDTH)]
            for name in ("dropped", "moved")
        }
        twice = [one | {"order": f"{one['order']}-again"} for one in chance.sample(sold["doubled"], A_HUNDREDTH)]

        await send([one for one in whole["dropped"] if one["order"] not in faulty["dropped"]], f"dropped{seed}")
        await send([*whole["doubled"], *twice], f"doubled{seed}")
        later = (MORNING + timedelta(days=1)).isoformat()
        await send(
            [one | ({"placed_at": later} if one["order"] in faulty["moved"] else {}) for one in whole["moved"]],
            f"moved{seed}",
        )
        shuffled = chance.sample(whole["whole"], len(whole["whole"]))
        await send([*shuffled, *shuffled[:A_HUNDREDTH]], f"whole{seed}")

        for named in (True, False):
            listed = {
                name: await stated(counted(orders, named=named), f"{name}{seed}") for name, orders in whole.items()
            }
            assert {"dropped": False, "doubled": False, "moved": False, "whole": True} == {
                name: one.agrees for name, one in listed.items()
            }
            if named:
                assert tuple(sorted(faulty["dropped"])) == listed["dropped"].missing
                assert tuple(sorted(faulty["moved"])) == listed["moved"].missing
                assert tuple(sorted(one["order"] for one in twice)) == listed["doubled"].unknown


async def test_the_last_statement_of_a_day_holds_and_the_zone_decides_the_day(company: None) -> None:
    """What a shop states anew takes the place of what it stated before; midnight is the company's."""
    edge = [
        {"order": f"E-{number}", "member": "LEG", "placed_at": at.isoformat(), "pv": "10", "cv": "10"}
        for number, at in enumerate(
            (MORNING - timedelta(seconds=1), MORNING, MORNING + timedelta(hours=24, seconds=-1), MORNING + timedelta(1))
        )
    ]
    await send(edge, "till")
    first = await stated(counted(edge), "till")
    again = await stated(counted(edge[1:3]), "till")
    listed = await list_totals(first=DAY, last=DAY)

    assert [False, 2, ("E-0", "E-3")] == [first.agrees, first.difference.orders, first.missing]
    assert [True, 2, "20"] == [again.agrees, again.counted.orders, again.accepted.pv]
    assert [("till", DAY.isoformat(), True)] == [(one.source, one.day, one.agrees) for one in listed]


@pytest.mark.parametrize(
    ("raw", "codes"),
    [
        (b"{", ["json-wrong"]),
        (b"[]", ["totals-none"]),
        (
            b'[7, {"day": "2026-02-30", "orders": -1, "pv": "1.234", "cv": 5}]',
            [
                "totals-wrong",
                "date-wrong",
                "count-wrong",
                "points-wrong",
                "field-no-text",
            ],
        ),
        (
            b'{"day": "2026-11-18", "orders": true, "pv": "1", "key": [], "keys": [""]}',
            [
                "field-missing",
                "count-wrong",
                "field-unknown",
                "keys-wrong",
            ],
        ),
    ],
)
async def test_totals_that_cannot_be_read_name_every_mistake(company: None, raw: bytes, codes: list[str]) -> None:
    """Nothing is kept of a message with a mistake."""
    with pytest.raises(Refused) as refused:
        await state_totals(shop="till", raw=raw)

    assert sorted(codes) == sorted(finding.code for finding in refused.value.findings)
    assert [] == await list_totals(first=date(1900, 1, 1), last=date(2199, 1, 1))
