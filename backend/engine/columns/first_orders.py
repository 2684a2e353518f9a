"""
First orders: whose a level bonus is paid on, and the CV of those that pay one level bonus and nothing else.
"""

import numpy as np

from backend.engine.columns.regions import by_market
from backend.engine.snapshot import Flags, Ints, Snapshot
from backend.plan.terms import Terms


def lately_joined(snapshot: Snapshot, terms: Terms, scheme: int) -> Flags:
    """Say on whose orders a level bonus is paid: who joined at most so many days ago, by the own market, or all."""
    within = by_market(terms, lambda there: there.levels[scheme].within_days)[snapshot.market]
    days = snapshot.days_since_joining
    found: Flags = (within == 0) | ((days >= 0) & (days <= within))
    return found


def set_alone(snapshot: Snapshot, terms: Terms) -> Flags:
    """Say whose first orders pay a level bonus alone, and so no other bonus; such a bonus is not paid on all others."""
    found = np.zeros(len(snapshot.members), dtype=np.bool_)
    for scheme, level in enumerate(terms.levels):
        if level.alone:
            found |= lately_joined(snapshot, terms, scheme)
    return found


def cv_alone(snapshot: Snapshot, terms: Terms) -> Ints:
    """Return the CV of each member's first order that pays a level bonus alone, hundredths of a point; else 0."""
    if not any(level.alone for level in terms.levels):
        return np.broadcast_to(np.int64(0), snapshot.first_cv.shape)
    found: Ints = np.where(set_alone(snapshot, terms), snapshot.first_cv, 0)
    return found


def sold_anything(snapshot: Snapshot, terms: Terms, cv: Ints) -> bool:
    """Say whether anybody has CV above zero, that of first orders which pay a level bonus alone included."""
    return bool(cv.max(initial=0) > 0 or cv_alone(snapshot, terms).max(initial=0) > 0)


def units_alone(snapshot: Snapshot, terms: Terms) -> Ints:
    """Return the units (n × products) of each member's first order that pays a level bonus alone; else 0."""
    found: Ints = np.where(set_alone(snapshot, terms)[:, None], snapshot.first_units, 0)
    return found
