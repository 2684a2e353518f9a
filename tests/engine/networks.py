"""
Random networks and random terms, drawn from a seed, for whoever wants to hold the engine to something.

Thresholds are drawn close to the volumes, so that every gate has members on both sides of it and some on the line. All
of it is legal input: what a plan check refuses (a step that asks for a step, percents that fall) is not drawn.
"""

from collections.abc import Sequence
from random import Random

import numpy as np

from backend.engine.assemble import Roll, Volumes, snapshot_of
from backend.engine.snapshot import Carried, Snapshot
from backend.kernel.points import Rounding
from backend.plan.terms import (
    Condition,
    FastStart,
    Maintenance,
    Market,
    Measure,
    Overrides,
    Pool,
    Requirement,
    Step,
    Terms,
    Title,
    TitleHeld,
)

SHAPES = ("wide", "deep", "grown", "forest", "chain", "star")
PERSONAL = (Measure.PV, Measure.CUSTOMER_PV, Measure.TRAINING)
BEFORE_STEP = tuple(measure for measure in Measure if measure != Measure.STEP)
OFTEN = (Measure.PV, Measure.GV, Measure.GV, Measure.SIDE_VOLUME, Measure.LEGS_BROKEN_AWAY, Measure.STEP)

MOST_POINTS = {
    Measure.PV: 150,
    Measure.CUSTOMER_PV: 80,
    Measure.GV: 500,
    Measure.TGV: 900,
    Measure.SIDE_VOLUME: 300,
}
MOST_COUNTED = {
    Measure.ENROLLED_ACTIVE: 2,
    Measure.TRAINING: 1,
    Measure.ACTIVE: 1,
    Measure.LEGS_WITH_VOLUME: 3,
    Measure.LEGS_WITH_STEP: 2,
    Measure.LEGS_BROKEN_AWAY: 2,
}


def random_terms(random: Random) -> Terms:
    """Draw a plan: its ladder, titles, gates, rates, markets and rounding."""
    steps, titles = random.randint(1, 6), random.randint(2, 6)
    return Terms(
        plan="drawn",
        on="any day",
        rounding=random.choice(list(Rounding)),
        own_pv_limit=random.choice((0, 0, 5000, 12_345)),
        active=_requirement(random, PERSONAL, steps),
        steps=_ladder(random, steps),
        breakaway=_breakaway(random, steps),
        titles=tuple(_title(random, index, steps) for index in range(titles)),
        maintenance=Maintenance(window_periods=random.randint(1, 4), grace_periods=random.randint(0, 3)),
        overrides=Overrides(
            rates_bp=tuple(random.choice((0, 100, 333, 500)) for _ in range(random.choice((0, 2, 5, 5, 5)))),
            gate=_requirement(random, OFTEN, steps) if random.random() < 0.5 else Requirement(),
        ),
        pool=Pool(
            share_bp=random.choice((0, 77, 200)),
            gate=_requirement(random, OFTEN, steps),
            leg_points=random.randint(0, 3),
        ),
        fast_start=FastStart(within_days=random.randint(0, 90)),
        title_held=TitleHeld(successive_periods=random.randint(1, 4)),
        markets=tuple(_market(random, index) for index in range(random.randint(1, 3))),
        breakaway_title=random.randint(1, titles - 1),
    )


def _ladder(random: Random, steps: int) -> tuple[Step, ...]:
    percents = sorted(random.choice((0, 300, 500, 777, 1200, 1601, 2500)) for _ in range(steps))
    reached = [Requirement(), *(_requirement(random, BEFORE_STEP, steps) for _ in range(steps - 1))]
    return tuple(
        Step(id=f"s{index}", name=f"Step {index}", percent_bp=percent, requirement=requirement)
        for index, (percent, requirement) in enumerate(zip(percents, reached, strict=True))
    )


def _breakaway(random: Random, steps: int) -> Requirement:
    if random.random() < 0.3:
        return _requirement(random, tuple(Measure), steps)
    at_least = random.randint(max(0, steps - 2), steps)
    return Requirement(any_of=((Condition(measure=Measure.STEP, at_least=at_least),),))


def _title(random: Random, index: int, steps: int) -> Title:
    asked = _requirement(random, tuple(Measure) + OFTEN, steps)
    return Title(
        id=f"t{index}",
        name=f"Title {index}",
        requirement=asked if index else Requirement(),
        keep=_requirement(random, OFTEN, steps) if index or random.random() < 0.2 else Requirement(),
        generations=random.choice((0, 2, 4, 5, 5)),
        pool_points=random.randint(0, 4),
        held_bonus_minor=random.choice((0, 5000, 12_000)),
        fast_start_minor=random.choice((0, 2500, 4000)),
    )


def _market(random: Random, index: int) -> Market:
    return Market(
        id=f"m{index}",
        currency=random.choice(("USD", "JPY", "KWD")),
        minor_per_point=random.choice((1, 7, 92, 100, 137, 15_000)),
        return_days=30,
        pool_weight=random.randint(0, 3),
    )


def _requirement(random: Random, measures: Sequence[Measure], steps: int) -> Requirement:
    ways = random.choice((0, 1, 1, 1, 2, 2, 3))
    return Requirement(
        any_of=tuple(
            tuple(_condition(random, random.choice(measures), steps) for _ in range(random.choice((1, 1, 2, 3))))
            for _ in range(ways)
        )
    )


def _condition(random: Random, measure: Measure, steps: int) -> Condition:
    if measure in MOST_POINTS:
        return Condition(measure=measure, at_least=10_00 * random.randint(0, MOST_POINTS[measure] // 10))
    if measure == Measure.STEP:
        return Condition(measure=measure, at_least=random.randint(0, steps))
    volume, step = 10_00 * random.randint(0, 20), random.randint(0, steps - 1)
    of = {Measure.LEGS_WITH_VOLUME: volume, Measure.LEGS_WITH_STEP: step}.get(measure, 0)
    return Condition(measure=measure, at_least=random.randint(0, MOST_COUNTED[measure]), of=of)


def random_case(seed: int, *, size: int = 0, shape: str = "") -> tuple[Snapshot, Terms]:
    """Draw terms and a company under them; of up to fifty members in any shape, where nothing else is asked for."""
    random = Random(seed)
    terms = random_terms(random)
    drawn = random.randint(1, 50), random.choice(SHAPES)
    return random_company(random, terms, size=size or drawn[0], shape=shape or drawn[1]), terms


def random_company(random: Random, terms: Terms, *, size: int, shape: str) -> Snapshot:
    """Draw a company under the terms: a tree of one of `SHAPES`, volumes with returns, and titles carried in."""
    ids = [f"{number:05d}" for number in random.sample(range(100_000), size)]
    sponsors = [_sponsor(random, ids, index, shape) for index in range(size)]
    enrollers = [sponsor if random.random() < 0.7 else random.choice([None, *ids]) for sponsor in sponsors]
    roll = Roll(
        ids=ids,
        sponsors=sponsors,
        enrollers=enrollers,
        market=np.array([random.randrange(len(terms.markets)) for _ in ids], np.int32),
        days_since_joining=np.array([random.choice((-3, 0, 12, 50, 90, 400)) for _ in ids], np.int32),
        training=np.array([random.random() < 0.7 for _ in ids], np.bool_),
    )
    titled = random.choice((0.0, 0.1, 0.6))
    carried = {id_: _carried(random, len(terms.titles)) for id_ in ids if random.random() < titled}
    return snapshot_of(period="2026-10", roll=roll, volumes=_volumes(random, ids), carried=carried)


def _sponsor(random: Random, ids: list[str], index: int, shape: str) -> str | None:
    newest = {"wide": 0, "deep": max(0, index - 3), "grown": 0, "forest": 0, "chain": index - 1, "star": 0}[shape]
    oldest = {"wide": min(index, 4), "star": 1}.get(shape, index)
    if index == 0 or (shape == "forest" and random.random() < 0.2):
        return None
    return ids[random.randrange(newest, oldest)]


def _volumes(random: Random, ids: list[str]) -> Volumes:
    selling = random.random() < 0.95
    own, customers = ([_bought(random) for _ in ids] for _ in range(2))
    pv = np.array([own, customers], np.int64)
    factor = np.array([[random.choice((0, 50, 80, 100, 100)) for _ in ids] for _ in range(2)], np.int64)
    cv = pv * factor // 100 if selling else pv * 0
    return Volumes(
        members=ids,
        own_pv=pv[0],
        customer_pv=pv[1],
        own_cv=cv[0],
        customer_cv=cv[1],
        provisional_pv=pv[0] // 3,
    )


def _bought(random: Random) -> int:
    kind = random.random()
    if kind < 0.25:
        return 0
    if kind < 0.35:
        return -random.randint(1, 8000)
    return 10_00 * random.randint(1, 12) if kind < 0.6 else random.randint(1, 12_000)


def _carried(random: Random, titles: int) -> Carried:
    return Carried(
        title=random.randrange(titles),
        held=random.randint(1, 5),
        missed=random.randint(0, 3),
        bonuses=random.getrandbits(2 * titles) if random.random() < 0.3 else 0,
    )
