"""
Regions: a number of the terms as every market has it.

A region's rule is one more key on a value and never another code path: what a stage reads, it reads for all markets.
"""

from collections.abc import Callable, Sequence

import numpy as np

from backend.engine.snapshot import Ints
from backend.plan.terms import Terms


def by_market(terms: Terms, read: Callable[[Terms], int | Sequence[int] | Sequence[Sequence[int]]]) -> Ints:
    """Return what `read` finds in the terms of each market, one row a market."""
    return np.array([read(terms.of(market)) for market in range(len(terms.markets))], dtype=np.int64)
