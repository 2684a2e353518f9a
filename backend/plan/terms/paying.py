"""
What is paid on whom: personal commission, retail margin, differential, overrides with their guarantees, production.
"""

from enum import IntEnum

from msgspec import Struct

from backend.plan.terms.gates import Requirement, VolumeNumber


class Failing(IntEnum):
    """What becomes of the pay of a member who is not active."""

    COMPRESS_UP = 0
    """Not paid; those above measure against what is paid below."""
    FORFEIT = 1
    """Not paid, and nobody above gains: the percent counts as paid, and the company keeps what it would have been."""
    OWN_SALES_ONLY = 2
    """Paid on own sales; on legs' volume passed over."""
    PASS_UP = 3
    """What would have been earned goes, line by line, to the nearest active member above."""
    CARRY_FORWARD = 4
    """Computed as if active and held; paid in the first period in which the member is active again."""


class Pause(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """
    What pauses a member's pay by itself, beside a pause that the company states.

    Paused pay is computed as any other and held until what is outstanding comes; nothing of it is lost or moves on.
    """

    while_unpaid: bool = False
    """While fees are outstanding (`Snapshot.fees_paid`)."""
    while_uncleared: bool = False
    """While compliance has not cleared the member (`Snapshot.cleared`)."""
    clause: str = ""


class Personal(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """
    The own percent on own CV.

    Paid in part where less than `customer_share_bp` of personal volume is sold to customers or less than
    `verified_share_bp` is verified: by the smaller of the two shares that are reached. 0 asks for none.
    """

    pays: bool = True
    first_orders_to_sponsor: bool = False
    """A member's first order is commissionable volume of the sponsor; it qualifies the member all the same."""
    customer_share_bp: int = 0
    verified_share_bp: int = 0
    clause: str = ""


class Retail(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """
    The margin that a member keeps at the sale: `rate_bp` of cost, or of the customer's price.

    `own_too` reckons it on all own volume, as plans that sell everything on do. It is shown and never posted.
    """

    rate_bp: int
    of_price: bool = False
    own_too: bool = False
    clause: str = ""


class Against(IntEnum):
    """What a member's percent is measured against on a leg's volume."""

    HIGHEST_PAID = 0
    """The highest percent already paid on that volume's way up."""
    FRONTLINE = 1
    """The percent of the leg's leader, whatever stands below."""


class Differential(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The own percent less what it is measured against, never less than zero, on the legs' volume."""

    pays: bool = True
    against: Against = Against.HIGHEST_PAID
    deducts_in_full: bool = False
    """Who is not paid counts below at the percent reached, not at the percent paid."""
    from_level: int = 1
    """2 leaves out what the frontline itself bought."""
    gate: Requirement = Requirement()
    """Who misses it earns no differential; the percent counts as paid all the same."""
    less_deductions: bool = False
    """One line a member: the percent on the whole group, truncated, less each leg's own, each truncated."""
    clause: str = ""


class Returns(IntEnum):
    """What a return of an earlier period's order does."""

    LOWER_THE_PERIOD = 0
    """It is negative volume of the period in which it happens."""
    RECOVERED = 1
    """It is taken out of the period of its order, and who earned on that order gives back at the rate that was paid."""


class LateOrders(IntEnum):
    """Where an order counts that arrives after its period was closed."""

    OPEN_PERIOD = 0
    """As volume of the period that is open by then."""
    OWN_PERIOD = 1
    """In its own period, which stays closed: what it changes there is adjusted in the open one."""


class Leavers(IntEnum):
    """What becomes of the legs of a member who leaves."""

    MOVE_UP = 0
    """They stand under the leaver's sponsor from the day of leaving on."""
    STAY = 1
    """They stay under the position, which is closed."""


class Groups(IntEnum):
    """Whose groups an override is paid on."""

    BROKEN_AWAY = 0
    MARKED = 1
    """Groups of those who have the mark `mark`, each without the next such group below."""
    SAME_PERCENT = 2
    """Seen from each earner: groups of those whose percent is the earner's own or more."""
    SAME_TITLE = 3
    """Seen from each earner: groups of those whose title is the earner's own or higher."""


class Counting(IntEnum):
    """What a leader who does not qualify does to the generations above."""

    PASSED_OVER = 0
    """Uses up none: the next who qualifies takes the generation (dynamic compression)."""
    USES_ONE = 1
    """Uses one up: generations are counted from leader to leader."""
    ENDS = 2
    """Ends the line: nobody above is paid on the group."""


class RatesBy(IntEnum):
    """What chooses an earner's row of rates."""

    NOTHING = 0
    TITLE = 1
    STEP = 2
    LEGS_BROKEN_AWAY = 3


class Charged(IntEnum):
    """What a guarantee is asked for."""

    OWN_GROUP = 0
    """Once per qualified leader: the share of the own group, to the upline who earns on it."""
    FRONTLINE_GROUPS = 1
    """For each group of the first generation below, to the next who earns this override above, where there is one."""


class Guarantee(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """
    What the upline receives at least for a group: the rate on `points` of PV at the market's CV, in full.

    Who earns the override makes up what a weak group leaves short, out of the override that comes in, never below zero.
    From `band_from` hundredths of the group's own volume on, only `band_part_bp` of what it leaves short is asked; 0
    knows no such band. With `at_most_incoming` one line gives the smaller of that and what it brings; with `average`
    several lines of which none brings as much give their average.
    """

    points: int
    charged: Charged = Charged.OWN_GROUP
    at_most_incoming: bool = False
    average: bool = False
    band_from: int = 0
    band_part_bp: int = 0
    clause: str = ""


class Override(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """
    What an upline earns on groups that stand alone: generation g at the g-th rate of the earner's row.

    Generations are counted upward from a group. Generation g falls to the nearest upline above that of g - 1 who is
    active, holds `lowest_title`, meets `gate` and has a rate there; who does not, is treated as `counting` says.
    """

    id: str
    name: str
    rates_bp: tuple[tuple[int, ...], ...]
    """
    Rows of rates by generation; one row where `by` is NOTHING. The last row goes on for all higher indexes.

    Each is so many parts of a basis point as `finer` says.
    """
    finer: int = 1
    """How many parts of a basis point the rates are counted in: 100 where a rate is finer than a basis point."""
    by: RatesBy = RatesBy.NOTHING
    depth_by_title: bool = False
    """An earner's title opens `Title.generations` and no more."""
    last_rate_goes_on: bool = False
    """Deeper generations than a row has rates for earn its last one."""
    groups: Groups = Groups.BROKEN_AWAY
    mark: int = 0
    volume: int = int(VolumeNumber.GROUP)
    """The number of the leader's volume whose CV is paid on."""
    lowest_title: int = 0
    gate: Requirement = Requirement()
    counting: Counting = Counting.PASSED_OVER
    first_only: bool = False
    """Only one earner a group: the first who is paid blocks all above."""
    least_difference_bp: int = -1
    """0 or more: the rate is the earner's less that of the group's leader, and at least so much."""
    distance_bp: tuple[int, ...] = ()
    """The part of the rate that is paid where the leader's title lies 0, 1, … below the earner's; the last goes on."""
    of_first_amount: bool = False
    """Generations from the second on are a rate of what the first one earns of the group, not of its volume."""
    pays_skipped: bool = True
    """The group of a leader who does not qualify is paid on too."""
    empty_counts: bool = True
    """A leader whose group has no volume uses up a generation all the same."""
    guarantee: Guarantee | None = None
    clause: str = ""


class Production(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A rate on one of a member's volumes: that of the highest bracket (hundredths, basis points) that it reaches."""

    id: str
    name: str
    volume: int
    brackets: tuple[tuple[int, int], ...]
    gate: Requirement = Requirement()
    clause: str = ""
