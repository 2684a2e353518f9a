"""
Take orders: from what a shop said to orders and volume entries, in one transaction, with one effect a key.

An order counts in the period in which it was placed, a return in the period in which it happens, as far as the plan
and closed periods let them (`booking`). The answer is given after the commit, never before.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from msgspec import Struct

from backend.files.products import added, excess
from backend.flows.booking import booked
from backend.intake.order_body import OrderBody, Taken
from backend.kernel.finding import Finding, Place
from backend.kernel.period import Period
from backend.plan.terms import Terms
from backend.store.orders import Accepted, Buyer, Known, buyers, open_ledger

AHEAD = timedelta(minutes=5)
"""A shop's clock may run ahead by so much."""


class Back(Struct, frozen=True, kw_only=True):
    """What the accepted returns of one message take of an order."""

    pv_points: int = 0
    cv_points: int = 0
    products: Mapping[str, int] = {}

    def and_of(self, order: OrderBody) -> "Back":
        """Return it with one more return."""
        return Back(
            pv_points=self.pv_points + order.pv_points,
            cv_points=self.cv_points + order.cv_points,
            products=added(self.products, order.products),
        )


async def take_orders(
    *, shop: str, orders: Sequence[OrderBody], now: datetime, zone: ZoneInfo, terms: Terms
) -> list[Taken]:
    """
    Accept, recognise or refuse each order; refusals say why, and leave the others alone.

    The same key with the same body has no second effect and is `repeated`; with another body it is refused by name.
    `now` is the company's time. Returns go after orders, so that one message may bring both.
    """
    taken: dict[int, Taken] = {}
    async with open_ledger() as ledger:
        who = await buyers([order.member for order in orders])
        closed = await ledger.closed_up_to()
        for kind in ("order", "return"):
            some = {place: order for place, order in enumerate(orders) if order.kind == kind}
            if some:
                known = await ledger.known(_keys(some.values()))
                judged = Judged(known=known, who=who, now=now, zone=zone, terms=terms, closed=closed)
                taken |= {place: judged.take(order) for place, order in some.items()}
                await ledger.add(shop, now, list(judged.rows.values()))
    return [taken[place] for place in range(len(orders))]


def _keys(orders: Iterable[OrderBody]) -> list[str]:
    """Return the keys of orders and of what they return."""
    return list(dict.fromkeys(key for order in orders for key in (order.order, order.returns) if key is not None))


class Judged:
    """What became of orders of one kind so far: rows to write, refusals, and what was taken back; by key."""

    def __init__(
        self,
        *,
        known: Mapping[str, Known],
        who: Mapping[str, Buyer],
        now: datetime,
        zone: ZoneInfo,
        terms: Terms,
        closed: Period | None,
    ) -> None:
        """Nothing has become of anything yet."""
        self.rows: dict[str, Accepted] = {}
        self._refused: dict[str, Taken] = {}
        self._returned: dict[str, Back] = {}
        self._known, self._who, self._now, self._zone = known, who, now, zone
        self._terms, self._closed = terms, closed

    def take(self, order: OrderBody) -> Taken:
        """Say what becomes of an order; a second one of the same key is told of the first."""
        key = order.order
        if key in self._refused:
            return self._refused[key]
        if before := self._known.get(key) or self.rows.get(key):
            return _again(order, before.body_digest)
        findings = tuple(
            _findings(order, now=self._now, zone=self._zone, who=self._who, known=self._known, returned=self._returned)
        )
        if findings:
            self._refused[key] = Taken(order=key, status="refused", findings=findings)
            return self._refused[key]
        of = self._known.get(order.returns or "")
        self.rows[key] = _row(
            order, self._who[order.member], of, zone=self._zone, terms=self._terms, closed=self._closed
        )
        _count_return(order, self._returned)
        return Taken(order=key, status="accepted")


def _again(order: OrderBody, digest: str) -> Taken:
    if digest == order.digest():
        return Taken(order=order.order, status="repeated")
    message = f'The order "{order.order}" was accepted before with another content.'
    remedy = "Give a new order a new id; change an accepted one by a return."
    return Taken(order=order.order, status="refused", findings=(_finding("key-reused", "order", message, remedy),))


def _findings(
    order: OrderBody,
    *,
    now: datetime,
    zone: ZoneInfo,
    who: Mapping[str, Buyer],
    known: Mapping[str, Known],
    returned: Mapping[str, Back],
) -> Iterable[Finding]:
    buyer = who.get(order.member)
    if buyer is None:
        message = f'No member bears the id "{order.member}".'
        yield _finding("member-unknown", "member", message, "Send the member first, or mend the id.")
    elif order.placed_at.astimezone(zone).date().isoformat() < buyer.joined_on:
        message = f"The order is older than the member, who joined on {buyer.joined_on}."
        yield _finding("order-before-joining", "placed_at", message, "Mend the day, or the member's day of joining.")
    if order.placed_at > now + AHEAD:
        message = f"The order was placed in the future; it is {now.isoformat(timespec='minutes')}."
        yield _finding("order-ahead", "placed_at", message, "Mend the shop's clock, or send it when it is placed.")
    if order.returns is not None:
        yield from _return_findings(order, known.get(order.returns), buyer, returned)


def _return_findings(
    order: OrderBody, of: Known | None, buyer: Buyer | None, returned: Mapping[str, Back]
) -> Iterable[Finding]:
    assert order.returns is not None, "only a return has an order that it returns"
    if of is None or of.kind != "order":
        message = f'No order bears the id "{order.returns}".'
        yield _finding("return-of-unknown", "returns", message, "Send the order first, or mend the id.")
        return
    if (buyer and of.member_id != buyer.id) or (order.customer and of.customer != order.customer):
        message = f'The order "{order.returns}" was bought by somebody else.'
        yield _finding("return-by-other", "returns", message, "A return bears the member and customer of its order.")
    if order.placed_at < of.placed_at:
        message = f'The return is older than its order "{order.returns}".'
        yield _finding("return-before-order", "placed_at", message, "Mend the time.")
    back = returned.get(order.returns, Back()).and_of(order)
    if back.pv_points > of.left_pv or back.cv_points > of.left_cv:
        message = f'More comes back than is left of the order "{order.returns}".'
        yield _finding("return-exceeds", "pv", message, "All returns of an order together are at most the order.")
    if too_much := excess(back.products, of.left_products):
        message = f'Of the order "{order.returns}" {too_much}.'
        yield _finding("units-excess", "products", message, "All returns of an order together are at most the order.")


def _count_return(order: OrderBody, returned: dict[str, Back]) -> None:
    """Note what an accepted return takes of its order; a refused one takes nothing."""
    if order.returns is not None:
        returned[order.returns] = returned.get(order.returns, Back()).and_of(order)


def _row(
    order: OrderBody, buyer: Buyer, of: Known | None, *, zone: ZoneInfo, terms: Terms, closed: Period | None
) -> Accepted:
    """Say what to write. A return is bought by who bought its order, and stays open as long as its order's window."""
    customer = of.customer if of else order.customer
    bought = Period.parse(of.counts_in) if of else None
    where = booked(Period.of(order.placed_at, zone), bought, terms=terms, closed=closed)
    return Accepted(
        key=order.order,
        kind=order.kind,
        member_id=buyer.id,
        customer=customer,
        placed_at=order.placed_at,
        pv_points=order.pv_points,
        cv_points=order.cv_points,
        returns=order.returns,
        body_digest=order.digest(),
        period=str(where.period),
        origin=str(where.origin or ""),
        own=customer is None,
        counts_at=order.placed_at,
        firm_at=firm_at(order.placed_at, of.placed_at if of else None, return_window(terms, buyer.market), zone),
        products=order.products,
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


def _finding(code: str, path: str, message: str, remedy: str) -> Finding:
    return Finding(code=code, place=Place(source="message", path=path), message=message, remedy=remedy)
