"""
Standing: one member's period as a phone shows it. Written by the worker, kept by the store, read by the screens.

Every projected number is a range made by running the engine on possible period ends (`forecast.projection`), and says
on how many past periods it rests; where history is too short there is no range, and the screen shows plain pacing
instead.
"""

from enum import StrEnum

from msgspec import Struct

from backend.plan.terms import VolumeNumber


class Health(StrEnum):
    """How a leg does, in a word; the rule stands in `forecast.health`."""

    BROKEN_AWAY = "broken_away"
    CLIMBING = "climbing"
    STEADY = "steady"
    STALLING = "stalling"
    AT_RISK = "at_risk"


class Check(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """
    One condition of a requirement: the measure's name in lower case (`gv`), what there is and what is needed.

    Volumes are hundredths of a point, the rest are counts or indexes; `of` is what each counted leg must have, or the
    index of the mark that is asked for, and `volume` the number of the volume that a measure of volumes looks at.
    """

    measure: str
    have: int
    at_least: int
    of: int = 0
    volume: int = int(VolumeNumber.TOTAL)

    @property
    def met(self) -> bool:
        """Whether it holds."""
        return self.have >= self.at_least


class Target(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """
    A step or title to reach or keep: its index in the terms, and the checks of the nearest way of its requirement.
    """

    index: int
    checks: tuple[Check, ...]


class Keeping(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """
    What keeps the present title: an `Upkeep` name in lower case, the checks, and the misses in a row so far.

    The miss number `window_periods` takes the title; the first `grace_periods` of them are grace.
    """

    state: str
    checks: tuple[Check, ...]
    missed_periods: int
    window_periods: int
    grace_periods: int


class Pace(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """
    Plain pacing of the GV: days gone and left, hundredths a day so far, and where that lands.

    `needed_per_day_points` is what each day left would have to bring for the next step.
    """

    day: int
    days: int
    days_left: int
    per_day_points: int
    lands_at_points: int
    needed_per_day_points: int


class Range(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A projected number: lowest, middle and highest of the possible period ends, of which there are `past_periods`."""

    low: int
    middle: int
    high: int
    past_periods: int


class Earning(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One bonus to date in minor units, and what it may come to; `bonus` is a `Bonus` name in lower case."""

    bonus: str
    to_date_minor: int
    projected: Range | None


class Standing(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """
    A member in the open period. Volumes are hundredths of a point, money is minor units of `currency`.

    `step` is achieved by volume, `paid_step` is what activity lets the member be paid at (-1: not paid), `title` is
    the career title: three things that no screen mixes. `to_breakaway_bp` is the share of the breakaway requirement's
    volume that is there, at most 10,000.
    """

    member: str
    period: str
    currency: str
    active: bool
    pv_points: int
    provisional_pv_points: int
    customer_pv_points: int
    gv_points: int
    tgv_points: int
    side_volume_points: int
    step: int
    paid_step: int
    title: int
    broken_away: bool
    to_breakaway_bp: int
    next_step: Target | None
    next_title: Target | None
    keeping: Keeping
    pace: Pace
    projected_gv: Range | None
    projected_step: Range | None
    earnings: tuple[Earning, ...]
    held_minor: int = 0
    """What a pause holds of the earnings to date: it is earned, and paid when the pause ends."""
    held_state: str = ""
    """What pauses the member's title and pay, as an `outcome.State` name in lower case; empty where nothing does."""
    leg_count: int
    health: Health
    health_reason: str
    """A key of the locale catalogue that says why, such as `no_sale_14_days`."""
    last_sale_day: str
    """The day of the last order in the group as `2026-11-22`, or empty."""
    usual_gv_points: int
    """GV of the last closed period; what climbing and stalling are measured against."""
