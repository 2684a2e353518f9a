"""
Draws of what a plan asks: conditions over every measure, requirements of them, and the volumes that a plan names.

Thresholds are drawn close to the volumes, so that every gate has members on both sides of it and some on the line. What
a plan check refuses (a mark that needs itself, a gate on what is not known yet) is not drawn.
"""

from collections.abc import Sequence
from random import Random

from backend.plan.terms import (
    Condition,
    Exclusion,
    Fosters,
    GroupVolume,
    Measure,
    Reach,
    Requirement,
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
    Measure.FEES_PAID,
    Measure.CLEARED,
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
    Measure.FEES_PAID: 1,
    Measure.CLEARED: 1,
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
        level = random.choice((0, 0, 1, 2, 3)) if legs else 0
        return GroupVolume(
            id=f"v{index}",
            name=f"Volume {index}",
            own=own and not level,
            legs=legs,
            from_level=level,
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
