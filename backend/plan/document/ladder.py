"""
The ladder, breakaway and the titles as a plan file writes them.
"""

from typing import Literal

from msgspec import Struct

from backend.kernel.dated import Since
from backend.plan.document.gates import Requirement
from backend.plan.document.values import Amount, Count, Day, Id, Percent, Text, YesNo


class Step(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """
    A rung of the ladder; the first has no requirement, because everybody begins there.

    Who reaches it and does not meet `paid_requires` is paid at a lower one, or as inactive, as the ladder says.
    """

    id: Id
    name: Text
    clause: Text
    begins: Day | None = None
    ends: Day | None = None
    percent: Since[Percent]
    requires: Since[Requirement] | None = None
    fast_track: Since[Requirement | None] | None = None
    paid_requires: Since[Requirement | None] | None = None


class Ladder(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What settles a step beside its requirement; without it each period decides by its own volume alone."""

    clause: Text
    never_lost: YesNo = "no"
    frontline_floor: YesNo = "no"
    stated: YesNo = "no"
    fast_track_counts: Since[Literal["at once", "from the next period"]] | None = None
    unpaid: Literal["lower step", "as inactive"] = "lower step"


class Breakaway(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """
    When a leg becomes a group of its own, and for how long it stays one.

    While a title is kept (`kept_with_title` names it), in each period anew, or for good.
    """

    clause: Text
    requires: Since[Requirement]
    kept_with_title: Since[Id] | None = None
    stays: Literal["while the title is kept", "in this period", "for good"] = "while the title is kept"
    closes: Literal["volume and differential", "volume", "differential"] = "volume and differential"


class Title(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A career title: what earns it, what keeps it, and what it opens. The first has no requirement."""

    id: Id
    name: Text
    clause: Text
    begins: Day | None = None
    ends: Day | None = None
    requires: Since[Requirement] | None = None
    requalify: Since[Requirement | None] | None = None
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
    falls_to: Literal["achieved", "one down"] = "achieved"
    locked_periods: Since[Count] | None = None
