"""
The personal measures: what gates ask of a member alone, before any group is known.
"""

from typing import NamedTuple

from backend.engine.columns.compiled import part
from backend.engine.columns.sheet import Columns
from backend.engine.snapshot import UNSTATED, Flags, Indexes, Ints, Snapshot
from backend.kernel.points import BASIS
from backend.plan.terms import Measure

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


def personal_of(snapshot: Snapshot, columns: Columns) -> Personal:
    """Return what activity looks at."""
    return Personal(
        columns.pv,
        snapshot.customer_pv,
        snapshot.customers,
        snapshot.customer_share_bp,
        snapshot.verified_share_bp,
        snapshot.training,
        snapshot.fees_paid,
        snapshot.cleared,
        snapshot.market,
    )


@part
def look_at(personal: Personal, i: int, measures: Ints) -> None:
    """
    Write what one member has of the personal measures; a volume counts as itself or zero, whichever is more.

    A share that the company does not state is all of it.
    """
    customer_share_bp, verified_share_bp = personal.customer_share_bp[i], personal.verified_share_bp[i]
    measures[PV] = max(0, personal.pv[i])
    measures[CUSTOMER_PV] = max(0, personal.customer_pv[i])
    measures[TRAINING] = personal.training[i]
    measures[FEES_PAID] = personal.fees_paid[i]
    measures[CLEARED] = personal.cleared[i]
    measures[CUSTOMERS] = personal.customers[i]
    measures[CUSTOMER_SHARE] = BASIS if customer_share_bp == UNSTATED else customer_share_bp
    measures[VERIFIED_SHARE] = BASIS if verified_share_bp == UNSTATED else verified_share_bp
