"""
The ticker: plays the generated company's shop against the intake, at the pace of the company's clock.

What arrives together is posted together, so the page sees the bursts and lulls of real buyers; what arrived while
nobody ticked is posted in larger messages, and the intake knows what it has already.
"""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta

from backend.demo.replay import Placed, Replay
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
    Ends by being cancelled, by ShopRefused, and at once where there is nothing to replay.
    """
    due: list[Placed] = []
    for coming in replay.after(since):
        while coming.at > now() or len(due) >= MOST_AT_ONCE:
            if due:
                told(await shop.post(due))
                due.clear()
            else:
                await asyncio.sleep(nap_seconds(coming.at - now(), speed))
        due.append(coming.placed)


def nap_seconds(ahead: timedelta, speed: float) -> float:
    """Return how long to sleep before something arrives, at most a second, so that a clock set anew is noticed."""
    return min(max(ahead.total_seconds() / speed, 0.0), LONGEST_NAP_SECONDS)
