"""
A sealed month amidst the world: it computes again to the same hashes elsewhere, and nothing crosses its line.
"""

import asyncio
import json
import os
import sys
from asyncio.subprocess import PIPE
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from tortoise.connection import get_connection

from backend.flows.close_period import Closing, close_period
from backend.flows.replace_plan import replace_plan
from backend.flows.set_clock import set_clock
from backend.kernel.period import Period
from backend.store import periods
from backend.store.database import opened
from tests.flows.companies import PLAN, found, order, orders_csv, take

OCTOBER = Period(2026, 10)
NOW = datetime(2026, 11, 4, 12, tzinfo=UTC)
SOLD = orders_csv(
    "A-1,order,TOP,,2026-10-05T10:00:00Z,120,120,",
    "A-2,order,LEG,C-1,2026-10-06T10:00:00Z,300,300,",
    "A-3,order,LEG,,2026-10-07T10:00:00Z,100,100,",
)
ROOT = Path(__file__).parents[2]
ENVIRONMENTS: dict[str, tuple[dict[str, str], list[str]]] = {
    "as it is": ({}, []),
    "another hash seed, zone and language": (
        {"PYTHONHASHSEED": "4711", "TZ": "Pacific/Kiritimati", "LC_ALL": "tr_TR.UTF-8"},
        [],
    ),
    "without assertions, one thread": ({"PYTHONHASHSEED": "0", "NUMBA_NUM_THREADS": "1"}, ["-O"]),
    "another processor": ({"NUMBA_CPU_NAME": "generic", "NUMBA_CPU_FEATURES": ""}, []),
    "no compiler": ({"NUMBA_DISABLE_JIT": "1", "TZ": "America/St_Johns"}, []),
}


@pytest.fixture
async def dsn(database: str) -> AsyncIterator[str]:
    """Import a company; it is early November."""
    async with opened(database):
        await found(orders=SOLD, now=NOW)
        await set_clock(real_at=datetime.now(UTC), company_at=NOW, speed=1)
        yield database


async def test_five_environments_and_another_plan_give_the_same_hashes(dsn: str, tmp_path: Path) -> None:
    """R7: after rates have changed, another hash seed, zone, language, processor and no compiler say one SHA-256."""
    first = await close_period(OCTOBER)
    dearer = PLAN.replace('percent = { 2020-01-01 = "5 %" }', 'percent = { 2020-01-01 = "6 %" }')
    await replace_plan(dearer, "plan")
    said = {name: await _closed_in(dsn, tmp_path, *where) for name, where in ENVIRONMENTS.items()}
    hashes = {name: (each.snapshot_digest, each.outcome_digest) for name, each in said.items()}
    assert dict.fromkeys(ENVIRONMENTS, (first.snapshot_digest, first.outcome_digest)) == hashes
    assert {True} == {each.closed_before for each in said.values()}


async def _closed_in(dsn: str, folder: Path, changed: dict[str, str], flags: list[str]) -> Closing:
    """Close October by the command in a process of another environment, and return what it said."""
    environment = os.environ | {"DATABASE_URL": dsn, "HANDRAIL_DATA": str(folder)} | changed
    words = (*flags, "-m", "backend", "period", "close", "2026-10", "--json")
    process = await asyncio.create_subprocess_exec(
        sys.executable, *words, cwd=ROOT, env=environment, stdout=PIPE, stderr=PIPE
    )
    said, wrong = await process.communicate()
    assert process.returncode == 0, wrong.decode()
    return Closing(**json.loads(said))


async def test_orders_that_come_while_it_is_closed_lie_on_one_side(dsn: str) -> None:
    """Two closers draw one line amidst late orders: what lies before it is October's, the rest November's."""
    late = [order(f"L-{at}", placed_at=datetime(2026, 10, 30, 9, tzinfo=UTC)) for at in range(40)]

    async def close_soon() -> Closing:
        await asyncio.sleep(0.1)
        return await close_period(OCTOBER)

    *taken, one, other = await asyncio.gather(*(take(each, now=NOW) for each in late), close_soon(), close_soon())
    kept = await periods.sealed(OCTOBER)
    assert kept is not None
    entries = await get_connection("default").execute_query_dict("SELECT position, period FROM volume_entry")
    assert ["accepted"] * 40 == [told.status for each in taken for told in each]
    assert 43 == len(entries)
    assert all((row["period"] == "2026-10") == (row["position"] <= kept.position) for row in entries)
    assert {"2026-10", "2026-11"} >= {row["period"] for row in entries}
    before = sum(row["period"] == "2026-10" for row in entries)
    assert 520_00 + 50_00 * (before - 3) == int(kept.snapshot.own_pv.sum() + kept.snapshot.customer_pv.sum())
    assert {(kept.snapshot_digest, kept.outcome_digest)} == {
        (each.snapshot_digest, each.outcome_digest) for each in (one, other, await close_period(OCTOBER))
    }
