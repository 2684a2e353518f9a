"""
What is paid beside percentages on groups: pools, level bonuses, matches, one-time bonuses, and the caps on all of it.
"""

from enum import IntEnum

from msgspec import Struct

from backend.plan.terms.gates import Fosters, Requirement, VolumeNumber
from backend.plan.terms.paying import RatesBy


class Fund(IntEnum):
    """Whose CV a pool is a share of."""

    COMPANY = 0
    MARKET = 1
    """Each market has a fund of its own."""
    DOWNLINES = 2
    """All who stand below someone with a share, each counted once."""


class Split(IntEnum):
    """What a member's shares of a pool are."""

    POINTS = 0
    """(The title's points + `leg_points` for each leg broken away) × the market's weight."""
    EQUAL = 1
    VOLUME = 2
    """The CV of the volume `volume`, never less than zero."""
    LEG_TIERS = 3
    """For each leg that counts, points by tiers of the CV of its leader's volume `volume`."""
    LEG_UNITS = 4
    """For each leg that counts, units × periods with the mark; the units go by the number of legs that count."""


class Pool(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """
    A fund of `share_bp` of CV, split among active members through the gate; or a set amount for each share.

    A leg counts whose leader had the mark `mark` in `leg_periods` of the last `periods` periods.
    """

    id: str
    name: str
    share_bp: int = 0
    fund: Fund = Fund.COMPANY
    fund_volume: int = int(VolumeNumber.OWN)
    """The number of the volume whose CV, over its window, is added up over the members of the fund."""
    split: Split = Split.POINTS
    gate: Requirement = Requirement()
    leg_points: int = 0
    volume: int = int(VolumeNumber.GROUP)
    mark: int = 0
    periods: int = 0
    leg_periods: int = 0
    fosters: Fosters = Fosters.COUNTED
    tiers: tuple[tuple[int, int, int], ...] = ()
    """(CV up to, points, per CV) in hundredths, ascending; an upper bound of 0 has no end."""
    units: tuple[tuple[int, int], ...] = ()
    """(legs from, units), ascending."""
    share_minor: int = 0
    """Above zero: each share is paid this set amount, and there is no fund."""
    in_last_period_of_year: bool = False
    clause: str = ""


class Line(IntEnum):
    """Which line upward a bonus goes by."""

    SPONSOR = 0
    ENROLLER = 1


class ProductAmounts(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What each unit of a product, an index of `Terms.products`, pays by level: minor units of the first market."""

    product: int
    amounts_minor: tuple[int, ...]


class LevelBonus(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """
    A rate by level on the orders of single members: the first above the buyer is level 1.

    `within_days` pays on the orders of who joined at most so long ago, 0 on everybody's; `first_orders` on first orders
    alone. Who does not qualify uses up a level unless it is compressed. `products` pay amounts by level in place of
    rates, on units of whoever brings CV with them; units that come back are recovered.
    """

    id: str
    name: str
    rates_bp: tuple[int, ...] = ()
    products: tuple[ProductAmounts, ...] = ()
    line: Line = Line.SPONSOR
    first_orders: bool = False
    alone: bool = False
    """First orders that this is paid on pay no other bonus; they qualify all the same."""
    within_days: int = 0
    gate: Requirement = Requirement()
    compressed: bool = False
    or_differential: bool = False
    """A member is paid the higher of this and the differential, not both."""
    clause: str = ""


class Multiplier(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """
    A rate on what a member earns in the named bonuses itself: 25 % makes them one and a quarter.

    `rates_bp` has one rate where `by` is NOTHING, else one for each title, step or number of broken-away legs; the last
    goes on. Bonuses are kinds (`outcome.Bonus`), never a multiplier or a match.
    """

    id: str
    name: str
    rates_bp: tuple[int, ...]
    bonuses: tuple[int, ...]
    by: RatesBy = RatesBy.NOTHING
    gate: Requirement = Requirement()
    clause: str = ""


class Match(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A rate by level on what members below earn in the named bonuses; who does not qualify uses up a level."""

    id: str
    name: str
    rates_bp: tuple[int, ...]
    bonuses: tuple[int, ...]
    """Kinds of bonus (`outcome.Bonus`) that are matched; never matches themselves."""
    line: Line = Line.SPONSOR
    gate: Requirement = Requirement()
    compressed: bool = False
    clause: str = ""


class FastStart(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A title reached within `within_days` of joining pays that title's `fast_start_minor` once."""

    within_days: int
    clause: str = ""


class OneTime(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A target met within `within_days` of joining (0: at any time) pays an amount of the first market once."""

    id: str
    name: str
    requirement: Requirement
    amount_minor: int
    within_days: int = 0
    clause: str = ""


class TitleHeld(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """
    A title held for `successive_periods` in a row pays that title's `held_bonus_minor` once.

    The period of achievement counts, or with `after_achievement` the periods after it. With `instalments` above 1 equal
    parts are paid in as many successive periods, the last with what is left over, while the title is held, or a higher
    one meanwhile. The whole is exchanged into the earner's currency and then divided.
    """

    successive_periods: int
    after_achievement: bool = False
    instalments: int = 1
    restarts: bool = True
    """Who loses the title before it has paid in full begins to count anew; else it pays this member nothing more."""
    clawback_periods: int = 0
    """
    Who falls below the title within so many periods after a payment gives back what it has paid; 0 asks nothing.

    All of it at once, before caps, and from who is not active too. What was given back counts as paid: with whatever
    instalments were left it is never paid again.
    """
    clause: str = ""


class Cap(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """
    The most that some bonuses pay: to one member in a period, and in all as a share of the company's CV.

    No bonus named means all of them; 0 sets no limit. A member's amount is named in the first market's currency.
    With `before_matches` it cuts before anything is matched, so that matches are of what is left.
    """

    id: str
    name: str
    bonuses: tuple[int, ...] = ()
    member_minor: int = 0
    share_bp: int = 0
    before_matches: bool = False
    clause: str = ""
