"""
A refresh writes what has changed and nothing else, tells whose pages that is, and agrees with the files' own road.
"""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

import asyncpg
import msgspec
import pytest
from tortoise.connection import get_connection

from backend.demo.company import write_company
from backend.files.calculation import Computed, computed, terms_of
from backend.files.company import read_company
from backend.flows.memory import Memory
from backend.flows.recall import recall
from backend.flows.refresh_standing import refresh_standing
from backend.forecast.projection import minor_by_bonus
from backend.forecast.readings import EARNED
from backend.forecast.standing import Standing
from backend.kernel.period import Period, periods_between
from backend.plan.reading import read_plan
from backend.store import views
from backend.store.away import AWAY
from backend.store.database import STANDINGS_CHANNEL, opened
from backend.store.standings import COMPANY_TOPIC, Overtaken, last_documents
from tests.flows.companies import NOW, PLAN, ZONE, found, order, orders_csv, take

LAST = Period(2026, 10)
MIDDLE = datetime(2026, 10, 20, 12, tzinfo=UTC)
END = LAST.end(ZONE) - timedelta(microseconds=1)
"""The last instant of October: everything has happened, and the period is still open."""

STARTER = """
[[titles]]
id = "starter"
name = "Starter"
clause = "5.1"
begins = 2026-11-01
requires = { 2026-11-01 = { all_of = [{ measure = "step", at_least = "five" }] } }

[[titles]]
id = "supervisor"
"""


class Files(NamedTuple):
    """What a company's export consists of."""

    members: bytes
    orders: bytes


@pytest.fixture(scope="module")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> Files:
    """Return the files of a drawn company of sixty promoters with a year of orders."""
    folder = tmp_path_factory.mktemp("company")
    write_company(folder, promoters=60, seed=5, until=LAST)
    return Files(*((folder / name).read_bytes() for name in ("members.csv", "orders.csv")))


@pytest.fixture
async def company(database: str, drawn: Files) -> AsyncIterator[str]:
    """Open the drawn company as of the twentieth of October; yield the database's address."""
    async with opened(database):
        await found(*drawn, now=MIDDLE, before=MIDDLE)
        yield database


async def remembered(now: datetime) -> Memory:
    """Return a memory that was refreshed once."""
    memory = await recall(now)
    assert memory is not None
    await refresh_standing(memory, now)
    return memory


async def from_scratch(now: datetime) -> dict[str, str]:
    """Forget every standing, and return what a fresh memory writes."""
    await get_connection("default").execute_query("DELETE FROM member_standing")
    await remembered(now)
    return await last_documents()


def seller_below(memory: Memory) -> str:
    """Return a member with two uplines, so that a change travels."""
    tree = memory.tree
    at = next(at for at, sponsor in enumerate(tree.sponsor) if sponsor >= 0 and tree.sponsor[sponsor] >= 0)
    return tree.members[at]


async def test_an_order_changes_whose_numbers_change(company: str) -> None:
    """Told are those whose standing differs, their sponsors and the company; a fresh memory writes the same."""
    memory = await remembered(MIDDLE)
    before = await last_documents()
    who = seller_below(memory)
    (taken,) = await take(order("A-1", member=who, placed_at=MIDDLE, pv_points=700_00, cv_points=700_00), now=MIDDLE)
    refreshed = await refresh_standing(memory, MIDDLE)
    after = await last_documents()
    changed = {code for code, document in after.items() if document != before[code]}
    tree = memory.tree
    above = (int(tree.sponsor[tree.position[code]]) for code in changed)
    sponsors = {tree.members[at] for at in above if at >= 0}

    assert "accepted" == taken.status
    assert who in changed
    assert len(changed) < len(after)
    assert refreshed.changed == tuple(sorted({COMPANY_TOPIC} | changed | sponsors))
    assert after == await from_scratch(MIDDLE)


async def test_without_news_nobody_is_told(company: str) -> None:
    """A second refresh at the same moment changes no member's page, and no row of one."""
    memory = await remembered(MIDDLE)
    refreshed = await refresh_standing(memory, MIDDLE)
    revisions = await get_connection("default").execute_query_dict("SELECT DISTINCT revision FROM member_standing")

    assert ((COMPANY_TOPIC,), 2) == (refreshed.changed, refreshed.revision)
    assert [{"revision": 1}] == revisions


async def test_pages_hear_of_what_they_can_read(company: str) -> None:
    """Each announced page is announced once, at the revision that it then has."""
    heard: list[str] = []
    listener = await asyncpg.connect(company)
    await listener.add_listener(STANDINGS_CHANNEL, lambda *said: heard.append(str(said[3])))
    memory = await remembered(MIDDLE)
    await listener.execute("SELECT 1")
    await listener.close()
    said = [msgspec.json.decode(notice) for notice in heard]
    page = await views.member_page(memory.tree.members[0])

    assert Counter([COMPANY_TOPIC, *memory.tree.members]) == Counter(code for each in said for code in each["members"])
    assert page is not None
    assert {page.revision} == {each["revision"] for each in said}


async def test_the_company_s_page_adds_up(company: str) -> None:
    """What members earn to date is, bonus by bonus and currency by currency, what the company pays."""
    memory = await remembered(MIDDLE)
    page = await views.company_page()
    standings = [msgspec.json.decode(text, type=Standing) for text in (await last_documents()).values()]
    earned = Counter[tuple[str, str]]()
    for one in standings:
        earned.update({(each.bonus, one.currency): each.to_date_minor for each in one.earnings})

    assert page is not None
    assert {(paid.bonus, paid.currency): paid.amount_minor for paid in page.totals.bonuses} == {
        what: amount for what, amount in earned.items() if amount
    }
    totals = page.totals
    assert totals.bonuses
    assert (str(LAST), len(standings)) == (totals.period, len(memory.tree.members))
    assert totals.pv_points == sum(one.pv_points for one in standings)
    assert totals.active == sum(one.active for one in standings)
    assert totals.members == sum(totals.steps)


async def test_a_member_s_page_shows_member_and_legs(company: str) -> None:
    """The own standing, each leg with the largest group first, and the ages of the numbers."""
    memory = await remembered(MIDDLE)
    tree = memory.tree
    at = int(tree.leg_count.argmax())
    legs = tree.members[tree.first_leg[at] : tree.first_leg[at] + tree.leg_count[at]]
    page = await views.member_page(tree.members[at])

    assert page is not None
    assert page.standing == msgspec.json.decode(memory.documents[tree.members[at]], type=Standing)
    assert set(legs) == {leg.code for leg in page.legs}
    assert sorted(page.legs, key=lambda leg: (-leg.standing.gv_points, leg.code)) == list(page.legs)
    assert page.data_at <= page.computed_at == MIDDLE
    assert await views.member_page("NOBODY") is None


async def test_the_standing_agrees_with_the_files(database: str, drawn: Files) -> None:
    """At the end of October each member's volumes, step and money are those of `handrail calc` on the same files."""
    async with opened(database):
        await found(*drawn, now=END)
        await remembered(END)
        written = {code: msgspec.json.decode(text, type=Standing) for code, text in (await last_documents()).items()}
    outcome = (one := calculated(drawn)).outcome
    earned = minor_by_bonus(outcome)

    assert earned.any()
    for at, code in enumerate(one.snapshot.members):
        standing = written[code]
        assert (int(outcome.pv[at]), int(outcome.gv[at]), int(outcome.tgv[at]), int(outcome.side_volume[at])) == (
            standing.pv_points,
            standing.gv_points,
            standing.tgv_points,
            standing.side_volume_points,
        )
        assert (int(outcome.step[at]), int(outcome.paid_step[at])) == (standing.step, standing.paid_step)
        assert [int(earned[bonus, at]) for bonus in EARNED] == [each.to_date_minor for each in standing.earnings]


def calculated(drawn: Files) -> Computed:
    """Return October as the files alone give it, after the eleven periods before it."""
    periods = list(periods_between(LAST.plus(-11), LAST))
    document = read_plan(PLAN, "plan")
    terms = [terms_of(document, period) for period in periods]
    return list(computed(read_company(*drawn, zone=ZONE, terms=terms[0]), terms, periods, ZONE))[-1]


async def title_of(code: str) -> int:
    """Return the title on a member's page."""
    page = await views.member_page(code)
    assert page is not None
    return page.standing.title


async def test_a_late_order_changes_what_is_carried(database: str) -> None:
    """An order of October that arrives in November earns the title in October; November begins with it."""
    async with opened(database):
        await found(orders=orders_csv("A-0,order,LEG,,2026-08-05,10,10,"))
        memory = await remembered(NOW)
        before = await title_of("LEG")
        late = order("A-1", placed_at=datetime(2026, 10, 5, tzinfo=UTC), pv_points=900_00, cv_points=900_00)
        await take(late)
        refreshed = await refresh_standing(memory, NOW)
        after, documents = await title_of("LEG"), await last_documents()

        assert (0, 1) == (before, after)
        assert {"LEG", "TOP"} <= set(refreshed.changed)
        assert documents == await from_scratch(NOW)


async def test_a_return_of_last_month_s_order_leaves_last_month(database: str) -> None:
    """What comes back in November lowers November, and October's title stays."""
    async with opened(database):
        await found(orders=orders_csv("A-0,order,LEG,C-1,2026-10-05,900,900,"))
        memory = await remembered(NOW)
        await take(order("R-1", returns="A-0", placed_at=NOW, pv_points=900_00, cv_points=900_00))
        await refresh_standing(memory, NOW)
        page = await views.member_page("LEG")

    assert page is not None
    assert (-900_00, 1) == (page.standing.pv_points, page.standing.title)
    assert 900_00 == page.standing.usual_gv_points


async def test_a_title_is_carried_by_its_name(database: str) -> None:
    """Where the plan gains a title below it, a Supervisor of October is still a Supervisor in November."""
    plan = PLAN.replace('[[titles]]\nid = "supervisor"\n', STARTER)
    async with opened(database):
        await found(orders=orders_csv("A-0,order,LEG,C-1,2026-10-05,900,900,"), plan=plan)
        memory = await remembered(NOW)
        titles = memory.company.terms_of(Period(2026, 11)).titles
        title = await title_of("LEG")

    assert ("starter", "supervisor") == (titles[1].id, titles[title].id)


async def test_a_refresh_is_one_revision_or_none(company: str) -> None:
    """A refresh that dies while it writes leaves the last revision as it was, and the next one makes it good."""
    memory = await remembered(MIDDLE)
    before = await last_documents()
    await take(order("A-1", member=seller_below(memory), placed_at=MIDDLE), now=MIDDLE)
    blocker = await asyncpg.connect(company)
    async with blocker.transaction():
        await blocker.execute("LOCK TABLE member_standing IN SHARE MODE")
        refreshing = asyncio.create_task(refresh_standing(memory, MIDDLE))
        await asyncio.wait([refreshing], timeout=1)
        await blocker.execute("SELECT pg_terminate_backend(pid, 5000) FROM pg_locks WHERE NOT granted")
        with pytest.raises(AWAY):
            await refreshing
    await blocker.close()

    assert before == await last_documents()
    again = await remembered(MIDDLE)
    assert again.documents == await last_documents() != before


async def test_a_worker_that_was_overtaken_writes_nothing(company: str) -> None:
    """Whoever lost the post and comes late finds a later revision, and leaves the numbers of its successor alone."""
    late, successor = await recall(MIDDLE), await recall(MIDDLE)
    assert late is not None
    assert successor is not None
    first = await refresh_standing(successor, MIDDLE)
    written = await last_documents()

    with pytest.raises(Overtaken):
        await refresh_standing(late, MIDDLE + timedelta(days=3))

    page = await views.company_page()
    assert page is not None
    assert (first.revision, written) == (page.revision, await last_documents())
