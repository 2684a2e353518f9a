"""
One road for all events: each has one effect, what comes early is held and goes in by itself, what is wrong is told.
"""

from collections.abc import AsyncIterator, Sequence
from datetime import UTC, date, datetime

import pytest
from msgspec.structs import replace
from tortoise.connection import get_connection

from backend.flows.list_held import list_held
from backend.flows.record_correction import record_correction
from backend.flows.take_events import TakenEvents, take_events
from backend.intake.events import Event, Fact, ListPrice, Member, Placement, Price, Product
from backend.intake.lines import Line
from backend.intake.order_body import OrderBody
from backend.network.correction import Move
from backend.store.database import opened
from tests.flows.companies import NOW, ZONE, found, order, terms

JOINED = date(2026, 11, 1)
BOUGHT = datetime(2026, 11, 10, 9, tzinfo=UTC)
LATER = datetime(2026, 11, 15, 9, tzinfo=UTC)


@pytest.fixture
async def company(database: str) -> AsyncIterator[None]:
    """Open a company of TOP, LEG below it and LOW below that."""
    async with opened(database):
        await found()
        yield


async def take(*events: Event, is_trial: bool = False) -> TakenEvents:
    """Take events as one message."""
    return await take_events(source="till", events=events, now=NOW, zone=ZONE, terms=terms(), is_trial=is_trial)


def statuses(taken: TakenEvents) -> list[str]:
    """Return what became of each event."""
    return [one.status for one in taken.told]


def codes(taken: TakenEvents) -> list[str]:
    """Return the codes of all that was found."""
    return [finding.code for one in taken.told for finding in one.findings]


async def rows(query: str) -> list[tuple[object, ...]]:
    """Return the rows of a query."""
    return [tuple(row.values()) for row in await get_connection("default").execute_query_dict(query)]


def member(code: str, sponsor: str | None = "LEG") -> Member:
    """Return a member of the Union who joined in November."""
    return Member(member=code, sponsor=sponsor, enroller=sponsor, name=code, joined=JOINED, market="EU")


def price(pv_points: int, since: date = JOINED, market: str = "") -> ListPrice:
    """Return a price whose CV is a tenth less."""
    return ListPrice(market=market, since=since, pv_points=pv_points, cv_points=pv_points * 9 // 10)


def lines(key: str, *said: Line, **others: object) -> OrderBody:
    """Return an own order of LEG by lines."""
    whole = order(key, customer=None, placed_at=BOUGHT, pv_points=None, cv_points=None, lines=said)
    return replace(whole, **others)


def back(key: str, of: str, **said: object) -> OrderBody:
    """Return a return of LEG's own order."""
    return order(key, customer=None, returns=of, **{"placed_at": LATER, **said})


def cancellation(key: str, of: str, at: datetime = LATER) -> OrderBody:
    """Return a cancellation, which says nothing but its order."""
    nothing: dict[str, object] = {"member": None, "customer": None, "pv_points": None, "cv_points": None}
    return order(key, returns=of, placed_at=at, **nothing, kind="cancellation")


KIT = Product(product="KIT", name="Kit", prices=(price(30_00), price(20_00, market="US")))
OIL = Product(product="OIL", name="Oil", prices=(price(5_00),))
BOX = Product(product="BOX", name="Box", parts={"KIT": 2, "OIL": 1})


async def test_what_comes_early_waits_and_goes_in_by_itself(company: None) -> None:
    """A return before its order, that before its member, that before its sponsor: the last to come lets all in."""
    early = [
        back("R1", "A1", member="NEW"),
        order("A1", member="NEW", customer=None, placed_at=BOUGHT),
        member("NEW", "ABOVE"),
    ]
    assert [["held"]] * 3 == [statuses(await take(event)) for event in early]
    assert [("A1", ("member NEW",)), ("NEW", ("member ABOVE",)), ("R1", ("member NEW", "order A1"))] == sorted(
        (each.key.removeprefix("member:"), each.lacks) for each in await list_held()
    )

    taken = await take(member("ABOVE"))

    assert ["accepted"] == statuses(taken)
    assert {"A1", "R1", "member:NEW"} == {one.key for one in taken.later if one.status == "accepted"}
    assert ([], [(-50_00,), (50_00,)]) == (
        list(await list_held()),
        await rows("SELECT pv_points FROM volume_entry ORDER BY 1"),
    )


async def test_a_held_key_has_one_effect_too(company: None) -> None:
    """Sent again it is still held, with another body it is refused by name, and it goes in once."""
    early = order("A1", member="NEW")
    taken = [await take(early), await take(early, early), await take(replace(early, pv_points=1))]
    assert [["held"], ["held", "held"], ["refused"]] == [statuses(one) for one in taken]
    assert ["key-reused"] == codes(taken[2])

    taken.append(await take(member("NEW"), early, early))
    assert (["accepted", "repeated", "repeated"], ["A1"]) == (statuses(taken[3]), [one.key for one in taken[3].later])
    assert [(1,)] == await rows("SELECT count(*)::int FROM volume_entry")


async def test_what_is_wrong_once_it_is_complete_is_refused_and_listed(company: None) -> None:
    """A held order turns out to be older than its member: it is refused, stays listed, and may come again, mended."""
    early = order("A1", member="NEW", placed_at=datetime(2026, 10, 1, tzinfo=UTC))
    await take(early)
    taken = await take(member("NEW"))

    assert [("A1", "refused", ["order-before-joining"])] == [
        (one.key, one.status, [finding.code for finding in one.findings]) for one in taken.later
    ]
    assert [("A1", ("order-before-joining",), ())] == [
        (each.key, tuple(finding.code for finding in each.findings), each.lacks) for each in await list_held()
    ]
    assert ["accepted"] == statuses(await take(replace(early, placed_at=BOUGHT)))
    assert [] == list(await list_held())


async def test_two_who_change_places_do_so_in_any_order(company: None) -> None:
    """LOW goes above LEG: the half that would close a circle waits; with the other half both are placed."""
    under, over = (
        Placement(member="LEG", sponsor="LOW", since=date(2026, 11, 15)),
        Placement(member="LOW", sponsor="TOP", since=date(2026, 11, 15)),
    )
    held = await take(under)
    assert [("held", ("placement of LEG", "placement of LOW"))] == [(one.status, one.lacks) for one in held.told]
    taken = await take(over)

    assert (["accepted"], ["placement:LEG:2026-11-15"]) == (statuses(taken), [one.key for one in taken.later])
    assert ["refused"] == statuses(await take(replace(under, sponsor="TOP")))
    assert ["accepted"] == statuses(await take(replace(under, sponsor="TOP", correction=1)))


async def test_a_correction_by_hand_lets_in_what_waited(company: None) -> None:
    """A placement that would have closed a circle goes in when somebody moves the other member away."""
    under = Placement(member="LEG", sponsor="LOW", since=date(2026, 11, 15))
    assert ["held"] == statuses(await take(under))
    await record_correction(Move(member="LOW", to="TOP", since=date(2026, 11, 12)), by="anna")

    assert [] == list(await list_held())
    assert ["repeated"] == statuses(await take(under))


async def test_placements_that_each_close_a_circle_alone_go_in_together(company: None) -> None:
    """A placement and its correction, the first of them impossible by now: as both are known the second one holds."""
    moved = Placement(member="TOP", sponsor=None, since=date(2026, 11, 15))
    wrong = Placement(member="TOP", sponsor="LOW", since=date(2026, 11, 10))
    assert ["accepted", "held"] == statuses(await take(moved, wrong))
    taken = await take(replace(wrong, sponsor=None, correction=1))

    assert (["accepted"], ["placement:TOP:2026-11-10"]) == (statuses(taken), [one.key for one in taken.later])
    assert [(None,), (None,)] == (await rows(OF_TOP))[-2:]


OF_TOP = (
    "SELECT sponsor_id FROM placement JOIN member ON member.id = member_id WHERE code = 'TOP' ORDER BY since, recorded"
)


async def test_a_first_placement_is_corrected_by_number(company: None) -> None:
    """Where a member stood on the day of joining was said by joining; the n-th correction waits for the one before."""
    placed = Placement(member="LEG", sponsor=None, since=date(2025, 2, 1))
    assert ["placement-there"] == codes(await take(placed))
    assert ["held"] == statuses(await take(replace(placed, correction=2, sponsor="TOP")))
    assert ["event-early"] == codes(await take(replace(placed, since=date(2025, 1, 31))))
    taken = await take(replace(placed, correction=1))
    assert (["accepted"], 1) == (statuses(taken), len(taken.later))


async def test_lines_bring_what_the_price_list_says(company: None) -> None:
    """By market and day, a bundle by its parts, or what a line says itself; totals beside them have to agree."""
    assert ["accepted"] * 3 == statuses(await take(BOX, OIL, KIT))
    two, one = Line(product="KIT", units=2), Line(product="BOX", units=1)
    said = Line(product="OIL", units=3, pv_points=1_00, cv_points=50)
    taken = await take(
        lines("A1", two),
        lines("A2", one, said, pv_points=68_00),
        lines("A3", two, member="TOP"),
        lines("A4", two, pv_points=60_01),
    )

    assert (["accepted"] * 3 + ["refused"], ["total-differs"]) == (statuses(taken), codes(taken))
    assert "60 PV, and 60.01" in taken.told[3].findings[0].message
    assert [("A1", 60_00, 54_00), ("A2", 68_00, 60_00), ("A3", 40_00, 36_00)] == await rows(
        "SELECT key, pv_points, cv_points FROM sales_order ORDER BY key"
    )


async def test_an_order_of_an_unknown_product_is_held(company: None) -> None:
    """Until the product comes, and then until its price does."""
    assert ("product KIT",) == (await take(lines("A1", Line(product="KIT", units=1)))).told[0].lacks
    await take(replace(KIT, prices=()))
    assert [("price KIT",)] == [each.lacks for each in await list_held()]
    taken = await take(Price(product="KIT", price=price(10_00)))
    assert ["A1"] == [one.key for one in taken.later]


async def test_a_price_never_changes_what_was_sold(company: None) -> None:
    """One that begins before an accepted order of the product, or of a bundle with it, is refused."""
    await take(KIT, OIL, BOX, lines("A1", Line(product="BOX", units=1)))
    taken = await take(
        Price(product="KIT", price=price(31_00, date(2026, 11, 9))),
        Price(product="KIT", price=price(31_00, date(2026, 11, 9), market="US")),
        Price(product="KIT", price=price(31_00, date(2026, 11, 11))),
        Price(product="KIT", price=price(1_00)),
    )
    assert ["refused", "accepted", "accepted", "refused"] == statuses(taken)
    assert ["price-late", "price-there"] == codes(taken)


async def test_returns_by_lines_take_back_what_was_bought(company: None) -> None:
    """At the order's volumes, whatever the price is by now; all parts of an order add up to it."""
    await take(
        KIT, lines("A1", Line(product="KIT", units=3)), Price(product="KIT", price=price(1_00, date(2026, 11, 11)))
    )
    one, two = Line(product="KIT", units=1), Line(product="KIT", units=2)
    parts = {"pv_points": None, "cv_points": None}
    taken = await take(
        back("R1", "A1", lines=(one,), **parts),
        back("R2", "A1", lines=(two,), kind="refund", **parts),
        back("R3", "A1", lines=(one,), **parts),
        back("R4", "A1", lines=(Line(product="OIL", units=1),), **parts),
    )
    assert ["accepted", "accepted", "refused", "refused"] == statuses(taken)
    assert ["return-exceeds", "units-excess", "line-unpriced"] == codes(taken)
    assert [(0, 0)] == await rows("SELECT sum(pv_points)::int AS pv, sum(cv_points)::int AS cv FROM volume_entry")


async def test_a_cancellation_takes_what_is_left(company: None) -> None:
    """Whether the return before it comes first or last; a return after it, and a second one, are refused."""
    some = {"pv_points": 20_00, "cv_points": 18_00}
    cancelled = cancellation("X1", "A1", datetime(2026, 11, 16, tzinfo=UTC))
    await take(order("A1", customer=None, placed_at=BOUGHT), cancelled)
    taken = await take(
        back("R1", "A1", **some),
        back("R2", "A1", placed_at=datetime(2026, 11, 17, tzinfo=UTC), pv_points=1, cv_points=1),
        back("R3", "A1", pv_points=30_01, cv_points=1),
        cancellation("X2", "A1"),
    )
    assert ["accepted", "refused", "refused", "refused"] == statuses(taken)
    assert ["return-exceeds", "return-exceeds", "cancelled-before"] == codes(taken)
    assert [("A1", 50_00), ("R1", -20_00), ("X1", -50_00), ("X1 less R1", 20_00)] == await rows(
        "SELECT key, entry.pv_points FROM sales_order JOIN volume_entry AS entry ON order_id = sales_order.id"
        " ORDER BY 1"
    )
    assert ["accepted"] == statuses(await take(back("R4", "A1", pv_points=30_00, cv_points=27_00)))


async def test_a_trial_tells_everything_and_leaves_nothing(company: None) -> None:
    """What it says is what then happens."""
    events: Sequence[Event] = [
        member("NEW"),
        order("A1", member="NEW"),
        order("A2", member="NOBODY"),
        Fact(member="NEW", fact="cleared", value=0, since=date(2020, 1, 1)),
    ]
    tried = await take(*events, is_trial=True)
    assert [(3,), (0,)] == await rows("SELECT count(*)::int FROM member UNION ALL SELECT count(*)::int FROM held_event")
    assert ["accepted", "accepted", "held", "refused"] == statuses(tried) == statuses(await take(*events))
