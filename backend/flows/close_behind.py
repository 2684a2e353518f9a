"""
Close behind: compute the periods before the open one, so that titles and clocks arrive in it as they were earned.

A late order or return touches a period that is over and not closed yet: from there on all are computed again, for one
title carries into the next. What the last closed period hands on is as it was sealed, or as it is corrected since.
"""

from datetime import datetime

from msgspec.structs import replace

from backend.engine.outcome import Outcome
from backend.engine.periods.assemble import snapshot_of
from backend.engine.periods.carryover import carryover_of
from backend.engine.pipeline import run
from backend.engine.snapshot import Carried, Snapshot
from backend.flows.correcting import Known, known_again
from backend.flows.memory import Closed, Memory
from backend.flows.networks import network_of, read_again
from backend.kernel.period import Period, periods_between
from backend.store.periods import CLOSED, sealed, states
from backend.store.rolls import (
    brought_into,
    facts,
    last_sales,
    mark,
    periods_touched,
    roll_of,
    stated_since,
    volumes_of,
)


async def close_behind(memory: Memory, now: datetime) -> datetime | None:
    """
    Bring the periods before the open one up to date with both logs, and remember how far they were read.

    Returns the instant of the newest order.
    """
    reached, open_period, sales_from = await mark(), memory.company.period_at(now), memory.position
    touched = {
        *await read_again(memory, reached.network, open_period),
        *await _restated(memory, reached.stated),
        *await periods_touched(memory.position, reached.position),
        *await _newly_sealed(memory),
        *(memory.closed if reached.former != memory.former else ()),
    }
    memory.position, memory.former = reached.position, reached.former
    first = min([*touched, *([max(memory.closed).plus(1)] if memory.closed else [])], default=open_period)
    for period in periods_between(first, open_period.plus(-1)):
        await _close(memory, period, now)
        if period == max(memory.sealed, default=None):
            await _hand_on(memory, period, now)
    await _note_sales(memory, sales_from, reached.position)
    return reached.data_at


async def carried_into(memory: Memory, period: Period) -> dict[str, Carried]:
    """Return what members carry into a period: out of the one before, or what they brought from elsewhere."""
    terms = memory.company.terms_of(period)
    before = memory.closed.get(period.plus(-1))
    if before is None:
        return await brought_into(period, memory.members, terms)
    return before.carried.under(terms)


async def snapshot_at(memory: Memory, period: Period, now: datetime) -> Snapshot:
    """
    Return a period's snapshot with all that is known, as far as the log of entries was read.

    What was accepted since then may be of members whom the memory does not know yet.
    """
    terms = memory.company.terms_of(period)
    network = await network_of(memory, period)
    return snapshot_of(
        period=str(period),
        roll=roll_of(network.members, terms, period, memory.facts),
        volumes=await volumes_of(period, now=now, position=memory.position),
        carried=await carried_into(memory, period),
        terms=terms,
        tree=network.tree,
    )


async def _newly_sealed(memory: Memory) -> set[Period]:
    """Return the periods that were closed since the last pulse."""
    closed = {period for period, state in (await states()).items() if state == CLOSED}
    fresh = closed - memory.sealed
    memory.sealed |= fresh
    return fresh


async def _restated(memory: Memory, reached: int) -> set[Period]:
    """Read the company's facts again where some were stated; return the periods behind in which they hold."""
    if reached == memory.stated:
        return set()
    day = await stated_since(memory.stated)
    memory.facts, memory.stated = await facts(), reached
    return {each for each in memory.closed if day is not None and each.last_day >= day}


async def _note_sales(memory: Memory, after: int, reached: int) -> None:
    fresh = await last_sales(memory.company.zone.key, after, reached)
    for code, day in fresh.items():
        memory.last_sales[code] = max(day, memory.last_sales.get(code, 0))


async def _close(memory: Memory, period: Period, now: datetime) -> None:
    kept = await sealed(period) if period in memory.sealed else None
    if kept is not None:
        memory.closed[period] = Closed(gv=_gv(kept.snapshot, kept.outcome), carried=kept.carryover)
        return
    snapshot = await snapshot_at(memory, period, now)
    terms = memory.company.terms_of(period)
    outcome = run(snapshot, terms)
    memory.closed[period] = Closed(gv=_gv(snapshot, outcome), carried=carryover_of(snapshot, terms, outcome))


async def _hand_on(memory: Memory, last: Period, now: datetime) -> None:
    """Let the last closed period hand on what it is corrected to, so that the open one begins as its close will."""
    known = Known(
        books=memory.company.period_at(now),
        now=now,
        position=memory.position,
        network_position=memory.network_position,
    )
    async for one in known_again(known):
        if one.period == last:
            memory.closed[last] = replace(memory.closed[last], carried=one.carryover)


def _gv(snapshot: Snapshot, outcome: Outcome) -> dict[str, int]:
    return dict(zip(snapshot.members, outcome.gv.tolist(), strict=True))
