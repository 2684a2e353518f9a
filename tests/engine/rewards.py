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
    Multiplier,
    OneTime,
    Override,
    Pool,
    ProductAmounts,
    Production,
    RatesBy,
    Requirement,
    Split,
    TitleHeld,
    VolumeNumber,
)
from tests.engine.drawing import OFTEN, Draw

MATCHED = (0, 1, 2, 3, 4, 5, 6, 7, 9, 11)
"""Kinds of bonus that a match or a cap may name."""

PRODUCTS = ("p0", "p1")
"""What pays amounts by the unit, where any bonus does."""

MULTIPLIED = MATCHED[:-1]
"""Kinds of bonus that a multiplier may name."""


def rewards_of(draw: Draw, core: dict[str, Any]) -> dict[str, Any]:
    """Draw everything of a plan that is paid beside the differential."""
    random = draw.random
    return {
        "overrides": tuple(_override(draw, index) for index in range(random.choice((0, 1, 1, 2)))),
        "productions": tuple(_production(draw, index) for index in range(random.choice((0, 0, 1)))),
        **_levels(draw, core),
        "pools": tuple(_pool(draw, index) for index in range(random.choice((0, 1, 1, 2)))),
        "multipliers": tuple(_multiplier(draw, index) for index in range(random.choice((0, 0, 1, 2)))),
        "matches": tuple(_match(draw, index) for index in range(random.choice((0, 0, 1)))),
        "fast_start": FastStart(within_days=random.randint(0, 90)),
        "one_times": tuple(_one_time(draw, index) for index in range(random.choice((0, 1, 2)))),
        "title_held": TitleHeld(
            successive_periods=random.randint(1, 4),
            after_achievement=draw.maybe(0.5),
            instalments=random.choice((1, 1, 2, 3, 4)),
            restarts=draw.maybe(0.6),
            clawback_periods=random.choice((0, 1, 3)),
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
    seen_anew = (Groups.SAME_PERCENT, Groups.SAME_TITLE)
    groups = random.choice([Groups.BROKEN_AWAY, *(Groups if draw.marks else (Groups.BROKEN_AWAY, *seen_anew))])
    lowest = 0 if draw.maybe(0.5) else random.randint(1, draw.titles - 1)
    first_only = draw.maybe(0.3)
    guaranteed = groups not in seen_anew and draw.maybe(0.5)
    finer = random.choice((1, 1, 1, 100))
    of_first = groups not in seen_anew and not first_only and draw.maybe(0.25)
    distance = random.choice(((), (), (10_000, 7500, 5000), (10_000, 3333, 0)))
    return Override(
        id=f"o{index}",
        name=f"Override {index}",
        rates_bp=tuple(
            tuple(rate * finer + (finer > 1) * 25 for rate in _rates(draw, 5))
            for _ in range(1 if by == RatesBy.NOTHING else random.randint(1, 4))
        ),
        finer=finer,
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
        distance_bp=() if of_first or groups == Groups.SAME_TITLE else distance,
        of_first_amount=of_first,
        pays_skipped=draw.maybe(0.8),
        empty_counts=draw.maybe(0.7),
        guarantee=_guarantee(draw, first_only=first_only) if guaranteed else None,
    )


def _guarantee(draw: Draw, *, first_only: bool) -> Guarantee:
    frontline = first_only and draw.maybe(0.6)
    points, banded = draw.random.choice((50_00, 123_45, 400_00)), draw.maybe(0.4)
    return Guarantee(
        points=points,
        charged=Charged.FRONTLINE_GROUPS if frontline else Charged.OWN_GROUP,
        at_most_incoming=not frontline and draw.maybe(0.4),
        average=not frontline and draw.maybe(0.4),
        band_from=points // draw.random.choice((2, 3, 10)) if banded else 0,
        band_part_bp=draw.random.choice((5000, 3333)) if banded else 0,
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


def _levels(draw: Draw, core: dict[str, Any]) -> dict[str, Any]:
    """Draw level bonuses, and the products of which a unit pays an amount."""
    alone = draw.maybe(0.4) and not core["personal"].first_orders_to_sponsor
    levels = tuple(
        _level(draw, index, differs=core["differential"].pays, alone=alone)
        for index in range(draw.random.choice((0, 0, 1, 2)))
    )
    return {"levels": levels, "products": PRODUCTS if any(level.products for level in levels) else ()}


def _level(draw: Draw, index: int, *, differs: bool, alone: bool) -> LevelBonus:
    by_units, first_orders = draw.maybe(0.4), draw.maybe(0.4)
    return LevelBonus(
        id=f"l{index}",
        name=f"Level {index}",
        rates_bp=() if by_units else _rates(draw, 3),
        products=_products(draw) if by_units else (),
        line=draw.random.choice(list(Line)),
        first_orders=first_orders,
        alone=alone and first_orders,
        within_days=draw.random.choice((0, 60)),
        gate=_gate(draw),
        compressed=draw.maybe(0.5),
        or_differential=differs and draw.maybe(0.3),
    )


def _products(draw: Draw) -> tuple[ProductAmounts, ...]:
    paying = sorted(draw.random.sample(range(len(PRODUCTS)), draw.random.randint(1, len(PRODUCTS))))
    return tuple(
        ProductAmounts(
            product=product,
            amounts_minor=tuple(draw.random.choice((0, 50, 333, 1200)) for _ in range(draw.random.randint(1, 3))),
        )
        for product in paying
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


def _multiplier(draw: Draw, index: int) -> Multiplier:
    random = draw.random
    by = random.choice(list(RatesBy))
    return Multiplier(
        id=f"n{index}",
        name=f"Multiplier {index}",
        rates_bp=tuple(random.choice((0, 1000, 2500, 3333)) for _ in range(1 if by == RatesBy.NOTHING else 3)),
        bonuses=tuple(sorted(random.sample(MULTIPLIED, random.randint(1, 5)))),
        by=by,
        gate=_gate(draw),
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
    before_matches = draw.maybe(0.4)
    every = draw.maybe(0.5) and not before_matches
    return Cap(
        id=f"c{index}",
        name=f"Cap {index}",
        bonuses=() if every else tuple(sorted(random.sample(MATCHED, random.randint(1, 4)))),
        before_matches=before_matches,
        member_minor=most,
        share_bp=of_all,
    )
