"""
A company as two files, drawn from real purchases: the same words give the same bytes.
"""

from collections.abc import Iterator
from pathlib import Path
from random import Random

from backend.demo.countries import COUNTRIES
from backend.demo.promoters import Promoter, draw_promoters
from backend.demo.sales import Sales, draw_sales, instant_text
from backend.files import members, orders
from backend.files.written import guarded, write_table
from backend.kernel.period import Period
from backend.kernel.points import HUNDREDTHS

FIRST_ORDER = 1001


def write_company(folder: Path, *, promoters: int, seed: int, until: Period) -> None:
    """Write `members.csv` and `orders.csv` of a drawn company, whose twelve months end with a period."""
    assert promoters > 0, "a company has somebody"
    random = Random(f"handrail demo {seed}")
    people = draw_promoters(promoters=promoters, until=until, random=random)
    sales = draw_sales(people, until=until, random=random)
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "members.csv").open("w", encoding="utf-8", newline="") as file:
        write_table(file, [column.name for column in members.COLUMNS], _member_rows(people))
    with (folder / "orders.csv").open("w", encoding="utf-8", newline="") as file:
        write_table(file, [column.name for column in orders.COLUMNS], _order_rows(people, sales))


def _member_rows(people: list[Promoter]) -> Iterator[tuple[str | int, ...]]:
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


def _order_rows(people: list[Promoter], sales: Sales) -> Iterator[tuple[str | int, ...]]:
    """Yield the orders and returns in the order of time, numbered as a shop numbers them."""
    in_time = sales.in_time()
    number = [0] * len(sales)
    for serial, row in enumerate(in_time, start=FIRST_ORDER):
        number[row] = serial
    for row in in_time:
        of = sales.returns[row]
        customer = sales.customer[row]
        yield (
            f"D-{number[row]}",
            "return" if of >= 0 else "order",
            people[sales.promoter[row]].code,
            f"C{customer}" if customer else "",
            instant_text(sales.begin, sales.second[row]),
            _points(sales.pv[row]),
            _points(sales.cv[row]),
            f"D-{number[of]}" if of >= 0 else "",
            "",
        )


def _points(hundredths: int) -> str:
    return f"{hundredths // HUNDREDTHS}.{hundredths % HUNDREDTHS:02d}"
