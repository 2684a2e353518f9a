"""
The read side: what the screens show, read by plain queries and handed out as structs. Rows never leave this room.
"""

from datetime import datetime

from msgspec import Struct

from backend.forecast.standing import Standing


class LegRow(Struct, frozen=True, kw_only=True):
    """A leg as a line of the list: its leader's code and name, how many stand in it, and the leader's standing."""

    code: str
    name: str
    people: int
    standing: Standing


class MemberPage(Struct, frozen=True, kw_only=True):
    """
    All that the member's page shows, of one revision.

    `revision` rises with each change of what this page shows; `computed_at` is when the numbers were made, `data_at`
    the last order that they know; `now` is the company's clock at reading. Ages on the page are differences to `now`.
    """

    code: str
    name: str
    joined_on: str
    revision: int
    computed_at: datetime
    data_at: datetime
    now: datetime
    standing: Standing
    legs: tuple[LegRow, ...]


class OrderRow(Struct, frozen=True, kw_only=True):
    """An order or return in the operator's list; volumes are hundredths of a point."""

    key: str
    kind: str
    member_code: str
    member_name: str
    placed_at: datetime
    accepted_at: datetime
    pv_points: int
    cv_points: int


class StepCount(Struct, frozen=True, kw_only=True):
    """How many members stand on a step, by its index."""

    step: int
    members: int


class BonusTotal(Struct, frozen=True, kw_only=True):
    """What a bonus pays out so far, in minor units of a currency."""

    bonus: str
    currency: str
    amount_minor: int


class CompanyPage(Struct, frozen=True, kw_only=True):
    """The operator's page: the open period's totals, who stands where, what is paid for what, and the latest orders."""

    name: str
    period: str
    revision: int
    computed_at: datetime
    data_at: datetime
    now: datetime
    members: int
    active: int
    broken_away: int
    pv_points: int
    cv_points: int
    payout_bp: int
    """All payouts as a share of the CV's worth, basis points."""
    personal_and_differential_bp: int
    steps: tuple[StepCount, ...]
    bonuses: tuple[BonusTotal, ...]
    orders: tuple[OrderRow, ...]
    orders_accepted: int
