"""
List periods: those under which a line was drawn, with what seals them.
"""

from msgspec import Struct

from backend.store.periods import listed


class ListedPeriod(Struct, frozen=True, kw_only=True):
    """A period that is being closed or is closed; hashes and instant are empty while it is being closed."""

    period: str
    state: str
    closed_at: str
    snapshot_digest: str
    outcome_digest: str


async def list_periods() -> list[ListedPeriod]:
    """Return the periods in their order."""
    return [
        ListedPeriod(
            period=str(each.period),
            state=each.state,
            closed_at=each.closed_at.isoformat(timespec="seconds") if each.closed_at else "",
            snapshot_digest=each.snapshot_digest,
            outcome_digest=each.outcome_digest,
        )
        for each in await listed()
    ]
