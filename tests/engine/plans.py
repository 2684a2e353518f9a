"""
Random plans, drawn from a seed: the whole space of terms, from the ladder to the differential.

Thresholds are drawn close to the volumes, so that every gate has members on both sides of it and some on the line. All
of it makes sense: what a plan check refuses (a mark that needs itself, percents that fall) is not drawn.
"""

from collections.abc import Sequence
from random import Random
from typing import Any

from msgspec.structs import replace

from backend.kernel.points import Rounding
from backend.plan.terms import (
    Against,
    Breakaway,
    Condition,
    Differential,
    Exclusion,
    Failing,
    FallsTo,
    Fosters,
    GroupVolume,
    Ladder,
    Maintenance,
    Mark,
    Market,
    Measure,
    Personal,
    Reach,
    Requirement,
    Retail,
    Stays,
    Step,
    Terms,
    Title,
    Unpaid,
    VolumeNumber,
    Window,
)

PERSONAL = (
    Measure.PV,
    Measure.PV,
    Measure.CUSTOMER_PV,
    Measure.TRAINING,
    Measure.CUSTOMERS,
    Measure.CUSTOMER_SHARE,
    Measure.VERIFIED_SHARE,
)
ON_STEP = (Measure.STEP,)
ON_MARKS = (Measure.MARK, Measure.PERIODS, Measure.PERIODS_IN_A_ROW)
OF_LEGS_MARKS = (Measure.LEGS_WITH_MARK, Measure.LEGS_WITH_PERIODS)
OF_PERIODS = (Measure.PERIODS, Measure.LEGS_WITH_PERIODS)
FIRST = tuple(measure for measure in Measure if measure not in ON_STEP + ON_MARKS)
OFTEN = (Measure.PV, Measure.GV, Measure.GV, Measure.SIDE_VOLUME, Measure.LEGS_BROKEN_AWAY, Measure.STEP)

MOST_POINTS = {
    Measure.PV: 150,
    Measure.CUSTOMER_PV: 80,
    Measure.GV: 500,
    Measure.TGV: 900,
    Measure.SIDE_VOLUME: 300,
    Measure.VOLUME: 500,
}
MOST_COUNTED = {
    Measure.ENROLLED_ACTIVE: 2,
    Measure.TRAINING: 1,
    Measure.ACTIVE: 1,
    Measure.LEGS_WITH_VOLUME: 3,
    Measure.LEGS_WITH_STEP: 2,
    Measure.LEGS_BROKEN_AWAY: 2,
    Measure.CUSTOMERS: 3,
    Measure.MARK: 1,
    Measure.PERIODS: 4,
    Measure.PERIODS_IN_A_ROW: 3,
    Measure.LEGS_WITH_TITLE: 2,
    Measure.LEGS_WITH_MARK: 2,
    Measure.LEGS_WITH_PERIODS: 2,
}
SHARES = (Measure.CUSTOMER_SHARE, Measure.VERIFIED_SHARE)
PERCENTS = (0, 300, 500, 777, 1200, 1601, 2500)


class Draw:
    """A plan being drawn: how many steps, titles, marks and volumes it has, so that conditions may ask for them."""

    def __init__(self, random: Random) -> None:
        """Draw the sizes, and what counts into the volumes that the plan names."""
        self.random = random
        self.steps, self.titles = random.randint(1, 6), random.randint(2, 6)
        self.marks = random.choice((0, 0, 1, 2, 3))
        self.early_marks = random.randint(0, self.marks)
        self.volumes = tuple(self.volume(index) for index in range(random.choice((0, 0, 1, 2, 3))))

    def maybe(self, probability: float) -> bool:
        """Say yes with a probability."""
        return self.random.random() < probability

    def volume(self, index: int) -> GroupVolume:
        """Draw a volume that the plan names."""
        random = self.random
        own, legs = random.choice(((True, True), (True, True), (False, True), (True, False)))
        window = random.choice((Window.PERIOD, *Window))
        return GroupVolume(
            id=f"v{index}",
            name=f"Volume {index}",
            own=own,
            legs=legs,
            less=tuple(self.exclusion() for _ in range(random.choice((0, 1, 1, 2)))) if legs else (),
            leg_limit=random.choice((0, 0, 0, 150_00)) if legs else 0,
            window=window,
            periods=random.randint(1, 4) if window == Window.LAST else 0,
            only_with_mark=random.randrange(self.marks) if self.marks and self.maybe(0.2) else -1,
        )

    def exclusion(self) -> Exclusion:
        """Draw what leaves a leg out of a volume."""
        most = {Measure.LEGS_BROKEN_AWAY: 1, Measure.STEP: self.steps, Measure.TITLE: self.titles}
        if self.marks:
            most[Measure.MARK] = self.marks
        measure = self.random.choice(list(most))
        low = min(1, most[measure] - 1) if measure != Measure.MARK else 0
        return Exclusion(
            measure=measure,
            of=self.random.randint(low, most[measure] - 1),
            reach=self.random.choice((Reach.FRONTLINE, Reach.FRONTLINE, Reach.ANYWHERE)),
            fosters=self.random.choice((Fosters.COUNTED, Fosters.COUNTED, *Fosters)),
        )

    def any_volume(self, *, settled: bool = True) -> int:
        """Draw the number of a volume; one that counts with a mark only where marks are settled."""
        named = [index for index, one in enumerate(self.volumes) if settled or one.only_with_mark < 0]
        return self.random.choice([0, 1, 2, 3, *(VolumeNumber.NAMED + index for index in named)])

    def requirement(self, measures: Sequence[Measure], *, marks: int | None = None) -> Requirement:
        """Draw an OR of ANDs over some measures and the first so many marks."""
        asked = [measure for measure in measures if self.can_ask(measure, self.marks if marks is None else marks)]
        ways = self.random.choice((0, 1, 1, 1, 2, 2, 3))
        return Requirement(
            any_of=tuple(
                tuple(self.condition(self.random.choice(asked), marks) for _ in range(self.random.choice((1, 1, 2, 3))))
                for _ in range(ways)
            )
        )

    def can_ask(self, measure: Measure, marks: int) -> bool:
        """Say whether there is anything to ask for."""
        return (measure not in ON_MARKS or marks > 0) and (measure not in OF_LEGS_MARKS or self.marks > 0)

    def condition(self, measure: Measure, marks: int | None = None) -> Condition:
        """Draw what a measure is asked for."""
        random = self.random
        if measure in MOST_POINTS:
            volume = self.any_volume(settled=False)
            return Condition(
                measure=measure, at_least=10_00 * random.randint(0, MOST_POINTS[measure] // 10), volume=volume
            )
        if measure in SHARES:
            return Condition(measure=measure, at_least=random.choice((0, 2500, 5000, 10_000)))
        if measure in {Measure.STEP, Measure.TITLE}:
            most = self.steps if measure == Measure.STEP else self.titles
            return Condition(measure=measure, at_least=random.randint(0, most))
        return self.counting(measure, self.marks if marks is None else marks)

    def counting(self, measure: Measure, marks: int) -> Condition:
        """Draw a condition that counts legs, periods or members."""
        random = self.random
        marks = self.marks if measure in OF_LEGS_MARKS else marks
        of = {
            Measure.LEGS_WITH_VOLUME: 10_00 * random.randint(0, 20),
            Measure.LEGS_WITH_STEP: random.randint(0, self.steps - 1),
            Measure.LEGS_WITH_TITLE: random.randint(0, self.titles - 1),
        }.get(measure, random.randrange(marks) if measure in ON_MARKS + OF_LEGS_MARKS else 0)
        return Condition(
            measure=measure,
            at_least=random.randint(0, MOST_COUNTED[measure]),
            of=of,
            volume=self.any_volume(settled=False),
            periods=random.randint(1, 6) if measure in OF_PERIODS else 0,
            leg_periods=random.randint(1, 3) if measure == Measure.LEGS_WITH_PERIODS else 0,
            reach=random.choice((Reach.FRONTLINE, Reach.FRONTLINE, Reach.ANYWHERE)),
            fosters=random.choice((Fosters.COUNTED, Fosters.COUNTED, *Fosters)),
        )


def core_of(draw: Draw) -> dict[str, Any]:
    """Draw everything of a plan up to its differential."""
    random = draw.random
    rounding = random.choice(list(Rounding))
    unqualified = random.choice((Failing.COMPRESS_UP, *Failing))
    breakaway = _breakaway(draw)
    return {
        "rounding": rounding,
        "own_pv_limit": random.choice((0, 0, 50_00, 123_45)),
        "year_begins_month": random.choice((1, 10, 11)),
        "active": draw.requirement(PERSONAL),
        "unqualified": unqualified,
        "volumes": draw.volumes,
        "marks": tuple(_mark(draw, index) for index in range(draw.marks)),
        "steps": _ladder(draw),
        "ladder": Ladder(
            never_lost=draw.maybe(0.3),
            frontline_floor=draw.maybe(0.2),
            stated=draw.maybe(0.2),
            fast_track_at_once=draw.maybe(0.5),
            unpaid=draw.random.choice(list(Unpaid)),
        ),
        "breakaway": breakaway,
        "titles": tuple(_title(draw, index) for index in range(draw.titles)),
        "maintenance": Maintenance(
            window_periods=random.randint(0, 4),
            grace_periods=random.randint(0, 3),
            falls_to=random.choice(list(FallsTo)),
            locked_periods=random.choice((0, 0, 1, 3)),
        ),
        "personal": Personal(
            pays=unqualified == Failing.OWN_SALES_ONLY or draw.maybe(0.85),
            first_orders_to_sponsor=draw.maybe(0.2),
            customer_share_bp=random.choice((0, 0, 7000)),
            verified_share_bp=random.choice((0, 0, 6000)),
        ),
        "retail": Retail(rate_bp=2500, of_price=draw.maybe(0.5), own_too=draw.maybe(0.5)) if draw.maybe(0.3) else None,
        "differential": _differential(draw, rounding, unqualified, breakaway),
        "markets": tuple(_market(random, index) for index in range(random.randint(1, 3))),
    }


def _ladder(draw: Draw) -> tuple[Step, ...]:
    percents = sorted(draw.random.choice(PERCENTS) for _ in range(draw.steps))
    measures = FIRST + ON_MARKS
    tracks = [draw.maybe(0.2) and index > 0 for index in range(draw.steps)]
    return tuple(
        Step(
            id=f"s{index}",
            name=f"Step {index}",
            percent_bp=percent,
            requirement=draw.requirement(measures, marks=draw.early_marks) if index else Requirement(),
            fast_track=draw.requirement(measures, marks=draw.early_marks) if tracks[index] else None,
            paid=draw.requirement(OFTEN) if index and draw.maybe(0.3) else Requirement(),
        )
        for index, percent in enumerate(percents)
    )


def _mark(draw: Draw, index: int) -> Mark:
    """Draw a mark that asks only for marks before it; only a late one, which no step asks for, asks for the step."""
    measures = FIRST + ON_MARKS + (ON_STEP if index >= draw.early_marks else ())
    requirement = draw.requirement(measures, marks=index)
    return Mark(id=f"q{index}", name=f"Mark {index}", requirement=requirement, stated=draw.maybe(0.3))


def _breakaway(draw: Draw) -> Breakaway:
    at_least = draw.random.randint(max(0, draw.steps - 2), draw.steps)
    on_step = Requirement(any_of=((Condition(measure=Measure.STEP, at_least=at_least),),))
    return Breakaway(
        requirement=draw.requirement(tuple(Measure)) if draw.maybe(0.3) else on_step,
        never=draw.maybe(0.1),
        stays=draw.random.choice((Stays.WITH_TITLE, *Stays)),
        title=draw.random.randint(1, draw.titles - 1),
        closes_volume=draw.maybe(0.8),
        closes_differential=draw.maybe(0.8),
    )


def _title(draw: Draw, index: int) -> Title:
    random = draw.random
    asked = draw.requirement(tuple(Measure) + OFTEN)
    return Title(
        id=f"t{index}",
        name=f"Title {index}",
        requirement=asked if index else Requirement(),
        keep=draw.requirement(OFTEN) if index or draw.maybe(0.2) else Requirement(),
        requalify=draw.requirement(OFTEN) if index and draw.maybe(0.3) else None,
        generations=random.choice((0, 2, 4, 5, 5)),
        pool_points=random.randint(0, 4),
        held_bonus_minor=random.choice((0, 5000, 12_001)),
        fast_start_minor=random.choice((0, 2500, 4000)),
    )


def _differential(draw: Draw, rounding: Rounding, unqualified: Failing, breakaway: Breakaway) -> Differential:
    against = draw.random.choice((Against.HIGHEST_PAID, *Against))
    only_volume = breakaway.closes_volume and not breakaway.closes_differential and not breakaway.never
    one_line = against == Against.FRONTLINE and rounding == Rounding.TRUNCATE and not only_volume
    less_deductions = one_line and unqualified not in {Failing.OWN_SALES_ONLY, Failing.PASS_UP} and draw.maybe(0.7)
    return Differential(
        pays=draw.maybe(0.95),
        against=against,
        deducts_in_full=unqualified != Failing.COMPRESS_UP and draw.maybe(0.3),
        from_level=1 if less_deductions or draw.maybe(0.8) else 2,
        gate=draw.requirement(OFTEN) if draw.maybe(0.3) else Requirement(),
        less_deductions=less_deductions,
    )


def _market(random: Random, index: int) -> Market:
    return Market(
        id=f"m{index}",
        currency=random.choice(("USD", "JPY", "KWD")),
        minor_per_point=random.choice((1, 7, 92, 100, 137, 15_000)),
        return_days=30,
        cv_per_point=random.choice((100, 50, 300)),
        rounding_minor=random.choice((1, 1, 5, 100)),
        pool_weight=random.randint(0, 3),
    )


def with_markets_of_their_own(draw: Draw, terms: Terms) -> Terms:
    """Draw other numbers for some markets: percents, limits and what the steps and the active are asked for."""
    others = [market for market in range(len(terms.markets)) if draw.maybe(0.2)]
    return replace(terms, elsewhere={market: _other_numbers(draw, terms) for market in others})


def _other_numbers(draw: Draw, terms: Terms) -> Terms:
    percents = sorted(draw.random.choice(PERCENTS) for _ in terms.steps)
    return replace(
        terms,
        own_pv_limit=draw.random.choice((0, 40_00)),
        active=other_requirement(draw, terms.active),
        steps=tuple(
            replace(
                step,
                percent_bp=percent,
                requirement=other_requirement(draw, step.requirement),
                paid=other_requirement(draw, step.paid),
            )
            for step, percent in zip(terms.steps, percents, strict=True)
        ),
        breakaway=replace(terms.breakaway, requirement=other_requirement(draw, terms.breakaway.requirement)),
        marks=tuple(replace(mark, requirement=other_requirement(draw, mark.requirement)) for mark in terms.marks),
        titles=tuple(
            replace(title, requirement=other_requirement(draw, title.requirement), keep=other_requirement(draw, title.keep))
            for title in terms.titles
        ),
    )


def other_requirement(draw: Draw, requirement: Requirement) -> Requirement:
    """Return the same conditions asking for other numbers."""
    return Requirement(
        any_of=tuple(
            tuple(replace(one, at_least=one.at_least // draw.random.choice((1, 2))) for one in way)
            for way in requirement.any_of
        )
    )
