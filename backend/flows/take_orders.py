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
from backend.flows.order_body import OrderBody, Taken
from backend.kernel.finding import Finding, Place
from backend.kernel.period import Period
from backend.plan.terms import Terms
from backend.store.orders import Accepted, Buyer, Known, Ledger, buyers, open_ledger

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
    taken: list[Taken] = []
    who = await buyers([order.member for order in orders])
    async with open_ledger() as ledger:
        for kind in ("order", "return"):
            some = [order for order in orders if order.kind == kind]
            if some:
                taken += await _take(ledger, some, shop=shop, now=now, zone=zone, terms=terms, who=who)
    return taken


async def _take(
    ledger: Ledger,
    orders: Sequence[OrderBody],
    *,
    shop: str,
    now: datetime,
    zone: ZoneInfo,
    terms: Terms,
    who: Mapping[str, Buyer],
) -> list[Taken]:
    closed = await ledger.closed_up_to()
    known = await ledger.known([*(order.order for order in orders), *(order.returns or "" for order in orders)])
    taken: dict[str, Taken] = {}
    rows: list[Accepted] = []
    returned: dict[str, Back] = {}
    for order in orders:
        if order.order in taken or any(row.key == order.order for row in rows):
            continue
        if order.order in known:
            taken[order.order] = _again(order, known[order.order].body_digest)
        elif findings := tuple(_findings(order, now=now, zone=zone, who=who, known=known, returned=returned)):
            taken[order.order] = Taken(order=order.order, status="refused", findings=findings)
        else:
            of = known.get(order.returns or "")
            rows.append(_row(order, who[order.member], of, zone=zone, terms=terms, closed=closed))
            _count_return(order, returned)
    await ledger.add(shop, now, rows)
    return list(_answers(orders, taken, {row.key: row.body_digest for row in rows}))


def _answers(orders: Iterable[OrderBody], taken: Mapping[str, Taken], added: Mapping[str, str]) -> Iterable[Taken]:
    """Answer each order said, a second one of the same key within the message too; `added` has digests by key."""
    answered: set[str] = set()
    for order in orders:
        if order.order not in added:
            yield taken[order.order]
        elif order.order in answered:
            yield _again(order, added[order.order])
        else:
            answered.add(order.order)
            yield Taken(order=order.order, status="accepted")


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
