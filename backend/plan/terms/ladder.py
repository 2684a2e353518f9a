"""
The ladder and the titles: what reaches a step, what keeps a title, and for how long a leg stays broken away.
"""

from enum import IntEnum

from msgspec import Struct

from backend.plan.terms.gates import Requirement


class Step(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """
    A rung of the ladder: its percent, and what reaches it in a period.

    `fast_track` reaches it too, at once or from the next period on (`Ladder.fast_track_at_once`). Who reaches it is
    paid at it where `paid` holds; `Ladder.unpaid` says what becomes of the others.
    """

    id: str
    name: str
    percent_bp: int
    requirement: Requirement
    fast_track: Requirement | None = None
    paid: Requirement = Requirement()
    clause: str = ""


class Unpaid(IntEnum):
    """What becomes of a member whom the gate of the step reached does not let be paid at it."""

    LOWER_STEP = 0
    """Paid at the highest step below whose gate holds."""
    AS_INACTIVE = 1
    """Paid as who is not active, in every bonus; for all that a requirement asks the member stays active."""


class Ladder(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How a period's step is settled beside its requirement."""

    never_lost: bool = False
    """The step carried in counts, where it is higher."""
    frontline_floor: bool = False
    """Nobody stands below the highest step of the own frontline."""
    stated: bool = False
    """The percent that the company states for a member (`Snapshot.percent_held_bp`) is that member's percent."""
    fast_track_at_once: bool = True
    unpaid: Unpaid = Unpaid.LOWER_STEP
    clause: str = ""


class Stays(IntEnum):
    """For how long a leg stays broken away after the requirement held."""

    WITH_TITLE = 0
    """While its leader carries a title of `breakaway_title` or higher that is not lost."""
    PERIOD = 1
    """In this period only: each period decides anew."""
    FOR_GOOD = 2


class Breakaway(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """When a leg is a group of its own, and what that closes."""

    requirement: Requirement
    never: bool = False
    """The plan knows no breakaway."""
    stays: Stays = Stays.WITH_TITLE
    title: int = 0
    """The lowest title whose holder stays broken away, with Stays.WITH_TITLE."""
    closes_volume: bool = True
    closes_differential: bool = True
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
    requalify: Requirement | None = None
    """What earns it again for who has held it before; the same as the first time where there is none."""
    generations: int = 0
    pool_points: int = 0
    held_bonus_minor: int = 0
    fast_start_minor: int = 0
    clause: str = ""


class FallsTo(IntEnum):
    """What remains of a title that is lost."""

    ACHIEVED = 0
    """The title that this period's volume achieves."""
    ONE_DOWN = 1
    """The next lower title, or the one achieved where that is higher."""


class Maintenance(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """
    How a title is kept: it is lost when its `keep` requirement is missed in `window_periods` successive periods.

    The first `grace_periods` misses are grace; from the next on the title is at risk; the last of the window takes it.
    `window_periods` 0 never takes it. In the first `locked_periods` periods with a title no miss counts.
    """

    window_periods: int
    grace_periods: int
    falls_to: FallsTo = FallsTo.ACHIEVED
    locked_periods: int = 0
    clause: str = ""
