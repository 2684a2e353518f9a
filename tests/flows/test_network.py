"""
Corrections of the network: shown before they are written, computed on the tree of their day, adjusted exactly once.
"""

import csv
import io
from collections import Counter
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta
from functools import partial
from random import Random

import pytest
from tortoise.connection import get_connection

from backend.engine.periods.adjustments import posting_of
from backend.engine.periods.corrected import on_roll
from backend.files.calculation import computed, terms_of
from backend.files.company import read_company
from backend.flows.check_correction import check_correction
from backend.flows.close_period import close_period
from backend.flows.preview_correction import preview_correction
from backend.flows.recall import recall
from backend.flows.record_correction import record_correction
from backend.flows.refresh_standing import refresh_standing
from backend.flows.set_clock import set_clock
from backend.kernel.finding import Refused
from backend.kernel.period import Period
from backend.network.correction import Correction, Enrolled, Leave, Move
from backend.plan.reading import read_plan
from backend.store import periods
from backend.store.database import opened
from backend.store.network import members_on, network_position
from backend.store.rolls import roll_of
from backend.store.views import member_page
from tests.flows.companies import PLAN, ZONE, found, orders_csv

OCTOBER = Period(2026, 10)
MEMBERS = """member,sponsor,enroller,joined,market,left
TOP,,,2025-01-01,US,
LEG,TOP,,2025-02-01,EU,
LOW,LEG,,2025-03-01,US,
FAR,LOW,,2025-04-01,US,
SIDE,TOP,,2025-03-01,US,
NEW,SIDE,LEG,2026-10-20,EU,
"""
SOLD = orders_csv(
    "A-1,order,TOP,,2026-10-05T10:00:00Z,200,200,",
    "A-2,order,LEG,C-1,2026-10-06T10:00:00Z,300,300,",
    "A-3,order,LOW,,2026-10-07T10:00:00Z,900,900,",
    "A-4,order,SIDE,C-9,2026-10-08T10:00:00Z,400,400,",
    "A-5,order,FAR,C-3,2026-10-09T10:00:00Z,2500,2500,",
    "A-6,order,NEW,C-4,2026-10-21T10:00:00Z,700,700,",
    "B-3,order,LOW,,2026-11-02T10:00:00Z,900,900,",
    "B-4,order,SIDE,,2026-11-03T10:00:00Z,150,150,",
)


def after(period: Period) -> datetime:
    """Return an instant a few days after a period."""
    return datetime(period.plus(1).year, period.plus(1).month, 4, 12, tzinfo=UTC)


async def at(now: datetime) -> None:
    """Set the company's clock."""
    await set_clock(real_at=datetime.now(UTC), company_at=now, speed=1)


@pytest.fixture
async def company(database: str) -> AsyncIterator[None]:
    """Import a company that has sold in October and November; October is over and closed."""
    async with opened(database):
        await found(members=MEMBERS.encode(), orders=SOLD, now=after(OCTOBER))
        await at(after(OCTOBER))
        await close_period(OCTOBER)
        yield


async def settled_of_october() -> Counter[tuple[str, str, str]]:
    """Return what October has posted and later books have adjusted, by earner, bonus and source."""
    kept = await periods.sealed(OCTOBER)
    assert kept is not None
    amounts: Counter[tuple[str, str, str]] = Counter()
    for of, amount in kept.posting.amounts_minor:
        amounts[of.earner, of.bonus, of.source] += amount
    for _, each in await periods.adjusted_before(OCTOBER):
        amounts[each.of.earner, each.of.bonus, each.of.source] += each.amount_minor
    return +amounts


def due_of_october(rows: dict[str, dict[str, str]]) -> Counter[tuple[str, str, str]]:
    """Return what October comes to by the files alone, on another network."""
    text = io.StringIO()
    writer = csv.DictWriter(text, next(iter(rows.values())))
    writer.writeheader()
    writer.writerows(rows.values())
    terms = terms_of(read_plan(PLAN, "plan"), OCTOBER)
    (one,) = computed(read_company(text.getvalue().encode(), SOLD, zone=ZONE, terms=terms), [terms], [OCTOBER], ZONE)
    amounts: Counter[tuple[str, str, str]] = Counter()
    for of, amount in posting_of(one.snapshot, terms, one.outcome).amounts_minor:
        amounts[of.earner, of.bonus, of.source] += amount
    return +amounts


def rows() -> dict[str, dict[str, str]]:
    """Return the members' file by member."""
    return {row["member"]: row for row in csv.DictReader(MEMBERS.splitlines())}


async def test_the_same_roll_gives_the_same_bytes(company: None) -> None:
    """A closed period set on its own roll again is the period that was sealed, hash and all."""
    kept = await periods.sealed(OCTOBER)
    assert kept is not None
    roll = roll_of(await members_on(OCTOBER.last_day), kept.terms, OCTOBER)
    assert kept.snapshot_digest == on_roll(kept.snapshot, roll).digest()


async def test_a_preview_writes_nothing_and_says_what_comes(company: None) -> None:
    """What it shows of a closed period and of the open one is what closing the next then posts and computes."""
    move = Move(member="LOW", to="SIDE", since=date(2026, 10, 15))
    position, before = await network_position(), await settled_of_october()
    preview = await preview_correction(move)
    assert (position, before) == (await network_position(), await settled_of_october())
    assert [("LOW", "LEG", "SIDE")] == [(one.member, one.before, one.after) for one in preview.stands]
    assert [("2026-10", True), ("2026-11", False)] == [(one.period, one.closed) for one in preview.periods]
    october = preview.periods[0]
    assert {"LEG", "SIDE"} <= {one.member for one in october.members}

    await record_correction(move, by="anna")
    await at(after(OCTOBER.plus(1)))
    await close_period(OCTOBER.plus(1))
    moved = rows()
    moved["LOW"]["sponsor"] = "SIDE"
    assert due_of_october(moved) == await settled_of_october()
    shown: Counter[str] = Counter({each.currency: each.difference_minor for each in october.sums})
    for _, each in await periods.adjusted_before(OCTOBER):
        shown[each.of.currency] -= each.amount_minor
    assert not any(shown.values())
    assert (await close_period(OCTOBER)).closed_before, "October stays as it was sealed"


@pytest.mark.parametrize("seed", [1, 2])
async def test_each_correction_is_adjusted_exactly_once(company: None, seed: int) -> None:
    """After any moves, enrollers and leavers, over three closes, October's books are those of its corrected network."""
    random = Random(seed)
    said: dict[tuple[str, str], list[tuple[date, str]]] = {}
    recorded = 0
    for period in (OCTOBER.plus(each) for each in (1, 2, 3)):
        begun = await periods.begin(period, after(period)) if period.month == 12 else None
        for correction in drawn(random):
            if not await check_correction(correction):
                await record_correction(correction, by="anna")
                note(said, correction)
                recorded += 1
        await at(after(period))
        await close_period(period)
        assert begun is None or (await periods.begin(period, after(period))).network_position == begun.network_position
    assert recorded > 5
    assert due_of_october(as_said(said)) == await settled_of_october()
    await at(after(OCTOBER.plus(4)))
    assert (await close_period(OCTOBER.plus(4))).adjustments == 0


def drawn(random: Random) -> list[Correction]:
    """Draw corrections, sound ones and others; some lie in October, some later."""
    found: list[Correction] = []
    for _ in range(6):
        member, other = random.choices(list(rows()), k=2)
        since = date(2026, 10, 1) + timedelta(random.randrange(50))
        found.append(
            random.choice(
                [
                    Move(member=member, to=other, since=since),
                    Move(member=member, to=other, since=since),
                    Enrolled(member=member, to=other, since=since),
                    Leave(member=member, on=random.choice([since, None])),
                ]
            )
        )
    return found


def note(said: dict[tuple[str, str], list[tuple[date, str]]], correction: Correction) -> None:
    """Remember what was recorded, in its order."""
    match correction:
        case Move():
            said.setdefault((correction.member, "sponsor"), []).append((correction.since, correction.to or ""))
        case Enrolled():
            said.setdefault((correction.member, "enroller"), []).append((correction.since, correction.to or ""))
        case Leave():
            said[correction.member, "left"] = [(date.min, str(correction.on or ""))]


def as_said(said: dict[tuple[str, str], list[tuple[date, str]]]) -> dict[str, dict[str, str]]:
    """Return the members' file as it would be, written on the last day of October."""
    found = rows()
    for row in found.values():
        row["enroller"] = row["enroller"] or row["sponsor"]
    for (member, column), values in said.items():
        for _, value in sorted((one for one in values if one[0] <= OCTOBER.last_day), key=lambda one: one[0]):
            found[member][column] = value
    return found


async def test_all_that_is_wrong_is_said_at_once(company: None) -> None:
    """Circles on the day and on later days, self, unknown, not joined, gone, and nothing to change are named."""
    await record_correction(Move(member="SIDE", to="FAR", since=date(2026, 12, 1)), by="anna")
    await record_correction(Leave(member="NEW", on=date(2026, 11, 3)), by="anna")
    wrong: list[tuple[Correction, set[str]]] = [
        (Move(member="LEG", to="FAR", since=date(2026, 11, 1)), {"sponsor-circle"}),
        (Move(member="LEG", to="SIDE", since=date(2026, 11, 1)), {"sponsor-circle"}),
        (Move(member="LEG", to="LEG", since=date(2025, 1, 1)), {"sponsor-self", "member-not-joined"}),
        (Move(member="LEG", to="NEW", since=date(2025, 1, 1)), {"sponsor-not-joined", "member-not-joined"}),
        (Move(member="FAR", to="NEW", since=date(2026, 11, 9)), {"sponsor-left"}),
        (Move(member="NOBODY", to="NONE", since=date(2026, 11, 9)), {"member-unknown", "sponsor-unknown"}),
        (Enrolled(member="FAR", to="LOW", since=date(2026, 11, 9)), {"nothing-changes"}),
        (Leave(member="FAR", on=None), {"nothing-changes"}),
    ]
    for correction, codes in wrong:
        for flow in (preview_correction, partial(record_correction, by="anna")):
            with pytest.raises(Refused) as refused:
                await flow(correction)
            assert codes == {finding.code for finding in refused.value.findings}, correction


async def test_the_worker_follows_a_leaver(company: None) -> None:
    """Legs of who leaves stand on the upline's page at the next pulse, and back again where it is taken back."""
    now = after(OCTOBER)
    memory = await recall(now)
    assert memory is not None
    await refresh_standing(memory, now)
    leave = Leave(member="LEG", on=date(2026, 11, 2))
    assert [("LOW", "LEG", "TOP")] == [
        (one.member, one.before, one.after) for one in (await preview_correction(leave)).stands
    ]
    for correction, top in ((leave, {"LEG", "LOW", "SIDE"}), (Leave(member="LEG", on=None), {"LEG", "SIDE"})):
        await record_correction(correction, by="anna")
        refreshed = await refresh_standing(memory, now)
        page = await member_page("TOP")
        assert page is not None
        assert top == {leg.code for leg in page.legs}
        assert {"TOP", "LEG", "LOW"} <= set(refreshed.changed)
        assert page.revision == refreshed.revision
    (row,) = await get_connection("default").execute_query_dict("SELECT count(*) AS rows FROM departure")
    assert row["rows"] == 2
