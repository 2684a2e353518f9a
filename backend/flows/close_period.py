"""
Close a period: draw the line, freeze and hash what lies before it, run, check the laws, write all of it once, seal.

What takes long is computed beside the event loop, so that the pulse of a worker that closes goes on.

Every step can be tried again. The line is drawn in a transaction of its own, so that a close that was cut off goes on
from the same line; everything else is one transaction. A closed period is computed again from what was kept, and gives
the same hashes, on whatever machine and under whatever plan.
"""

import asyncio
from collections.abc import Callable
from datetime import datetime

from msgspec import Struct
from msgspec.structs import replace

from backend.engine.periods.adjustments import Adjustment, posting_of
from backend.engine.periods.assemble import snapshot_of
from backend.engine.periods.carryover import Carryover, carryover_of
from backend.engine.pipeline import run
from backend.engine.snapshot import Carried, Snapshot
from backend.flows.close_difference import Result, differences_of
from backend.flows.correcting import corrections
from backend.kernel.finding import Finding, Place, Refused
from backend.kernel.period import Period
from backend.plan.terms import Terms
from backend.store import periods
from backend.store.company import CompanyRow, company
from backend.store.network import members_on
from backend.store.periods import CLOSED, Begun, Closed, Sealed
from backend.store.rolls import brought_into, facts, first_period, roll_of, volumes_of


class Closing(Struct, frozen=True, kw_only=True):
    """A closed period: its hashes, how many lines and adjustments it has, and whether it was closed before already."""

    period: str
    snapshot_digest: str
    outcome_digest: str
    lines: int
    adjustments: int
    closed_before: bool


async def close_period(period: Period) -> Closing:
    """
    Close a period that is over, or compute a closed one again and say its hashes.

    Raises Refused where it is not over, an earlier one is still open, the outcome of a closed one is another than was
    sealed, or there is no company.
    """
    there = await company()
    if there is None:
        raise Refused([_finding(period, "company-missing", "No company was imported here yet.", "Import one first.")])
    now = there.clock.now()
    if kept := await periods.sealed(period):
        return await asyncio.to_thread(_again, period, kept)
    if findings := await _not_yet(period, there, now):
        raise Refused(findings)
    closed = await _closed(period, there, await periods.begin(period, now))
    await periods.seal(period, closed, closed_at=now)
    kept = await periods.sealed(period)
    assert kept is not None, "what was sealed is there"
    return _closing(period, kept, closed_before=False)


def _again(period: Period, kept: Sealed) -> Closing:
    """Compute a closed period again from what was kept, and compare the hashes."""
    outcome = run(kept.snapshot, kept.terms)
    if (kept.snapshot.digest(), outcome.digest()) != (kept.snapshot_digest, kept.outcome_digest):
        message = f"Computed again, {period} gives another outcome than the one that was sealed."
        remedy = "Nothing was changed. Compare the version of Handrail with the one that closed it."
        raise Refused([_finding(period, "period-differs", message, remedy)])
    return _closing(period, kept, closed_before=True)


def _closing(period: Period, kept: Sealed, *, closed_before: bool) -> Closing:
    return Closing(
        period=str(period),
        snapshot_digest=kept.snapshot_digest,
        outcome_digest=kept.outcome_digest,
        lines=len(kept.outcome.lines),
        adjustments=len(kept.posting.adjustments),
        closed_before=closed_before,
    )


async def _not_yet(period: Period, there: CompanyRow, now: datetime) -> list[Finding]:
    """Return why a period cannot be closed yet."""
    found: list[Finding] = []
    if now < period.end(there.zone):
        message = f"{period} is not over: it ends at {period.end(there.zone).isoformat()}."
        found.append(_finding(period, "period-running", message, "Close it after that instant."))
    closed = [each for each, state in (await periods.states()).items() if state == CLOSED]
    first = max(closed).plus(1) if closed else await first_period()
    if first is not None and first < period:
        message = f"{first} is not closed, and {period} takes over what it hands on."
        found.append(_finding(period, "period-earlier-open", message, f"Close {first} first."))
    return found


async def _closed(period: Period, there: CompanyRow, begun: Begun) -> Closed:
    """Return all that the close writes, as the company lies before the line."""
    terms = there.terms_of(period)
    corrected = await corrections(period, begun)
    assemble = await _assembled(period, terms, begun, corrected.carryover)
    closed = await asyncio.to_thread(_computed, assemble, terms, there.plan_digest, corrected.adjustments)
    result = Result(snapshot=closed.snapshot, terms=terms, outcome=closed.outcome)
    differences = await differences_of(period, result, position=begun.position, now=begun.closing_at)
    return replace(closed, differences=differences)


async def _assembled(period: Period, terms: Terms, begun: Begun, before: Carryover | None) -> Callable[[], Snapshot]:
    """Read what lies before the line, and return what makes a snapshot of it."""
    members = await members_on(period.last_day, position=begun.network_position)
    volumes = await volumes_of(period, now=begun.closing_at, position=begun.position)
    brought = await brought_into(period, members, terms) if before is None else None
    stated = await facts()

    def assemble() -> Snapshot:
        carried: dict[str, Carried] = (before.under(terms) if before else brought) or {}
        roll = roll_of(members, terms, period, stated)
        return snapshot_of(period=str(period), roll=roll, volumes=volumes, carried=carried, terms=terms)

    return assemble


def _computed(
    assemble: Callable[[], Snapshot], terms: Terms, plan_digest: str, corrected: tuple[Adjustment, ...]
) -> Closed:
    """Compute a period, with no difference to what was shown yet."""
    snapshot = assemble()
    outcome = run(snapshot, terms)
    return Closed(
        plan_digest=plan_digest,
        terms=terms,
        snapshot=snapshot,
        outcome=outcome,
        carryover=carryover_of(snapshot, terms, outcome),
        posting=posting_of(snapshot, terms, outcome, corrected),
        adjustments=corrected,
        differences=(),
    )


def _finding(period: Period, code: str, message: str, remedy: str) -> Finding:
    return Finding(code=code, place=Place(source="period", path=str(period)), message=message, remedy=remedy)
