"""
The difference at the close, for each member: the period is computed in the states through which it went.

First with what was known at the last pulse of the period, then with the orders that came after it, and last with what
came back since: what the close itself computes.
"""

import asyncio
from datetime import datetime

import msgspec
from msgspec import Struct

from backend.engine.outcome import Outcome
from backend.engine.periods.assemble import Volumes, with_volumes
from backend.engine.pipeline import run
from backend.engine.snapshot import Snapshot
from backend.forecast.causes import State, differences
from backend.forecast.difference import CauseKind
from backend.forecast.standing import Standing
from backend.kernel.period import Period
from backend.plan.terms import Terms
from backend.store.rolls import volumes_of
from backend.store.standings import keep_last, last_shown


class Result(Struct, frozen=True, kw_only=True):
    """What a close computes of a period, by the terms that held in it."""

    snapshot: Snapshot
    terms: Terms
    outcome: Outcome


async def differences_of(period: Period, result: Result, *, position: int, now: datetime) -> list[tuple[str, str]]:
    """
    Return what a closed period gave each member beside what was shown last, and why: codes, with documents as JSON.

    None where nobody was shown any. `position` is how far the log of entries counts, `now` the instant at which the
    line was drawn. Two runs of the engine at most, beside the event loop.
    """
    await keep_last(str(period.plus(1)))
    documents, seen = await last_shown(str(period))
    if not documents:
        return []
    known = await volumes_of(period, now=now, position=seen, returns_position=seen)
    late = await volumes_of(period, now=now, position=position, returns_position=seen)
    return await asyncio.to_thread(_differences, documents, result, known, late)


def _differences(documents: dict[str, str], result: Result, known: Volumes, late: Volumes) -> list[tuple[str, str]]:
    members = result.snapshot.members
    shown = [msgspec.json.decode(documents[code], type=Standing) if code in documents else None for code in members]
    states = [
        State(kind=CauseKind.FACTS, outcome=_with(result, known)),
        State(kind=CauseKind.LATE_ORDERS, outcome=_with(result, late)),
        State(kind=CauseKind.RETURNS, outcome=result.outcome),
    ]
    return [(each.member, msgspec.json.encode(each).decode()) for each in differences(shown, states)]


def _with(result: Result, volumes: Volumes) -> Outcome:
    """Return the period with what lay in the log up to a position."""
    return run(with_volumes(result.snapshot, volumes, terms=result.terms), result.terms)
