"""
Terms: what a plan says on one day, resolved to whole numbers. The only thing of a plan that the engine sees.

A plan document has dates, texts and clauses; terms have none of them left open: every dated value is looked up, every
title and step is an index, every volume is hundredths of a point, every rate is basis points. So the engine has
arithmetic and no dates.
"""

from enum import IntEnum

from msgspec import Struct

from backend.kernel.points import Rounding


class Measure(IntEnum):
    """What a condition of a requirement looks at, for one member in one period."""

    PV = 0
    """Personal volume, hundredths of a point."""
    GV = 1
    """Group volume: own and all legs, less those that broke away; hundredths."""
    TGV = 2
    """Total group volume, broken away or not; hundredths."""
    SIDE_VOLUME = 3
    """Group volume without the legs that qualify on their own; hundredths."""
    CUSTOMER_PV = 4
    """The part of PV that own customers bought; hundredths."""
    ENROLLED_ACTIVE = 5
    """Members that this member enrolled and that are active; a count."""
    TRAINING = 6
    """Whether the training of the step is done: 1 or 0."""
    ACTIVE = 7
    """Whether the member is active in the period: 1 or 0."""
    STEP = 8
    """The achieved step, as its index."""
    LEGS_WITH_VOLUME = 9
    """Legs whose total group volume is at least `of` hundredths; a count."""
    LEGS_WITH_STEP = 10
    """Frontline legs whose leader achieved step index `of` or higher; a count."""
    LEGS_BROKEN_AWAY = 11
    """Legs in which the leader, or the nearest below, has broken away; a count."""


class Condition(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One gate: the measure is at least so much; `of` says what a leg must have where legs are counted."""

    measure: Measure
    at_least: int
    of: int = 0
    clause: str = ""


class Requirement(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Any one of several ways, each of which needs all its conditions: an OR of ANDs. No way at all always holds."""

    any_of: tuple[tuple[Condition, ...], ...] = ()
    clause: str = ""


class Step(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A rung of the ladder: its percent, and what reaches it in a period."""

    id: str
    name: str
    percent_bp: int
    requirement: Requirement
    clause: str = ""


class Title(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """
    A career title: what earns it, what keeps it, how many generations of overrides it opens, and its pool points.

    A title of `Measure.STEP` conditions follows the ladder; a higher one counts broken-away legs. The two bonuses are
    minor units of the first market's currency; an earner elsewhere is paid what they are worth in points there.
    """

    id: str
    name: str
    requirement: Requirement
    keep: Requirement
    generations: int = 0
    pool_points: int = 0
    held_bonus_minor: int = 0
    fast_start_minor: int = 0
    clause: str = ""


class Maintenance(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """
    How a title is kept: it is lost when its `keep` requirement is missed in `window_periods` successive periods.

    The first `grace_periods` misses are grace; from the next on the title is at risk; the last of the window takes it.
    """

    window_periods: int
    grace_periods: int
    clause: str = ""


class Overrides(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """
    What an upline leader earns on a broken-away group: `rates_bp[g - 1]` of its CV in generation g.

    The earner of generation g is the nearest upline above that of g - 1 who meets `gate` and whose title opens g
    generations. Who does not is passed over and uses up no generation (dynamic compression).
    """

    rates_bp: tuple[int, ...]
    gate: Requirement
    clause: str = ""


class Pool(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A fund of `share_bp` of the company's CV, split by title points × (depth weight) × (market weight)."""

    share_bp: int
    gate: Requirement
    leg_points: int = 0
    """Added to a member's title points for each leg in which a leader has broken away."""
    clause: str = ""


class FastStart(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A title reached within `within_days` of joining pays that title's `fast_start_minor` once."""

    within_days: int
    clause: str = ""


class TitleHeld(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A title held for `successive_periods` in a row pays that title's `held_bonus_minor` once."""

    successive_periods: int
    clause: str = ""


class Market(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A market: its currency, what one point of CV is worth in minor units, return window, and its weight in pools."""

    id: str
    currency: str
    minor_per_point: int
    return_days: int
    pool_weight: int = 1
    clause: str = ""


class Terms(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """
    A plan on one day. `steps` and `titles` ascend; step 0 and title 0 are where everybody begins.

    `on` is the day as text and only a label; the engine never reads it.
    """

    plan: str
    on: str
    rounding: Rounding
    own_pv_limit: int
    """Own purchases beyond so many hundredths of a point a period do not count toward PV; 0 sets no limit."""
    own_pv_limit_clause: str = ""
    active: Requirement
    steps: tuple[Step, ...]
    breakaway: Requirement
    titles: tuple[Title, ...]
    maintenance: Maintenance
    overrides: Overrides
    pool: Pool
    fast_start: FastStart
    title_held: TitleHeld
    markets: tuple[Market, ...]
    personal_clause: str = ""
    differential_clause: str = ""
    breakaway_title: int
    """The lowest title whose holder stays broken away while the title is kept, grace included."""
