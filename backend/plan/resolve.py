"""
The terms of one day: every dated value looked up, every id an index, every word a whole number.

A pure function of a document without findings; what holds on a day depends on that day alone.
"""

from datetime import date
from typing import TypeVar

from backend.kernel.dated import Since
from backend.kernel.finding import Finding, Place, Refused
from backend.kernel.money import Money
from backend.kernel.points import Rounding
from backend.plan import document as written
from backend.plan.document import Document
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

T = TypeVar("T")
ROUNDINGS = {
    "half up": Rounding.HALF_UP,
    "half even": Rounding.HALF_EVEN,
    "truncate": Rounding.TRUNCATE,
}
NOTHING = Requirement()


def terms_on(document: Document, day: date) -> Terms:
    """Return what the plan says on a day; raises Refused before the plan begins, and from the day it ends."""
    _assert_holds(document, day)
    return _Resolver(document, day).terms()


def holds(entry: written.Step | written.Title | written.Market | Document, day: date) -> bool:
    """Tell whether a plan, or a step, title or market of it, exists on a day: from `begins` up to before `ends`."""
    return (entry.begins is None or entry.begins <= day) and (entry.ends is None or day < entry.ends)


def _assert_holds(document: Document, day: date) -> None:
    if holds(document, day):
        return
    place = Place(source=document.name)
    until = f" and ends on {document.ends}" if document.ends else ""
    message = f'The plan "{document.name}" does not hold on {day}: it begins on {document.begins}{until}.'
    raise Refused([Finding(code="plan-not-held", place=place, message=message, remedy="Ask for a day within it.")])


class _Resolver:
    def __init__(self, document: Document, day: date) -> None:
        self.plan = document
        self.day = day
        self.steps = [step for step in document.steps if holds(step, day)]
        self.titles = [title for title in document.titles if holds(title, day)]
        self.markets = [market for market in document.markets if holds(market, day)]
        self.step_index = {step.id: number for number, step in enumerate(self.steps)}
        self.title_index = {title.id: number for number, title in enumerate(self.titles)}

    def on(self, values: Since[T]) -> T:
        value = values.on(self.day)
        assert value is not None, "a checked document has a value on every day it holds"
        return value

    def maybe(self, values: Since[T] | None, otherwise: T) -> T:
        value = values.on(self.day) if values else None
        return otherwise if value is None else value

    def minor(self, values: Since[Money] | None) -> int:
        return self.maybe(values, Money(amount_minor=0, currency="")).amount_minor

    def terms(self) -> Terms:
        plan = self.plan
        own = plan.own_purchases
        return Terms(
            plan=plan.name,
            on=self.day.isoformat(),
            rounding=ROUNDINGS[self.on(plan.rounding.mode)],
            own_pv_limit=self.maybe(own.counted_up_to, 0) or 0 if own else 0,
            own_pv_limit_clause=own.clause if own else "",
            active=self.requirement(plan.active.requires, plan.active.clause),
            steps=tuple(self.step(step) for step in self.steps),
            breakaway=self.requirement(plan.breakaway.requires, plan.breakaway.clause),
            titles=tuple(self.title(title) for title in self.titles),
            maintenance=self.maintenance(),
            overrides=self.overrides(),
            pool=self.pool(),
            fast_start=self.fast_start(),
            title_held=self.title_held(),
            markets=tuple(self.market(market) for market in self.markets),
            personal_clause=plan.personal.clause,
            differential_clause=plan.differential.clause,
            breakaway_title=self.title_index[self.on(plan.breakaway.kept_with_title)],
        )

    def requirement(self, values: Since[written.Requirement] | None, clause: str) -> Requirement:
        found = values.on(self.day) if values else None
        if found is None:
            return Requirement(clause=clause)
        clause = found.clause or clause
        ways = tuple(tuple(self.condition(each, clause) for each in way) for way in found.ways)
        return Requirement(any_of=ways, clause=clause)

    def condition(self, found: written.Condition, clause: str) -> Condition:
        measure = Measure[found.measure.upper()]
        at_least, of = 1, 0
        if isinstance(found, written.StepCondition):
            at_least = self.step_index[found.at_least]
        elif not isinstance(found, written.FactCondition):
            at_least = found.at_least
        if isinstance(found, written.LegVolumeCondition):
            of = found.leg_volume
        if isinstance(found, written.LegStepCondition):
            of = self.step_index[found.leg_step]
        return Condition(measure=measure, at_least=at_least, of=of, clause=found.clause or clause)

    def step(self, step: written.Step) -> Step:
        requirement = self.requirement(step.requires, step.clause)
        percent_bp = self.on(step.percent)
        return Step(id=step.id, name=step.name, percent_bp=percent_bp, requirement=requirement, clause=step.clause)

    def title(self, title: written.Title) -> Title:
        return Title(
            id=title.id,
            name=title.name,
            requirement=self.requirement(title.requires, title.clause),
            keep=self.requirement(title.keep, self.plan.maintenance.clause),
            generations=self.maybe(title.generations, 0),
            pool_points=self.maybe(title.pool_points, 0),
            held_bonus_minor=self.minor(title.held_bonus),
            fast_start_minor=self.minor(title.fast_start),
            clause=title.clause,
        )

    def maintenance(self) -> Maintenance:
        found = self.plan.maintenance
        return Maintenance(
            window_periods=self.on(found.window_periods),
            grace_periods=self.on(found.grace_periods),
            clause=found.clause,
        )

    def overrides(self) -> Overrides:
        found = self.plan.overrides
        gate = self.requirement(found.requires, found.clause)
        return Overrides(rates_bp=self.on(found.rates), gate=gate, clause=found.clause)

    def pool(self) -> Pool:
        found = self.plan.pool
        if found is None:
            return Pool(share_bp=0, gate=NOTHING)
        gate = self.requirement(found.requires, found.clause)
        share_bp, leg_points = self.on(found.share), self.on(found.leg_points)
        return Pool(share_bp=share_bp, gate=gate, leg_points=leg_points, clause=found.clause)

    def fast_start(self) -> FastStart:
        found = self.plan.fast_start
        if found is None:
            return FastStart(within_days=0)
        return FastStart(within_days=self.on(found.within_days), clause=found.clause)

    def title_held(self) -> TitleHeld:
        found = self.plan.title_held
        if found is None:
            return TitleHeld(successive_periods=0)
        return TitleHeld(successive_periods=self.on(found.successive_periods), clause=found.clause)

    def market(self, market: written.Market) -> Market:
        point_value = self.on(market.point_value)
        return Market(
            id=market.id,
            currency=point_value.currency,
            minor_per_point=point_value.amount_minor,
            return_days=self.on(market.return_days),
            pool_weight=self.maybe(market.pool_weight, 1),
            clause=market.clause,
        )
