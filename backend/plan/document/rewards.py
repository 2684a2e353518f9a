"""
What is paid beside percentages on groups, as a plan file writes it: pools, levels, matches, one-time bonuses, caps.
"""

from typing import Literal, TypeAlias

from msgspec import Struct

from backend.kernel.dated import Since
from backend.plan.document.gates import FosterLegs, Requirement
from backend.plan.document.values import Amount, Count, Id, Percent, Points, Text, YesNo

PaidBonus: TypeAlias = Literal[
    "personal",
    "differential",
    "override",
    "pool",
    "fast start",
    "title held",
    "production",
    "level",
    "one time",
    "multiplier",
]


class Tier(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Up to so much CV, so many points for each `per` of CV; the last tier has no upper end."""

    up_to: Points | None = None
    points: Count
    per: Points


class Units(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """From so many legs on, so many units for each leg and period."""

    legs: Count
    units: Count


class Pool(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """
    A share of CV, split among those through the gate; or a set amount for each share.

    By points a member's shares are the title's points and `leg_points` for each broken-away leg; by leg, what tiers or
    units give for each leg whose leader had `leg_mark` in `leg_periods` of `of_last` periods.
    """

    id: Id
    name: Text
    clause: Text
    share: Since[Percent] | None = None
    set_amount: Since[Amount] | None = None
    fund: Literal["company", "market", "downlines"] = "company"
    fund_volume: Id | None = None
    split: Literal["points", "equal", "volume", "leg tiers", "leg units"] = "points"
    requires: Since[Requirement] | None = None
    leg_points: Since[Count] | None = None
    volume: Id | None = None
    leg_mark: Id | None = None
    leg_periods: Since[Count] | None = None
    of_last: Since[Count] | None = None
    fosters: FosterLegs = "counted"
    tiers: Since[tuple[Tier, ...]] | None = None
    units: Since[tuple[Units, ...]] | None = None
    paid: Literal["each period", "in the last period of the year"] = "each period"


class ProductAmounts(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What each unit of a product pays by level."""

    product: Id
    amounts: tuple[Amount, ...]


class LevelBonus(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """
    Rates by level on single members' orders, or amounts for each unit of a product, along one of the two lines.

    `rates` or `products` is given, either also as the higher of two with the differential. Where other bonuses are not
    paid on its first orders, those of who joined longer ago than `within_days` are orders as any.
    """

    id: Id
    name: Text
    clause: Text
    rates: Since[tuple[Percent, ...]] | None = None
    products: Since[tuple[ProductAmounts, ...]] | None = None
    line: Literal["sponsor", "enroller"] = "sponsor"
    other_bonuses: Literal["paid too", "not paid on it"] = "paid too"
    orders: Literal["all", "first"] = "all"
    within_days: Since[Count] | None = None
    requires: Since[Requirement] | None = None
    compressed: YesNo = "no"
    or_differential: YesNo = "no"


class Match(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Rates by level on what members below earn in some bonuses."""

    id: Id
    name: Text
    clause: Text
    rates: Since[tuple[Percent, ...]]
    bonuses: tuple[PaidBonus, ...]
    line: Literal["sponsor", "enroller"] = "sponsor"
    requires: Since[Requirement] | None = None
    compressed: YesNo = "no"


class MultiplierRow(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The rate from a title, a step or a number of broken-away legs on; one of the three is given."""

    title: Id | None = None
    step: Id | None = None
    legs: Count | None = None
    rate: Percent


class Multiplier(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A rate on what a member earns in some bonuses itself: one for everybody, or one for each row."""

    id: Id
    name: Text
    clause: Text
    rate: Since[Percent] | None = None
    rows: Since[tuple[MultiplierRow, ...]] | None = None
    bonuses: tuple[PaidBonus, ...]
    requires: Since[Requirement] | None = None


class FastStart(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How many days after joining a title still earns its `fast_start`."""

    clause: Text
    within_days: Since[Count]


class OneTime(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An amount paid once for a target that is met, within some days of joining or at any time."""

    id: Id
    name: Text
    clause: Text
    requires: Since[Requirement]
    amount: Since[Amount]
    within_days: Since[Count] | None = None


class TitleHeld(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How many periods in a row a title is held before it pays its `held_bonus`."""

    clause: Text
    successive_periods: Since[Count]
    counted: Literal["with the period of achievement", "after it"] = "with the period of achievement"
    instalments: Since[Count] | None = None
    interrupted: Literal["begins anew", "never pays"] = "begins anew"
    clawback_periods: Since[Count] | None = None


class Cap(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The most that some bonuses, or all, pay to one member in a period, and in all as a share of CV."""

    id: Id
    name: Text
    clause: Text
    bonuses: tuple[PaidBonus, ...] = ()
    per_member: Since[Amount] | None = None
    share: Since[Percent] | None = None
    cuts: Literal["last", "before matches"] = "last"
