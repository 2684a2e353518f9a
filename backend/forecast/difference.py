"""
The difference at the close: what a member was shown last, what the period gave, and which causes lie between, as money.

`causes` works it out; the amounts of the causes add up to the whole difference, and what a cause did to step, title or
breakaway stands beside it.
"""

from enum import StrEnum

from msgspec import Struct


class CauseKind(StrEnum):
    """Why a result differs from the last projection."""

    SALES = "sales"
    """The rest of the period went otherwise than its middle."""
    FACTS = "facts"
    """What the company states of members, placements or the plan has changed since."""
    LATE_ORDERS = "late_orders"
    """Orders of the period that arrived after the last projection."""
    RETURNS = "returns"
    """What came back after the last projection."""


class Cause(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One cause: what it changed in minor units, and what of step, title and breakaway it changed on the way."""

    kind: CauseKind
    amount_minor: int
    step_before: int
    step_after: int
    title_before: int
    title_after: int
    broke_away: bool = False


class Difference(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """
    What a closed period gave a member beside its last projection; money in minor units of `currency`.

    `projected_minor` is None where too little history stood behind a projection; the causes then begin with what was
    earned to date. Their amounts add up to the result less what was shown.
    """

    member: str
    period: str
    currency: str
    projected_minor: int | None
    to_date_minor: int
    result_minor: int
    causes: tuple[Cause, ...]

    @property
    def shown_minor(self) -> int:
        """What was shown last: the middle of the projection, or what was earned to date."""
        return self.to_date_minor if self.projected_minor is None else self.projected_minor
