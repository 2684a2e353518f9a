"""
Volumes that a plan names beside PV, GV, TGV and side volume: what counts into them, and over how many periods.
"""

from enum import IntEnum

from msgspec import Struct

from backend.plan.terms.gates import Fosters, Measure, Reach


class Window(IntEnum):
    """The periods over which a volume is added up, this one included."""

    PERIOD = 0
    LAST = 1
    """The last `periods` periods."""
    YEAR = 2
    """Since the plan's year began."""
    LIFETIME = 3


class Exclusion(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """
    What leaves a leg's group out of a named volume: its leader's breakaway, step, title or mark.

    `measure` is LEGS_BROKEN_AWAY, STEP, TITLE or MARK, and `of` the index that is enough. With Reach.ANYWHERE the whole
    line goes as soon as anyone in it has it; else only the group of whoever has it.
    """

    measure: Measure
    of: int = 0
    reach: Reach = Reach.FRONTLINE
    fosters: Fosters = Fosters.COUNTED
    clause: str = ""


DEEPEST_LEVEL = 3
"""The deepest level from which a volume may count: each level above is one more number of every member."""


class GroupVolume(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """
    A volume of one member: own and of the legs that nothing excludes, in points and in CV alike.

    It is counted leg by leg from the leaves, so what is left out further down is left out here too. Of one leg at most
    `leg_limit` hundredths count; 0 sets no limit. The member itself is level 0 and the frontline level 1: what lies
    above `from_level` is left out, so 1 leaves out the own volume, as `own` does, and 2 also what the frontline bought.
    """

    id: str
    name: str
    own: bool = True
    legs: bool = True
    less: tuple[Exclusion, ...] = ()
    leg_limit: int = 0
    from_level: int = 0
    window: Window = Window.PERIOD
    periods: int = 0
    only_with_mark: int = -1
    """Above -1: a period counts into the window only where the member has this mark in it."""
    clause: str = ""

    @property
    def level(self) -> int:
        """The first level that counts: 0 where own volume does."""
        return max(self.from_level, 0 if self.own else 1)
