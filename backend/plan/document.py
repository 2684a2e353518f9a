"""
The plan document: a company's plan as one file says it, every value with the day it begins and the clause it follows.

The structs are the file's form: a field is a TOML key, a `Since` is a table of days, and `forms` says how each value is
written. Reading is in `reading`, what makes no sense in `check`, and the terms of one day in `resolve`. A document that
`reading` hands out has no finding left.
"""

import hashlib
from datetime import date
from typing import Annotated, Literal, TypeAlias

import msgspec
from msgspec import Struct

from backend.kernel.dated import Since
from backend.kernel.money import Money
from backend.plan import forms

SCHEMA = "handrail/plan/1"

Points: TypeAlias = Annotated[int, forms.POINTS]
Percent: TypeAlias = Annotated[int, forms.PERCENT]
Count: TypeAlias = Annotated[int, forms.COUNT]
Amount: TypeAlias = Annotated[Money, forms.MONEY]
Day: TypeAlias = Annotated[date, forms.DAY]
Text: TypeAlias = Annotated[str, forms.TEXT]
Id: TypeAlias = Annotated[str, forms.ID]
RoundingWord: TypeAlias = Literal["half up", "half even", "truncate"]


class VolumeCondition(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A volume of the period is at least so many points."""

    measure: Literal["pv", "gv", "tgv", "side_volume", "customer_pv"]
    at_least: Points
    clause: Text | None = None


class CountCondition(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """At least so many enrolled members are active, or so many legs have broken away."""

    measure: Literal["enrolled_active", "legs_broken_away"]
    at_least: Count
    clause: Text | None = None


class LegVolumeCondition(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """At least so many legs have a total group volume of `leg_volume` points."""

    measure: Literal["legs_with_volume"]
    at_least: Count
    leg_volume: Points
    clause: Text | None = None


class LegStepCondition(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """At least so many frontline legs are led by someone on the step `leg_step` or a higher one."""

    measure: Literal["legs_with_step"]
    at_least: Count
    leg_step: Id
    clause: Text | None = None


class StepCondition(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The step reached in the period is at least this one."""

    measure: Literal["step"]
    at_least: Id
    clause: Text | None = None


class FactCondition(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The member is active, or has done the training: yes or no, so there is nothing to be at least."""

    measure: Literal["training", "active"]
    clause: Text | None = None


Condition: TypeAlias = (
    VolumeCondition | CountCondition | LegVolumeCondition | LegStepCondition | StepCondition | FactCondition
)


class Requirement(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What must hold: all of one list of conditions, or any one of several such lists. One of the two is given."""

    all_of: tuple[Condition, ...] | None = None
    any_of: tuple[tuple[Condition, ...], ...] | None = None
    clause: Text | None = None

    @property
    def ways(self) -> tuple[tuple[Condition, ...], ...]:
        """The ways to meet it, each a list of conditions that all must hold."""
        return self.any_of if self.any_of is not None else (self.all_of or (),)


class Rounding(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How a fraction of the smallest unit of money becomes whole, once per line."""

    clause: Text
    mode: Since[RoundingWord]


class OwnPurchases(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How many points of own purchases count toward PV in a period; "none" lifts the limit."""

    clause: Text
    counted_up_to: Since[Points | None]


class Active(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Who is active in a period."""

    clause: Text
    requires: Since[Requirement]


class Step(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A rung of the ladder; the first has no requirement, because everybody begins there."""

    id: Id
    name: Text
    clause: Text
    begins: Day | None = None
    ends: Day | None = None
    percent: Since[Percent]
    requires: Since[Requirement] | None = None


class Personal(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The own percent on one's own volume: all of its numbers stand in the ladder."""

    clause: Text


class Differential(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The own percent less the highest paid below; `at_most` is what the plan promises for both together."""

    clause: Text
    at_most: Since[Percent] | None = None


class Breakaway(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """When a leg becomes a group of its own, and the title that keeps it one while the title is kept."""

    clause: Text
    requires: Since[Requirement]
    kept_with_title: Since[Id]


class Title(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A career title: what earns it, what keeps it, and what it opens. The first has no requirement."""

    id: Id
    name: Text
    clause: Text
    begins: Day | None = None
    ends: Day | None = None
    requires: Since[Requirement] | None = None
    keep: Since[Requirement] | None = None
    generations: Since[Count] | None = None
    pool_points: Since[Count] | None = None
    held_bonus: Since[Amount] | None = None
    fast_start: Since[Amount] | None = None


class Maintenance(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A title falls when `keep` is missed in `window_periods` successive periods; the first misses are grace."""

    clause: Text
    window_periods: Since[Count]
    grace_periods: Since[Count]


class Overrides(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Rates by generation on broken-away groups, the gate to them, and what the plan promises as their sum."""

    clause: Text
    rates: Since[tuple[Percent, ...]]
    requires: Since[Requirement]
    at_most: Since[Percent] | None = None


class Pool(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A share of the company's CV, split by points: the title's, and `leg_points` for each broken-away leg."""

    clause: Text
    share: Since[Percent]
    leg_points: Since[Count]
    requires: Since[Requirement]


class FastStart(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How many days after joining a title still earns its `fast_start`."""

    clause: Text
    within_days: Since[Count]


class TitleHeld(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How many periods in a row a title is held before it pays its `held_bonus`."""

    clause: Text
    successive_periods: Since[Count]


class Market(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A market; the first is also the one of members who name none."""

    id: Id
    name: Text
    clause: Text
    begins: Day | None = None
    ends: Day | None = None
    point_value: Since[Amount]
    return_days: Since[Count]
    pool_weight: Since[Count] | None = None


class Document(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The whole plan. It holds from `begins` up to, not including, `ends`."""

    schema: Literal["handrail/plan/1"]
    name: Id
    title: Text
    company: Text | None = None
    period: Literal["month"]
    begins: Day
    ends: Day | None = None
    clauses: dict[str, Text]
    rounding: Rounding
    own_purchases: OwnPurchases | None = None
    active: Active
    steps: tuple[Step, ...]
    personal: Personal
    differential: Differential
    breakaway: Breakaway
    titles: tuple[Title, ...]
    maintenance: Maintenance
    overrides: Overrides
    pool: Pool | None = None
    fast_start: FastStart | None = None
    title_held: TitleHeld | None = None
    markets: tuple[Market, ...]


def digest(document: Document) -> str:
    """Return what tells two plans apart by content, whatever the layout of the file: 16 hex digits of SHA-256."""
    plain = msgspec.json.encode(msgspec.to_builtins(document, order="sorted"))
    return hashlib.sha256(plain).hexdigest()[:16]
