"""
Possible ends: how the last periods went on from where the open one stands now, ready for the projection.
"""

from datetime import datetime
from zoneinfo import ZoneInfo

import numpy as np

from backend.engine.periods.assemble import Volumes
from backend.flows.memory import Memory
from backend.forecast.projection import MOST_PERIODS, Rest
from backend.kernel.period import Period
from backend.store.rolls import volumes_after


async def possible_ends(memory: Memory, now: datetime) -> tuple[Rest, ...]:
    """
    Return the rests of the last closed periods, oldest first, each counted from the same share of its period on.

    They are read anew once in an hour of the company's time; a late order moves them no earlier.
    """
    hour = now.replace(minute=0, second=0, microsecond=0)
    if memory.hour != hour:
        open_period = memory.company.period_at(now)
        past = sorted(period for period in memory.closed if period < open_period)[-MOST_PERIODS:]
        memory.rests = tuple([await _rest(memory, period, open_period, hour) for period in past])
        memory.hour = hour
    return memory.rests


def same_share(instant: datetime, of: Period, elsewhere: Period, zone: ZoneInfo) -> datetime:
    """Return the instant at which another period was as far gone as this one is now."""
    start, end = of.start(zone).timestamp(), of.end(zone).timestamp()
    gone = int(instant.timestamp() - start)
    there, then = int(elsewhere.start(zone).timestamp()), int(elsewhere.end(zone).timestamp())
    return datetime.fromtimestamp(there + gone * (then - there) // int(end - start), zone)


async def _rest(memory: Memory, period: Period, open_period: Period, now: datetime) -> Rest:
    zone = memory.company.zone
    instant = same_share(now, open_period, period, zone)
    first_day = period.first_day
    joined = np.array([day <= first_day for day in memory.members.joined], dtype=np.bool_)
    there = joined[memory.tree.order]
    return _placed(memory, await volumes_after(period, instant=instant, position=memory.position), there)


def _placed(memory: Memory, volumes: Volumes, there: "np.ndarray[tuple[int], np.dtype[np.bool_]]") -> Rest:
    at = np.array([memory.tree.position[code] for code in volumes.members], dtype=np.int64)

    def column(values: "np.ndarray[tuple[int], np.dtype[np.int64]]") -> "np.ndarray[tuple[int], np.dtype[np.int64]]":
        placed = np.zeros(len(memory.tree.members), dtype=np.int64)
        placed[at] = values
        return np.where(there, placed, 0)

    return Rest(
        own_pv=column(volumes.own_pv),
        customer_pv=column(volumes.customer_pv),
        own_cv=column(volumes.own_cv),
        customer_cv=column(volumes.customer_cv),
        there=there,
    )
