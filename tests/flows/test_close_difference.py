"""
The difference at the close over a whole demo company: what each member was shown last, what was paid, and why.
"""

import csv
import io
from collections import Counter
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import NamedTuple

import pytest
from babel import Locale
from msgspec.structs import replace

from backend.demo.company import write_company
from backend.files.company import read_company
from backend.files.orders import Orders
from backend.flows.close_period import close_period
from backend.flows.import_company import import_company
from backend.flows.recall import recall
from backend.flows.record_correction import record_correction
from backend.flows.refresh_standing import refresh_standing
from backend.flows.set_clock import set_clock
from backend.forecast.difference import CauseKind, Difference
from backend.http.figures import money
from backend.http.member import month
from backend.intake.order_body import OrderBody
from backend.kernel.period import Period, periods_between
from backend.network.correction import Move
from backend.store import periods, views
from backend.store.database import opened
from backend.store.views.months import ClosedMonth, closed_month
from tests.flows.companies import PLAN, ZONE, terms
from tests.http.test_today import words
from tests.taken_orders import take_orders

OCTOBER = Period(2026, 10)
CLOSED_BEFORE = tuple(periods_between(OCTOBER.plus(-3), OCTOBER.plus(-1)))
LAST_PULSE = datetime(2026, 10, 27, 18, tzinfo=UTC)
"""The last pulse of October; what was bought after it, and all that came back of it, arrives later."""
IN_NOVEMBER = datetime(2026, 11, 2, 9, tzinfo=UTC)


class Closed(NamedTuple):
    """October as it was closed, and each member's page of it by code."""

    kept: periods.Sealed
    pages: dict[str, ClosedMonth]


@pytest.fixture
async def october(database: str, tmp_path: Path) -> AsyncIterator[Closed]:
    """Run a demo company through a close: a pulse with its projection, later orders, returns and a move, the seal."""
    write_company(tmp_path, promoters=120, seed=3, until=OCTOBER)
    members, orders = (tmp_path / "members.csv").read_bytes(), _since(tmp_path / "orders.csv", CLOSED_BEFORE[0])
    async with opened(database):
        await import_company(
            members_csv=members,
            orders_csv=orders,
            plan_source=PLAN,
            name="Demo",
            zone=ZONE,
            now=LAST_PULSE,
            before=LAST_PULSE,
        )
        await at(LAST_PULSE)
        for period in CLOSED_BEFORE:
            await close_period(period)
        memory = await recall(LAST_PULSE)
        assert memory is not None
        await refresh_standing(memory, LAST_PULSE)
        await at(IN_NOVEMBER)
        await _told_later(members, orders)
        moved = next(one for one in memory.tree.members if memory.sponsors[one] not in (None, memory.tree.members[0]))
        await record_correction(Move(member=moved, to=memory.tree.members[0], since=date(2026, 10, 20)), by="anna")
        await refresh_standing(memory, IN_NOVEMBER)
        await close_period(OCTOBER)
        kept = await periods.sealed(OCTOBER)
        assert kept is not None
        pages = {code: await closed_month(code, str(OCTOBER)) for code in kept.snapshot.members}
        yield Closed(kept, {code: page for code, page in pages.items() if page is not None})


async def at(now: datetime) -> None:
    """Set the company's clock."""
    await set_clock(real_at=datetime.now(UTC), company_at=now, speed=1)


def _since(path: Path, first: Period) -> bytes:
    """Return the orders of the months that are closed and of October, with what came back of them."""
    rows = [row for row in csv.DictReader(path.open()) if row["placed_at"] >= str(first)]
    there = {row["order"] for row in rows}
    text = io.StringIO()
    writer = csv.DictWriter(text, rows[0])
    writer.writeheader()
    writer.writerows(row for row in rows if not row["returns"] or row["returns"] in there)
    return text.getvalue().encode()


async def _told_later(members: bytes, orders: bytes) -> None:
    """Let the rest of October arrive, and returns of orders that had been shown already."""
    read = read_company(members, orders, zone=ZONE, terms=terms()).orders
    later = [at for at, placed_at in enumerate(read.placed_at) if placed_at >= LAST_PULSE]
    kept = [at for at, key in enumerate(read.order) if not read.returns[at] and key not in set(read.returns)]
    seen = [at for at in kept if OCTOBER == Period.of(read.placed_at[at], ZONE) and read.placed_at[at] < LAST_PULSE]
    back = [replace(_body(read, at), order=f"B-{at}", kind="return", returns=read.order[at]) for at in seen[::12]]
    back = [replace(one, placed_at=datetime(2026, 10, 31, 12, tzinfo=UTC)) for one in back]
    taken = await take_orders(
        shop="till", orders=[*(_body(read, at) for at in later), *back], now=IN_NOVEMBER, zone=ZONE, terms=terms()
    )
    assert {"accepted"} == {one.status for one in taken}
    assert min(len(later), len(back)) > 10


def _body(read: Orders, at: int) -> OrderBody:
    return OrderBody(
        order=read.order[at],
        kind=read.kind[at],
        member=read.member[at],
        customer=read.customer[at] or None,
        placed_at=read.placed_at[at],
        pv_points=read.pv[at],
        cv_points=read.cv[at],
        returns=read.returns[at] or None,
        products=read.products[at],
    )


def _paid(kept: periods.Sealed) -> Counter[str]:
    """Return what the sealed month posts to each member."""
    paid: Counter[str] = Counter()
    for of, amount_minor in kept.posting.amounts_minor:
        paid[of.earner] += amount_minor
    return paid


async def test_causes_add_up_for_every_member_and_stand_on_the_page(october: Closed) -> None:
    """
    From what was shown last, by the amounts of the causes, everybody comes to what the sealed month posts, to the cent.

    So do step and title, each cause beginning where the one before ended. All four causes come up, and money in each.
    The page of each member shows them in this order, and what it paid and holds is their result.
    """
    kept, pages = october
    paid, moved = _paid(kept), Counter[CauseKind]()
    assert set(kept.snapshot.members) == pages.keys()
    for at, code in enumerate(kept.snapshot.members):
        page, member = pages[code], await views.member_page(code)
        found = page.difference
        assert found is not None, code
        assert member is not None, code
        assert found.shown_minor + sum(cause.amount_minor for cause in found.causes) == found.result_minor, code
        assert {found.result_minor} == {paid[code], sum(each.amount_minor for each in page.earned)}, code
        assert _is_a_chain(found, int(kept.outcome.step[at]), int(kept.outcome.title[at])), found
        assert _shows(words(month.draw(member, page, Locale("en"))), found), code
        moved += Counter({cause.kind: abs(cause.amount_minor) for cause in found.causes})
    assert set(CauseKind) == moved.keys()
    assert any(page.difference and page.difference.projected_minor is not None for page in pages.values())


def _is_a_chain(found: Difference, step: int, title: int) -> bool:
    """Tell whether causes come once, in the order of the states, and steps and titles meet up to the sealed ones."""
    kinds, ends = [cause.kind for cause in found.causes], [(one.step_after, one.title_after) for one in found.causes]
    begins = [(one.step_before, one.title_before) for one in found.causes]
    in_order = kinds == [kind for kind in CauseKind if kind in kinds]
    return in_order and begins[1:] == ends[:-1] and ends[-1:] in ([], [(step, title)])


def _shows(text: str, found: Difference) -> bool:
    """Tell whether a page has what was shown last, each cause's amount and the result, in this order."""
    amounts = [found.shown_minor, *(cause.amount_minor for cause in found.causes), found.result_minor]
    after = text[text.index("Against what was shown last") :]
    for amount_minor in amounts:
        _, said, after = after.partition(money(Locale("en"), amount_minor, found.currency))
        if not said:
            return False
    return True
