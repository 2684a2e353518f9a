"""
Volume: a member's own orders and those of own customers become PV and CV.

Own purchases beyond the plan's limit do not qualify anyone; the limit touches PV and leaves CV as it was bought.
"""

import numpy as np

from backend.engine.columns import Columns
from backend.engine.outcome import Outcome
from backend.engine.regions import by_market
from backend.engine.snapshot import Ints, Snapshot
from backend.kernel.points import BASIS, HUNDREDTHS
from backend.plan.terms import Terms, VolumeNumber

ROOM = 2**62
"""No product that a kernel forms may reach this: int64 with one bit to spare for twice a remainder."""


LARGEST = 2**38
"""Hundredths of a point that one member may have in a period, so that sums of sixteen million members stay exact."""


class TooLarge(Exception):
    """Volumes so large that an amount in the smallest unit of money would not fit in 64 bits; nothing is computed."""


def stage(snapshot: Snapshot, terms: Terms, columns: Columns) -> None:
    """
    Add up PV: own PV, at most `own_pv_limit` of it where there is a limit, and customers'; and CV: own and customers'.

    Where first orders are the sponsor's, their CV counts at the sponsor; at the top of a tree it is nobody's.
    Raises TooLarge where a member has more than 2**38 hundredths, or Σ|CV| × 10,000 bp × the value of a point could
    leave 64 bits.
    """
    limit = by_market(terms, lambda there: there.own_pv_limit)[snapshot.market]
    columns.pv[:] = np.where(limit > 0, np.minimum(snapshot.own_pv, limit), snapshot.own_pv) + snapshot.customer_pv
    columns.cv[:] = snapshot.own_cv + snapshot.customer_cv
    if terms.personal.first_orders_to_sponsor:
        sponsored = snapshot.sponsor >= 0
        columns.cv[:] -= snapshot.first_cv
        np.add.at(columns.cv, snapshot.sponsor[sponsored], snapshot.first_cv[sponsored])
    _check_room(snapshot, terms)


def cv_of(columns: Columns | Outcome, number: int) -> Ints:
    """Return the CV of a volume by its number."""
    plain = {
        VolumeNumber.OWN: columns.cv,
        VolumeNumber.GROUP: columns.group_cv,
        VolumeNumber.TOTAL: columns.total_cv,
        VolumeNumber.SIDE: columns.side_cv,
    }
    found: Ints = (
        plain[VolumeNumber(number)] if number < VolumeNumber.NAMED else columns.named_cv[:, number - VolumeNumber.NAMED]
    )
    return found


def points_of(columns: Columns | Outcome, number: int) -> Ints:
    """Return the points of a volume by its number."""
    plain = {
        VolumeNumber.OWN: columns.pv,
        VolumeNumber.GROUP: columns.gv,
        VolumeNumber.TOTAL: columns.tgv,
        VolumeNumber.SIDE: columns.side_volume,
    }
    found: Ints = (
        plain[VolumeNumber(number)]
        if number < VolumeNumber.NAMED
        else columns.named_points[:, number - VolumeNumber.NAMED]
    )
    return found


def worth(terms: Terms) -> tuple[Ints, Ints]:
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
    room = ROOM // (BASIS * int(numerators.max(initial=1)))
    for name in ("own_pv", "customer_pv", "own_cv", "customer_cv"):
        column = getattr(snapshot, name)
        largest = max(int(column.max(initial=0)), -int(column.min(initial=0)))
        if largest > LARGEST or int(np.abs(column).sum()) > room // 2:
            raise TooLarge(f"{name} has {largest} hundredths at once, or passes {room // 2} in all: more than fits")
