"""
Volume: a member's own orders and those of own customers become PV and CV.

Own purchases beyond the plan's limit do not qualify anyone; the limit touches PV and leaves CV as it was bought.
"""

import numpy as np

from backend.engine.columns import Columns
from backend.engine.snapshot import Snapshot
from backend.kernel.points import BASIS, HUNDREDTHS
from backend.plan.terms import Terms

ROOM = 2**62
"""No product that a kernel forms may reach this: int64 with one bit to spare for twice a remainder."""


class TooLarge(Exception):
    """Volumes so large that an amount in the smallest unit of money would not fit in 64 bits; nothing is computed."""


def stage(snapshot: Snapshot, terms: Terms, columns: Columns) -> None:
    """
    PV is own PV, at most `own_pv_limit` of it where there is a limit, and customers' PV; CV is own CV and customers'.

    Raises TooLarge where Σ|CV| × 10,000 bp × the largest value of a point could leave 64 bits.
    """
    limit = terms.own_pv_limit
    own = np.minimum(snapshot.own_pv, limit) if limit else snapshot.own_pv
    columns.pv[:] = own + snapshot.customer_pv
    columns.cv[:] = snapshot.own_cv + snapshot.customer_cv
    _check_room(snapshot, terms)


def worth(terms: Terms) -> tuple[np.ndarray, np.ndarray]:
    """
    Return, per market, the fraction by which hundredths of a point × basis points become minor units.

    `minor_per_point / (100 × 10,000)` in lowest terms: the same fraction, and more room in 64 bits.
    """
    whole = HUNDREDTHS * BASIS
    minor = np.array([market.minor_per_point for market in terms.markets], dtype=np.int64)
    shared = np.gcd(minor, whole)
    return minor // shared, whole // shared


def _check_room(snapshot: Snapshot, terms: Terms) -> None:
    numerators, _ = worth(terms)
    largest = int(numerators.max(initial=1)) * BASIS
    for name in ("own_pv", "customer_pv", "own_cv", "customer_cv"):
        column = getattr(snapshot, name)
        total = float(np.abs(column.astype(np.float64)).sum())
        if total * largest >= ROOM / 2:
            raise TooLarge(
                f"{name} adds up to {total:.0f} hundredths of a point, which is more than amounts have room for"
            )
