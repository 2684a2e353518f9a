"""
The company in the open period as an operator sees it: totals, who stands where, what is paid for what.
"""

from msgspec import Struct


class BonusPaid(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a bonus pays out so far, in minor units of a currency; `bonus` is a `Bonus` name in lower case."""

    bonus: str
    currency: str
    amount_minor: int


class PayoutPart(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A part of the payout by its name in `engine.payout`: minor units of one currency, and basis points of all CV."""

    name: str
    currency: str
    amount_minor: int
    share_bp: int


class PayoutSplit(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The payout so far, three times over: the amounts of each add up to all of it, and the shares to `payout_bp`."""

    by_bonus: tuple[PayoutPart, ...] = ()
    by_depth: tuple[PayoutPart, ...] = ()
    by_market: tuple[PayoutPart, ...] = ()


class CompanyTotals(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """
    One period of the company so far. Volumes are hundredths of a point, shares of CV are basis points.

    `steps` counts the members on each step of the ladder, from its foot.
    """

    period: str
    members: int
    active: int
    broken_away: int
    pv_points: int
    cv_points: int
    payout_bp: int
    personal_and_differential_bp: int
    steps: tuple[int, ...]
    bonuses: tuple[BonusPaid, ...]
    split: PayoutSplit = PayoutSplit()
