"""
Activity: who counts as active in the period, and how many active members each has enrolled.
"""

from typing import NamedTuple

import numpy as np

from backend.engine.columns import Columns
from backend.engine.compiled import kernel, part
from backend.engine.requirements import ACTIVE, MEASURES, Rules, holds
from backend.engine.snapshot import UNSTATED, Flags, Indexes, Ints, Snapshot
from backend.kernel.points import BASIS
from backend.plan.terms import Measure, Terms

PV, CUSTOMER_PV, TRAINING = int(Measure.PV), int(Measure.CUSTOMER_PV), int(Measure.TRAINING)
CUSTOMERS, CUSTOMER_SHARE, VERIFIED_SHARE = (
    int(Measure.CUSTOMERS),
    int(Measure.CUSTOMER_SHARE),
    int(Measure.VERIFIED_SHARE),
)
FEES_PAID, CLEARED = int(Measure.FEES_PAID), int(Measure.CLEARED)


class Personal(NamedTuple):
    """What is known of each member before any group is: own volumes, customers, training, fees, market."""

    pv: Ints
    customer_pv: Ints
    customers: Indexes
    customer_share_bp: Indexes
    verified_share_bp: Indexes
    training: Flags
    fees_paid: Flags
    cleared: Flags
    market: Indexes


def stage(snapshot: Snapshot, terms: Terms, columns: Columns) -> None:  # noqa: ARG001 - every stage is called alike
    """
    Count who has joined and meets the plan's `active` requirement as active, and for each enroller the active enrolled.

    Where the company states who is active, that holds; a closed position never is.
    """
    may = (snapshot.days_since_joining >= 0) & ~snapshot.closed
    _activity(personal_of(snapshot, columns), columns.rules, columns.active)
    stated = snapshot.active_stated != UNSTATED
    columns.active[:] = may & np.where(stated, snapshot.active_stated == 1, columns.active)
    counted = snapshot.enroller[columns.active & (snapshot.enroller >= 0)]
    columns.enrolled_active[:] = np.bincount(counted, minlength=len(snapshot.members))


def personal_of(snapshot: Snapshot, columns: Columns) -> Personal:
    """Return what activity looks at; a share that the company does not state is all of it."""
    shares = [
        np.where(stated == UNSTATED, BASIS, stated).astype(np.int32)
        for stated in (snapshot.customer_share_bp, snapshot.verified_share_bp)
    ]
    return Personal(
        columns.pv,
        snapshot.customer_pv,
        snapshot.customers,
        shares[0],
        shares[1],
        snapshot.training,
        snapshot.fees_paid,
        snapshot.cleared,
        snapshot.market,
    )


@part
def look_at(personal: Personal, i: int, measures: Ints) -> None:
    """Write what one member has of the personal measures; a volume counts as itself or zero, whichever is more."""
    measures[PV] = max(0, personal.pv[i])
    measures[CUSTOMER_PV] = max(0, personal.customer_pv[i])
    measures[TRAINING] = personal.training[i]
    measures[FEES_PAID] = personal.fees_paid[i]
    measures[CLEARED] = personal.cleared[i]
    measures[CUSTOMERS] = personal.customers[i]
    measures[CUSTOMER_SHARE] = personal.customer_share_bp[i]
    measures[VERIFIED_SHARE] = personal.verified_share_bp[i]


@kernel
def _activity(personal: Personal, rules: Rules, active: Flags) -> None:
    measures = np.zeros(MEASURES, dtype=np.int64)
    for i in range(personal.pv.size):
        look_at(personal, i, measures)
        active[i] = holds(rules, ACTIVE, personal.market[i], measures)
