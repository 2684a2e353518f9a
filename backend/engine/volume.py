"""
Volume: a member's own orders and those of own customers become PV and CV.

Own purchases beyond the plan's limit do not qualify anyone; the limit touches PV and leaves CV as it was bought. First
orders that pay one bonus alone qualify, and are CV of no other bonus.
"""

from typing import NamedTuple

import numpy as np

from backend.engine.amounts.worth import LARGEST, ROOM, TooLarge, worth
from backend.engine.columns.compiled import kernel
from backend.engine.columns.first_orders import cv_alone
from backend.engine.columns.regions import by_market
from backend.engine.columns.sheet import Columns
from backend.engine.snapshot import Indexes, Ints, Snapshot
from backend.kernel.points import BASIS
from backend.plan.terms import Terms


def stage(snapshot: Snapshot, terms: Terms, columns: Columns) -> None:
    """
    Add up PV: own PV, at most `own_pv_limit` of it where there is a limit, and customers'; and CV: own and customers'.

    Where first orders are the sponsor's, their CV counts at the sponsor; at the top of a tree it is nobody's. What pays
    a level bonus alone is not counted as CV at all.
    Raises TooLarge where a member has more than 2**38 hundredths, or Σ|CV| × 10,000 bp × the value of a point could
    leave 64 bits, the basis points in the parts that the finest rates are counted in.
    """
    limit = by_market(terms, lambda there: there.own_pv_limit)
    sold = Sold(*(getattr(snapshot, name) for name in Sold._fields))
    _check_room(snapshot, terms)
    _add_up(sold, np.where(limit > 0, limit, LARGEST), columns.pv, columns.cv)
    columns.cv[:] -= cv_alone(snapshot, terms)
    if terms.personal.first_orders_to_sponsor:
        sponsored = snapshot.sponsor >= 0
        columns.cv[:] -= snapshot.first_cv
        np.add.at(columns.cv, snapshot.sponsor[sponsored], snapshot.first_cv[sponsored])


class Sold(NamedTuple):
    """What members and their customers have bought, and each one's market."""

    own_pv: Ints
    customer_pv: Ints
    own_cv: Ints
    customer_cv: Ints
    market: Indexes


@kernel
def _add_up(sold: Sold, limit: Ints, pv: Ints, cv: Ints) -> None:
    for i in range(pv.size):
        pv[i] = min(sold.own_pv[i], limit[sold.market[i]]) + sold.customer_pv[i]
        cv[i] = sold.own_cv[i] + sold.customer_cv[i]


def _check_room(snapshot: Snapshot, terms: Terms) -> None:
    numerators, _ = worth(terms)
    finest = max((override.finer for override in terms.overrides), default=1)
    room = ROOM // (BASIS * finest * int(numerators.max(initial=1)))
    for name in ("own_pv", "customer_pv", "own_cv", "customer_cv"):
        lowest, highest, in_all = map(int, _extent(getattr(snapshot, name)))
        largest = max(highest, -lowest)
        if largest > LARGEST or in_all > room // 2:
            raise TooLarge(f"{name} has {largest} hundredths at once, or passes {room // 2} in all: more than fits")


@kernel
def _extent(column: Ints) -> tuple[int, int, int]:
    """Return the least and the most of a volume, or zero, and the sum of all sizes."""
    lowest, highest, in_all = 0, 0, 0
    for i in range(column.size):
        lowest = min(lowest, column[i])
        highest = max(highest, column[i])
        in_all += abs(column[i])
    return lowest, highest, in_all
