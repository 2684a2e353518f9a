"""
When each order of the generated company reaches the shop's system, and which orders a later month brings.

A few orders are late, as they are anywhere a phone has no signal or a till is read at night. When the generated months
are over, the same month of the year before comes again, dated later and under new numbers.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import count
from typing import NamedTuple
from zlib import crc32
from zoneinfo import ZoneInfo

from msgspec import Struct

from backend.files.orders import Orders
from backend.kernel.period import Period
from backend.kernel.points import points_text

LATE_PER_THOUSAND = 40
MOST_HOURS_LATE = 60
MONTHS = 12


class Placed(Struct, frozen=True, kw_only=True):
    """An order or return as a shop posts it to the intake; volumes are points as text, instants carry their offset."""

    order: str
    kind: str
    member: str
    customer: str | None
    placed_at: datetime
    pv: str
    cv: str
    returns: str | None


class Arrival(NamedTuple):
    """An order, and the instant at which it reaches the shop's system."""

    at: datetime
    placed: Placed


class Replay:
    """The months of a generated company, which end with `until`, replayed for ever."""

    def __init__(self, orders: Orders, *, until: Period, zone: ZoneInfo, seed: int) -> None:
        """Sort the orders by the month in which they were placed; what was placed after `until` is left out."""
        self.until = until
        self.zone = zone
        self.rows: dict[Period, list[Arrival]] = {until.plus(-back): [] for back in range(MONTHS)}
        arrived: dict[str, datetime] = {}
        for row in sorted(range(len(orders)), key=lambda at: orders.placed_at[at]):
            placed = _placed(orders, row)
            at = _arrival(placed, arrived, seed)
            arrived[placed.order] = at
            if (period := Period.of(placed.placed_at, zone)) in self.rows:
                self.rows[period].append(Arrival(at, placed))

    def arrivals(self, period: Period) -> list[Arrival]:
        """Return what is placed in a month, by arrival; a month after `until` is one of the last twelve again."""
        months_left = (self.until.year - period.year) * MONTHS + self.until.month - period.month
        years = max(0, -(months_left // MONTHS))
        found = self.rows.get(period.plus(-MONTHS * years), [])
        return sorted((_later(arrival, years) for arrival in found), key=_by_instant)

    def after(self, instant: datetime) -> Iterator[Arrival]:
        """Yield without end what arrives from an instant on, by arrival; nothing where nothing was ever bought."""
        first = Period.of(instant, self.zone).plus(-1)
        waiting: list[Arrival] = []
        for months in count() if any(self.rows.values()) else ():
            period = first.plus(months)
            waiting = sorted(waiting + self.arrivals(period), key=_by_instant)
            end = period.end(self.zone)
            yield from (arrival for arrival in waiting if instant <= arrival.at < end)
            waiting = [arrival for arrival in waiting if arrival.at >= end]


def _placed(orders: Orders, row: int) -> Placed:
    return Placed(
        order=orders.order[row],
        kind=orders.kind[row],
        member=orders.member[row],
        customer=orders.customer[row] or None,
        placed_at=orders.placed_at[row],
        pv=points_text(orders.pv[row]),
        cv=points_text(orders.cv[row]),
        returns=orders.returns[row] or None,
    )


def _arrival(placed: Placed, arrived: dict[str, datetime], seed: int) -> datetime:
    """Return when an order arrives: mostly at once, at times hours later, and a return never before its order."""
    drawn = crc32(f"{seed} {placed.order}".encode())
    minutes = 60 + drawn // 1000 % (60 * MOST_HOURS_LATE) if drawn % 1000 < LATE_PER_THOUSAND else 0
    at = placed.placed_at + timedelta(minutes=minutes)
    return max(at, arrived[placed.returns]) if placed.returns in arrived else at


def _later(arrival: Arrival, years: int) -> Arrival:
    """Return an arrival some years later, under a number of its own; none later, it stays as it is."""
    if not years:
        return arrival
    placed = arrival.placed
    moved = Placed(
        order=_number(placed.order, years),
        kind=placed.kind,
        member=placed.member,
        customer=placed.customer,
        placed_at=_in_year(placed.placed_at, years),
        pv=placed.pv,
        cv=placed.cv,
        returns=_number(placed.returns, years) if placed.returns else None,
    )
    return Arrival(_in_year(arrival.at, years), moved)


def _number(order: str, years: int) -> str:
    return f"{order}-{years}"


def _in_year(instant: datetime, years: int) -> datetime:
    """Return the same day and time some years later; the 29th of February becomes the 28th."""
    leap_day = instant.month == 2 and instant.day == 29
    return instant.replace(year=instant.year + years, day=28 if leap_day else instant.day)


def _by_instant(arrival: Arrival) -> tuple[datetime, str]:
    return arrival.at, arrival.placed.order
