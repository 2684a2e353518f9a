"""
Gates as a plan file writes them: conditions by what they measure, requirements as an OR of ANDs, and named marks.
"""

from typing import Literal, TypeAlias

from msgspec import Struct

from backend.kernel.dated import Since
from backend.plan.document.values import Count, Id, Percent, Points, Text, YesNo

Where: TypeAlias = Literal["frontline", "anywhere"]
"""Whether a leg's leader must have it, or anyone in the leg may."""

FosterLegs: TypeAlias = Literal["counted", "left out", "alone"]
"""Whether legs sponsored in another's place count."""


class VolumeCondition(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A volume of the period is at least so many points."""

    measure: Literal["pv", "gv", "tgv", "side_volume", "customer_pv"]
    at_least: Points
    clause: Text | None = None


class NamedVolumeCondition(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A volume that the plan names is at least so many points, over its window."""

    measure: Literal["volume"]
    volume: Id
    at_least: Points
    clause: Text | None = None


class CountCondition(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """At least so many enrolled members are active, own customers bought, or legs have broken away."""

    measure: Literal["enrolled_active", "legs_broken_away", "customers"]
    at_least: Count
    clause: Text | None = None


class ShareCondition(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """At least such a share of personal volume is sold to customers, or verified as sold to them."""

    measure: Literal["customer_share", "verified_share"]
    at_least: Percent
    clause: Text | None = None


class MarkCondition(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A mark that the plan names holds."""

    measure: Literal["mark"]
    mark: Id
    clause: Text | None = None


class PeriodsCondition(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A mark held in at least so many of the last `of_last` periods, this one included."""

    measure: Literal["periods"]
    mark: Id
    at_least: Count
    of_last: Count
    clause: Text | None = None


class RowCondition(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A mark held in at least so many periods in a row, up to and including this one."""

    measure: Literal["periods_in_a_row"]
    mark: Id
    at_least: Count
    clause: Text | None = None


class LegVolumeCondition(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """At least so many legs have `leg_volume` points of a volume; of total group volume where none is named."""

    measure: Literal["legs_with_volume"]
    at_least: Count
    leg_volume: Points
    volume: Id | None = None
    where: Where = "frontline"
    fosters: FosterLegs = "counted"
    clause: Text | None = None


class LegStepCondition(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """At least so many legs are led by someone on the step `leg_step` or a higher one."""

    measure: Literal["legs_with_step"]
    at_least: Count
    leg_step: Id
    where: Where = "frontline"
    fosters: FosterLegs = "counted"
    clause: Text | None = None


class LegTitleCondition(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """At least so many legs are led by a holder of the title `leg_title` or a higher one."""

    measure: Literal["legs_with_title"]
    at_least: Count
    leg_title: Id
    where: Where = "frontline"
    fosters: FosterLegs = "counted"
    clause: Text | None = None


class LegMarkCondition(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """At least so many legs are led by someone with a mark."""

    measure: Literal["legs_with_mark"]
    at_least: Count
    leg_mark: Id
    where: Where = "frontline"
    fosters: FosterLegs = "counted"
    clause: Text | None = None


class LegPeriodsCondition(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """At least so many legs are led by someone who had a mark in `leg_periods` of the last `of_last` periods."""

    measure: Literal["legs_with_periods"]
    at_least: Count
    leg_mark: Id
    leg_periods: Count
    of_last: Count
    where: Where = "frontline"
    fosters: FosterLegs = "counted"
    clause: Text | None = None


class StepCondition(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The step reached in the period is at least this one."""

    measure: Literal["step"]
    at_least: Id
    clause: Text | None = None


class TitleCondition(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The title carried into the period is at least this one."""

    measure: Literal["title"]
    at_least: Id
    clause: Text | None = None


class FactCondition(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The member is active, trained, has paid its fees or is cleared: yes or no, so there is nothing to be at least."""

    measure: Literal["training", "active", "fees_paid", "cleared"]
    clause: Text | None = None


Condition: TypeAlias = (
    VolumeCondition
    | NamedVolumeCondition
    | CountCondition
    | ShareCondition
    | MarkCondition
    | PeriodsCondition
    | RowCondition
    | LegVolumeCondition
    | LegStepCondition
    | LegTitleCondition
    | LegMarkCondition
    | LegPeriodsCondition
    | StepCondition
    | TitleCondition
    | FactCondition
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


class Mark(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A yes or no of a month that the plan gives a name; a `stated` one is what the company says, where it says so."""

    id: Id
    name: Text
    clause: Text
    requires: Since[Requirement]
    stated: YesNo = "no"


class BrokenAwayLeg(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Legs that have broken away are left out."""

    measure: Literal["broken_away"]
    leave_out: Literal["group", "line"] = "group"
    fosters: FosterLegs = "counted"
    clause: Text | None = None


class StepLeg(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Legs led from a step on are left out."""

    measure: Literal["step"]
    at_least: Id
    leave_out: Literal["group", "line"] = "group"
    fosters: FosterLegs = "counted"
    clause: Text | None = None


class TitleLeg(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Legs led by the holder of a title, or a higher one, are left out."""

    measure: Literal["title"]
    at_least: Id
    leave_out: Literal["group", "line"] = "group"
    fosters: FosterLegs = "counted"
    clause: Text | None = None


class MarkLeg(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Legs led by someone with a mark are left out."""

    measure: Literal["mark"]
    mark: Id
    leave_out: Literal["group", "line"] = "group"
    fosters: FosterLegs = "counted"
    clause: Text | None = None


Exclusion: TypeAlias = BrokenAwayLeg | StepLeg | TitleLeg | MarkLeg


class GroupVolume(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """
    A volume that the plan names: own and the legs' volume less what is left out, over a window of periods.

    With `from_level` it begins so far down: the member itself is level 0, the frontline level 1.
    """

    id: Id
    name: Text
    clause: Text
    own: YesNo = "yes"
    legs: YesNo = "yes"
    less: Since[tuple[Exclusion, ...]] | None = None
    leg_limit: Since[Points | None] | None = None
    from_level: Count = 0
    window: Literal["period", "last periods", "year", "lifetime"] = "period"
    periods: Since[Count] | None = None
    only_with_mark: Id | None = None
