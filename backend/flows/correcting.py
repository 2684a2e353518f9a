"""
Correcting: what closed periods come to with what is known now, and what of that is not posted yet.

They stay as they were sealed. Each is computed again with its own terms, on the roll as it is known now for its own
last day, with the orders and returns that correct it. What that changes of titles and clocks goes on into the next one,
and from the last into the open one; only a return that is recovered from who was paid changes money and nothing else.
"""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import datetime
from functools import partial

from msgspec import Struct

from backend.engine.outcome import Outcome
from backend.engine.periods.adjustments import Adjustment, Posting, adjustments, posting_of, settled
from backend.engine.periods.assemble import Roll, Volumes, with_volumes
from backend.engine.periods.carryover import Carryover, carryover_of
from backend.engine.periods.corrected import differ, on_roll, with_carried
from backend.engine.pipeline import run
from backend.engine.snapshot import Carried, Snapshot
from backend.kernel.period import Period
from backend.plan.terms import Returns, Terms
from backend.store import periods
from backend.store.network import END_OF_NETWORK, members_on
from backend.store.periods import Begun, Sealed
from backend.store.rolls import END_OF_LOG, corrected_in, facts, roll_of, volumes_of


class Known(Struct, frozen=True, kw_only=True):
    """Up to where closed periods are corrected: the books, the logs' positions, and the instant that it is said at."""

    books: Period
    now: datetime
    position: int = END_OF_LOG
    network_position: int = END_OF_NETWORK


class Corrected(Struct, frozen=True, kw_only=True):
    """A closed period as it is known now: what is due, what was posted for it so far, and what it hands on."""

    period: Period
    terms: Terms
    snapshot: Snapshot
    outcome: Outcome
    due: Posting
    posted: Posting
    carryover: Carryover


class Corrections(Struct, frozen=True, kw_only=True):
    """What the books of a period correct in closed ones, and what the last of those hands on; None where none is."""

    adjustments: tuple[Adjustment, ...]
    carryover: Carryover | None


async def corrections(period: Period, begun: Begun) -> Corrections:
    """Return what a period adjusts of the closed ones before it, each difference once, and takes over from them."""
    known = Known(books=period, now=begun.closing_at, position=begun.position, network_position=begun.network_position)
    lines: list[Adjustment] = []
    carryover = await periods.carryover_out_of(period.plus(-1))
    async for one in known_again(known):
        lines += adjustments(one.posted, one.due)
        carryover = one.carryover
    return Corrections(adjustments=tuple(lines), carryover=carryover)


async def known_again(known: Known, *, since: Period | None = None) -> AsyncIterator[Corrected]:
    """
    Yield the closed periods as they are known now, in order, from the first that anything ever corrected to the last.

    None where nothing came to be known since the last close; with `since` always those from it on.
    """
    closed = [each for each, state in (await periods.states()).items() if state == periods.CLOSED]
    told, entered = await periods.told_since(known.network_position), await corrected_in(known.books)
    if not closed or not (since or any(entered.values()) or closed[-1] in told):
        return
    carried: Carryover | None = None
    for past in closed[_first(closed, [*told, *entered, *([since] if since else [])]) :]:
        one = await _corrected(past, known, carried, told=past in told)
        carried = one.carryover
        yield one


def _first(closed: Sequence[Period], named: Sequence[Period]) -> int:
    """Return from where on closed periods are looked at; behind the last where all that is named lies later."""
    return next((at for at, each in enumerate(closed) if each >= min(named)), len(closed))


async def _corrected(past: Period, known: Known, carried: Carryover | None, *, told: bool) -> Corrected:
    kept = await periods.sealed(past)
    assert kept is not None, "a closed period is kept"
    read = partial(volumes_of, past, now=known.now, through=known.books, position=known.position)
    volumes = handed = await read()
    if kept.terms.returns is Returns.RECOVERED:
        handed = await read(returns_position=kept.position)
    roll = None
    if told or not {*volumes.members} <= {*kept.snapshot.members}:
        members = await members_on(past.last_day, position=known.network_position)
        roll = roll_of(members, kept.terms, past, await facts())
    earlier = [each for books, each in await periods.adjusted_before(past) if books < known.books]
    brought = None if carried is None else carried.under(kept.terms)
    now = _Told(roll=roll, carried=brought, handed=handed, volumes=volumes)
    return await asyncio.to_thread(_computed, kept, now, earlier)


class _Told(Struct, frozen=True, kw_only=True):
    """
    What is known now of a closed period; None for what is as it was sealed.

    `handed` are the volumes by which it hands on, `volumes` those by which it pays.
    """

    roll: Roll | None
    carried: Mapping[str, Carried] | None
    handed: Volumes
    volumes: Volumes


def _computed(kept: Sealed, told: _Told, earlier: Sequence[Adjustment]) -> Corrected:
    """Compute a closed period again, as often as it takes: what it hands on knows nothing of recovered returns."""
    snapshot, outcome, carryover = kept.snapshot, kept.outcome, kept.carryover
    stood = snapshot if told.roll is None else on_roll(snapshot, told.roll)
    stood = stood if told.carried is None else with_carried(stood, told.carried, terms=kept.terms)
    stood = with_volumes(stood, told.handed, terms=kept.terms)
    if differ(stood, snapshot):
        snapshot, outcome = stood, run(stood, kept.terms)
        carryover = carryover_of(snapshot, kept.terms, outcome)
    entered = with_volumes(snapshot, told.volumes, terms=kept.terms)
    if differ(entered, snapshot):
        snapshot, outcome = entered, run(entered, kept.terms)
    return Corrected(
        period=kept.period,
        terms=kept.terms,
        snapshot=snapshot,
        outcome=outcome,
        due=posting_of(snapshot, kept.terms, outcome),
        posted=settled(kept.posting, earlier),
        carryover=carryover,
    )
