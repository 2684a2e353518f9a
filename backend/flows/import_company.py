"""
Import a company: the rows of its files become members, placements, facts, orders and volume, all of them or none.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from hashlib import sha256
from zoneinfo import ZoneInfo

from msgspec import Struct

from backend.files.company import Company, read_company
from backend.files.members import Members
from backend.files.orders import Orders
from backend.flows.booking import booked
from backend.flows.order_rows import firm_at, return_window
from backend.flows.told_by_files import told_of
from backend.intake.events import digest_of, kind_of
from backend.intake.order_body import OrderBody
from backend.kernel.finding import Finding, Place, Refused
from backend.kernel.period import Calendar
from backend.plan.reading import read_plan
from backend.plan.resolve import terms_on
from backend.plan.terms import Terms
from backend.store.adding import Accepted
from backend.store.founding import Founder, Statement, found

SHOP = "import"
"""The name under which imported orders are kept."""


class Imported(Struct, frozen=True, kw_only=True):
    """What an import wrote, statements among it, and how many orders it left out because they lie after `before`."""

    members: int
    orders: int
    left_out: int
    facts: int = 0


async def import_company(
    *,
    members_csv: bytes,
    orders_csv: bytes,
    facts_csv: bytes | None = None,
    plan_source: str,
    name: str,
    zone: ZoneInfo,
    now: datetime,
    before: datetime | None = None,
) -> Imported:
    """
    Read a company's files by its plan and write it into an empty database, in one transaction.

    `before` leaves out orders placed from that instant on: a demo sends them later, through the shop's door. Raises
    Refused with every finding of plan and files, or where a company is there already.
    """
    terms = terms_on(read_plan(plan_source, "plan"), now.astimezone(zone).date())
    company = read_company(members_csv, orders_csv, facts_csv, zone=zone, terms=terms)
    count = await found(
        name=name,
        zone=zone.key,
        plan_source=plan_source,
        plan_digest=sha256(plan_source.encode()).hexdigest(),
        members=list(_founders(company.members)),
        orders=_orders(company, terms, zone, before),
        returned=frozenset(filter(None, company.orders.returns)),
        facts=list(_statements(company)),
        told=((event.key, kind_of(event), digest_of(event)) for event in told_of(company)),
        shop=SHOP,
        accepted_at=now,
    )
    if count is None:
        raise Refused([_already()])
    return Imported(
        members=len(company.members),
        orders=count,
        left_out=len(company.orders) - count,
        facts=len(company.facts),
    )


def _founders(members: Members) -> Iterator[Founder]:
    row_of = {code: at for at, code in enumerate(members.member)}
    for at, code in enumerate(members.member):
        yield Founder(
            code=code,
            name=members.name[at],
            joined_on=members.joined[at],
            market=members.market[at],
            training=members.training[at],
            left=members.left[at],
            sponsor=row_of.get(members.sponsor[at]),
            enroller=row_of.get(members.enroller[at]),
            title=members.title[at],
            held=members.held[at],
            missed=members.missed[at],
        )


def _statements(company: Company) -> Iterator[Statement]:
    row_of = {code: at for at, code in enumerate(company.members.member)}
    facts = company.facts
    for code, fact, value, since in zip(facts.member, facts.fact, facts.value, facts.since, strict=True):
        yield Statement(member=row_of[code], fact=fact, value=value, since=since)


def _orders(company: Company, terms: Terms, zone: ZoneInfo, before: datetime | None) -> Iterator[Accepted]:
    orders, members = company.orders, company.members
    row_of = {code: at for at, code in enumerate(members.member)}
    of_row = _returned(orders)
    windows = {market: return_window(terms, market) for market in set(members.market)}
    calendar = Calendar(zone)
    for at in _in_turn(of_row, len(orders)):
        placed_at = orders.placed_at[at]
        if before is not None and placed_at >= before:
            continue
        of = of_row.get(at, at)
        customer = orders.customer[of] or None
        row = row_of[orders.member[at]]
        bought = calendar.period_of(orders.placed_at[of]) if of != at else None
        where = booked(calendar.period_of(placed_at), bought, terms=terms, closed=None)
        window = windows[members.market[row]]
        yield Accepted(
            key=orders.order[at],
            kind=orders.kind[at],
            member_id=row,
            customer=customer,
            placed_at=placed_at,
            pv_points=orders.pv[at],
            cv_points=orders.cv[at],
            returns=orders.returns[at] or None,
            body_digest=_body(company, at).digest(),
            period=str(where.period),
            origin=str(where.origin or ""),
            own=customer is None,
            firm_at=firm_at(placed_at, orders.placed_at[of] if of != at else None, window, zone),
            products=orders.products[at],
        )


def _returned(orders: Orders) -> dict[int, int]:
    """Return of each row that returns an order the row of that order."""
    wanted = set(filter(None, orders.returns))
    row_of = {key: at for at, key in enumerate(orders.order) if key in wanted}
    return {at: row_of[of] for at, of in enumerate(orders.returns) if of}


def _in_turn(of_row: Mapping[int, int], count: int) -> Iterator[int]:
    """Yield all rows as the file has them, but a return that stands above its order right behind that."""
    waiting: dict[int, list[int]] = {}
    for at, of in of_row.items():
        if of > at:
            waiting.setdefault(of, []).append(at)
    for at in range(count):
        if of_row.get(at, at) <= at:
            yield at
            yield from waiting.get(at, ())


def _body(company: Company, at: int) -> OrderBody:
    """Say a row as a shop would have said it, so that the same order sent again is recognised."""
    orders = company.orders
    return OrderBody(
        order=orders.order[at],
        kind=orders.kind[at],
        member=orders.member[at],
        customer=orders.customer[at] or None,
        placed_at=orders.placed_at[at],
        pv_points=orders.pv[at],
        cv_points=orders.cv[at],
        returns=orders.returns[at] or None,
        products=orders.products[at],
    )


def _already() -> Finding:
    return Finding(
        code="company-there",
        place=Place(source="database"),
        message="This database holds a company already, and an import never mixes two.",
        remedy="Name another folder in HANDRAIL_DATA, or another database in DATABASE_URL.",
    )
