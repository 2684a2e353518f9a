"""
Real purchases: the CDNOW customers of July 1997 to June 1998, each with the whole series of what was bought and when.
"""

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from backend.kernel.period import Period

FIRST = Period(1997, 7)
"""By then the rush of first purchases was over."""

MONTHS = 12
FILE = Path(__file__).parents[2] / "manifest" / "demo" / "cdnow_purchases.csv"


class Purchase(NamedTuple):
    """One purchase: the month counted from the first, the day of that month, and the amount in US cents."""

    month: int
    day: int
    amount_minor: int


class Customers(NamedTuple):
    """The series of each customer, and two running sums of weights to draw them by."""

    series: list[tuple[Purchase, ...]]
    lively: list[int]
    """By how often a customer bought: whoever sells meets frequent buyers more often."""

    regular: list[int]
    """By in how many months a customer bought, squared: a promoter's own purchases are steady."""


def read_customers(path: Path = FILE) -> Customers:
    """Read the customers who bought in the twelve months, in the order of their numbers."""
    bought: dict[int, list[Purchase]] = {}
    with path.open(encoding="utf-8", newline="") as file:
        for number, purchase in _purchases(file):
            bought.setdefault(number, []).append(purchase)
    series = [tuple(bought[number]) for number in sorted(bought)]
    return Customers(
        series=series,
        lively=_running(len(one) for one in series),
        regular=_running(len({purchase.month for purchase in one}) ** 2 for one in series),
    )


def _purchases(file: Iterator[str]) -> Iterator[tuple[int, Purchase]]:
    for row in csv.DictReader(file):
        year, month, day = (int(part) for part in row["date"].split("-"))
        at = (year - FIRST.year) * 12 + month - FIRST.month
        if 0 <= at < MONTHS and int(row["amount_minor"]) > 0:
            yield int(row["customer"]), Purchase(at, day, int(row["amount_minor"]))


def _running(weights: Iterator[int]) -> list[int]:
    total, running = 0, []
    for weight in weights:
        total += weight
        running.append(total)
    return running
