"""
Closing a period: a line that nothing crosses, hashes that come again, and corrections in the books of the next.
"""

import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime

import asyncpg
import pytest
from msgspec.structs import replace
from tortoise.connection import get_connection
from tortoise.exceptions import IntegrityError

from backend.engine.periods.adjustments import posting_of
from backend.engine.pipeline import run
from backend.flows.close_period import close_period
from backend.flows.list_periods import list_periods
from backend.flows.recall import recall
from backend.flows.refresh_standing import refresh_standing
from backend.flows.set_clock import set_clock
from backend.kernel.finding import Refused
from backend.kernel.period import Period
from backend.plan.reading import read_plan
from backend.plan.resolve import terms_on
from backend.store import periods
from backend.store.company import company as company_row
from backend.store.database import opened
from tests.flows.companies import PLAN, ZONE, found, order, orders_csv
from tests.taken_orders import take_orders

OCTOBER, NOVEMBER = Period(2026, 10), Period(2026, 11)
SOLD = orders_csv(
    "A-1,order,TOP,,2026-10-05T10:00:00Z,120,120,",
    "A-2,order,LEG,C-1,2026-10-06T10:00:00Z,300,300,",
    "A-3,order,LEG,,2026-10-07T10:00:00Z,100,100,",
    "A-4,order,TOP,C-9,2026-11-03T10:00:00Z,200,200,",
)
RULES = {
    "recovered": '\n[returns]\nclause = "0.1"\ncount = "at the rate that was paid"\n',
    "own_period": '\n[late_orders]\nclause = "0.1"\ncount = "in their own period"\n',
}
OCTOBER_IS_OVER = datetime(2026, 11, 4, 12, tzinfo=UTC)
NOVEMBER_IS_OVER = datetime(2026, 12, 2, 12, tzinfo=UTC)


def plan(*rules: str) -> str:
    """Return the plan that ships with further rules of the company's data."""
    clause = next(iter(read_plan(PLAN, "plan").clauses))
    return PLAN + "".join(RULES[rule] for rule in rules).replace('"0.1"', f'"{clause}"')


@pytest.fixture
async def empty(database: str) -> AsyncIterator[None]:
    """Open a database without a company."""
    async with opened(database):
        yield


async def begun(*rules: str, now: datetime = OCTOBER_IS_OVER) -> None:
    """Import the company of these tests under a plan with some rules; it is early November."""
    await found(orders=SOLD, plan=plan(*rules), now=now)
    await at(now)


async def at(now: datetime) -> None:
    """Set the company's clock; a thousandth part of its time passes in a test."""
    await set_clock(real_at=datetime.now(UTC), company_at=now, speed=1)


async def sent(*orders: object, now: datetime = OCTOBER_IS_OVER, rules: tuple[str, ...] = ()) -> None:
    """Take orders under the same plan; each has to be accepted."""
    terms = terms_on(read_plan(plan(*rules), "plan"), now.date())
    taken = await take_orders(shop="till", orders=list(orders), now=now, zone=ZONE, terms=terms)
    assert ["accepted"] * len(orders) == [one.status for one in taken]


async def sums(query: str, *values: object) -> int:
    """Return one number that the database adds up."""
    (row,) = await get_connection("default").execute_query_dict(query, list(values))
    return int(next(iter(row.values())) or 0)


async def adjusted(books: Period) -> int:
    """Return what the books of a closed period adjust in all, minor units."""
    query = "SELECT sum(due_minor - posted_minor) FROM adjustment_line WHERE period_id = $1"
    return await sums(query, str(books))


async def posted(period: Period) -> int:
    """Return what a closed period posted of its own, minor units."""
    kept = await periods.sealed(period)
    assert kept is not None, "closed before"
    return sum(amount for _, amount in kept.posting.amounts_minor)


async def test_closed_again_it_gives_the_same_hashes(empty: None) -> None:
    """Closing twice writes once, and the second time computes to the same hashes."""
    await begun()
    first, second = await close_period(OCTOBER), await close_period(OCTOBER)
    assert (first.closed_before, second.closed_before) == (False, True)
    assert first == replace(second, closed_before=False)
    assert first.lines == await sums("SELECT count(*) FROM closed_line WHERE period_id = $1", "2026-10")
    assert [each.period for each in await list_periods()] == ["2026-10"]


async def test_another_plan_changes_nothing_that_is_closed(empty: None) -> None:
    """Rates that were changed since do not reach a closed period: it computes again by its own."""
    await begun()
    before = await close_period(OCTOBER)
    dearer = PLAN.replace('percent = { 2020-01-01 = "5 %" }', 'percent = { 2020-01-01 = "6 %" }')
    assert dearer != PLAN
    await get_connection("default").execute_query(
        "UPDATE company SET plan_source = $1, plan_digest = 'other'", [dearer]
    )
    after = await close_period(OCTOBER)
    assert (after.snapshot_digest, after.outcome_digest) == (before.snapshot_digest, before.outcome_digest)


async def test_what_is_posted_is_what_the_lines_say(empty: None) -> None:
    """Lines in the table add up to the posting of the period."""
    await begun()
    await close_period(OCTOBER)
    query = "SELECT sum(amount_minor) FROM closed_line WHERE period_id = '2026-10' AND state <> 'kept_at_sale'"
    assert await posted(OCTOBER) == await sums(query)


async def test_a_period_that_runs_is_not_closed(empty: None) -> None:
    """November cannot be closed in November, nor before October: both are said at once."""
    await begun()
    with pytest.raises(Refused) as refused:
        await close_period(NOVEMBER)
    assert {"period-running", "period-earlier-open"} == {finding.code for finding in refused.value.findings}
    assert await periods.states() == {}


async def test_a_close_that_was_cut_off_goes_on_from_the_same_line(empty: None) -> None:
    """An order that came between the line and the seal counts behind the line, whoever closes in the end."""
    await begun()
    line = await periods.begin(OCTOBER, OCTOBER_IS_OVER)
    await sent(order("A-5", placed_at=datetime(2026, 10, 30, 9, tzinfo=UTC)))
    assert await periods.begin(OCTOBER, NOVEMBER_IS_OVER) == line
    await close_period(OCTOBER)
    kept = await periods.sealed(OCTOBER)
    assert kept is not None
    assert kept.position == line.position
    assert int(kept.snapshot.own_pv.sum() + kept.snapshot.customer_pv.sum()) == 520_00
    assert await sums("SELECT count(*) FROM volume_entry WHERE period = '2026-11'") == 2


async def test_a_late_order_counts_in_the_open_period(empty: None) -> None:
    """By default what arrives for October after its close is volume of November."""
    await begun()
    await close_period(OCTOBER)
    await sent(order("A-5", placed_at=datetime(2026, 10, 30, 9, tzinfo=UTC)))
    await at(NOVEMBER_IS_OVER)
    closing = await close_period(NOVEMBER)
    kept = await periods.sealed(NOVEMBER)
    assert kept is not None
    assert int(kept.snapshot.customer_pv.sum()) == 250_00
    assert closing.adjustments == 0


async def test_a_late_order_corrects_its_own_period(empty: None) -> None:
    """Where the plan says so, October as it would have been less what it posted is adjusted in November."""
    rules = ("own_period",)
    late = order("A-5", placed_at=datetime(2026, 10, 30, 9, tzinfo=UTC))
    await begun(*rules)
    await close_period(OCTOBER)
    before = await posted(OCTOBER)
    await sent(late, rules=rules)
    await at(NOVEMBER_IS_OVER)
    await close_period(NOVEMBER)
    kept = await periods.sealed(NOVEMBER)
    assert kept is not None
    assert int(kept.snapshot.customer_pv.sum()) == 200_00
    assert before + await adjusted(NOVEMBER) == await october_with(points=50_00, customers=1, cv=45_00)


async def test_what_comes_back_in_parts_is_taken_back_whole(empty: None) -> None:
    """All partial returns of an order, over two periods, take back what the order had brought: nothing is left."""
    rules = ("recovered",)
    await begun(*rules)
    await close_period(OCTOBER)
    of = {"kind": "return", "member": "LEG", "customer": "C-1", "returns": "A-2"}
    part = order("R-1", **of, placed_at=datetime(2026, 11, 4, 9, tzinfo=UTC), pv_points=100_00, cv_points=100_00)
    rest = order("R-2", **of, placed_at=datetime(2026, 12, 1, 9, tzinfo=UTC), pv_points=200_00, cv_points=200_00)
    await sent(part, rules=rules)
    await at(NOVEMBER_IS_OVER)
    await close_period(NOVEMBER)
    await sent(rest, now=NOVEMBER_IS_OVER, rules=rules)
    await at(datetime(2027, 1, 2, tzinfo=UTC))
    await close_period(Period(2026, 12))
    left = await posted(OCTOBER) + await adjusted(NOVEMBER) + await adjusted(Period(2026, 12))
    assert left == await october_with(points=-300_00, customers=-1)


async def october_with(*, points: int, customers: int, cv: int | None = None) -> int:
    """Return what October would have posted with so much more bought by LEG's customers, all else as it was sealed."""
    kept = await periods.sealed(OCTOBER)
    assert kept is not None
    leg, more = kept.snapshot.members.index("LEG"), points if cv is None else cv
    changed = {"customer_pv": points, "customer_cv": more, "customers": customers}
    columns = {name: getattr(kept.snapshot, name).copy() for name in changed}
    for name, value in changed.items():
        columns[name][leg] += value
    snapshot = replace(kept.snapshot, **columns)
    return sum(amount for _, amount in posting_of(snapshot, kept.terms, run(snapshot, kept.terms)).amounts_minor)


LINE = "period_id, member_id, bonus, leg, source, generation, product, entry, state, base_cv, rate_bp, less_bp, part"
ENTRY = "order_id, member_id, own, at, pv_points, cv_points, firm_at, origin"
WRITES = (
    "UPDATE closed_period SET outcome_digest = 'x' WHERE id = '2026-10'",
    "DELETE FROM closed_period",
    "TRUNCATE closed_period CASCADE",
    "UPDATE closed_line SET amount_minor = 0",
    "DELETE FROM closed_line",
    "TRUNCATE closed_line",
    f"INSERT INTO closed_line ({LINE}, currency, whole, amount_minor) SELECT {LINE}, currency, 1, 1 FROM closed_line",
    "UPDATE volume_entry SET pv_points = 0",
    "DELETE FROM volume_entry",
    "TRUNCATE volume_entry",
    "UPDATE volume_entry SET period = '2026-10' WHERE period = '2026-11'",
    f"INSERT INTO volume_entry ({ENTRY}, period) SELECT {ENTRY}, '2026-10' FROM volume_entry",
    "UPDATE sales_order SET pv_points = 0",
    "DELETE FROM sales_order",
)


async def test_the_database_refuses_to_write_to_a_closed_period(empty: None) -> None:
    """Whoever asks the database itself, its owner too, changes nothing that is closed."""
    await begun()
    await close_period(OCTOBER)
    for write in WRITES:
        with pytest.raises((IntegrityError, asyncpg.RestrictViolationError)):
            await get_connection("default").execute_query(write)
    assert (await close_period(OCTOBER)).closed_before


async def test_the_worker_goes_on_from_what_was_sealed(empty: None) -> None:
    """A pulse after the close carries titles out of the sealed period, not out of one that it computed itself."""
    await begun()
    await close_period(OCTOBER)
    memory = await recall(OCTOBER_IS_OVER)
    assert memory is not None
    await refresh_standing(memory, OCTOBER_IS_OVER)
    kept = await periods.sealed(OCTOBER)
    assert kept is not None
    assert memory.closed[OCTOBER].carried == kept.carryover


async def test_each_member_is_told_what_differs_from_the_last_projection(empty: None) -> None:
    """A return after the last pulse of October stands beside the result as its own cause, to the last cent."""
    await begun(now=datetime(2026, 10, 31, 12, tzinfo=UTC))
    memory = await recall(datetime(2026, 10, 31, 12, tzinfo=UTC))
    assert memory is not None
    await refresh_standing(memory, datetime(2026, 10, 31, 12, tzinfo=UTC))
    back = order(
        "R-1", returns="A-2", placed_at=datetime(2026, 10, 31, 13, tzinfo=UTC), pv_points=300_00, cv_points=300_00
    )
    await sent(back, now=datetime(2026, 10, 31, 13, 1, tzinfo=UTC))
    await at(OCTOBER_IS_OVER)
    await close_period(OCTOBER)
    rows = await get_connection("default").execute_query_dict(
        "SELECT code, document FROM close_difference JOIN member ON member.id = member_id WHERE period_id = '2026-10'"
    )
    found_ = {row["code"]: json.loads(row["document"]) for row in rows}
    leg = found_["LEG"]
    assert [cause["kind"] for cause in leg["causes"]] == ["returns"]
    assert leg["to_date_minor"] + sum(cause["amount_minor"] for cause in leg["causes"]) == leg["result_minor"]
    assert leg["result_minor"] < leg["to_date_minor"]


async def test_a_company_that_is_not_there_has_no_period_to_close(empty: None) -> None:
    """Without a company the answer says what to do first."""
    assert await company_row() is None
    with pytest.raises(Refused) as refused:
        await close_period(OCTOBER)
    assert ["company-missing"] == [finding.code for finding in refused.value.findings]
