"""
Terms: what a plan says on one day, resolved to whole numbers. The only thing of a plan that the engine sees.

A plan document has dates, texts and clauses; terms have none of them left open: every dated value is looked up, every
title and step is an index, every volume is hundredths of a point, every rate is basis points. So the engine has
arithmetic and no dates.
"""

from msgspec import Struct

from backend.kernel.points import HUNDREDTHS, Rounding
from backend.plan.terms.gates import (
    LEG_MEASURES,
    Condition,
    Fosters,
    Mark,
    Measure,
    Reach,
    Requirement,
    VolumeNumber,
)
from backend.plan.terms.ladder import Breakaway, FallsTo, Ladder, Maintenance, Stays, Step, Title, Unpaid
from backend.plan.terms.paying import (
    Against,
    Charged,
    Counting,
    Differential,
    Failing,
    Groups,
    Guarantee,
    LateOrders,
    Leavers,
    Override,
    Pause,
    Personal,
    Production,
    RatesBy,
    Retail,
    Returns,
)
from backend.plan.terms.rewards import (
    Cap,
    FastStart,
    Fund,
    LevelBonus,
    Line,
    Match,
    Multiplier,
    OneTime,
    Pool,
    ProductAmounts,
    Split,
    TitleHeld,
)
from backend.plan.terms.volumes import DEEPEST_LEVEL, Exclusion, GroupVolume, Window

__all__ = [
    "DEEPEST_LEVEL",
    "LEG_MEASURES",
    "Against",
    "Breakaway",
    "Cap",
    "Charged",
    "Condition",
    "Counting",
    "Differential",
    "Exclusion",
    "Failing",
    "FallsTo",
    "FastStart",
    "Fosters",
    "Fund",
    "GroupVolume",
    "Groups",
    "Guarantee",
    "Ladder",
    "LateOrders",
    "Leavers",
    "LevelBonus",
    "Line",
    "Maintenance",
    "Mark",
    "Market",
    "Match",
    "Measure",
    "Multiplier",
    "OneTime",
    "Override",
    "Pause",
    "Personal",
    "Pool",
    "ProductAmounts",
    "Production",
    "RatesBy",
    "Reach",
    "Requirement",
    "Retail",
    "Returns",
    "Split",
    "Stays",
    "Step",
    "Terms",
    "Title",
    "TitleHeld",
    "Unpaid",
    "VolumeNumber",
    "Window",
]


class Market(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """
    A market: its currency, what a point of PV is in CV and one point of CV in money, and its return window.

    `cv_per_point` is hundredths of CV for one point of PV, used where an order names no CV of its own. Lines are
    rounded to whole `rounding_minor`.
    """

    id: str
    currency: str
    minor_per_point: int
    return_days: int
    cv_per_point: int = HUNDREDTHS
    rounding_minor: int = 1
    pool_weight: int = 1
    clause: str = ""


class Terms(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """
    A plan on one day. `steps` and `titles` ascend; step 0 and title 0 are where everybody begins.

    `on` is the day as text and only a label; the engine never reads it. `elsewhere` holds, by market index, the same
    terms with other numbers where a market has its own: same shape, so a region's rule is one more key on a value.
    """

    plan: str
    on: str
    rounding: Rounding
    rounded_on_sum: bool = False
    """What a member earns by one bonus is rounded as a sum; its lines share that by the largest remainder."""
    own_pv_limit: int = 0
    """Own purchases beyond so many hundredths of a point a period do not count toward PV; 0 sets no limit."""
    own_pv_limit_clause: str = ""
    year_begins_month: int = 1
    active: Requirement
    returns: Returns = Returns.LOWER_THE_PERIOD
    returns_clause: str = ""
    late_orders: LateOrders = LateOrders.OPEN_PERIOD
    late_orders_clause: str = ""
    leavers: Leavers = Leavers.MOVE_UP
    leavers_clause: str = ""
    products: tuple[str, ...] = ()
    """The products that pay fixed amounts, by id."""
    pause: Pause = Pause()
    unqualified: Failing = Failing.COMPRESS_UP
    volumes: tuple[GroupVolume, ...] = ()
    marks: tuple[Mark, ...] = ()
    steps: tuple[Step, ...]
    ladder: Ladder = Ladder()
    breakaway: Breakaway
    titles: tuple[Title, ...]
    maintenance: Maintenance
    personal: Personal = Personal()
    retail: Retail | None = None
    differential: Differential = Differential()
    overrides: tuple[Override, ...] = ()
    productions: tuple[Production, ...] = ()
    levels: tuple[LevelBonus, ...] = ()
    pools: tuple[Pool, ...] = ()
    matches: tuple[Match, ...] = ()
    multipliers: tuple[Multiplier, ...] = ()
    fast_start: FastStart = FastStart(within_days=0)
    one_times: tuple[OneTime, ...] = ()
    title_held: TitleHeld = TitleHeld(successive_periods=0)
    caps: tuple[Cap, ...] = ()
    markets: tuple[Market, ...]
    elsewhere: dict[int, "Terms"] = {}

    def of(self, market: int) -> "Terms":
        """Return the terms of a market, by its index."""
        return self.elsewhere.get(market, self)
