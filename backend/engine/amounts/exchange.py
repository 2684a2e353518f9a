"""
Exchange: an amount that the plan names in one currency, as every market pays it.
"""

from collections.abc import Callable

import numpy as np

from backend.engine.snapshot import Ints
from backend.kernel.points import divided
from backend.plan.terms import Terms


def exchanged(amount_minor: int, terms: Terms) -> Ints:
    """
    Return an amount in minor units of each market's currency; the plan names it in its first market's.

    One currency becomes another at the value of a point, which is what both are worth; the plan's mode rounds, to whole
    `rounding_minor` of the market.
    """
    return exchanged_by_market(terms, lambda _: amount_minor)


def exchanged_by_market(terms: Terms, read: Callable[[Terms], int]) -> Ints:
    """Return, in minor units of each market's currency, the amount that `read` finds in the terms of that market."""
    named_at = terms.markets[0].minor_per_point
    paid = [
        divided(read(terms.of(at)) * market.minor_per_point, named_at * market.rounding_minor, terms.rounding)
        * market.rounding_minor
        for at, market in enumerate(terms.markets)
    ]
    return np.array(paid, dtype=np.int64)
