"""
Closed months as they are known now: what comes to be known late of one is put right in it and in those after it.

The judge is another road: the company's files as they would have been written had all been known, month by month.
"""

import csv
import io
from collections import Counter
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta
from random import Random

import pytest

from backend.engine.periods.adjustments import posting_of
from backend.engine.periods.carryover import Carryover, carryover_of
from backend.engine.snapshot import Snapshot, columns_of
from backend.files.calculation import computed, terms_of
from backend.files.company import read_company
from backend.flows.check_correction import check_correction
from backend.flows.close_period import close_period
from backend.flows.preview_correction import preview_correction
from backend.flows.recall import recall
from backend.flows.record_correction import record_correction
from backend.flows.refresh_standing import refresh_standing
from backend.flows.set_clock import set_clock
from backend.flows.take_events import take_events
from backend.intake.events import Event, Fact, Member
from backend.kernel.period import Period, periods_between
from backend.network.correction import Correction, Enrolled, Leave, Move
from backend.plan.reading import read_plan
from backend.plan.resolve import terms_on
from backend.store import periods
from backend.store.database import opened
from tests.flows.companies import ORDERS_HEADER, PLAN, ZONE, found, order

SEPTEMBER, OCTOBER, NOVEMBER, DECEMBER, JANUARY = MONTHS = tuple(periods_between(Period(2026, 9), Period(2027, 1)))
CLOSED = MONTHS[:3]
MEMBERS = """member,sponsor,enroller,joined,market,training,left
TOP,,,2025-01-01,US,yes,
LEG,TOP,TOP,2025-02-01,EU,yes,
LOW,LEG,LEG,2025-03-01,US,yes,
FAR,LOW,LOW,2025-04-01,US,no,
SIDE,TOP,LEG,2025-03-01,US,no,
END,SIDE,SIDE,2025-05-01,EU,yes,
"""
POINTS = {"TOP": 700, "LEG": 110, "LOW": 900, "FAR": 1500, "SIDE": 120, "END": 300}
OWN_PERIOD = '\n[late_orders]\nclause = "1.1"\ncount = "in their own period"\n'
Line = tuple[str, str, str, str]


def sold() -> bytes:
    """Return orders in each month: all buy as customers do, so that own purchases are no matter."""
    rows = (
        f"{month}-{code},order,{code},C-{code},{month}-05T10:00:00Z,{points + 10 * at},{points},"
        for at, month in enumerate(MONTHS)
        for code, points in POINTS.items()
    )
    return (ORDERS_HEADER + "".join(f"{row}\n" for row in rows)).encode()


def rows() -> dict[str, dict[str, str]]:
    """Return the members' file by member."""
    return {row["member"]: row for row in csv.DictReader(MEMBERS.splitlines())}


def after(period: Period) -> datetime:
    """Return an instant a few days after a period."""
    return datetime(period.plus(1).year, period.plus(1).month, 4, 12, tzinfo=UTC)


async def closed(*months: Period) -> None:
    """Close months, each when it is over."""
    for month in months:
        await set_clock(real_at=datetime.now(UTC), company_at=after(month), speed=1)
        await close_period(month)


@pytest.fixture
async def company(database: str) -> AsyncIterator[None]:
    """Import a company whose first three months are closed."""
    async with opened(database):
        await found(members=MEMBERS.encode(), orders=sold(), plan=PLAN + OWN_PERIOD, now=after(JANUARY))
        await closed(*CLOSED)
        yield


async def settled(month: Period) -> Counter[Line]:
    """Return what a closed month has posted and later books have adjusted, by earner, bonus, leg and source."""
    kept = await periods.sealed(month)
    assert kept is not None
    amounts: Counter[Line] = Counter()
    for of, amount in kept.posting.amounts_minor:
        amounts[of.earner, of.bonus, of.leg, of.source] += amount
    for _, each in await periods.adjusted_before(month):
        amounts[each.of.earner, each.of.bonus, each.of.leg, each.of.source] += each.amount_minor
    return Counter({line: amount for line, amount in amounts.items() if amount})


class Said:
    """What was recorded since, and the files as they would be with it."""

    def __init__(self) -> None:
        """Begin with the files as they were imported."""
        self.placed: dict[tuple[str, str], list[tuple[date, str]]] = {}
        self.facts: dict[tuple[str, str, date], int] = {}
        self.orders = sold().decode()
        self.joined: list[str] = []

    def note(self, correction: Correction) -> None:
        """Remember a correction, in its order."""
        match correction:
            case Move():
                self.placed.setdefault((correction.member, "sponsor"), []).append(
                    (correction.since, correction.to or "")
                )
            case Enrolled():
                self.placed.setdefault((correction.member, "enroller"), []).append(
                    (correction.since, correction.to or "")
                )
            case Leave():
                self.placed[correction.member, "left"] = [(date.min, str(correction.on or ""))]

    def due(self) -> dict[Period, Counter[Line]]:
        """Return what each month comes to by the files alone, each carrying over into the next."""
        found: dict[Period, Counter[Line]] = {}
        carried: Carryover | None = None
        document = read_plan(PLAN + OWN_PERIOD, "plan")
        for month in MONTHS:
            terms = terms_of(document, month)
            files = read_company(self._members(month), self.orders.encode(), self._facts(), zone=ZONE, terms=terms)
            (one,) = computed(files, [terms], [month], ZONE, carried=carried)
            amounts: Counter[Line] = Counter()
            for of, amount in posting_of(one.snapshot, terms, one.outcome).amounts_minor:
                amounts[of.earner, of.bonus, of.leg, of.source] += amount
            found[month] = Counter({line: amount for line, amount in amounts.items() if amount})
            carried = carryover_of(one.snapshot, terms, one.outcome)
        return found

    def _members(self, month: Period) -> bytes:
        members = rows()
        for (code, column), values in self.placed.items():
            for _, value in sorted((one for one in values if one[0] <= month.last_day), key=lambda one: one[0]):
                members[code][column] = value
        text = io.StringIO()
        writer = csv.DictWriter(text, next(iter(members.values())))
        writer.writeheader()
        writer.writerows(members.values())
        return (text.getvalue() + "".join(f"{row}\n" for row in self.joined)).encode()

    def _facts(self) -> bytes:
        said = (f"{code},{day},{fact},{'yes' if value else 'no'}\n" for (code, fact, day), value in self.facts.items())
        return ("member,from,fact,value\n" + "".join(said)).encode()


async def told(*events: Event, now: datetime) -> None:
    """Let the company tell events; each has to be accepted."""
    terms = terms_on(read_plan(PLAN + OWN_PERIOD, "plan"), now.date())
    taken = await take_events(source="till", events=events, now=now, zone=ZONE, terms=terms)
    assert ["accepted"] * len(events) == [one.status for one in taken.told], taken.told


async def open_month(now: datetime) -> Snapshot:
    """Return the open month as a worker shows it that has just begun."""
    memory = await recall(now)
    assert memory is not None
    await refresh_standing(memory, now)
    assert memory.shown is not None
    return memory.shown.snapshot


async def test_a_title_of_one_month_is_put_right_in_those_after_it(company: None) -> None:
    """
    LOW stood under SIDE for September alone: LEG held its title for two months then, and not for the three of a bonus.

    October and November have the network that they had. What is owed in them is adjusted, and titles go on from there:
    what a worker shows the open month to begin with is what its close begins with. Taking it back is previewed.
    """
    said, december = Said(), after(NOVEMBER)
    for to, since in (("SIDE", date(2026, 9, 15)), ("LEG", date(2026, 10, 1))):
        await record_correction(Move(member="LOW", to=to, since=since), by="anna")
        said.note(Move(member="LOW", to=to, since=since))
    shown = await open_month(december)
    await closed(DECEMBER)
    due = said.due()
    assert {month: due[month] for month in MONTHS[:4]} == {month: await settled(month) for month in MONTHS[:4]}
    taken_back = [each.amount_minor for _, each in await periods.adjusted_before(NOVEMBER) if each.of.earner == "LEG"]
    assert taken_back == [-27_60], "30 USD in euros"
    kept = await periods.sealed(DECEMBER)
    assert kept is not None
    carried = [name for name in columns_of(kept.snapshot) if name.endswith("_before")]
    assert [getattr(shown, name).tolist() for name in carried] == [
        getattr(kept.snapshot, name).tolist() for name in carried
    ]

    preview = await preview_correction(Move(member="LOW", to="LEG", since=date(2026, 9, 15)))
    (november,) = (one for one in preview.periods if one.period == str(NOVEMBER))
    (leg,) = (one for one in november.members if one.member == "LEG")
    assert (november.closed, [27_60]) == (True, [income.difference_minor for income in leg.incomes])
    for month in MONTHS[:4]:
        assert (await close_period(month)).closed_before


@pytest.mark.parametrize("seed", [1, 2, 3])
async def test_what_was_posted_and_adjusted_is_all_months_computed_again(company: None, seed: int) -> None:
    """After any moves, enrollers, facts and late orders over two closes each month is as if all had been known."""
    random, said, recorded = Random(seed), Said(), 0
    for month in MONTHS[3:]:
        for correction in drawn(random):
            if not await check_correction(correction):
                await record_correction(correction, by="anna")
                said.note(correction)
                recorded += 1
        facts = [
            Fact(member=random.choice([*POINTS]), fact=fact, value=random.randrange(2), since=some_day(random))
            for fact in ("training", "let_through", "closed")
        ]
        await told(*facts, now=after(month))
        said.facts |= {(one.member, one.fact, one.since): one.value for one in facts}
        code, day, pv = random.choice([*POINTS]), some_day(random), 100 * random.randrange(1, 15)
        placed_at = datetime(day.year, day.month, day.day, 9, tzinfo=UTC)
        late = order(f"L-{month}", member=code, customer=f"C-{code}", placed_at=placed_at, pv_points=100 * pv)
        await told(late, now=after(month))
        said.orders += f"L-{month},order,{code},C-{code},{day}T09:00:00Z,{pv},45,\n"
        await closed(month)
    assert recorded > 2
    assert said.due() == {month: await settled(month) for month in MONTHS}


def some_day(random: Random) -> date:
    """Return a day of the first three months."""
    return SEPTEMBER.first_day + timedelta(random.randrange(91))


def drawn(random: Random) -> list[Correction]:
    """Draw corrections, sound ones and others."""
    found: list[Correction] = []
    for _ in range(12):
        member, other = random.choices([*POINTS], k=2)
        since = some_day(random)
        leave = Leave(member=member, on=random.choice([since, None]))
        move = Move(member=member, to=other, since=since)
        found.append(random.choice([move, move, Enrolled(member=member, to=other, since=since), leave]))
    return found


async def test_a_late_order_reaches_the_months_after_its_own(company: None) -> None:
    """
    By a late order of September SIDE has its title from then on, and is owed what the title pays for three months.

    Nothing is paid twice: each closed month, and the one whose books adjust them, are as if it had been known.
    """
    late = order("L-1", member="SIDE", placed_at=datetime(2026, 9, 20, 9, tzinfo=UTC), pv_points=500_00)
    before = await settled(NOVEMBER)
    await told(late, now=after(NOVEMBER))
    shown = await open_month(after(NOVEMBER))
    await closed(DECEMBER, JANUARY)
    said = Said()
    said.orders += "L-1,order,SIDE,C-1,2026-09-20T09:00:00Z,500,45,\n"
    assert said.due() == {month: await settled(month) for month in MONTHS}
    assert {"SIDE"} <= {line[0] for line, amount in (await settled(NOVEMBER)).items() if amount != before[line]}
    kept = await periods.sealed(DECEMBER)
    assert kept is not None
    assert shown.title_before.tolist() == kept.snapshot.title_before.tolist()


async def test_a_late_order_of_who_was_entered_late_is_paid_to_the_upline(company: None) -> None:
    """
    NEW joined in October below END and is told of in December, with an order of October: the sealed tree has no NEW.

    The order counts where NEW stood on its day. END and those above earn on it as if it had been known, in October, and
    nothing else of the closed months is touched.
    """
    before = [await settled(month) for month in CLOSED]
    joined = Member(member="NEW", sponsor="END", enroller="END", name="NEW", joined=date(2026, 10, 10), market="US")
    late = order("L-1", member="NEW", customer="C-L", placed_at=datetime(2026, 10, 20, 9, tzinfo=UTC))
    await told(joined, late, now=after(NOVEMBER))
    await closed(DECEMBER)
    said = Said()
    said.joined.append("NEW,END,END,2026-10-10,US,no,")
    said.orders += "L-1,order,NEW,C-L,2026-10-20T09:00:00Z,50,45,\n"
    due, now = said.due(), [await settled(month) for month in CLOSED]
    assert [due[month] for month in CLOSED] == now
    assert (before[0], before[2]) == (now[0], now[2])
    gained = {line[0] for line, amount in now[1].items() if amount != before[1][line]}
    assert {"END", "SIDE"} <= gained <= {"NEW", "END", "SIDE", "TOP"}
