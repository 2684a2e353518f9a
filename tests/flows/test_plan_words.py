"""
A market or a title that the plan does not have is refused at the door as in files: no typing error decides on pay.
"""

from collections.abc import AsyncIterator
from datetime import date

import pytest
from msgspec.structs import replace

from backend.flows.take_drop import take_drop
from backend.flows.take_events import take_events
from backend.intake.events import Event, ListPrice, Member, Price, Product
from backend.kernel.finding import Refused
from backend.store.database import opened
from tests.flows.companies import NOW, ZONE, found, terms

JOINED = date(2026, 11, 1)
NEW = Member(member="NEW", sponsor="LEG", enroller="LEG", name="New", joined=JOINED, market="EU")
LISTED = ListPrice(market="EU", since=JOINED, pv_points=10_00, cv_points=9_00)
KIT = Product(product="KIT", name="Kit", prices=(LISTED,))
DEARER = Price(product="KIT", price=replace(LISTED, since=date(2026, 12, 1)))


@pytest.fixture
async def company(database: str) -> AsyncIterator[None]:
    """Open a company of TOP, LEG below it and LOW below that."""
    async with opened(database):
        await found()
        yield


async def told(*events: Event) -> list[list[str]]:
    """Take events, and return of each what became of it, or the place and code of each finding."""
    taken = await take_events(source="till", events=events, now=NOW, zone=ZONE, terms=terms())
    return [[f"{each.place.path} {each.code}" for each in one.findings] or [one.status] for one in taken.told]


async def test_a_market_or_title_that_the_plan_does_not_have_is_refused(company: None) -> None:
    """Of members, also of one that would wait, of a product's prices and of a price; the right ones are taken after."""
    odd = replace(LISTED, market="EUU")
    strange = replace(NEW, market="eu", title="emperor")
    assert [["market market-unknown", "title title-unknown"]] * 2 == await told(strange, replace(strange, sponsor="X"))
    assert [["prices market-unknown"], ["market market-unknown"]] == await told(
        replace(KIT, prices=(LISTED, odd)), replace(DEARER, price=odd)
    )
    assert [["accepted"]] * 3 == await told(NEW, KIT, DEARER)

    with pytest.raises(Refused) as refused:
        await take_drop({"members.csv": b"member,sponsor,joined,market\nOLD,LEG,2026-11-01,EUU\n"})
    assert ["members.csv:2 market-unknown"] == [
        f"{each.place.source}:{each.place.line} {each.code}" for each in refused.value.findings
    ]


async def test_what_is_told_once_says_how_it_changes(company: None) -> None:
    """A member, a product and a price with another content are refused, each with what to do instead."""
    await told(NEW, KIT, DEARER)
    dearer = replace(DEARER, price=replace(DEARER.price, pv_points=1))
    again = [replace(NEW, name="Newt"), replace(KIT, name="Set"), dearer]
    taken = await take_events(source="till", events=again, now=NOW, zone=ZONE, terms=terms())
    findings = [each for one in taken.told for each in one.findings]

    assert ["key-reused"] * 3 == [each.code for each in findings]
    begins = ["A member joins once", "Send further prices", "Let another price"]
    assert [True] * 3 == [one.remedy.startswith(words) for one, words in zip(findings, begins, strict=True)]
