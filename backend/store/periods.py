"""
Closed periods in the tables: begun under a lock, written whole and sealed, read again; nobody writes to them after.
"""

import asyncio
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec
from msgspec import Struct
from tortoise.connection import get_connection

from backend.engine.outcome import Outcome
from backend.engine.periods.adjustments import Adjustment, Posted, Posting, read_posting
from backend.engine.periods.carryover import Carryover, read_carryover
from backend.engine.periods.frozen import frozen, read_outcome, read_snapshot
from backend.engine.snapshot import Snapshot
from backend.kernel.period import Period
from backend.plan.terms import Terms
from backend.store.closed_rows import ADJUSTMENT, DIFFERENCE, LINE, adjustment_row, in_turns, lines_of
from backend.store.database import ORDERS_CHANNEL
from backend.store.network import REACHED, RECORDED
from backend.store.orders import LOG_LOCK
from backend.store.transactions import transaction

CLOSED = "closed"


class Begun(Struct, frozen=True, kw_only=True):
    """A period that is being closed: how far entries, the network's log and statements are read for it, since when."""

    position: int
    network_position: int
    stated_position: int
    closing_at: datetime


class Sealed(Struct, frozen=True, kw_only=True):
    """A closed period as it was kept: what it takes to compute it again, and what came of it."""

    period: Period
    position: int
    network_position: int
    closed_at: datetime
    plan_digest: str
    terms: Terms
    snapshot: Snapshot
    snapshot_digest: str
    outcome: Outcome
    outcome_digest: str
    carryover: Carryover
    posting: Posting


class Closed(Struct, frozen=True, kw_only=True):
    """What closing writes, all of it or nothing."""

    plan_digest: str
    terms: Terms
    snapshot: Snapshot
    outcome: Outcome
    carryover: Carryover
    posting: Posting
    adjustments: Sequence[Adjustment]
    differences: Sequence[tuple[str, str]]
    """A member's code, and what the period gave beside what was projected, as JSON text."""


async def begin(period: Period, now: datetime) -> Begun:
    """
    Draw the line under a period: from here on nothing counts into it, and what it holds is what lies in the log.

    Who comes again after a crash goes on from the same line.
    """
    async with transaction() as connection:
        await connection.execute_query("SELECT pg_advisory_xact_lock($1)", [LOG_LOCK])
        await connection.execute_query(BEGIN, [str(period), now])
        (row,) = await connection.execute_query_dict(BEGUN, [str(period)])
    return Begun(**row)


class Listed(Struct, frozen=True, kw_only=True):
    """A period under which a line was drawn: whether it is closed, since when, and its hashes."""

    period: Period
    state: str
    closed_at: datetime | None
    snapshot_digest: str
    outcome_digest: str


async def listed() -> list[Listed]:
    """Return the periods that are being closed or are closed, in their order."""
    rows = await get_connection("default").execute_query_dict(LISTED)
    return [Listed(period=Period.parse(row.pop("id")), **row) for row in rows]


async def states() -> dict[Period, str]:
    """Return each period that is being closed or is closed, with which of the two."""
    rows = await get_connection("default").execute_query_dict("SELECT id, state FROM closed_period ORDER BY id")
    return {Period.parse(row["id"]): row["state"] for row in rows}


async def told_since(network_position: int) -> list[Period]:
    """
    Return the closed periods of which something was recorded after their line, in order.

    That is of the network, up to a position of its log, or a fact that was stated, for a day up to their last one.
    """
    rows = await get_connection("default").execute_query_dict(TOLD_SINCE, [network_position])
    return [Period.parse(row["id"]) for row in rows]


async def sealed(period: Period) -> Sealed | None:
    """Return a closed period as it was kept; None where it is not closed."""
    rows = await get_connection("default").execute_query_dict(SEALED, [str(period)])
    return await asyncio.to_thread(_sealed, period, rows[0]) if rows else None


async def carryover_out_of(period: Period) -> Carryover | None:
    """Return what a closed period handed on; None where it is not closed."""
    query = "SELECT carryover FROM closed_period WHERE id = $1 AND state = 'closed'"
    rows = await get_connection("default").execute_query_dict(query, [str(period)])
    return read_carryover(rows[0]["carryover"].encode()) if rows else None


async def adjusted_before(of_period: Period) -> list[tuple[Period, Adjustment]]:
    """Return the adjustments of a closed period that later ones have brought, in their order."""
    rows = await get_connection("default").execute_query_dict(ADJUSTED, [str(of_period)])
    return [(Period.parse(row.pop("period_id")), _adjustment(of_period, row)) for row in rows]


async def seal(period: Period, closed: Closed, *, closed_at: datetime) -> bool:
    """
    Write a period that was begun, its lines, its adjustments and its differences, and seal it, as one.

    False, and nothing written, where somebody else has sealed it meanwhile.
    """
    async with transaction() as connection:
        (row,) = await connection.execute_query_dict(STATE, [str(period)])
        if row["state"] == CLOSED:
            return False
        async with connection.acquire_connection() as raw:
            ids = {row["code"]: row["id"] for row in await raw.fetch("SELECT id, code FROM member")}
            lines = in_turns(lines_of(closed.snapshot, closed.terms, closed.outcome, ids))
            await raw.copy_records_to_table("closed_line", columns=LINE, records=lines)
            adjustments = in_turns(adjustment_row(str(period), each, ids) for each in closed.adjustments)
            await raw.copy_records_to_table("adjustment_line", columns=ADJUSTMENT, records=adjustments)
            differences = in_turns((str(period), ids[code], document) for code, document in closed.differences)
            await raw.copy_records_to_table("close_difference", columns=DIFFERENCE, records=differences)
        documents = await asyncio.to_thread(_documents, closed)
        await connection.execute_query(SEAL, [str(period), closed_at, *documents])
        await connection.execute_query("SELECT pg_notify($1, '')", [ORDERS_CHANNEL])
    return True


def _adjustment(of_period: Period, row: dict[str, Any]) -> Adjustment:
    amounts = {name: row.pop(name) for name in ("posted_minor", "due_minor")}
    return Adjustment(period=str(of_period), of=Posted(**row), **amounts)


def _documents(closed: Closed) -> tuple[Any, ...]:
    return (
        closed.plan_digest,
        msgspec.json.encode(closed.terms).decode(),
        frozen(closed.snapshot),
        closed.snapshot.digest(),
        frozen(closed.outcome),
        closed.outcome.digest(),
        closed.carryover.encoded().decode(),
        closed.posting.encoded().decode(),
    )


def _sealed(period: Period, row: dict[str, Any]) -> Sealed:
    return Sealed(
        period=period,
        position=row["position"],
        network_position=row["network_position"],
        closed_at=row["closed_at"],
        plan_digest=row["plan_digest"],
        terms=msgspec.json.decode(row["terms"], type=Terms),
        snapshot=read_snapshot(row["snapshot"]),
        snapshot_digest=row["snapshot_digest"],
        outcome=read_outcome(row["outcome"]),
        outcome_digest=row["outcome_digest"],
        carryover=read_carryover(row["carryover"].encode()),
        posting=read_posting(row["posting"].encode()),
    )


BEGIN = f"""
INSERT INTO closed_period (id, state, position, network_position, stated_position, closing_at, plan_digest, terms,
                           snapshot_digest, outcome_digest, carryover, posting)
SELECT $1, 'closing', coalesce(max(position), 0), {REACHED}, (SELECT coalesce(max(id), 0) FROM stated_fact), $2,
       '', '', '', '', '', ''
FROM volume_entry
ON CONFLICT (id) DO NOTHING
"""

BEGUN = "SELECT position, network_position, stated_position, closing_at FROM closed_period WHERE id = $1"

TOLD_SINCE = f"""
SELECT closed.id FROM closed_period AS closed
CROSS JOIN LATERAL (SELECT (closed.id || '-01')::date + interval '1 month' AS ends) AS month
WHERE state = 'closed'
AND (EXISTS (SELECT FROM ({RECORDED}) AS log
             WHERE recorded > closed.network_position AND recorded <= $1 AND since < month.ends)
     OR EXISTS (SELECT FROM stated_fact WHERE id > closed.stated_position AND since < month.ends))
ORDER BY closed.id
"""

STATE = "SELECT state FROM closed_period WHERE id = $1 FOR UPDATE"

SEAL = """
UPDATE closed_period
SET state = 'closed', closed_at = $2, plan_digest = $3, terms = $4, snapshot = $5, snapshot_digest = $6, outcome = $7,
    outcome_digest = $8, carryover = $9, posting = $10
WHERE id = $1
"""

LISTED = "SELECT id, state, closed_at, snapshot_digest, outcome_digest FROM closed_period ORDER BY id"

SEALED = """
SELECT position, network_position, closed_at, plan_digest, terms, snapshot, snapshot_digest, outcome, outcome_digest,
       carryover, posting
FROM closed_period WHERE id = $1 AND state = 'closed'
"""

ADJUSTED = """
SELECT period_id, member.code AS earner, bonus, leg, source, generation, product, currency, posted_minor, due_minor
FROM adjustment_line JOIN member ON member.id = member_id
WHERE of_period = $1 ORDER BY period_id, adjustment_line.id
"""
