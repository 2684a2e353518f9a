"""
Sales that have not been made: a snapshot in which own customers of some members have bought more.

Whatever is asked of the future is asked in this one way: customers buy, and the engine computes the period again.
"""

from collections.abc import Mapping

import numpy as np
from msgspec.structs import replace

from backend.engine.snapshot import Ints, Snapshot
from backend.kernel.points import HUNDREDTHS
from backend.plan.terms import Terms

Sales = Mapping[int, int]
"""Hundredths of a point that own customers buy, by the index of the member who sells."""


def with_sales(snapshot: Snapshot, terms: Terms, sales: Sales, *, customers: Sales | None = None) -> Snapshot:
    """
    Return the snapshot in which own customers have bought so much more, and so many more of them.

    A point of PV is the CV that the member's market says; a fraction of a hundredth is dropped.
    """
    points = _column(snapshot, sales)
    factors = np.array([market.cv_per_point for market in terms.markets], dtype=np.int64)[snapshot.market]
    more = _column(snapshot, customers or {})
    return replace(
        snapshot,
        customer_pv=snapshot.customer_pv + points,
        customer_cv=snapshot.customer_cv + points * factors // HUNDREDTHS,
        customers=(snapshot.customers + more).astype(np.int32),
    )


def _column(snapshot: Snapshot, values: Sales) -> Ints:
    column = np.zeros(len(snapshot.members), dtype=np.int64)
    column[list(values)] = list(values.values())
    return column
