"""
The company in the open period as an operator sees it: totals, who stands where, what is paid for what.
"""

from msgspec import Struct


class BonusPaid(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a bonus pays out so far, in minor units of a currency; `bonus` is a `Bonus` name in lower case."""

    bonus: str
    currency: str
    amount_minor: int


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
