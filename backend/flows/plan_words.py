"""
Words of the plan in events: a market or a title that the plan does not have is refused, as it is in a company's files.

Whoever names no market is in the plan's first; one that is misspelt would be so too, and be paid in its currency.
"""

from collections.abc import Iterator, Sequence

from backend.files.noted import nearest
from backend.intake.events import Member, Price, Product
from backend.intake.verdict import found
from backend.kernel.finding import Finding
from backend.plan.terms import Terms


def unplanned(event: Member | Product | Price, terms: Terms) -> list[Finding]:
    """Return what an event names that the plan does not have, each at its field."""
    markets = [market.id for market in terms.markets]
    match event:
        case Member():
            titles = [title.id for title in terms.titles]
            named = [("market", event.market, markets, "market"), ("title", event.title, titles, "title")]
        case Product():
            named = [
                ("market", market, markets, "prices") for market in dict.fromkeys(one.market for one in event.prices)
            ]
        case Price():
            named = [("market", event.price.market, markets, "market")]
    return [each for name, word, known, path in named for each in _unknown(name, word, known, path)]


def _unknown(name: str, word: str, known: Sequence[str], path: str) -> Iterator[Finding]:
    if word and word not in known:
        remedy = f"The plan has {', '.join(known)}.{nearest(word, list(known))}"
        yield found(f"{name}-unknown", path, f'"{word}" is no {name} of the plan.', remedy)
