"""
The difference at the close, for each member: the period is computed in the states through which it went.

First with what was known at the last pulse of the period, then with the orders that came after it, and last with what
came back since: what the close itself computes.
"""

from datetime import datetime

import msgspec

from backend.engine.outcome import Outcome
from backend.engine.periods.assemble import with_volumes
from backend.engine.pipeline import run
from backend.engine.snapshot import Snapshot
from backend.forecast.causes import State, differences
from backend.forecast.difference import CauseKind, Difference
from backend.forecast.standing import Standing
from backend.kernel.period import Period
from backend.plan.terms import Terms
from backend.store.rolls import volumes_of
from backend.store.standings import keep_last, last_shown


async def differences_of(
    period: Period, snapshot: Snapshot, terms: Terms, *, outcome: Outcome, position: int, now: datetime
) -> list[Difference]:
    """
    Return what a closed period gave each member beside what was shown last, and why; none where nobody was shown any.

    `position` is how far the log of entries counts, `now` the instant at which the line was drawn. Two runs of the
    engine at most.
    """
    await keep_last(str(period.plus(1)))
    documents, seen = await last_shown(str(period))
    if not documents:
        return []
    shown = [
        msgspec.json.decode(documents[code], type=Standing) if code in documents else None for code in snapshot.members
    ]
    known = await _computed(period, snapshot, terms, now=now, position=seen, returns_position=seen)
    late = await _computed(period, snapshot, terms, now=now, position=position, returns_position=seen)
    states = [
        State(kind=CauseKind.FACTS, outcome=known),
        State(kind=CauseKind.LATE_ORDERS, outcome=late),
        State(kind=CauseKind.RETURNS, outcome=outcome),
    ]
    return list(differences(shown, states))


async def _computed(
    period: Period, snapshot: Snapshot, terms: Terms, *, now: datetime, position: int, returns_position: int
) -> Outcome:
    """Return the period with what lay in the log up to a position."""
    volumes = await volumes_of(period, now=now, position=position, returns_position=returns_position)
    return run(with_volumes(snapshot, volumes, terms=terms), terms)
