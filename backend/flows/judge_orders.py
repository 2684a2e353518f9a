"""
Judge orders, and what takes them back, against what is known: accepted as rows to write, held or refused.

A cancellation takes back what is left of its order; where a return arrives that is older than it, it gives back what
that return took before it, so that the order of arrival does not matter.
"""

from collections.abc import Iterator
from datetime import timedelta

from backend.files.products import added, excess
from backend.flows.order_rows import (
    Amounts,
    Cancelled,
    Order,
    Present,
    booked_at,
    given_back,
    order_of,
    row_of,
    with_more,
)
from backend.intake.books import Books, KnownMember, Sold
from backend.intake.events import Leaving
from backend.intake.leaving import has_left
from backend.intake.network import OPENINGS
from backend.intake.order_body import OrderBody
from backend.intake.products import Volume, volume_of
from backend.intake.verdict import Accept, Refuse, Verdict, Wait, found
from backend.kernel.finding import Finding
from backend.kernel.points import points_text
from backend.store.adding import Accepted

AHEAD = timedelta(minutes=5)
"""A shop's clock may run ahead by so much."""


def judge_order(
    body: OrderBody, books: Books, orders: dict[str, Order], present: Present
) -> tuple[Verdict, list[Accepted]]:
    """Return what becomes of an order or of what takes one back, and the rows to write where it is accepted."""
    of = orders.get(body.returns) if body.returns else None
    buyer = books.members.get(body.member) if body.member else None
    findings = [*_time_findings(body, buyer, present), *(_against(body, of, buyer) if of else ())]
    lacks = _lacks(body, of, books, present)
    amounts = None if lacks or not _is_countable(body, of) else _amounts(body, of, books, present)
    if amounts is not None:
        findings += [*_total_findings(body, amounts), *(_excess(body, of, amounts) if of else ())]
    if findings:
        return Refuse(findings=tuple(findings)), []
    if amounts is None:
        return Wait(lacks=tuple(sorted(set(lacks)))), []
    return Accept(came=(f"order {body.order}",)), _accepted(body, amounts, books, orders, present)


def _time_findings(body: OrderBody, buyer: KnownMember | None, present: Present) -> Iterator[Finding]:
    if buyer is not None and present.calendar.day_of(body.placed_at) < buyer.joined:
        message = f"The order is older than the member, who joined on {buyer.joined}."
        yield found("order-before-joining", "placed_at", message, "Mend the day, or the member's day of joining.")
    if body.placed_at > present.now + AHEAD:
        message = f"The order was placed in the future; it is {present.now.isoformat(timespec='minutes')}."
        yield found("order-ahead", "placed_at", message, "Mend the shop's clock, or send it when it is placed.")


def _against(body: OrderBody, of: Order, buyer: KnownMember | None) -> Iterator[Finding]:
    """Yield what a return and its order disagree about."""
    if of.kind != "order":
        message = f'"{body.returns}" is itself a return.'
        yield found("return-of-unknown", "returns", message, "Name the order that was placed first.")
        return
    if (buyer and of.member_id != buyer.id) or (body.customer and of.customer != body.customer):
        message = f'The order "{body.returns}" was bought by somebody else.'
        yield found("return-by-other", "returns", message, "A return bears the member and customer of its order.")
    if body.placed_at < of.placed_at:
        message = f'The return is older than its order "{body.returns}".'
        yield found("return-before-order", "placed_at", message, "Mend the time.")
    if body.kind == "cancellation" and of.cancelled:
        message = f'The order "{body.returns}" was cancelled already, by "{of.cancelled.key}".'
        yield found("cancelled-before", "returns", message, "An order is cancelled once.")
    for line in body.lines:
        if line.product not in of.brings:
            message = f'It is not known what one "{line.product}" of the order "{body.returns}" brought.'
            yield found("line-unpriced", f"lines.{line.product}", message, "Say with pv and cv what comes back.")


def _is_countable(body: OrderBody, of: Order | None) -> bool:
    """Tell whether it can be said what something brings or takes, where nothing is lacking."""
    return of is None or (of.kind == "order" and all(line.product in of.brings for line in body.lines))


def _lacks(body: OrderBody, of: Order | None, books: Books, present: Present) -> list[str]:
    """Return what has to come first."""
    lacks = [f"member {body.member}"] if body.member and body.member not in books.members else []
    if body.returns:
        return lacks + ([] if of else [f"order {body.returns}"])
    lacks += _lacks_of_leaver(body, books, present)
    for line in body.lines:
        if line.product not in books.products:
            lacks.append(f"product {line.product}")
        elif line.pv_points is None and not lacks:
            volume = _listed(line.product, body, books, present)
            lacks += [f"price {product}" for product in volume] if isinstance(volume, list) else []
    return lacks


def _lacks_of_leaver(body: OrderBody, books: Books, present: Present) -> list[str]:
    """Return that somebody who has left by the day of an order would have to leave later, or not at all."""
    buyer = books.members.get(body.member or "")
    if buyer is None or buyer.left is None or not has_left(buyer, present.calendar.day_of(body.placed_at)):
        return []
    return [f"{OPENINGS[Leaving]}{body.member}"]


def _listed(product: str, body: OrderBody, books: Books, present: Present) -> Volume | list[str]:
    """Return what the price list says of one unit on the day of an order, in its member's market."""
    assert body.member, "an order has a member"
    market = books.members[body.member].market or present.terms.markets[0].id
    day = present.calendar.day_of(body.placed_at)
    return volume_of(product, market, day, prices=books.prices, products=books.products)


def _amounts(body: OrderBody, of: Order | None, books: Books, present: Present) -> Amounts:
    if body.kind == "cancellation":
        assert of is not None, "a cancellation without its order waits"
        units = {product: units for product, units in of.left_products.items() if units}
        return Amounts(of.left_pv, of.left_cv, units, {})
    if not body.lines:
        assert body.pv_points is not None, "an order without lines says its volumes"
        assert body.cv_points is not None, "an order without lines says its volumes"
        return Amounts(body.pv_points, body.cv_points, body.products, {})
    brings = {line.product: _of_a_unit(body, of, at, books, present) for at, line in enumerate(body.lines)}
    pv, cv = (sum(brings[line.product][at] * line.units for line in body.lines) for at in range(2))
    return Amounts(pv, cv, {line.product: line.units for line in body.lines}, brings)


def _of_a_unit(body: OrderBody, of: Order | None, at: int, books: Books, present: Present) -> tuple[int, int]:
    """Return what one unit of a line brings: as it was bought, else as the line says, else by the price list."""
    line = body.lines[at]
    if of is not None:
        return of.brings[line.product]
    if line.pv_points is not None and line.cv_points is not None:
        return line.pv_points, line.cv_points
    volume = _listed(line.product, body, books, present)
    assert isinstance(volume, Volume), "an order whose product has no price waits"
    return volume


def _total_findings(body: OrderBody, amounts: Amounts) -> Iterator[Finding]:
    """Yield where what is said beside lines is not what they come to."""
    if not body.lines:
        return
    for name, said, brought in (
        ("pv", body.pv_points, amounts.pv_points),
        ("cv", body.cv_points, amounts.cv_points),
    ):
        if said is not None and said != brought:
            message = f"The lines come to {points_text(brought)} {name.upper()}, and {points_text(said)} is said."
            yield found("total-differs", name, message, "Mend the lines or the total, or leave the total out.")
    for at, line in enumerate(body.lines):
        unit = (line.pv_points, line.cv_points)
        if body.returns and line.pv_points is not None and unit != amounts.brings[line.product]:
            there, said_here = (
                "/".join(points_text(one or 0) for one in pair) for pair in (amounts.brings[line.product], unit)
            )
            message = f'One "{line.product}" of the order brought {there} of PV/CV, and {said_here} is said.'
            yield found("line-differs", f"lines[{at}].pv", message, "Leave pv and cv of the line out.")


def _excess(body: OrderBody, of: Order, amounts: Amounts) -> Iterator[Finding]:
    """Yield where more comes back than is left; to a return that is older than a cancellation all that one took is."""
    if body.kind == "cancellation":
        return
    older = of.cancelled if of.cancelled and body.placed_at <= of.cancelled.at else None
    left = (older.pv_points, older.cv_points) if older else (of.left_pv, of.left_cv)
    if amounts.pv_points > left[0] or amounts.cv_points > left[1]:
        message = f'More comes back than is left of the order "{body.returns}".'
        yield found("return-exceeds", "pv", message, "All returns of an order together are at most the order.")
    if too_much := excess(amounts.products, older.products if older else of.left_products):
        message = f'Of the order "{body.returns}" {too_much}.'
        yield found("units-excess", "products", message, "All returns of an order together are at most the order.")


def _accepted(
    body: OrderBody, amounts: Amounts, books: Books, orders: dict[str, Order], present: Present
) -> list[Accepted]:
    """Note what an accepted order changes, and return its rows."""
    of = orders[body.returns] if body.returns else None
    where = booked_at(body, of, present)
    own = orders[body.order] = order_of(body, amounts, of, where, books)
    row = row_of(body, own, of, where, present)
    if of is None:
        _note_sold(body, amounts, books, present)
    elif of.cancelled is not None:
        given = given_back(row, of, of.cancelled, present)
        of.cancelled = with_more(of.cancelled, row, -1)
        return [row, given]
    else:
        _take_from(of, body, amounts, row)
    return [row]


def _take_from(of: Order, body: OrderBody, amounts: Amounts, row: Accepted) -> None:
    """Let an order have less left, by what is taken back."""
    of.left_pv -= amounts.pv_points
    of.left_cv -= amounts.cv_points
    of.left_products = added(of.left_products, {product: -units for product, units in amounts.products.items()})
    if body.kind == "cancellation":
        nothing = Cancelled(key=body.order, at=body.placed_at, pv_points=0, cv_points=0, products={})
        of.cancelled = with_more(nothing, row, 1)


def _note_sold(body: OrderBody, amounts: Amounts, books: Books, present: Present) -> None:
    """Remember at which volumes products were sold, which no later price may change."""
    if not amounts.brings:
        return
    assert body.member, "an order has a member"
    market = books.members[body.member].market or present.terms.markets[0].id
    day = present.calendar.day_of(body.placed_at)
    books.sold += [
        Sold(product=product, market=market, day=day, pv_points=pv, cv_points=cv)
        for product, (pv, cv) in amounts.brings.items()
    ]
