"""
Random bonuses of a random plan: overrides with their guarantees, productions, levels, pools, matches and caps.
"""

from typing import Any

from backend.plan.terms import (
    Cap,
    Charged,
    Counting,
    FastStart,
    Fosters,
    Fund,
    Groups,
    Guarantee,
    LevelBonus,
    Line,
    Match,
    OneTime,
    Override,
    Pool,
    Production,
    RatesBy,
    Requirement,
    Split,
    TitleHeld,
    VolumeNumber,
)
from tests.engine.drawing import OFTEN, Draw

MATCHED = (0, 1, 2, 3, 4, 5, 6, 7, 9)
"""Kinds of bonus that a match or a cap may name."""


def rewards_of(draw: Draw, core: dict[str, Any]) -> dict[str, Any]:
    """Draw everything of a plan that is paid beside the differential."""
    random = draw.random
    return {
        "overrides": tuple(_override(draw, index) for index in range(random.choice((0, 1, 1, 2)))),
        "productions": tuple(_production(draw, index) for index in range(random.choice((0, 0, 1)))),
        "levels": tuple(
            _level(draw, index, differs=core["differential"].pays) for index in range(random.choice((0, 0, 1, 2)))
        ),
        "pools": tuple(_pool(draw, index) for index in range(random.choice((0, 1, 1, 2)))),
        "matches": tuple(_match(draw, index) for index in range(random.choice((0, 0, 1)))),
        "fast_start": FastStart(within_days=random.randint(0, 90)),
        "one_times": tuple(_one_time(draw, index) for index in range(random.choice((0, 1, 2)))),
        "title_held": TitleHeld(
            successive_periods=random.randint(1, 4),
            after_achievement=draw.maybe(0.5),
            instalments=random.choice((1, 1, 2, 3, 4)),
        ),
        "caps": tuple(_cap(draw, index) for index in range(random.choice((0, 0, 1, 2)))),
    }


def _gate(draw: Draw) -> Requirement:
    return draw.requirement(OFTEN) if draw.maybe(0.4) else Requirement()


def _rates(draw: Draw, most: int) -> tuple[int, ...]:
    return tuple(draw.random.choice((0, 100, 333, 500)) for _ in range(draw.random.randint(1, most)))


def _override(draw: Draw, index: int) -> Override:
    random = draw.random
    by = random.choice((RatesBy.NOTHING, *RatesBy))
    groups = random.choice([Groups.BROKEN_AWAY, *(Groups if draw.marks else (Groups.BROKEN_AWAY, Groups.SAME_PERCENT))])
    lowest = 0 if draw.maybe(0.5) else random.randint(1, draw.titles - 1)
    first_only = draw.maybe(0.3)
    guaranteed = groups != Groups.SAME_PERCENT and draw.maybe(0.5)
    return Override(
        id=f"o{index}",
        name=f"Override {index}",
        rates_bp=tuple(_rates(draw, 5) for _ in range(1 if by == RatesBy.NOTHING else random.randint(1, 4))),
        by=by,
        depth_by_title=draw.maybe(0.4),
        last_rate_goes_on=draw.maybe(0.3),
        groups=groups,
        mark=random.randrange(draw.marks) if groups == Groups.MARKED else 0,
        volume=random.choice((int(VolumeNumber.GROUP), draw.any_volume())),
        lowest_title=lowest,
        gate=_gate(draw),
        counting=random.choice((Counting.PASSED_OVER, *Counting)),
        first_only=first_only,
        least_difference_bp=random.choice((0, 100)) if by != RatesBy.NOTHING and draw.maybe(0.3) else -1,
        distance_bp=random.choice(((), (), (10_000, 7500, 5000), (10_000, 3333, 0))),
        pays_skipped=draw.maybe(0.8),
        empty_counts=draw.maybe(0.7),
        guarantee=_guarantee(draw, first_only=first_only) if guaranteed else None,
    )


def _guarantee(draw: Draw, *, first_only: bool) -> Guarantee:
    frontline = first_only and draw.maybe(0.6)
    return Guarantee(
        points=draw.random.choice((50_00, 123_45, 400_00)),
        charged=Charged.FRONTLINE_GROUPS if frontline else Charged.OWN_GROUP,
        at_most_incoming=not frontline and draw.maybe(0.4),
        average=not frontline and draw.maybe(0.4),
    )


def _production(draw: Draw, index: int) -> Production:
    brackets = tuple((least, rate) for least, rate in ((0, 50), (50_00, 200), (300_00, 450)) if draw.maybe(0.7))
    return Production(
        id=f"p{index}",
        name=f"Production {index}",
        volume=draw.any_volume(),
        brackets=brackets or ((10_00, 333),),
        gate=_gate(draw),
    )


def _level(draw: Draw, index: int, *, differs: bool) -> LevelBonus:
    return LevelBonus(
        id=f"l{index}",
        name=f"Level {index}",
        rates_bp=_rates(draw, 3),
        line=draw.random.choice(list(Line)),
        first_orders=draw.maybe(0.4),
        within_days=draw.random.choice((0, 60)),
        gate=_gate(draw),
        compressed=draw.maybe(0.5),
        or_differential=differs and draw.maybe(0.3),
    )


def _pool(draw: Draw, index: int) -> Pool:
    random = draw.random
    leg_splits = (Split.LEG_TIERS, Split.LEG_UNITS) if draw.marks else ()
    split = random.choice((Split.POINTS, Split.EQUAL, Split.VOLUME, *leg_splits))
    on_legs = split in leg_splits
    of_own = [number for number, one in enumerate(draw.volumes, VolumeNumber.NAMED) if not one.legs]
    return Pool(
        id=f"f{index}",
        name=f"Pool {index}",
        share_bp=random.choice((77, 200)),
        fund=random.choice(list(Fund)),
        fund_volume=random.choice([int(VolumeNumber.OWN), *of_own]),
        split=split,
        gate=_gate(draw),
        leg_points=random.randint(0, 3),
        volume=draw.any_volume(),
        mark=random.randrange(draw.marks) if on_legs else 0,
        periods=random.randint(1, 6) if on_legs else 0,
        leg_periods=random.randint(1, 2) if on_legs else 0,
        fosters=random.choice((Fosters.COUNTED, *Fosters)) if on_legs else Fosters.COUNTED,
        tiers=((100_00, 4, 10_00), (250_00, 2, 10_00), (0, 1, 30_00)) if split == Split.LEG_TIERS else (),
        units=((1, 100), (2, 300)) if split == Split.LEG_UNITS else (),
        share_minor=random.choice((0, 0, 150)) if split != Split.VOLUME else 0,
        in_last_period_of_year=draw.maybe(0.2),
    )


def _match(draw: Draw, index: int) -> Match:
    random = draw.random
    return Match(
        id=f"x{index}",
        name=f"Match {index}",
        rates_bp=_rates(draw, 3),
        bonuses=tuple(sorted(random.sample(MATCHED, random.randint(1, 4)))),
        line=random.choice(list(Line)),
        gate=_gate(draw),
        compressed=draw.maybe(0.5),
    )


def _one_time(draw: Draw, index: int) -> OneTime:
    return OneTime(
        id=f"b{index}",
        name=f"Target {index}",
        requirement=draw.requirement(OFTEN),
        amount_minor=draw.random.choice((700, 2501)),
        within_days=draw.random.choice((0, 60)),
    )


def _cap(draw: Draw, index: int) -> Cap:
    random = draw.random
    of_all, most = random.choice(((0, 900), (1500, 0), (2000, 2000)))
    return Cap(
        id=f"c{index}",
        name=f"Cap {index}",
        bonuses=() if draw.maybe(0.5) else tuple(sorted(random.sample(MATCHED, random.randint(1, 4)))),
        member_minor=most,
        share_bp=of_all,
    )
