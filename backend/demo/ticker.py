"""
The ticker: plays the generated company's shop against the intake, at the pace of the company's clock.

What arrives together is posted together, so the page sees the bursts and lulls of real buyers; what arrived while
nobody ticked is posted in larger messages, and the intake knows what it has already.
"""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta

from backend.demo.replay import Arrival, Replay
from backend.demo.shop import Answer, Shop

MOST_AT_ONCE = 100
LONGEST_NAP_SECONDS = 1.0


async def tick(
    replay: Replay,
    shop: Shop,
    *,
    since: datetime,
    now: Callable[[], datetime],
    speed: float,
    told: Callable[[list[Answer]], None],
) -> None:
    """
    Post for ever what arrives from an instant on, each when the company's clock has passed its arrival.

    `now` is the company's clock and `speed` how many of its seconds pass in one of ours. `told` hears every answer.
    Ends only by being cancelled, or by ShopRefused.
    """
    due: list[Arrival] = []
    arrivals = replay.after(since)
    coming = next(arrivals)
    while True:
        while coming.at <= now() and len(due) < MOST_AT_ONCE:
            due.append(coming)
            coming = next(arrivals)
        if due:
            told(await shop.post([arrival.placed for arrival in due]))
            due.clear()
        else:
            await asyncio.sleep(nap_seconds(coming.at - now(), speed))


def nap_seconds(ahead: timedelta, speed: float) -> float:
    """Return how long to sleep before something arrives, at most a second, so that a clock set anew is noticed."""
    return min(max(ahead.total_seconds() / speed, 0.0), LONGEST_NAP_SECONDS)
