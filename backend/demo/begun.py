"""
How the demo begins: at which instant, and through whose eyes it is worth seeing.

What was placed before the beginning is imported; the rest comes through the intake.
"""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from msgspec import Struct

from backend.files.calculation import Computed
from backend.kernel.period import Period

FIRST_DAY = 9
FIRST_HOUR = 9
STEADY_PV = 20_000
"""Hundredths of a point: whoever sells so much in one month has something to show early in the next."""


class Faces(Struct, frozen=True, kw_only=True):
    """Two members through whose eyes the demo is worth seeing."""

    distributor: str
    sponsor: str


def beginning(until: Period, zone: ZoneInfo) -> datetime:
    """Return the instant at which the demo begins: nine in the morning of the ninth, so that the month is under way."""
    return datetime.combine(until.first_day + timedelta(days=FIRST_DAY - 1), time(FIRST_HOUR), zone)


def faces(month: Computed) -> Faces:
    """
    Return who shows the demo best, judged by a whole month.

    The distributor sells steadily, stands in the middle of the ladder and has the most legs that sell. The sponsor has
    a leg that has broken away, and the largest that has not; without any breakaway, whoever has the largest group.
    """
    outcome, snapshot = month.outcome, month.snapshot
    members = range(len(snapshot.members))
    middle = (len(month.terms.steps) - 1) / 2
    distributor = max(
        members,
        key=lambda at: (
            not outcome.broken_away[at] and bool(outcome.active[at]),
            int(outcome.legs_selling[at]) >= 2,
            int(outcome.pv[at]) >= STEADY_PV,
            -abs(int(outcome.step[at]) - middle),
            int(outcome.legs_selling[at]),
            -at,
        ),
    )
    sponsor = max(
        members,
        key=lambda at: (
            int(outcome.legs_broken_away[at]) > 0 and bool(outcome.broken_away[at]),
            min(int(outcome.override_minor[at]), 1),
            _largest_open_leg(month, at),
            int(outcome.gv[at]),
            -at,
        ),
    )
    return Faces(distributor=snapshot.members[distributor], sponsor=snapshot.members[sponsor])


def _largest_open_leg(month: Computed, at: int) -> int:
    """Return the GV of the largest leg that has not broken away, hundredths of a point."""
    first, count = int(month.snapshot.first_leg[at]), int(month.snapshot.leg_count[at])
    legs = range(first, first + count)
    return max((int(month.outcome.gv[leg]) for leg in legs if not month.outcome.broken_away[leg]), default=0)
