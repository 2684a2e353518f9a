"""
What a company states of its members, from its file through the tables to the member's page.
"""

from collections.abc import AsyncIterator

import pytest
from tortoise.connection import get_connection

from backend.engine.outcome import State
from backend.flows.explain_numbers import explain_numbers
from backend.flows.import_company import Imported, import_company
from backend.flows.memory import Memory
from backend.flows.recall import recall
from backend.flows.refresh_standing import refresh_standing
from backend.kernel.finding import Refused
from backend.store import views
from backend.store.database import opened
from tests.flows.companies import MEMBERS, NOW, PLAN, ZONE, orders_csv

ORDERS = orders_csv("A-1,order,LEG,C-1,2026-11-05T09:00:00+01:00,900.00,810.00,")
FACTS = """member,from,fact,value
LEG,2026-10-01,paused,payment
LEG,2026-11-30,paused,compliance
LEG,2026-12-01,paused,none
TOP,2026-03-01,fees_paid,no
LOW,2026-11-10,customer_share,66.5 %
"""


@pytest.fixture
async def store(database: str) -> AsyncIterator[None]:
    """Open an empty database."""
    async with opened(database):
        yield


async def stating(facts: str) -> Imported:
    """Import the small company with an order and what it states."""
    return await import_company(
        members_csv=MEMBERS,
        orders_csv=ORDERS,
        facts_csv=facts.encode(),
        plan_source=PLAN,
        name="Small",
        zone=ZONE,
        now=NOW,
    )


async def refreshed() -> Memory:
    """Return a memory that was refreshed once."""
    memory = await recall(NOW)
    assert memory is not None
    await refresh_standing(memory, NOW)
    return memory


async def test_every_statement_is_there(store: None) -> None:
    """Each row with its member, its day and its value as the engine counts it."""
    assert Imported(members=3, orders=1, left_out=0, facts=5) == await stating(FACTS)
    rows = await get_connection("default").execute_query_dict(
        "SELECT code, fact, value, since::text FROM stated_fact JOIN member ON member.id = member_id"
        " ORDER BY code, since"
    )

    assert [
        ("LEG", "paused", 2, "2026-10-01"),
        ("LEG", "paused", 1, "2026-11-30"),
        ("LEG", "paused", 0, "2026-12-01"),
        ("LOW", "customer_share", 6650, "2026-11-10"),
        ("TOP", "fees_paid", 0, "2026-03-01"),
    ] == [tuple(row.values()) for row in rows]


async def test_a_mistake_in_the_facts_leaves_nothing(store: None) -> None:
    """The whole company waits until its facts are right."""
    with pytest.raises(Refused, match="fact-unknown"):
        await stating(FACTS + "TOP,2026-03-01,fee,no\n")

    assert [{"rows": 0}] == await get_connection("default").execute_query_dict("SELECT count(*) AS rows FROM member")


async def test_the_open_month_takes_what_holds_on_its_last_day(store: None) -> None:
    """On the 20th of November LEG is paused for compliance, as it will be on the 30th; nobody else is."""
    await stating(FACTS)
    shown = (await refreshed()).shown
    assert shown is not None
    at = {code: index for index, code in enumerate(shown.snapshot.members)}

    assert State.HELD_COMPLIANCE == shown.snapshot.paused[at["LEG"]]
    assert State.PAYABLE == shown.snapshot.paused[at["TOP"]] == shown.snapshot.paused[at["LOW"]]
    assert [False, True] == [bool(shown.snapshot.fees_paid[at[code]]) for code in ("TOP", "LEG")]
    assert 6650 == shown.snapshot.customer_share_bp[at["LOW"]]


async def test_what_is_held_stands_on_the_page_with_its_reason(store: None) -> None:
    """The page tells what of the earnings is held and why, and the explanation subtracts it; none of it is lost."""
    await stating(FACTS)
    memory = await refreshed()
    page, free = await views.member_page("LEG"), await views.member_page("TOP")
    assert page is not None
    assert free is not None
    earned_minor = sum(one.to_date_minor for one in page.standing.earnings)
    (payable,) = explain_numbers(memory, "LEG", "payable")

    assert earned_minor > 0
    assert (earned_minor, "held_compliance") == (page.standing.held_minor, page.standing.held_state)
    assert (0, "") == (free.standing.held_minor, free.standing.held_state)
    assert (0, [earned_minor, -earned_minor]) == (payable.value, [part.value for part in payable.parts[:2]])
