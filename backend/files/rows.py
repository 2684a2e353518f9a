"""
The rows of a calculation's result: what stands in its JSON and, list by list, in its CSV files.

Volumes are points as decimal text with two decimals (`120.50`), exact in every reader; money is whole minor units of
the currency beside it; rates are basis points. Keys stand in the order in which they are declared here.
"""

from msgspec import Struct

from backend.engine.amounts.payout import Split


class MemberResult(Struct, frozen=True, kw_only=True):
    """
    One member in one period. `step` is achieved by volume, `paid_step` what may be paid (empty: nothing), `title` kept.

    The amounts by bonus add up to `total_minor`; `bonus_minor` is fast start, title held and one-time bonuses together.
    """

    member: str
    period: str
    active: bool
    pv: str
    cv: str
    gv: str
    tgv: str
    side_volume: str
    step: str
    paid_step: str
    percent_bp: int
    title: str
    broken_away: bool
    personal_minor: int
    differential_minor: int
    override_minor: int
    pool_minor: int
    bonus_minor: int
    production_minor: int
    level_minor: int
    match_minor: int
    multiplier_minor: int
    total_minor: int
    carried_minor: int
    currency: str


class LineResult(Struct, frozen=True, kw_only=True, rename={"source": "from"}):
    """
    One earning line: who earns, from whose volume or group, through which leg, for what, and how much.

    `less_bp` is the highest percent paid below that was taken off; `rate_bp` what remains and is paid, `part` of
    `whole` of it. A rate that is finer than a basis point counts parts of one, and `whole` is so many times as much.
    Where a `product` stands, `part` units of it pay an amount each. `entry` says what a line is beside a plain earning,
    `state` what holds it. A line of `breakage` has no earner.
    """

    earner: str
    source: str
    leg: str
    bonus: str
    generation: int
    product: str
    entry: str
    state: str
    rate_bp: int
    less_bp: int
    base_cv: str
    part: int
    whole: int
    amount_minor: int
    currency: str
    period: str


class BonusTotal(Struct, frozen=True, kw_only=True):
    """What one bonus pays in one currency in a period."""

    bonus: str
    currency: str
    amount_minor: int
    lines: int


class PeriodResult(Struct, frozen=True, kw_only=True):
    """
    A period as a whole: its terms' day, its volumes, what each bonus pays, and the shares of CV, rounded half up.

    `split` is the payout by bonus, by own volume against depth, and by market. `digest` is the SHA-256 of the outcome,
    `snapshot_digest` of what went in, `carryover_digest` of what goes on into the next period.
    """

    period: str
    terms_on: str
    members: int
    active: int
    pv: str
    cv: str
    totals: tuple[BonusTotal, ...]
    payout_bp: int
    personal_and_differential_bp: int
    split: Split
    snapshot_digest: str
    carryover_digest: str
    digest: str


class AdjustmentResult(Struct, frozen=True, kw_only=True, rename={"source": "from"}):
    """
    What a return or a correction of the earlier period `of_period` brings in `period`.

    `posted_minor` is all that was posted for that up to now, `amount_minor` is due less posted.
    """

    period: str
    of_period: str
    earner: str
    source: str
    leg: str
    bonus: str
    generation: int
    product: str
    posted_minor: int
    due_minor: int
    amount_minor: int
    currency: str


class UnrecoveredResult(Struct, frozen=True, kw_only=True):
    """
    A return in `period` of an order from before the calculation: it lowers no period, and nobody gives back for it.

    A calculation that begins with `of_period` recovers it.
    """

    period: str
    of_period: str
    order: str
    returns: str
    member: str
    pv: str
    cv: str


class Result(Struct, frozen=True, kw_only=True):
    """
    A calculation: the plan's name, each period as a whole, all members, and lines paid and kept, of all periods.

    `adjustments` holds what each period owes for earlier ones, `unrecovered` what came back of orders before the first.
    """

    plan: str
    periods: tuple[PeriodResult, ...]
    members: tuple[MemberResult, ...]
    lines: tuple[LineResult, ...]
    breakage: tuple[LineResult, ...]
    adjustments: tuple[AdjustmentResult, ...]
    unrecovered: tuple[UnrecoveredResult, ...]
