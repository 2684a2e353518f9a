"""
Later: the months after one that is computed, in which everybody brings the same again.

The engine runs month after month, each taking up what the one before handed on; so titles are won, kept or lost, and
bonuses for holding them fall due, as the plan says and not as anybody reckons.
"""

from collections.abc import Iterator

import numpy as np
from msgspec.structs import replace

from backend.engine.gates.measures import Member
from backend.engine.periods.carryover import columns_after
from backend.engine.pipeline import run
from backend.engine.snapshot import Snapshot
from backend.kernel.period import Period
from backend.plan.terms import Terms

FIRST_ORDERS = ("first_pv", "first_cv", "first_units")
"""What nobody orders a second time, though it counts in full as volume."""


def months_after(member: Member) -> Iterator[Member]:
    """Yield the member in the month after a computed one, in the month after that, and so on without an end."""
    while True:
        snapshot = _next(member)
        member = replace(member, snapshot=snapshot, outcome=run(snapshot, member.plan))
        yield member


def _next(member: Member) -> Snapshot:
    """Return the next month: the same volumes and facts, a month later, with what was carried out of this one."""
    snapshot = member.snapshot
    period = Period.parse(snapshot.period).plus(1)
    carried = columns_after(snapshot, member.plan, member.outcome)
    before = {f"{name}_before": column for name, column in carried.items()}
    return replace(
        snapshot,
        period=str(period),
        year_begins=_begins_year(period, member.plan),
        year_ends=_begins_year(period.plus(1), member.plan),
        days_since_joining=(snapshot.days_since_joining + period.days()).astype(np.int32),
        **{name: column.astype(getattr(snapshot, name).dtype) for name, column in before.items()},
        **{name: np.zeros_like(getattr(snapshot, name)) for name in FIRST_ORDERS},
    )


def _begins_year(period: Period, terms: Terms) -> bool:
    """Say whether the plan's year begins with a period."""
    return period.month == terms.year_begins_month
