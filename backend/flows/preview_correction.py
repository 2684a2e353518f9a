"""
Preview a correction of the network: what it would change in the open period and in closed ones, and nothing written.

The correction is written in a transaction, the periods are computed with all that the product computes them with, and
the transaction is taken back: what a person sees is what would come, and orders that arrive meanwhile are in neither.
"""

from datetime import date, datetime

from msgspec import Struct

from backend.engine.periods.adjustments import posting_of
from backend.engine.pipeline import run
from backend.flows.check_correction import check_correction
from backend.flows.close_behind import close_behind, snapshot_at
from backend.flows.correcting import Corrected, Known, known_again
from backend.flows.memory import Memory
from backend.flows.networks import network_of
from backend.flows.recall import recall
from backend.flows.record_correction import written
from backend.forecast.effect import PeriodEffect, Seen, effect_of
from backend.kernel.finding import Finding, Place, Refused
from backend.kernel.period import Period
from backend.network.correction import Correction, Leave, Move
from backend.store.company import company
from backend.store.network import next_placement, person_on
from backend.store.transactions import transaction


class Stands(Struct, frozen=True, kw_only=True):
    """Who would stand under another: leavers' legs moved as the plan says. None is the top of a tree."""

    member: str
    before: str | None
    after: str | None


class Preview(Struct, frozen=True, kw_only=True):
    """
    What a correction would change: who stands elsewhere at the end of its period, and the periods that it touches.

    `until` is the day of a later placement of the member, which goes on to hold from then; None where there is none.
    """

    stands: tuple[Stands, ...]
    periods: tuple[PeriodEffect, ...]
    until: date | None = None


class _Undone(Exception):
    """Takes a transaction back."""


class _Sight(Struct, frozen=True, kw_only=True):
    """The periods that a correction may touch, on one network, and under whom everybody stands in its own period."""

    sponsors: dict[str, str | None]
    seen: dict[Period, Seen]


async def preview_correction(correction: Correction) -> Preview:
    """Return what a correction would change; raises Refused with every finding, or where there is no company."""
    there = await company()
    if there is None:
        raise Refused([_no_company()])
    if findings := await check_correction(correction):
        raise Refused(findings)
    now, since = there.clock.now(), await _first_day(correction)
    try:
        async with transaction() as connection:
            await connection.execute_query("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            before = await _sight(since, now)
            await written(connection, correction)
            after = await _sight(since, now)
            raise _Undone
    except _Undone:
        until = await next_placement(correction.member, since) if isinstance(correction, Move) else None
    effects = (effect_of(before.seen[period], after.seen[period]) for period in sorted(before.seen))
    return Preview(
        stands=tuple(
            Stands(member=code, before=before.sponsors.get(code), after=sponsor)
            for code, sponsor in sorted(after.sponsors.items())
            if before.sponsors.get(code) != sponsor
        ),
        periods=tuple(effect for effect in effects if effect.members),
        until=until,
    )


async def _first_day(correction: Correction) -> date:
    """Return the first day on which anything would be otherwise."""
    if not isinstance(correction, Leave):
        return correction.since
    member = await person_on(correction.member, date.max)
    assert member is not None, "who leaves was found before"
    return min(day for day in (correction.on, member.left_on) if day is not None)


async def _sight(since: date, now: datetime) -> _Sight:
    memory = await recall(now)
    assert memory is not None, "the company is there"
    await close_behind(memory, now)
    open_period, first = memory.company.period_at(now), Period(since.year, since.month)
    touched = [each for each in (*memory.closed, open_period) if each >= first]
    tree = (await network_of(memory, max(first, min(touched, default=first)))).tree
    above = tree.sponsor.tolist()
    known = Known(books=open_period, now=now)
    again = {one.period: one async for one in known_again(known, since=first)}
    return _Sight(
        sponsors={code: tree.members[at] if at >= 0 else None for code, at in zip(tree.members, above, strict=True)},
        seen={period: await _seen(memory, period, now, again.get(period)) for period in touched},
    )


async def _seen(memory: Memory, period: Period, now: datetime, closed: Corrected | None) -> Seen:
    """Return a period computed: a closed one as it is corrected, with all that is known now."""
    if closed is not None:
        return Seen(
            snapshot=closed.snapshot, terms=closed.terms, outcome=closed.outcome, posting=closed.due, closed=True
        )
    terms = memory.company.terms_of(period)
    snapshot = await snapshot_at(memory, period, now)
    outcome = run(snapshot, terms)
    posting = posting_of(snapshot, terms, outcome)
    return Seen(snapshot=snapshot, terms=terms, outcome=outcome, posting=posting, closed=False)


def _no_company() -> Finding:
    return Finding(
        code="company-missing",
        place=Place(source="database"),
        message="No company was imported here yet.",
        remedy="Import one first.",
    )
