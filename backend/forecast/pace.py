"""
Plain pacing: how the days so far run, and where that lands. Shown where history is too short for a range.
"""

from backend.forecast.standing import Pace
from backend.kernel.points import Rounding, divided


def pace(*, gv_points: int, day: int, days: int, need_points: int) -> Pace:
    """
    Lay the GV of `day` days, today included, in a straight line to the last of `days`; a fraction is dropped.

    `need_points` is the GV that the next step asks for, 0 where none is left. What is missing is spread over the days
    after today, rounded up; on the last day it is all for today.
    """
    assert 1 <= day <= days, (day, days)
    missing = max(0, need_points - gv_points)
    days_left = days - day
    return Pace(
        day=day,
        days=days,
        days_left=days_left,
        per_day_points=divided(gv_points, day, Rounding.TRUNCATE),
        lands_at_points=divided(gv_points * days, day, Rounding.TRUNCATE),
        needed_per_day_points=-(-missing // max(1, days_left)),
    )
