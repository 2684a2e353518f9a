"""
What is held can be withdrawn: it goes in no more, what it was stays recorded, and its key may come again.
"""

from collections.abc import AsyncIterator, Sequence
from datetime import date

import asyncpg
import pytest
from msgspec.structs import replace

from backend.flows.list_held import list_held
from backend.flows.list_withdrawn import list_withdrawn
from backend.flows.take_events import TakenEvents, take_events
from backend.flows.withdraw_held import withdraw_held
from backend.intake.events import Event, Member
from backend.kernel.finding import Refused
from backend.store.database import opened
from tests.flows.companies import NOW, ZONE, found, order, terms

NEW = Member(member="NEW", sponsor="LEG", enroller="LEG", name="New", joined=date(2026, 11, 1))


@pytest.fixture
async def company(database: str) -> AsyncIterator[str]:
    """Open a company of TOP, LEG below it and LOW below that; yield the database's address."""
    async with opened(database):
        await found()
        yield database


async def take(*events: Event) -> TakenEvents:
    """Take events as one message."""
    return await take_events(source="till", events=events, now=NOW, zone=ZONE, terms=terms())


def shown(taken: TakenEvents) -> list[tuple[str, str]]:
    """Return what became of each event, and of those that had been held."""
    return [(one.key, one.status) for one in (*taken.told, *taken.later)]


async def refused(keys: Sequence[str], **said: str) -> list[str]:
    """Return the codes with which a withdrawal is refused."""
    with pytest.raises(Refused) as caught:
        await withdraw_held(keys, **{"by": "Ines", "why": "typed twice", **said})
    return [finding.code for finding in caught.value.findings]


async def test_a_withdrawn_event_goes_in_no_more_and_its_key_may_come_again(company: str) -> None:
    """An order and its return wait; the order is withdrawn, its member comes, and only what is sent anew counts."""
    early = order("A1", member="NEW", customer=None)
    back = order("R1", member="NEW", customer=None, returns="A1", pv_points=10_00, cv_points=9_00)
    await take(early, back)
    done = await withdraw_held(["A1"], by=" Ines ", why="The shop typed it for a test.")
    taken = await take(NEW)

    assert [("order", "A1")] == [(one.kind, one.key) for one in done]
    assert [("member:NEW", "accepted")] == shown(taken)
    assert [("R1", ("order A1",), None)] == [(one.key, one.lacks, one.withdrawn_before) for one in await list_held()]
    (kept,) = await list_withdrawn()
    assert ("A1", "till", ("member NEW",), "Ines", "The shop typed it for a test.") == (
        kept.key,
        kept.source,
        kept.lacks,
        kept.withdrawn_by,
        kept.why,
    )
    assert b'"order":"A1"' in bytes(kept.body)

    assert [("A1", "accepted"), ("R1", "accepted")] == shown(await take(replace(early, pv_points=60_00)))
    assert ["not-held"] == await refused(["A1"])


async def test_what_came_again_and_what_is_wrong_is_withdrawn_too(company: str) -> None:
    """A key is withdrawn as often as it comes; what was wrong is let go with its findings; the list says of both."""
    early = order("A1", member="NEW", placed_at=NOW.replace(month=10))
    await take(early)
    await withdraw_held(["A1"], by="Ines", why="one")
    assert [("A1", "held")] == shown(await take(early))
    (again,) = await list_held()
    assert again.withdrawn_before is not None
    await take(NEW)
    await withdraw_held(["A1"], by="Jon", why="two")

    assert [] == list(await list_held())
    assert [("two", ["order-before-joining"], ()), ("one", [], ("member NEW",))] == [
        (one.why, [finding.code for finding in one.findings], one.lacks) for one in await list_withdrawn()
    ]


async def test_all_of_it_or_nothing_and_never_without_a_reason(company: str) -> None:
    """A key that is not held, or two events of one key, withdraws nothing; the log of it is only ever added to."""
    late = replace(NEW, member="LATE", sponsor="GONE", enroller="GONE")
    await take(order("A1", member="NEW"), order("member:LATE", member="NEW"), late)
    assert ["not-held"] == await refused(["A1", "A2"])
    assert ["held-ambiguous"] == await refused(["member:LATE"])
    assert ["by-missing", "why-missing"] == await refused(["A1"], by=" ", why="")
    assert (3, 0) == (len(await list_held()), len(await list_withdrawn()))

    await withdraw_held(["member:LATE"], by="Ines", why="no such member", kind="member")
    assert {"A1", "member:LATE"} == {one.key for one in await list_held()}
    connection = await asyncpg.connect(company)
    for statement in ("UPDATE withdrawn_event SET why = ''", "DELETE FROM withdrawn_event", "TRUNCATE withdrawn_event"):
        with pytest.raises(asyncpg.RestrictViolationError):
            await connection.execute(statement)
    await connection.close()
