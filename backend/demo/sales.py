"""
The demo's orders and returns: each promoter buys and sells as real customers bought, purchase by purchase.

Columns of small whole numbers instead of objects, sixteen bytes an order, so that a million promoters fit into memory.
"""

from array import array
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from itertools import accumulate
from random import Random

from backend.demo.countries import COUNTRIES
from backend.demo.promoters import Promoter
from backend.demo.purchases import MONTHS, read_customers
from backend.kernel.period import Period

PV_PERCENT = 110
"""Hundredths of a point to a hundred US cents of the real basket: discs were cheaper than what promoters sell."""

CV_PERCENT = 90
RETURNS_PER_THOUSAND = 30
WHOLE_RETURNS_PERCENT = 55
PARTS = 12
"""A return is so many twelfths of its order."""

SLEEPING_PERCENT = 8
"""Promoters who hardly sell any more; every company has them."""

HOURS = tuple(accumulate((1, 1, 1, 1, 1, 2, 4, 7, 9, 10, 10, 11, 13, 11, 9, 9, 10, 12, 15, 18, 20, 17, 10, 4)))
"""A running sum of how many orders each hour of the local day brings."""

HOUR_OF = tuple(bisect_right(HOURS, drawn) for drawn in range(HOURS[-1]))
"""The hour of each number that may be drawn from that sum."""

HOUR = 3_600
DAY = 24 * HOUR

Dated = list[tuple[tuple[int, int], ...]]
"""The series of each real customer, dated again: days from the first of the twelve months, and PV."""


class Sales:
    """
    Orders as columns, and returns, each with the row of its order and how many twelfths of it come back.

    Rows of returns are counted on behind those of orders.
    """

    def __init__(self, begin: date) -> None:
        """Begin with no rows; seconds count from midnight UTC of the first day."""
        self.begin = begin
        self.second = array("i")
        self.promoter = array("i")
        self.customer = array("i")
        """0 for an own purchase."""
        self.pv = array("i")
        self.returned = array("i")
        self.returned_at = array("i")
        self.parts = array("b")

    def __len__(self) -> int:
        """Count the rows."""
        return len(self.second) + len(self.returned)

    def order_of(self, row: int) -> int:
        """Return the row of a return's order, or the row itself where it is an order."""
        orders = len(self.second)
        return row if row < orders else self.returned[row - orders]

    def volumes(self, row: int) -> tuple[int, int]:
        """Return PV and CV of a row, hundredths of a point."""
        orders = len(self.second)
        pv = self.pv[self.order_of(row)]
        parts = PARTS if row < orders else self.parts[row - orders]
        return pv * parts // PARTS, pv * CV_PERCENT // 100 * parts // PARTS

    def by_day(self) -> Iterator[tuple[date, list[tuple[int, int]]]]:
        """Yield each day with its rows by second of the day; rows of one second keep their order."""
        days: list[array[int]] = []
        for column in (self.second, self.returned_at):
            base = 0 if column is self.second else len(self.second)
            for row, second in enumerate(column, start=base):
                while len(days) <= second // DAY:
                    days.append(array("i"))
                days[second // DAY].append(row)
        for at, rows in enumerate(days):
            yield self.begin + timedelta(days=at), sorted((self._second_of(row) % DAY, row) for row in rows)

    def _second_of(self, row: int) -> int:
        orders = len(self.second)
        return self.second[row] if row < orders else self.returned_at[row - orders]


def draw_sales(promoters: Sequence[Promoter], *, until: Period, random: Random, months: int = MONTHS) -> Sales:
    """
    Draw all orders and returns of the last `months` of the twelve that end with a period.

    Everyone has one real customer's series as own purchases and more as retail customers; leaders sell to more people
    than beginners. Purchases before the day after joining are left out.
    """
    customers = read_customers()
    sales = Sales(until.plus(1 - MONTHS).first_day)
    series = _dated(customers.series, until)
    first = (until.plus(1 - months).first_day - sales.begin).days
    serial = 0
    for at, promoter in enumerate(promoters):
        since = max((promoter.joined - sales.begin).days + 1, first)
        own = series[_drawn(customers.regular, random)]
        _add_series(sales, own, since=since, who=(at, 0, promoter.country), random=random)
        for _ in range(_retail_customers(promoter, random)):
            serial += 1
            drawn = series[_drawn(customers.lively, random)]
            _add_series(sales, drawn, since=since, who=(at, serial, promoter.country), random=random)
    _add_returns(sales, end=(until.plus(1).first_day - sales.begin).days, random=random)
    return sales


def _dated(customers: Sequence[Sequence[tuple[int, int, int]]], until: Period) -> Dated:
    """Return each customer's purchases as days of these twelve months, the last day where a month is shorter."""
    months = [until.plus(at + 1 - MONTHS) for at in range(MONTHS)]
    starts = [(month.first_day - months[0].first_day).days for month in months]
    lengths = [month.days() for month in months]
    return [
        tuple(
            (starts[month] + min(day, lengths[month]) - 1, amount_minor * PV_PERCENT // 100)
            for month, day, amount_minor in series
        )
        for series in customers
    ]


def _drawn(running: Sequence[int], random: Random) -> int:
    """Draw a place by its weight, from the running sum of weights."""
    return bisect_right(running, random.randrange(running[-1]))


def _retail_customers(promoter: Promoter, random: Random) -> int:
    """Draw how many people a promoter sells to: a handful for most, many for a few, more for who leads."""
    if not promoter.legs and random.randrange(100) < SLEEPING_PERCENT:
        return 0
    some = 1 + min(random.randrange(1, 8), random.randrange(1, 8))
    many = random.randrange(12) if random.randrange(100) < 15 else 0
    return some + many + min(promoter.legs, 6)


def _add_series(
    sales: Sales, series: tuple[tuple[int, int], ...], *, since: int, who: tuple[int, int, int], random: Random
) -> None:
    promoter, customer, country = who
    for at, pv in series:
        if at >= since:
            sales.second.append(at * DAY + _second_of_day(country, random))
            sales.promoter.append(promoter)
            sales.customer.append(customer)
            sales.pv.append(pv)


def _second_of_day(country: int, random: Random) -> int:
    hour = (HOUR_OF[random.randrange(HOURS[-1])] - COUNTRIES[country].hours_ahead) % 24
    return hour * HOUR + random.randrange(HOUR)


def _add_returns(sales: Sales, *, end: int, random: Random) -> None:
    """Let three in a hundred orders come back some days later, whole or in part, as far as the data reaches."""
    for row, ordered in enumerate(sales.second):
        if random.randrange(1000) >= RETURNS_PER_THOUSAND:
            continue
        days = 1 + min(random.randrange(28), random.randrange(28))
        second = ordered + days * DAY + random.randrange(6 * HOUR) - 3 * HOUR
        parts = PARTS if random.randrange(100) < WHOLE_RETURNS_PERCENT else random.choice((3, 4, 6, 8))
        if second < end * DAY:
            sales.returned.append(row)
            sales.returned_at.append(second)
            sales.parts.append(parts)


def instant_text(day: date, second: int) -> str:
    """Return a second of a day, counted from midnight UTC, as `2026-10-05T14:22:00Z`."""
    return f"{day}T{second // HOUR:02d}:{second // 60 % 60:02d}:{second % 60:02d}Z"
