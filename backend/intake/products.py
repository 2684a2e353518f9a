"""
Products in events: what a unit brings in a market on a day, by the price list and by the parts of bundles.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from backend.intake.books import Books
from backend.intake.events import ListPrice, Price, Product
from backend.intake.verdict import Accept, Refuse, Verdict, found, verdict
from backend.kernel.finding import Finding


class Volume(NamedTuple):
    """What one unit brings, hundredths of a point."""

    pv_points: int
    cv_points: int


def judge_product(event: Product, books: Books) -> Verdict:
    """Let a product be there once all its parts are."""
    if event.product in event.parts:
        message = f'"{event.product}" is named as a part of itself.'
        return Refuse(findings=(found("bundle-circle", "parts", message, "Name the products that are in it."),))
    lacks = [f"product {part}" for part in event.parts if part not in books.products]
    if lacks:
        return verdict(lacks, ())
    books.products[event.product] = event.parts
    books.prices[event.product] = list(event.prices)
    prices = [f"price {event.product}"] if event.prices else []
    return Accept(came=(f"product {event.product}", *prices))


def judge_price(event: Price, books: Books) -> Verdict:
    """Let a product have a further price; one that would change what accepted orders brought is refused."""
    if event.product not in books.products:
        return verdict([f"product {event.product}"], ())
    findings = list(_price_findings(event, books))
    if not findings:
        books.prices[event.product] = [*books.prices.get(event.product, ()), event.price]
    return verdict((), findings, [f"price {event.product}"])


def volume_of(
    product: str,
    market: str,
    day: date,
    *,
    prices: Mapping[str, Sequence[ListPrice]],
    products: Mapping[str, Mapping[str, int]],
) -> Volume | list[str]:
    """
    Return what one unit brings: its own price, else what its parts bring; or the products whose price is missing.

    The latest price of the market that has begun holds; where none has, the latest that is for no market.
    """
    for whose in (market, ""):
        begun = [one for one in prices.get(product, ()) if one.market == whose and one.since <= day]
        if begun:
            last = max(begun, key=lambda one: one.since)
            return Volume(last.pv_points, last.cv_points)
    parts = products.get(product, {})
    if not parts:
        return [product]
    brought = {part: volume_of(part, market, day, prices=prices, products=products) for part in parts}
    if missing := [name for one in brought.values() if isinstance(one, list) for name in one]:
        return missing
    sums = [sum(one[at] * parts[part] for part, one in brought.items() if isinstance(one, Volume)) for at in range(2)]
    return Volume(*sums)


def bundles_with(product: str, products: Mapping[str, Mapping[str, int]]) -> set[str]:
    """Return a product and the bundles that hold it, those that hold bundles included."""
    found_so_far = {product}
    while more := {bundle for bundle, parts in products.items() if found_so_far & parts.keys()} - found_so_far:
        found_so_far |= more
    return found_so_far


def _price_findings(event: Price, books: Books) -> Iterator[Finding]:
    price = event.price
    if any((one.market, one.since) == (price.market, price.since) for one in books.prices.get(event.product, ())):
        message = f'"{event.product}" has a price there from {price.since} on already.'
        yield found("price-there", "from", message, "Let the next price begin on a later day.")
        return
    after = {**books.prices, event.product: [*books.prices.get(event.product, ()), price]}
    touched = bundles_with(event.product, books.products)
    changed = [one for one in books.sold if one.product in touched and one.day >= price.since]
    late = 0
    for one in changed:
        volumes = [
            volume_of(one.product, one.market, one.day, prices=prices, products=books.products)
            for prices in (books.prices, after)
        ]
        late += volumes[0] == Volume(one.pv_points, one.cv_points) and volumes[1] != volumes[0]
    if late:
        message = f"{late} orders were accepted at the price before, placed on {price.since} or later."
        remedy = "Let the price begin after the last of them; what was sold keeps its volume."
        yield found("price-late", "from", message, remedy)
