"""
Reach: how much more own customers would have to buy for a requirement to hold, for every member at once.

Own customers' sales raise own volumes and those of the group, point for point, and change nothing in the legs; so what
is missing can be read off what is there. What more sales cannot bring (a leg, a title, a training) is out of reach.
"""

from collections.abc import Callable, Iterable
from functools import partial

import numpy as np
from msgspec import Struct

from backend.engine.columns.numbered import points_of
from backend.engine.gates.measures import column_of
from backend.engine.outcome import Outcome
from backend.engine.periods.history import periods_held, periods_in_a_row
from backend.engine.snapshot import UNSTATED, Flags, Ints, Snapshot
from backend.plan.needs import title_requirement
from backend.plan.terms import Condition, Fosters, Measure, Reach, Requirement, Stays, Terms, VolumeNumber

FAR = 2**60
"""More than anyone can sell: what stands where sales do not help."""

PERIODS = (Measure.PERIODS, Measure.PERIODS_IN_A_ROW)
"""The measures that look back over a mark's history."""


class Legs(Struct, frozen=True, kw_only=True):
    """Per member, as a leg: hundredths missing for it to count, and whose own customers would have to buy them."""

    points: Ints
    seller: Ints


class Missing:
    """What own customers' sales are missing to requirements in one computed period; zero where they hold."""

    def __init__(self, snapshot: Snapshot, terms: Terms, outcome: Outcome) -> None:
        """Take the period."""
        self.snapshot, self.terms, self.outcome = snapshot, terms, outcome
        self.size = len(snapshot.members)
        self.known: dict[tuple[int, Condition], Ints] = {}

    def to(self, asked: Callable[[Terms], Requirement]) -> Ints:
        """Return what each member misses of a requirement, which each market's terms may ask in other numbers."""
        found = self._far()
        for market in range(len(self.terms.markets)):
            here = self.snapshot.market == market
            if here.any():
                found = np.where(here, self._requirement(market, asked(self.terms.of(market))), found)
        return found

    def to_condition(self, market: int, condition: Condition) -> Ints:
        """Return what each member misses of one condition, in the numbers of a market."""
        key = (market, condition)
        if key not in self.known:
            self.known[key] = self._condition(market, condition)
        return self.known[key]

    def as_leg(self, condition: Condition) -> Legs:
        """Return what each member misses to count as a leg of a condition: by its leader, or by anyone in it."""
        points = self._of_leader(condition)
        sellers = np.arange(self.size)
        if condition.reach == Reach.ANYWHERE or condition.measure == Measure.LEGS_BROKEN_AWAY:
            return _least_below(self.snapshot, points)
        return Legs(points=points, seller=sellers)

    def to_be_active(self) -> Ints:
        """Return what each member misses to be active."""
        return self.to(lambda _: Requirement(any_of=((Condition(measure=Measure.ACTIVE, at_least=1),),)))

    def to_break_away(self) -> Ints:
        """Return what each group misses to stand alone: by the requirement, or by keeping a title that lets it."""
        breakaway = self.terms.breakaway
        if breakaway.never:
            return self._far()
        found = self.to(lambda there: there.breakaway.requirement)
        if breakaway.stays == Stays.WITH_TITLE:
            for title in range(breakaway.title, len(self.terms.titles)):
                kept = np.where(self.snapshot.title_before == title, self._to_title(title), FAR)
                found = np.minimum(found, kept)
        return np.where(self.outcome.broken_away, 0, self._only(np.ones(self.size, dtype=np.bool_), found))

    def _far(self) -> Ints:
        return np.full(self.size, FAR, dtype=np.int64)

    def _requirement(self, market: int, requirement: Requirement) -> Ints:
        if not requirement.any_of:
            return np.zeros(self.size, dtype=np.int64)
        ways = [_all([self.to_condition(market, each) for each in way], self.size) for way in requirement.any_of]
        found: Ints = np.minimum.reduce(ways)
        return found

    def _condition(self, market: int, condition: Condition) -> Ints:
        volume = self._volume(condition)
        if volume is not None:
            short = np.maximum(0, condition.at_least - volume)
            return short if condition.at_least > 0 else np.zeros_like(short)
        met = column_of(self.snapshot, self.terms, self.outcome, condition) >= condition.at_least
        return np.where(met, 0, self._behind(market, condition))

    def _volume(self, condition: Condition) -> Ints | None:
        """Return the volume that a condition looks at, negative where returns made it so, if own sales raise it."""
        outcome, measure = self.outcome, condition.measure
        if measure == Measure.VOLUME:
            return points_of(outcome, condition.volume) if raised_by_own(self.terms, condition.volume) else None
        plain = {
            Measure.PV: outcome.pv,
            Measure.GV: outcome.gv,
            Measure.TGV: outcome.tgv,
            Measure.SIDE_VOLUME: outcome.side_volume,
            Measure.CUSTOMER_PV: self.snapshot.customer_pv,
        }
        return plain.get(measure)

    def _behind(self, market: int, condition: Condition) -> Ints:
        """Return what is missing to the requirements that stand behind a condition which is not met."""
        there = self.terms.of(market)
        match condition.measure:
            case Measure.ACTIVE:
                may = (self.snapshot.days_since_joining >= 0) & (self.snapshot.active_stated == UNSTATED)
                return self._only(may, self._requirement(market, there.active))
            case Measure.STEP:
                held = (self.snapshot.percent_held_bp != UNSTATED) & there.ladder.stated
                return self._only(~held, self._any(market, steps_from(there, condition.at_least)))
            case Measure.MARK:
                return self._mark(market, condition.of)
            case Measure.PERIODS | Measure.PERIODS_IN_A_ROW:
                return self._only(self._with_this_period(condition), self._mark(market, condition.of))
        return self._far()

    def _mark(self, market: int, mark: int) -> Ints:
        there = self.terms.of(market).marks[mark]
        stated = (self.snapshot.qualified != UNSTATED) & there.stated
        return self._only(~stated, self._requirement(market, there.requirement))

    def _with_this_period(self, condition: Condition) -> Flags:
        history = self.snapshot.marks_before[:, condition.of].tolist()
        return np.array([counted_with_now(each, condition) >= condition.at_least for each in history], dtype=np.bool_)

    def _any(self, market: int, requirements: Iterable[Requirement]) -> Ints:
        found: Ints = np.minimum.reduce([self._far(), *(self._requirement(market, each) for each in requirements)])
        return found

    def _only(self, who: Flags, points: Ints) -> Ints:
        return np.where(who & ~self.snapshot.closed, points, FAR)

    def _of_leader(self, condition: Condition) -> Ints:
        """Return what each leader misses of what a condition asks of a leg's leader."""
        fits = np.ones(self.size, dtype=np.bool_)
        if condition.fosters != Fosters.COUNTED and condition.measure != Measure.LEGS_BROKEN_AWAY:
            fits = self.snapshot.foster == (condition.fosters == Fosters.ALONE)
        if condition.measure == Measure.LEGS_BROKEN_AWAY:
            return self.to_break_away()
        if condition.measure == Measure.LEGS_WITH_TITLE:
            return np.where(fits, self._to_title(condition.of), FAR)
        points = self.to(lambda _: Requirement(any_of=((_of_one(condition),),)))
        closed = self.snapshot.closed & (condition.measure != Measure.LEGS_WITH_VOLUME)
        return np.where(fits & ~closed, points, FAR)

    def _to_title(self, title: int) -> Ints:
        """Return what each member misses to a title or a higher one: to keep it, or to achieve it, maybe once more."""
        best, found = self.snapshot.best_title_before, self._far()
        for above in range(title, len(self.terms.titles)):
            first, again = (self.to(partial(_earns, title=above, best=held)) for held in (0, above))
            kept = np.where(self.snapshot.title_before == above, self.to(partial(_keep, title=above)), FAR)
            found = np.minimum(np.minimum(found, kept), np.where(best >= above, again, first))
        return np.where(self.outcome.title >= title, 0, self._only(np.ones(self.size, dtype=np.bool_), found))


def _keep(terms: Terms, title: int) -> Requirement:
    return terms.titles[title].keep


def _earns(terms: Terms, title: int, best: int) -> Requirement:
    return title_requirement(terms, title, best_before=best)


def raised_by_own(terms: Terms, volume: int) -> bool:
    """Say whether own sales count into a volume, by its number."""
    return volume < VolumeNumber.NAMED or terms.volumes[volume - VolumeNumber.NAMED].level == 0


def steps_from(terms: Terms, step: int) -> list[Requirement]:
    """Return what reaches a step or a higher one in this period."""
    fast = [each.fast_track for each in terms.steps[step:] if each.fast_track and terms.ladder.fast_track_at_once]
    return [*(each.requirement for each in terms.steps[step:]), *fast]


def counted_with_now(history: int, condition: Condition) -> int:
    """Return what a condition on periods would count if its mark held in this period too."""
    if condition.measure == Measure.PERIODS_IN_A_ROW:
        return int(periods_in_a_row(history, now=True))
    return int(periods_held(history, now=True, periods=condition.periods))


def _of_one(condition: Condition) -> Condition:
    """Return what a condition on legs asks of each leg's leader, as a condition of that leader."""
    match condition.measure:
        case Measure.LEGS_WITH_VOLUME:
            return Condition(measure=Measure.VOLUME, at_least=condition.of, volume=condition.volume)
        case Measure.LEGS_WITH_STEP:
            return Condition(measure=Measure.STEP, at_least=condition.of)
        case Measure.LEGS_WITH_MARK:
            return Condition(measure=Measure.MARK, at_least=1, of=condition.of)
    return Condition(
        measure=Measure.PERIODS, at_least=condition.leg_periods, of=condition.of, periods=condition.periods
    )


def _all(columns: list[Ints], size: int) -> Ints:
    found: Ints = np.maximum.reduce([np.zeros(size, dtype=np.int64), *columns])
    return found


def _least_below(snapshot: Snapshot, points: Ints) -> Legs:
    """Return, for each member, the least that it or anyone below misses, and who that is."""
    least, seller = points.tolist(), list(range(points.size))
    sponsors = snapshot.sponsor.tolist()
    for index in range(points.size - 1, -1, -1):
        up = sponsors[index]
        if up >= 0 and least[index] < least[up]:
            least[up], seller[up] = least[index], seller[index]
    return Legs(points=np.array(least, dtype=np.int64), seller=np.array(seller, dtype=np.int64))
