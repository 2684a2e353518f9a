"""
What contradicts what is there: circles of enrollers, orders of who has left, leavings of who has bought.

Nothing of it has an effect, all of it is told by name, and what may become right waits for what makes it right.
"""

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime
from functools import partial

import pytest
from msgspec.structs import replace
from tortoise.connection import get_connection

from backend.flows.list_held import list_held
from backend.flows.preview_correction import preview_correction
from backend.flows.record_correction import record_correction
from backend.flows.take_events import TakenEvents, take_events
from backend.intake.events import Enrolment, Event, Leaving
from backend.kernel.finding import Refused
from backend.network.correction import Correction, Enrolled, Leave
from backend.store.database import opened
from tests.flows.companies import NOW, ZONE, found, order, terms

SINCE = date(2026, 11, 15)


@pytest.fixture
async def company(database: str) -> AsyncIterator[None]:
    """Open a company of TOP, LEG below it and LOW below that, each enrolled by its sponsor."""
    async with opened(database):
        await found()
        yield


async def take(*events: Event) -> TakenEvents:
    """Take events as one message."""
    return await take_events(source="till", events=events, now=NOW, zone=ZONE, terms=terms())


async def told(*events: Event) -> list[tuple[str, tuple[str, ...]]]:
    """Take events as one message, and return what became of each and what it lacks."""
    return [(one.status, one.lacks) for one in (await take(*events)).told]


def accepted(taken: TakenEvents) -> list[str]:
    """Return what went in, at once and later."""
    return sorted(one.key for one in (*taken.told, *taken.later) if one.status == "accepted")


async def count(table: str) -> int:
    """Return how many rows a table holds."""
    (row,) = await get_connection("default").execute_query_dict(f"SELECT count(*) AS rows FROM {table}")
    return int(row["rows"])


async def refused(correction: Correction) -> list[str]:
    """Return the codes and messages for which a correction is refused, shown or written."""
    for flow in (preview_correction, partial(record_correction, by="anna")):
        with pytest.raises(Refused) as wrong:
            await flow(correction)
    return [f"{finding.code}: {finding.message}" for finding in wrong.value.findings]


def bought(key: str, day: int) -> Event:
    """Return an own order of LEG on a day of November, at noon in Berlin."""
    return order(key, customer=None, placed_at=datetime(2026, 11, day, 11, tzinfo=UTC))


async def test_nobody_is_enrolled_by_whom_it_has_enrolled(company: None) -> None:
    """LEG has enrolled LOW: that LOW has enrolled LEG waits, for a correction of either, by event or by hand."""
    circle = Enrolment(member="LEG", enroller="LOW", since=SINCE)
    lacks = ("enrolment of LEG", "enrolment of LOW")
    assert [("held", lacks)] == await told(circle)
    assert [
        f"enroller-circle: On {SINCE} enrollers would run in a circle: LEG > LOW > LEG (each is enrolled by the next)."
    ] == await refused(Enrolled(member="LEG", to="LOW", since=SINCE))

    taken = await take(replace(circle, enroller="TOP", correction=1))
    assert [f"enrolment:LEG:{SINCE}", f"enrolment:LEG:{SINCE}:1"] == accepted(taken)

    assert [("held", lacks)] == await told(replace(circle, correction=2))
    await record_correction(Enrolled(member="LOW", to=None, since=date(2026, 11, 12)), by="anna")
    assert [] == list(await list_held())


async def test_two_enrolments_of_one_message_close_no_circle(company: None) -> None:
    """Each would be right alone; the first holds, and the second waits, by name."""
    first, second = (
        Enrolment(member=member, enroller=enroller, since=SINCE) for member, enroller in [("LOW", None), ("LOW", "TOP")]
    )
    over = Enrolment(member="TOP", enroller="LOW", since=date(2026, 11, 16))
    assert [("accepted", ())] * 2 == await told(first, over)
    assert [("held", ("enrolment of LOW", "enrolment of TOP"))] == await told(replace(second, correction=1))


async def test_who_has_left_buys_nothing(company: None) -> None:
    """An order of the day of leaving waits, one of the day before is taken; what comes back of that is taken too."""
    assert [("accepted", ())] * 2 == await told(bought("A1", 14), Leaving(member="LEG", on=SINCE))
    late = bought("A2", 15)
    assert [("held", ("corrected leaving of LEG",))] == await told(late)
    back = order("R1", customer=None, returns="A1", placed_at=datetime(2026, 11, 19, tzinfo=UTC), pv_points=1_00)
    assert [("accepted", ()), ("accepted", ())] == await told(replace(back, cv_points=1_00), bought("A0", 13))
    assert [("A2", ("corrected leaving of LEG",))] == [(each.key, each.lacks) for each in await list_held()]

    assert ["A2", "leaving:LEG:1"] == accepted(await take(Leaving(member="LEG", on=None, correction=1)))


async def test_an_order_goes_in_when_a_person_lets_its_member_stay(company: None) -> None:
    """As when an event says so."""
    await take(Leaving(member="LEG", on=SINCE), bought("A1", 16))
    await record_correction(Leave(member="LEG", on=None), by="anna")
    assert ([], 1) == (list(await list_held()), await count("volume_entry"))


async def test_nobody_leaves_before_the_last_order(company: None) -> None:
    """The leaving waits and names the order; with a correction both go in, and a person is told at once."""
    await take(bought("A1", 16), bought("A2", 18))
    leaving = Leaving(member="LEG", on=SINCE)
    assert [("held", ("corrected leaving of LEG", "day after order A2"))] == await told(leaving)
    assert [
        'order-after-leaving: "LEG" has bought on 2026-11-18, by the order "A2", and had not left then.'
    ] == await refused(Leave(member="LEG", on=date(2026, 11, 18)))
    assert 0 == await count("departure")

    taken = await take(replace(leaving, on=date(2026, 11, 19), correction=1))
    assert ["leaving:LEG", "leaving:LEG:1"] == accepted(taken)
    assert [("held", ("corrected leaving of LEG",))] == await told(bought("A3", 19))


async def test_orders_and_leavings_of_one_message_are_weighed_together(company: None) -> None:
    """The order that comes first holds a leaving up that comes behind it, and the other way about."""
    leaving = Leaving(member="LEG", on=SINCE)
    assert [("accepted", ()), ("held", ("corrected leaving of LEG", "day after order A1"))] == await told(
        bought("A1", 15), leaving
    )
    other = replace(leaving, member="TOP")
    taken = await told(other, order("A2", member="TOP"))
    assert [("accepted", ()), ("held", ("corrected leaving of TOP",))] == taken
