"""
Gates: what a plan asks of a member, or of the legs below one, as an OR of ANDs over measures.
"""

from enum import IntEnum

from msgspec import Struct


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
    """Legs whose volume number `volume` is at least `of` hundredths; a count."""
    LEGS_WITH_STEP = 10
    """Legs led by someone on step index `of` or higher; a count."""
    LEGS_BROKEN_AWAY = 11
    """Legs in which the leader, or the nearest below, has broken away; a count."""
    CUSTOMERS = 12
    """Own customers who bought in the period; a count."""
    CUSTOMER_SHARE = 13
    """The share of personal volume sold to customers, basis points; all of it where the company states none."""
    VERIFIED_SHARE = 14
    """The share of personal volume verified as sold to customers, basis points; all of it where none is stated."""
    VOLUME = 15
    """The volume of number `volume`, over its own window; hundredths."""
    MARK = 16
    """Whether the mark of index `of` holds: 1 or 0."""
    TITLE = 17
    """The title carried into the period, as its index."""
    PERIODS = 18
    """Of the last `periods` periods, this one included, those in which the mark of index `of` held; a count."""
    PERIODS_IN_A_ROW = 19
    """Periods in a row, up to and including this one, in which the mark of index `of` held; a count."""
    LEGS_WITH_TITLE = 20
    """Legs led by a holder of title index `of` or higher; a count."""
    LEGS_WITH_MARK = 21
    """Legs whose leader has the mark of index `of`; a count."""
    LEGS_WITH_PERIODS = 22
    """Legs whose leader had the mark of index `of` in `leg_periods` of the last `periods` periods; a count."""
    FEES_PAID = 23
    """Whether the member's fees are paid, as the company states it: 1 or 0; 1 where it states nothing."""
    CLEARED = 24
    """Whether compliance has cleared the member, as the company states it: 1 or 0; 1 where it states nothing."""


LEG_MEASURES = (
    Measure.LEGS_WITH_VOLUME,
    Measure.LEGS_WITH_STEP,
    Measure.LEGS_WITH_TITLE,
    Measure.LEGS_WITH_MARK,
    Measure.LEGS_WITH_PERIODS,
)
"""The measures that ask something of each leg."""


class Reach(IntEnum):
    """Who in a leg may have what a leg is asked for."""

    FRONTLINE = 0
    """The frontline member who leads it."""
    ANYWHERE = 1
    """That member or anyone further down; a leg still counts once."""


class Fosters(IntEnum):
    """Whether legs sponsored in another's place are counted."""

    COUNTED = 0
    LEFT_OUT = 1
    ALONE = 2


class VolumeNumber(IntEnum):
    """The volumes that every plan has; those that a plan names itself are numbered from NAMED on."""

    OWN = 0
    GROUP = 1
    TOTAL = 2
    SIDE = 3
    NAMED = 4


class Condition(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One gate: the measure is at least so much; the other fields say of what, where the measure leaves that open."""

    measure: Measure
    at_least: int
    of: int = 0
    """What a leg must have, or the index of a mark."""
    volume: int = int(VolumeNumber.TOTAL)
    """The number of the volume that VOLUME and LEGS_WITH_VOLUME look at."""
    periods: int = 0
    leg_periods: int = 0
    reach: Reach = Reach.FRONTLINE
    fosters: Fosters = Fosters.COUNTED
    clause: str = ""


class Requirement(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Any one of several ways, each of which needs all its conditions: an OR of ANDs. No way at all always holds."""

    any_of: tuple[tuple[Condition, ...], ...] = ()
    clause: str = ""


class Mark(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """
    A yes or no of one member in one period that a plan gives a name, such as "silver producer".

    A `stated` mark is what the company says (`Snapshot.qualified`), where it says so; else its requirement decides.
    """

    id: str
    name: str
    requirement: Requirement
    stated: bool = False
    clause: str = ""
