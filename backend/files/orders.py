"""
`orders.csv`: what was bought and what came back, each row with its member, its instant and its points.
"""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from itertools import compress
from zoneinfo import ZoneInfo

from msgspec import Struct

from backend.files import cells
from backend.files.members import Members
from backend.files.noted import Fault, Nearest, Noted, nearest, refuse_if_any
from backend.files.products import NO_PRODUCTS, UNREAD, Products, added, excess, products
from backend.files.sheet import Column, Sheet, read_sheet
from backend.kernel.points import points_text

COLUMNS = (
    Column(name="order", required=True),
    Column(name="kind", default="order"),
    Column(name="member", required=True),
    Column(name="customer"),
    Column(name="placed_at", required=True),
    Column(name="pv", required=True),
    Column(name="cv", required=True),
    Column(name="returns"),
    Column(name="products"),
)
KINDS = ("order", "return")
LONG_AGO = datetime(1900, 1, 1, tzinfo=UTC)
"""Stands where an instant could not be read; the file is refused anyway."""

LATEST = datetime.max.replace(tzinfo=UTC)


class Orders(Struct, frozen=True, kw_only=True):
    """
    The rows of `orders.csv`, column by column, in the order of the file.

    `customer` is empty for a member's own purchase. `pv` and `cv` are hundredths of a point and never negative: a
    return carries what comes back, and `returns` the order that it returns; it counts against the period in which it
    happens. `products` are units by product, those that come back on a return. `line` is the line of the file.
    """

    order: list[str]
    kind: list[str]
    member: list[str]
    customer: list[str]
    placed_at: list[datetime]
    pv: list[int]
    cv: list[int]
    returns: list[str]
    products: list[Products]
    line: Sequence[int]

    def __len__(self) -> int:
        """Count the orders and returns."""
        return len(self.order)


def read_orders(data: bytes, source: str = "orders.csv", *, zone: ZoneInfo, members: Members | None = None) -> Orders:
    """
    Read `orders.csv`; raises Refused with every finding by line and column.

    With the company's members given, each order's member must be known and must have joined, by the zone's calendar.
    """
    noted = Noted(source)
    orders, sheet = orders_noted(data, noted, zone)
    if members is not None:
        check_members(sheet, orders, zone=zone, members=members)
    refuse_if_any(noted)
    return orders


def orders_noted(data: bytes, noted: Noted, zone: ZoneInfo) -> tuple[Orders, Sheet]:
    """Read `orders.csv`, noting what is wrong with its rows; raises Refused only where it cannot be read at all."""
    sheet = read_sheet(data, noted, COLUMNS)
    order = cells.ids(sheet, "order", required=True)
    orders = Orders(
        order=order,
        kind=cells.column(sheet, "kind", _kind, instead="order"),
        member=cells.ids(sheet, "member", required=True),
        customer=cells.ids(sheet, "customer", required=False),
        placed_at=cells.column(sheet, "placed_at", cells.instants(zone), instead=LONG_AGO),
        pv=cells.column(sheet, "pv", cells.points, instead=0),
        cv=cells.column(sheet, "cv", cells.points, instead=0),
        returns=cells.ids(sheet, "returns", required=False),
        products=cells.column(sheet, "products", products, instead=UNREAD),
        line=sheet.lines,
    )
    sheet.let_go("kind", "placed_at", "pv", "cv", "products")
    _check_doubled(sheet, order)
    rows = _rows_of_returned(orders)
    _check_customers(sheet, orders)
    _check_returns(sheet, orders, rows)
    return orders, sheet


def check_members(
    sheet: Sheet, orders: Orders, *, zone: ZoneInfo, members: Members, half_known: frozenset[str] = frozenset()
) -> None:
    """Note each order of an unknown member, and each placed before its member joined or when it had left."""
    joined = dict(zip(members.member, members.joined, strict=True))
    left = {code: day for code, day in zip(members.member, members.left, strict=True) if day and day >= joined[code]}
    begun = {day: _surely_on(day) for day in set(members.joined)}
    near = Nearest(members.member)
    for row, (code, placed_at) in enumerate(zip(orders.member, orders.placed_at, strict=True)):
        since = joined.get(code)
        if since is None:
            if code and code not in half_known:
                remedy = f"Add the member or mend the id.{near.to(code)}"
                sheet.note(row, "member", Fault("member-unknown", f'No member bears the id "{code}".', remedy))
        elif placed_at < begun[since] and placed_at != LONG_AGO and placed_at.astimezone(zone).date() < since:
            message = f'"{orders.order[row]}" was placed before "{code}" joined on {since}.'
            sheet.note(row, "placed_at", Fault("order-early", message, "Mend the instant or the day of joining."))
        elif code in left and not orders.returns[row] and placed_at.astimezone(zone).date() >= left[code]:
            message = f'"{orders.order[row]}" was placed when "{code}" had left, on {left[code]}.'
            fault = Fault("order-after-leaving", message, "Mend the instant or the day of leaving.")
            sheet.note(row, "placed_at", fault)


def _kind(text: str) -> str | Fault:
    found = text.lower() or "order"
    if found not in KINDS:
        return Fault(
            "kind-unknown", f'"{text}" is no kind of row.{nearest(found, list(KINDS))}', "Write order or return."
        )
    return found


def _surely_on(day: date) -> datetime:
    """Return an instant from which on a day has begun in every zone."""
    return datetime.combine(day, time(), UTC) + timedelta(days=2) if day < date.max - timedelta(days=2) else LATEST


def _check_doubled(sheet: Sheet, order: list[str]) -> None:
    """Note each id that stood on an earlier row already."""
    if len(set(order)) == len(order):
        return
    rows: dict[str, int] = {}
    for row, code in enumerate(order):
        first = rows.setdefault(code, row) if code else row
        if first != row:
            message = f'The order "{code}" stands already on line {sheet.lines[first]}.'
            sheet.note(row, "order", Fault("order-doubled", message, "Keep one of the two, or mend the id."))


def _rows_of_returned(orders: Orders) -> dict[str, int]:
    """Return the row of each id that something returns, the first where it stands twice."""
    returned = set(filter(None, orders.returns))
    last_first = range(len(orders) - 1, -1, -1)
    return {code: row for row, code in zip(last_first, reversed(orders.order), strict=True) if code in returned}


def _check_customers(sheet: Sheet, orders: Orders) -> None:
    for row, (code, customer) in enumerate(zip(orders.member, orders.customer, strict=True)):
        if customer and customer == code:
            message = f'"{code}" is named as its own customer.'
            sheet.note(row, "customer", Fault("customer-self", message, "Leave it empty for an own purchase."))


def _check_returns(sheet: Sheet, orders: Orders, rows: dict[str, int]) -> None:
    half_known = sheet.broken_cells("order")
    near = Nearest(orders.order)
    back: dict[str, list[int]] = {}
    units_back: dict[str, Products] = {}
    is_return = [kind == "return" or bool(of) for kind, of in zip(orders.kind, orders.returns, strict=True)]
    for row in compress(range(len(orders)), is_return):
        if orders.returns[row] in half_known and orders.returns[row] not in rows:
            continue
        fault = _return_fault(orders, rows, row, near) or _excess(orders, rows, row, back)
        if fault:
            sheet.note(row, "returns", fault)
        elif fault := _units_excess(orders, rows, row, units_back):
            sheet.note(row, "products", fault)


def _return_fault(orders: Orders, rows: dict[str, int], row: int, near: Nearest) -> Fault | None:
    """Say why a return has no order to return; None where it has one."""
    of = orders.returns[row]
    if orders.kind[row] != "return":
        return Fault(
            "order-returns", f'An order names "{of}" as what it returns.', "Write return as its kind, or none."
        )
    if not of:
        return Fault("return-of-nothing", "The return does not say what it returns.", "Name the order that comes back.")
    if of not in rows:
        remedy = f"Add the order or mend the id.{near.to(of)}"
        return Fault("return-unknown", f'No order bears the id "{of}".', remedy)
    if orders.kind[rows[of]] == "return":
        return Fault("return-of-return", f'"{of}" is itself a return.', "Name the order that was placed first.")
    return _mismatch(orders, rows[of], row)


def _mismatch(orders: Orders, at: int, row: int) -> Fault | None:
    """Say where a return and its order disagree about member, buyer or time; None where they agree."""
    of = orders.order[at]
    if orders.member[at] != orders.member[row]:
        message = f'"{of}" is an order of "{orders.member[at]}", not of "{orders.member[row]}".'
        return Fault("return-of-another", message, "A return stands with the member of its order.")
    if orders.customer[row] and orders.customer[at] != orders.customer[row]:
        buyer = f'the customer "{orders.customer[at]}"' if orders.customer[at] else "the member"
        return Fault("return-of-another", f'"{of}" was bought by {buyer}.', "Name the same buyer, or leave it empty.")
    if LONG_AGO < orders.placed_at[row] < orders.placed_at[at]:
        return Fault("return-early", f'The return lies before its order "{of}".', "Mend one of the two instants.")
    return None


def _excess(orders: Orders, rows: dict[str, int], row: int, back: dict[str, list[int]]) -> Fault | None:
    """Add a return to what came back of its order so far; a Fault where that is more than the order had."""
    of = orders.returns[row]
    so_far = back.setdefault(of, [0, 0])
    so_far[0] += orders.pv[row]
    so_far[1] += orders.cv[row]
    had = (orders.pv[rows[of]], orders.cv[rows[of]])
    if so_far[0] <= had[0] and so_far[1] <= had[1]:
        return None
    came, gave = ("/".join(points_text(one) for one in pair) for pair in (so_far, had))
    message = f'Of "{of}" {came} points of PV/CV come back, and it had {gave}.'
    return Fault("return-excess", message, "Return at most what the order had.")


def _units_excess(orders: Orders, rows: dict[str, int], row: int, back: dict[str, Products]) -> Fault | None:
    """Add a return's products to what came back of its order so far; a Fault where that is more than it had."""
    of = orders.returns[row]
    had = orders.products[rows[of]]
    if UNREAD in (had, orders.products[row]):
        return None
    back[of] = added(back.get(of, NO_PRODUCTS), orders.products[row])
    too_much = excess(back[of], had)
    return Fault("units-excess", f'Of "{of}" {too_much}.', "Return at most what the order had.") if too_much else None
