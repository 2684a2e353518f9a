"""
A company as two files, drawn from real purchases: the same words give the same bytes.
"""

from array import array
from collections.abc import Iterator, Sequence
from pathlib import Path
from random import Random

from backend.demo.countries import COUNTRIES
from backend.demo.promoters import Promoter, Shape, draw_promoters
from backend.demo.purchases import MONTHS
from backend.demo.sales import Sales, draw_sales, instant_text
from backend.files import members, orders
from backend.files.written import guarded, write_table
from backend.kernel.period import Period
from backend.kernel.points import HUNDREDTHS

FIRST_ORDER = 1001

LARGE = 200_000
"""So many promoters place five million orders in a year: from here on a company has one month, unless told."""


def usual_months(promoters: int) -> int:
    """Return how many months of orders a company of a size has where nobody says."""
    return 1 if promoters >= LARGE else MONTHS


def write_company(
    folder: Path,
    *,
    promoters: int,
    seed: int,
    until: Period,
    months: int | None = None,
    shape: Shape = Shape.GROWN,
) -> None:
    """
    Write `members.csv` and `orders.csv` of a drawn company, with the orders of so many months that end with a period.

    The orders are written day by day as they were drawn: a million promoters and a month take less than 1 GiB.
    """
    assert promoters > 0, "a company has somebody"
    random = Random(f"handrail demo {seed}")
    people = draw_promoters(promoters=promoters, until=until, random=random, shape=shape)
    sales = draw_sales(people, until=until, random=random, months=months or usual_months(promoters))
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "members.csv").open("w", encoding="utf-8", newline="") as file:
        write_table(file, [column.name for column in members.COLUMNS], _member_rows(people))
    with (folder / "orders.csv").open("w", encoding="utf-8", newline="") as file:
        write_table(file, [column.name for column in orders.COLUMNS], _order_rows(people, sales))


def _member_rows(people: Sequence[Promoter]) -> Iterator[tuple[str | int, ...]]:
    for one in people:
        yield (
            one.code,
            people[one.sponsor].code if one.sponsor >= 0 else "",
            people[one.enroller].code if one.enroller != one.sponsor else "",
            guarded(one.name),
            one.joined.isoformat(),
            COUNTRIES[one.country].market,
            "",
            0,
            0,
            "yes" if one.training else "no",
            "",
        )


def _order_rows(people: Sequence[Promoter], sales: Sales) -> Iterator[tuple[str | int, ...]]:
    """Yield the orders and returns in the order of time, numbered as a shop numbers them; a return is never first."""
    number = array("i", bytes(4 * len(sales)))
    serial = FIRST_ORDER
    for day, rows in sales.by_day():
        for second, row in rows:
            number[row] = serial
            of = sales.order_of(row)
            customer = sales.customer[of]
            pv, cv = sales.volumes(row)
            yield (
                f"D-{serial}",
                "return" if of != row else "order",
                people[sales.promoter[of]].code,
                f"C{customer}" if customer else "",
                instant_text(day, second),
                _points(pv),
                _points(cv),
                f"D-{number[of]}" if of != row else "",
                "",
            )
            serial += 1


def _points(hundredths: int) -> str:
    return f"{hundredths // HUNDREDTHS}.{hundredths % HUNDREDTHS:02d}"
