"""
A company's files as the rolls and volumes of a period, as `engine.assemble` takes them.

The journal turns instants into seconds once, so that each period is a slice of columns.
"""

from zoneinfo import ZoneInfo

import numpy as np
from msgspec import Struct

from backend.engine.periods import assemble
from backend.engine.periods.assemble import Roll, Volumes
from backend.engine.snapshot import Flags, Ints
from backend.files.company import Company
from backend.files.members import Members
from backend.kernel.period import Period
from backend.plan.terms import Terms

SECONDS_OF_A_DAY = 86_400


class Journal(Struct, frozen=True, kw_only=True):
    """
    Orders and returns as columns in the order of the file.

    `second` counts from 1970 in UTC; `member` is a row of the members; `pv` and `cv` are hundredths of a point,
    negative for returns; `of` is the row of the order that a return returns, and an order's own row.
    """

    second: Ints
    member: Ints
    own: Flags
    pv: Ints
    cv: Ints
    of: Ints


def journal_of(company: Company) -> Journal:
    """Turn the rows of a company free of findings into columns; a return is bought by who bought its order."""
    orders = company.orders
    size = len(orders)
    row_of = {code: row for row, code in enumerate(orders.order)}
    member_of = {code: row for row, code in enumerate(company.members.member)}
    returned = (row_of[of] if of else row for row, of in enumerate(orders.returns))
    of = np.fromiter(returned, dtype=np.int64, count=size)
    sign = np.where(of == np.arange(size), 1, -1)
    return Journal(
        second=np.fromiter((int(at.timestamp()) for at in orders.placed_at), dtype=np.int64, count=size),
        member=np.fromiter((member_of[code] for code in orders.member), dtype=np.int64, count=size),
        own=np.fromiter((not code for code in orders.customer), dtype=np.bool_, count=size)[of],
        pv=np.array(orders.pv, dtype=np.int64) * sign,
        cv=np.array(orders.cv, dtype=np.int64) * sign,
        of=of,
    )


def roll_of(members: Members, terms: Terms, period: Period) -> Roll:
    """Return the members as the roll of a period."""
    return assemble.roll_of(
        ids=members.member,
        sponsors=[code or None for code in members.sponsor],
        enrollers=[code or None for code in members.enroller],
        markets=members.market,
        joined=[day.toordinal() for day in members.joined],
        training=members.training,
        last_day=period.last_day.toordinal(),
        terms=terms,
    )


def volumes_of(journal: Journal, roll: Roll, *, terms: Terms, period: Period, zone: ZoneInfo) -> Volumes:
    """
    Return each member's volumes of a period, as they stand at its end.

    A return lowers the period in which it happens. PV is provisional while the order's return window reaches beyond the
    period's end, less what has come back already.
    """
    start, end = (int(at.timestamp()) for at in (period.start(zone), period.end(zone)))
    rows = np.flatnonzero((journal.second >= start) & (journal.second < end))
    member, own, pv, cv = (column[rows] for column in (journal.member, journal.own, journal.pv, journal.cv))
    window = np.array([market.return_days for market in terms.markets], dtype=np.int64)[roll.market][member]
    of = journal.of[rows]
    open_still = (journal.second[of] + window * SECONDS_OF_A_DAY > end) & (journal.second[of] >= start)
    return Volumes(
        members=[roll.ids[row] for row in member.tolist()],
        own_pv=np.where(own, pv, 0),
        customer_pv=np.where(own, 0, pv),
        own_cv=np.where(own, cv, 0),
        customer_cv=np.where(own, 0, cv),
        provisional_pv=np.where(open_still, pv, 0),
    )
