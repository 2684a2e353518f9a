"""
Correcting: what a closed period comes to with what is known now, and what of that is not posted yet.

The period stays as it was sealed. It is computed again with its own terms and all that members carried into it, with
the orders and returns that correct it, and on the tree as it is placed now for its own last day.
"""

from datetime import datetime

from msgspec import Struct

from backend.engine.outcome import Outcome
from backend.engine.periods.adjustments import Adjustment, Posting, adjustments, posting_of, settled
from backend.engine.periods.assemble import with_volumes
from backend.engine.periods.corrected import on_roll
from backend.engine.pipeline import run
from backend.engine.snapshot import Snapshot
from backend.kernel.period import Period
from backend.store import periods
from backend.store.network import END_OF_NETWORK, changed_since, members_on
from backend.store.periods import Begun, Sealed
from backend.store.rolls import END_OF_LOG, corrected_in, roll_of, volumes_of


class Known(Struct, frozen=True, kw_only=True):
    """Up to where a closed period is corrected: the books, the logs' positions, and the instant that it is said at."""

    books: Period
    now: datetime
    position: int = END_OF_LOG
    network_position: int = END_OF_NETWORK


class Corrected(Struct, frozen=True, kw_only=True):
    """A closed period with what is known now, what is due by that, and what was posted for it so far."""

    snapshot: Snapshot
    outcome: Outcome
    due: Posting
    posted: Posting


async def corrections(period: Period, begun: Begun) -> tuple[Adjustment, ...]:
    """Return what the books of a period correct in closed ones, by entries and by the network, each difference once."""
    known = Known(books=period, now=begun.closing_at, position=begun.position, network_position=begun.network_position)
    found: list[Adjustment] = []
    for past in sorted({*await corrected_in(period), *await _of_network(period, begun)}):
        kept = await periods.sealed(past)
        assert kept is not None, "only a closed period is corrected in the books of a later one"
        one = await corrected(kept, known)
        found += adjustments(one.posted, one.due)
    return tuple(found)


async def corrected(kept: Sealed, known: Known) -> Corrected:
    """Return a closed period as it is with what is known."""
    past = kept.period
    volumes = await volumes_of(past, now=known.now, through=known.books, position=known.position)
    snapshot = with_volumes(await _placed(kept, known.network_position), volumes, terms=kept.terms)
    outcome = run(snapshot, kept.terms)
    earlier = [each for books, each in await periods.adjusted_before(past) if books < known.books]
    return Corrected(
        snapshot=snapshot,
        outcome=outcome,
        due=posting_of(snapshot, kept.terms, outcome),
        posted=settled(kept.posting, earlier),
    )


async def _of_network(period: Period, begun: Begun) -> list[Period]:
    """Return the closed periods that lie behind what was recorded of the network since the last close."""
    closed = {each: position for each, position in (await periods.network_lines()).items() if each < period}
    day = await changed_since(max(closed.values()), begun.network_position) if closed else None
    return [past for past in closed if day is not None and past.last_day >= day]


async def _placed(kept: Sealed, position: int) -> Snapshot:
    """Return a closed period's snapshot on the roll of its last day, as recorded up to a position of the log."""
    day = kept.period.last_day
    changed = await changed_since(kept.network_position, position)
    if changed is None or changed > day:
        return kept.snapshot
    then, now = await members_on(day, position=kept.network_position), await members_on(day, position=position)
    gone = {code for code, left in zip(then.codes, then.left, strict=True) if left is not None and left <= day}
    return on_roll(kept.snapshot, roll_of(now, kept.terms, kept.period), gone_before=gone)
