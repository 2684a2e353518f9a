"""
A company's files as the rolls and volumes of a period, as `engine.assemble` takes them.

The journal turns instants into seconds once, so that each period is a slice of columns.
"""

from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

import numpy as np
from msgspec import Struct

from backend.engine.periods import assemble
from backend.engine.periods.assemble import Roll, Units, Volumes
from backend.engine.periods.stated import NOTHING_STATED, Facts, as_stated
from backend.engine.snapshot import Flags, Ints
from backend.files.company import Company
from backend.files.members import Members
from backend.kernel.period import Period
from backend.plan.terms import Returns, Terms

SECONDS_OF_A_DAY = 86_400


class Journal(Struct, frozen=True, kw_only=True):
    """
    Orders and returns as columns in the order of the file.

    `second` counts from 1970 in UTC; `member` is a row of the members; `pv` and `cv` are hundredths of a point,
    negative for returns; `of` is the row of the order that a return returns, and an order's own row. `customer` numbers
    each member's customers, `first` says what is a member's first own order or a return of it. `products` are the rows
    that name some, with their units, negative for returns.
    """

    second: Ints
    member: Ints
    own: Flags
    pv: Ints
    cv: Ints
    of: Ints
    customer: Ints
    first: Flags
    products: dict[int, dict[str, int]]


def journal_of(company: Company) -> Journal:
    """Turn the rows of a company free of findings into columns; a return is bought by who bought its order."""
    orders = company.orders
    size = len(orders)
    row_of = {code: row for row, code in enumerate(orders.order)}
    member_of = {code: row for row, code in enumerate(company.members.member)}
    returned = (row_of[of] if of else row for row, of in enumerate(orders.returns))
    of = np.fromiter(returned, dtype=np.int64, count=size)
    sign = np.where(of == np.arange(size), 1, -1)
    number_of: dict[tuple[str, str], int] = {}
    buyers = zip(orders.member, orders.customer, strict=True)
    customer = (number_of.setdefault(buyer, len(number_of)) for buyer in buyers)
    return Journal(
        second=np.fromiter((int(at.timestamp()) for at in orders.placed_at), dtype=np.int64, count=size),
        member=np.fromiter((member_of[code] for code in orders.member), dtype=np.int64, count=size),
        own=np.fromiter((not code for code in orders.customer), dtype=np.bool_, count=size)[of],
        pv=np.array(orders.pv, dtype=np.int64) * sign,
        cv=np.array(orders.cv, dtype=np.int64) * sign,
        of=of,
        customer=np.fromiter(customer, dtype=np.int64, count=size)[of],
        first=_firsts(company)[of],
        products={
            row: {product: units * int(sign[row]) for product, units in named.items()}
            for row, named in enumerate(orders.products)
            if named
        },
    )


def _firsts(company: Company) -> Flags:
    """Say of each row whether it is its member's earliest own order; of two at one instant the smaller id is."""
    orders = company.orders
    earliest: dict[str, tuple[datetime, str, int]] = {}
    for row, member in enumerate(orders.member):
        if not orders.returns[row] and not orders.customer[row]:
            this = (orders.placed_at[row], orders.order[row], row)
            earliest[member] = min(earliest.get(member, this), this)
    firsts = np.zeros(len(orders), dtype=np.bool_)
    firsts[[row for _, _, row in earliest.values()]] = True
    return firsts


def facts_of(company: Company) -> Facts:
    """Return what the company states, each statement with the row of its member."""
    row_of = {code: row for row, code in enumerate(company.members.member)}
    facts = company.facts
    return Facts(
        fact=facts.fact,
        member=[row_of[code] for code in facts.member],
        since=[day.toordinal() for day in facts.since],
        value=facts.value,
    )


def roll_of(members: Members, terms: Terms, period: Period, facts: Facts = NOTHING_STATED) -> Roll:
    """Return the members as the roll of a period, as they are stated on its last day."""
    roll = assemble.roll_of(
        ids=members.member,
        sponsors=[code or None for code in members.sponsor],
        enrollers=[code or None for code in members.enroller],
        markets=members.market,
        joined=[day.toordinal() for day in members.joined],
        training=members.training,
        left=[day.toordinal() if day else None for day in members.left],
        last_day=period.last_day.toordinal(),
        terms=terms,
    )
    return as_stated(roll, facts, period.last_day.toordinal())


def volumes_of(
    journal: Journal, roll: Roll, *, terms: Terms, period: Period, zone: ZoneInfo, through: Period | None = None
) -> Volumes:
    """
    Return each member's volumes of a period, as they are known at its end, or at the end of the later period `through`.

    A return lowers the period in which it happens; where the plan recovers what was paid, it lowers the period of its
    order and no other. PV is provisional while the order's return window reaches beyond the period's end, less what has
    come back already. A customer counts who bought more in the period than comes back in it.
    """
    start, end = _bounds(period, zone)
    rows = _counted(journal, terms, (start, end), known_until=_bounds(through or period, zone)[1])
    member, own, pv, cv = (column[rows] for column in (journal.member, journal.own, journal.pv, journal.cv))
    window = np.array([market.return_days for market in terms.markets], dtype=np.int64)[roll.market][member]
    of, first = journal.of[rows], journal.first[rows]
    open_still = (journal.second[of] + window * SECONDS_OF_A_DAY > end) & (journal.second[of] >= start)
    return Volumes(
        members=[roll.ids[row] for row in member.tolist()],
        own_pv=np.where(own, pv, 0),
        customer_pv=np.where(own, 0, pv),
        own_cv=np.where(own, cv, 0),
        customer_cv=np.where(own, 0, cv),
        provisional_pv=np.where(open_still, pv, 0),
        first_pv=np.where(first, pv, 0),
        first_cv=np.where(first, cv, 0),
        customers=_bought(journal.customer[rows], np.where(own, 0, pv)),
        units=list(_units(journal, rows, roll)),
    )


def _bought(customer: Ints, pv: Ints) -> Ints:
    """Return 1 at one row of each customer whose PV together is more than nothing, else 0; own purchases have none."""
    _, row, at = np.unique(customer, return_index=True, return_inverse=True)
    together = np.zeros(row.size, dtype=np.int64)
    np.add.at(together, at, pv)
    counted = np.zeros(customer.size, dtype=np.int64)
    counted[row[together > 0]] = 1
    return counted


def _units(journal: Journal, rows: Ints, roll: Roll) -> Iterator[Units]:
    """Yield the units of each product that the rows name."""
    for row in rows.tolist() if journal.products else ():
        for product, count in journal.products.get(row, {}).items():
            member = roll.ids[int(journal.member[row])]
            yield Units(member=member, product=product, count=count, first=bool(journal.first[row]))


def returned_in(journal: Journal, period: Period, zone: ZoneInfo) -> Ints:
    """Return the rows of what came back in a period of orders that were placed before it."""
    start, end = _bounds(period, zone)
    return np.flatnonzero((journal.second >= start) & (journal.second < end) & (journal.second[journal.of] < start))


def period_of(second: int, zone: ZoneInfo) -> Period:
    """Return the period of an instant of the journal."""
    return Period.of(datetime.fromtimestamp(second, zone), zone)


def _counted(journal: Journal, terms: Terms, within: tuple[int, int], *, known_until: int) -> Ints:
    """Return the rows that are volume of the period between two seconds, as known at a third."""
    start, end = within
    if terms.returns is Returns.LOWER_THE_PERIOD:
        return np.flatnonzero((journal.second >= start) & (journal.second < end))
    bought = journal.second[journal.of]
    return np.flatnonzero((bought >= start) & (bought < end) & (journal.second < known_until))


def _bounds(period: Period, zone: ZoneInfo) -> tuple[int, int]:
    """Return the first second of a period, and the first that is no longer its own."""
    return int(period.start(zone).timestamp()), int(period.end(zone).timestamp())
