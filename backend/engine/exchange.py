"""
Exchange: an amount that the plan names in one currency, as every market pays it.
"""

import numpy as np

from backend.engine.snapshot import Ints
from backend.kernel.points import divided
from backend.plan.terms import Terms


def exchanged(amount_minor: int, terms: Terms) -> Ints:
    """
    Return an amount in minor units of each market's currency; the plan names it in its first market's.

    One currency becomes another at the value of a point, which is what both are worth; the plan's mode rounds.
    """
    named_at = terms.markets[0].minor_per_point
    paid = [divided(amount_minor * market.minor_per_point, named_at, terms.rounding) for market in terms.markets]
    return np.array(paid, dtype=np.int64)
