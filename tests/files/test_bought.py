"""Who bought: customers are counted once, a member's first order is told apart, and products have their units."""

from pathlib import Path
from zoneinfo import ZoneInfo

from backend.engine.periods.assemble import Volumes
from backend.files.calculation import terms_of
from backend.files.company import read_company
from backend.files.journal import journal_of, roll_of, volumes_of
from backend.kernel.period import Period
from backend.plan.reading import read_plan

BERLIN = ZoneInfo("Europe/Berlin")
OCTOBER = Period(2026, 10)
PLAN = Path(__file__).parents[2] / "manifest" / "plans" / "stairstep.toml"
MEMBERS = "member,sponsor,joined\nA,,2026-01-01\nB,A,2026-02-01\n"
HEADER = "order,kind,member,customer,placed_at,pv,cv,returns"


def volumes(orders: str, period: Period = OCTOBER, header: str = HEADER) -> Volumes:
    """Return the volumes of a period, entry by entry, of a company of two."""
    read = read_company(MEMBERS.encode(), f"{header}\n{orders}".encode(), zone=BERLIN)
    terms = terms_of(read_plan(PLAN.read_bytes(), PLAN.name), period)
    roll = roll_of(read.members, terms, period)
    return volumes_of(journal_of(read), roll, terms=terms, period=period, zone=BERLIN)


def first(orders: str, period: Period = OCTOBER) -> tuple[int, int]:
    """Return the PV and CV of first orders in a period."""
    read = volumes(orders, period)
    assert read.first_pv is not None
    assert read.first_cv is not None
    return int(read.first_pv.sum()), int(read.first_cv.sum())


def test_customers_who_bought_are_counted_once() -> None:
    """K bought twice, L sent all back within the month, M bought in September only; own purchases count nobody."""
    orders = (
        "O1,,B,K,2026-10-05,10,9,\nO2,,B,K,2026-10-06,10,9,\nO3,,B,L,2026-10-06,5,4,\nR3,return,B,,2026-10-07,5,4,O3\n"
        "O4,,B,M,2026-09-06,5,4,\nR4,return,B,,2026-10-07,1,1,O4\nO5,,B,,2026-10-08,9,9,\nO6,,A,K,2026-10-08,9,9,\n"
    )
    read = volumes(orders)
    assert read.customers is not None
    counted = dict.fromkeys(read.members, 0)
    for code, customers in zip(read.members, read.customers.tolist(), strict=True):
        counted[code] += customers
    assert {"B": 1, "A": 1} == counted


def test_the_first_own_order_is_told_apart() -> None:
    """The earliest own order, the smaller id of two at one instant, and what comes back of it; never a customer's."""
    orders = (
        "O0,,B,K,2026-09-01,5,4,\nO3,,B,,2026-10-05,20,18,\nO2,,B,,2026-10-05,10,9,\nO4,,B,,2026-10-06,7,6,\n"
        "R2,return,B,,2026-10-07,3,2,O2\nR4,return,B,,2026-10-07,1,1,O4\n"
    )
    assert (700, 700) == first(orders)
    assert (0, 0) == first("O1,,B,,2026-09-30,10,9,\n" + orders)
    assert (0, 0) == first(orders, OCTOBER.plus(1))
    assert (1000, 900) == first("O1,,B,,2026-09-30,10,9,\n" + orders, OCTOBER.plus(-1))


def test_units_of_products_are_counted_with_what_comes_back() -> None:
    """A kit of the first order, two of a customer's, and one of the two that came back in another month."""
    orders = (
        "O1,,B,,2026-10-05,10,9,,KIT:1 SHAKE:3\nO2,,B,K,2026-10-06,10,9,,KIT:2\nR2,return,B,,2026-11-02,5,4,O2,KIT:1\n"
    )
    told = []
    for period in (OCTOBER, OCTOBER.plus(1)):
        units = volumes(orders, period, f"{HEADER},products").units
        told.append([(one.member, one.product, one.count, one.first) for one in units])
    assert [
        [("B", "KIT", 1, True), ("B", "SHAKE", 3, True), ("B", "KIT", 2, False)],
        [("B", "KIT", -1, False)],
    ] == told
