"""
Rows of orders: what is written of an order, of what takes one back, and of what a cancellation gives back.

An order counts in the period in which it was placed, what takes it back in the period in which it happens, as far as
the plan and closed periods let them (`booking`).
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from msgspec import Struct
from msgspec.structs import replace

from backend.files.products import added
from backend.flows.booking import Booked, booked
from backend.intake.books import Books
from backend.intake.order_body import OrderBody
from backend.kernel.period import Calendar, Period
from backend.plan.terms import Terms
from backend.store.adding import Accepted


class Present:
    """What holds for all events of a transaction: the company's time and zone, its terms, and what is closed."""

    def __init__(self, *, now: datetime, zone: ZoneInfo, terms: Terms, closed: Period | None) -> None:
        """Know it; windows and the calendar are looked up as they are asked for."""
        self.now, self.zone, self.terms, self.closed = now, zone, terms, closed
        self.calendar = Calendar(zone)
        self._windows: dict[str, timedelta] = {}

    def window_of(self, market: str) -> timedelta:
        """Return how long an order of a market may come back."""
        window = self._windows.get(market)
        if window is None:
            window = self._windows[market] = return_window(self.terms, market)
        return window


class Cancelled(Struct, frozen=True, kw_only=True):
    """By which key an order was cancelled, when, and what that took back, less what it gave back since."""

    key: str
    at: datetime
    pv_points: int
    cv_points: int
    products: Mapping[str, int]


class Order(Struct, kw_only=True):
    """An order that is there: who bought it, what is left of it, what a unit brought, whether it was cancelled."""

    digest: str
    kind: str
    member_id: int
    market: str
    customer: str | None
    placed_at: datetime
    counts_in: Period
    left_pv: int
    left_cv: int
    left_products: Mapping[str, int]
    brings: Mapping[str, tuple[int, int]] = {}
    cancelled: Cancelled | None = None


class Amounts(NamedTuple):
    """What an order brings or a return takes: volumes, units, and what a unit of each brings."""

    pv_points: int
    cv_points: int
    products: Mapping[str, int]
    brings: Mapping[str, tuple[int, int]]


def booked_at(body: OrderBody, of: Order | None, present: Present) -> Booked:
    """Return where an order counts, or what takes one back."""
    happened = present.calendar.period_of(body.placed_at)
    return booked(happened, of.counts_in if of else None, terms=present.terms, closed=present.closed)


def order_of(body: OrderBody, amounts: Amounts, of: Order | None, where: Booked, books: Books) -> Order:
    """Return an order that is new; what takes one back is of the same member, customer and market."""
    buyer = of or books.members[body.member or ""]
    return Order(
        digest=body.digest(),
        kind="return" if of else "order",
        member_id=buyer.member_id if isinstance(buyer, Order) else buyer.id,
        market=buyer.market,
        customer=of.customer if of else body.customer,
        placed_at=body.placed_at,
        counts_in=where.origin or where.period,
        left_pv=amounts.pv_points,
        left_cv=amounts.cv_points,
        left_products=amounts.products,
        brings=amounts.brings,
    )


def row_of(body: OrderBody, own: Order, of: Order | None, where: Booked, present: Present) -> Accepted:
    """Say what to write of an order that is new; what takes one back stays open as long as its order's window."""
    return Accepted(
        key=body.order,
        kind=own.kind,
        member_id=own.member_id,
        customer=own.customer,
        placed_at=own.placed_at,
        pv_points=own.left_pv,
        cv_points=own.left_cv,
        returns=body.returns,
        body_digest=own.digest,
        period=str(where.period),
        origin=str(where.origin) if where.origin else "",
        own=own.customer is None,
        firm_at=firm_at(own.placed_at, of.placed_at if of else None, present.window_of(own.market), present.zone),
        said=body.kind if body.kind in {"refund", "cancellation"} else "",
        products=own.left_products,
        brings=own.brings,
    )


def given_back(row: Accepted, of: Order, cancelled: Cancelled, present: Present) -> Accepted:
    """Return what a cancellation gives back, because an older return took it before: the return's row, turned round."""
    happened = present.calendar.period_of(cancelled.at)
    where = booked(happened, of.counts_in, terms=present.terms, closed=present.closed)
    window = present.window_of(of.market)
    return replace(
        row,
        key=f"{cancelled.key} less {row.key}",
        placed_at=cancelled.at,
        pv_points=-row.pv_points,
        cv_points=-row.cv_points,
        period=str(where.period),
        origin=str(where.origin or ""),
        firm_at=firm_at(cancelled.at, of.placed_at, window, present.zone),
        said="cancellation",
        products={product: -units for product, units in row.products.items()},
    )


def firm_at(placed_at: datetime, order_at: datetime | None, window: timedelta, zone: ZoneInfo) -> datetime:
    """
    Return until when an entry is provisional; `order_at` is when a return's order was placed.

    A return is as open as its order, so that both together leave nothing provisional; what it takes back of an earlier
    period it takes for good.
    """
    if order_at is not None and Period.of(order_at, zone) != Period.of(placed_at, zone):
        return placed_at
    return (order_at or placed_at) + window


def return_window(terms: Terms, market: str) -> timedelta:
    """Return how long an order of a market may come back; the plan's first market stands for those it does not name."""
    named = {one.id: one for one in reversed(terms.markets)}
    return timedelta(days=named.get(market, terms.markets[0]).return_days)


def with_more(cancelled: Cancelled, row: Accepted, sign: int) -> Cancelled:
    """Return a cancellation that took back so much more, or less."""
    units = {product: sign * units for product, units in row.products.items()}
    return replace(
        cancelled,
        pv_points=cancelled.pv_points + sign * row.pv_points,
        cv_points=cancelled.cv_points + sign * row.cv_points,
        products=added(cancelled.products, units),
    )
