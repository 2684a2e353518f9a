"""
The demo's promoters: who joined when, under whom, and where. A network grows as real ones do: a few wide, most small.
"""

from bisect import bisect_right
from datetime import date, timedelta
from enum import StrEnum
from itertools import accumulate
from random import Random

from msgspec import Struct

from backend.demo.countries import COUNTRIES, namer
from backend.kernel.period import Period

DEEPEST = 9
"""Generations below the first promoter; a real company of this size is seldom deeper."""

DAYS_BEFORE = 900
"""How long before the twelve months the company began."""

LAST_JOINING_DAY = 8
"""Nobody joins later in the last month, so that whoever is in the files has begun."""

ABROAD_PERCENT = 15
PROMOTERS_A_FOUNDER = 60
MOST_FOUNDERS = len(COUNTRIES)
ENROLLED_BY_ANOTHER_PERCENT = 7
EARLY_PERCENT = 55
"""How many joined before the twelve months began."""


class Shape(StrEnum):
    """How a network is shaped: as real ones grow, a line of one leg each, or everybody under the first."""

    GROWN = "grown"
    LINE = "line"
    WIDE = "wide"


class Promoter(Struct, frozen=True, kw_only=True):
    """One promoter; `sponsor` and `enroller` are places in the list, -1 at the top, and always earlier ones."""

    code: str
    name: str
    sponsor: int
    enroller: int
    joined: date
    country: int
    legs: int
    training: bool


def draw_promoters(*, promoters: int, until: Period, random: Random, shape: Shape = Shape.GROWN) -> list[Promoter]:
    """
    Draw so many promoters in the order of their joining; the first few founded the company, each in a country.

    Each later one joins under somebody already there, the likelier the more legs that one has; some by another's
    invitation, who is then the enroller. A line and a wide network have one founder.
    """
    joined = _joining_days(promoters, until, random)
    sponsors = _sponsors(promoters, random, shape)
    legs = [0] * promoters
    for sponsor in sponsors:
        if sponsor >= 0:
            legs[sponsor] += 1
    countries = _countries(sponsors, random)
    name = namer(random)
    digits = max(4, len(str(promoters)))
    return [
        Promoter(
            code=f"M{at + 1:0{digits}d}",
            name=name(COUNTRIES[countries[at]]),
            sponsor=sponsors[at],
            enroller=_enroller(sponsors, at, random),
            joined=joined[at],
            country=countries[at],
            legs=legs[at],
            training=random.randrange(100) < (96 if legs[at] >= 3 else 45 if legs[at] else 25),
        )
        for at in range(promoters)
    ]


def _joining_days(promoters: int, until: Period, random: Random) -> list[date]:
    """Draw ascending days: a slow beginning, then faster and faster."""
    begin = until.plus(-11).first_day
    last = (until.first_day - begin).days + LAST_JOINING_DAY - 1
    days = [-DAYS_BEFORE]
    for _ in range(promoters - 1):
        if random.randrange(100) < EARLY_PERCENT:
            days.append(-min(random.randrange(DAYS_BEFORE), random.randrange(DAYS_BEFORE)) - 1)
        else:
            days.append(random.randrange(last + 1))
    dates = {day: begin + timedelta(days=day) for day in set(days)}
    return [dates[day] for day in sorted(days)]


def _sponsors(promoters: int, random: Random, shape: Shape) -> list[int]:
    """Draw each sponsor from a hat that holds everybody once, and once more for each leg; other shapes draw nothing."""
    if shape is not Shape.GROWN:
        return [at - 1 if shape is Shape.LINE else min(0, at - 1) for at in range(promoters)]
    founders = max(1, min(promoters // PROMOTERS_A_FOUNDER, MOST_FOUNDERS))
    sponsors, depth, hat = [-1] * founders, [0] * founders, list(range(founders))
    for at in range(founders, promoters):
        sponsor = hat[random.randrange(len(hat))]
        while depth[sponsor] >= DEEPEST:
            sponsor = hat[random.randrange(len(hat))]
        sponsors.append(sponsor)
        depth.append(depth[sponsor] + 1)
        hat += (sponsor, at)
    return sponsors


def _countries(sponsors: list[int], random: Random) -> list[int]:
    """Draw each country: a founder's by turns, later mostly the sponsor's, at times another."""
    running = list(accumulate(country.weight for country in COUNTRIES))
    countries: list[int] = []
    for at, sponsor in enumerate(sponsors):
        if sponsor < 0:
            countries.append(at % len(COUNTRIES))
        elif random.randrange(100) < ABROAD_PERCENT:
            countries.append(bisect_right(running, random.randrange(running[-1])))
        else:
            countries.append(countries[sponsor])
    return countries


def _enroller(sponsors: list[int], at: int, random: Random) -> int:
    above = sponsors[at]
    if above >= 0 and sponsors[above] >= 0 and random.randrange(100) < ENROLLED_BY_ANOTHER_PERCENT:
        return sponsors[above]
    return above
