"""
The demo's orders and returns: each promoter buys and sells as real customers bought, purchase by purchase.

Columns of whole numbers instead of objects, so that a hundred thousand promoters fit into memory.
"""

from array import array
from bisect import bisect_right
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from itertools import accumulate
from random import Random

from backend.demo.countries import COUNTRIES
from backend.demo.promoters import Promoter
from backend.demo.purchases import MONTHS, Purchase, read_customers
from backend.kernel.period import Period

PV_PERCENT = 110
"""Hundredths of a point to a hundred US cents of the real basket: discs were cheaper than what promoters sell."""

CV_PERCENT = 90
RETURNS_PER_THOUSAND = 30
WHOLE_RETURNS_PERCENT = 55
SLEEPING_PERCENT = 8
"""Promoters who hardly sell any more; every company has them."""

HOURS = tuple(accumulate((1, 1, 1, 1, 1, 2, 4, 7, 9, 10, 10, 11, 13, 11, 9, 9, 10, 12, 15, 18, 20, 17, 10, 4)))
"""A running sum of how many orders each hour of the local day brings."""

DAY = 86_400


class Sales:
    """Orders and returns as columns; a return points at its order, -1 where the row is an order."""

    def __init__(self, begin: date) -> None:
        """Begin with no rows; seconds count from midnight UTC of the first day."""
        self.begin = begin
        self.second = array("q")
        self.promoter = array("q")
        self.customer = array("q")
        self.pv = array("q")
        self.cv = array("q")
        self.returns = array("q")

    def __len__(self) -> int:
        """Count the rows."""
        return len(self.second)

    def add(self, *, second: int, promoter: int, customer: int, pv: int, cv: int, returns: int = -1) -> None:
        """Add a row; `customer` is 0 for an own purchase; volumes are hundredths of a point."""
        row = (second, promoter, customer, pv, cv, returns)
        for column, value in zip(self.columns(), row, strict=True):
            column.append(value)

    def columns(self) -> "tuple[array[int], ...]":
        """Return the columns in the order of `add`."""
        return (self.second, self.promoter, self.customer, self.pv, self.cv, self.returns)

    def in_time(self) -> list[int]:
        """Return the rows in the order of their seconds; rows of one second keep their order."""
        return sorted(range(len(self)), key=self.second.__getitem__)


def draw_sales(promoters: list[Promoter], *, until: Period, random: Random) -> Sales:
    """
    Draw all orders and returns of the twelve months that end with a period.

    Everyone has one real customer's series as own purchases and more as retail customers; leaders sell to more people
    than beginners. Purchases before the day after joining are left out.
    """
    customers = read_customers()
    sales = Sales(until.plus(1 - MONTHS).first_day)
    months = [until.plus(at + 1 - MONTHS) for at in range(MONTHS)]
    starts = [(month.first_day - sales.begin).days for month in months]
    lengths = [month.days() for month in months]
    calendar = (starts, lengths)
    serial = 0
    for at, promoter in enumerate(promoters):
        since = (promoter.joined - sales.begin).days + 1
        own = _drawn(customers.regular, random)
        _add_series(sales, customers.series[own], calendar, since=since, who=(at, 0, promoter.country), random=random)
        for _ in range(_retail_customers(promoter, random)):
            serial += 1
            drawn = customers.series[_drawn(customers.lively, random)]
            _add_series(sales, drawn, calendar, since=since, who=(at, serial, promoter.country), random=random)
    _add_returns(sales, end=starts[-1] + lengths[-1], random=random)
    return sales


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
    sales: Sales,
    series: tuple[Purchase, ...],
    calendar: tuple[list[int], list[int]],
    *,
    since: int,
    who: tuple[int, int, int],
    random: Random,
) -> None:
    starts, lengths = calendar
    promoter, customer, country = who
    for month, day, amount_minor in series:
        at = starts[month] + min(day, lengths[month]) - 1
        if at < since:
            continue
        pv = amount_minor * PV_PERCENT // 100
        sales.add(
            second=at * DAY + _second_of_day(country, random),
            promoter=promoter,
            customer=customer,
            pv=pv,
            cv=pv * CV_PERCENT // 100,
        )


def _second_of_day(country: int, random: Random) -> int:
    hour = (_drawn(HOURS, random) - COUNTRIES[country].hours_ahead) % 24
    return hour * 3600 + random.randrange(3600)


def _add_returns(sales: Sales, *, end: int, random: Random) -> None:
    """Let three in a hundred orders come back some days later, whole or in part, as far as the data reaches."""
    for row in range(len(sales)):
        if random.randrange(1000) >= RETURNS_PER_THOUSAND:
            continue
        days = 1 + min(random.randrange(28), random.randrange(28))
        second = sales.second[row] + days * DAY + random.randrange(6 * 3600) - 3 * 3600
        parts = 12 if random.randrange(100) < WHOLE_RETURNS_PERCENT else random.choice((3, 4, 6, 8))
        if second < end * DAY:
            sales.add(
                second=second,
                promoter=sales.promoter[row],
                customer=sales.customer[row],
                pv=sales.pv[row] * parts // 12,
                cv=sales.cv[row] * parts // 12,
                returns=row,
            )


def instant_text(begin: date, second: int) -> str:
    """Return a second counted from a first day as `2026-10-05T14:22:00Z`."""
    instant = datetime(begin.year, begin.month, begin.day) + timedelta(seconds=second)  # noqa: DTZ001 - UTC by name
    return f"{instant.isoformat()}Z"
