"""
Loading: from PostgreSQL into columns against what the server alone needs, and a restart from the file against the load.

`scripts/bench load [--members 1000000]`. The members stand in a random tree and have two orders each in the month. The
server's own part is `COPY ... TO '/dev/null'` of the same questions in the same form. Medians of interleaved rounds.
"""

import argparse
import asyncio
import os
import signal
import sys
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path
from resource import RUSAGE_SELF, getrusage
from statistics import median
from typing import Any

import asyncpg

from backend.embedded.cluster import Cluster
from backend.engine.columns.breadth import arranged
from backend.kernel.period import Period
from backend.plan.terms import Leavers
from backend.store.columns.kept import check_fit, keep, kept
from backend.store.columns.loaded import Stamp
from backend.store.columns.loading import CODES, arguments, at_one_instant, copied_sheet, load, questions
from backend.store.columns.placed import placed_on, snapshot_from
from backend.store.database import opened
from tests.bench.companies import fill
from tests.databases import Databases, short_folder
from tests.flows.companies import terms
from tests.stores import migrate

MONTH = Period(2026, 10)
NOW = datetime(2026, 10, 20, 12, tzinfo=UTC)
ROUNDS = 3
RELOAD_SECONDS = 1.0
LOAD_BAR, RESTART_BAR = 1.5, 1 / 20


def main() -> int:
    """Measure companies of the sizes asked for; 1 where a bar is missed."""
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--members", type=int, nargs="+", default=[100_000, 1_000_000])
    return max(asyncio.run(_measured(members)) for members in words.parse_args().members)


async def _measured(members: int) -> int:
    with short_folder() as folder, Cluster(folder / "database", durable=False) as cluster:
        await _let_write(folder / "database", cluster.dsn)
        databases = Databases(cluster.dsn, migrate)
        async with databases.fresh() as dsn, opened(dsn):
            await fill(members, MONTH)
            found = await _rounds(folder / "columns")
        await databases.close()
    return _told(members, found)


async def _let_write(folder: Path, dsn: str) -> None:
    """Let the product's role write files of the server, as COPY to nowhere asks for; the server is the bench's own."""
    data = next(folder.glob("**/postmaster.pid")).parent
    for name, line in (("pg_hba.conf", "local all postgres peer map=product\n"), ("pg_ident.conf", "")):
        path = data / name
        written = path.read_text()
        path.write_text(written + (line or written.replace(" handrail", " postgres")))
    os.kill(int((data / "postmaster.pid").read_text().split()[0]), signal.SIGHUP)
    await asyncio.sleep(RELOAD_SECONDS)
    raw = await asyncpg.connect(dsn, user="postgres")
    await raw.execute("GRANT pg_write_server_files TO handrail")
    await raw.close()


async def _rounds(path: Path) -> dict[str, float]:
    columns = await load(MONTH, terms(), NOW)
    keep(path, columns)
    parts, ours = dict[str, float](), dict[str, float]()
    took: dict[str, list[float]] = {"server": [], "load": [], "restart": []}
    for _ in range(ROUNDS):
        await _sheets(columns.stamp, ours)
        for name, work in (
            ("server", lambda: _server(columns.stamp, parts)),
            ("load", lambda: load(MONTH, terms(), NOW)),
            ("restart", lambda: _restart(path)),
        ):
            took[name].append(await _seconds(work))
    print("last round, server and copied:", end=" ")
    print(", ".join(f"{name} {seconds:.2f} and {ours[name]:.2f} s" for name, seconds in parts.items()))
    plain = [sum(seconds for name, seconds in each.items() if name != "volume") for each in (ours, parts)]
    print(
        f"without the sums of volume, which the server takes longest for: {plain[0] / plain[1]:.2f} x the server alone"
    )
    found = {name: median(each) for name, each in took.items()}
    placed = placed_on(columns, MONTH.last_day, Leavers.MOVE_UP)
    arranged(["A"], placed.sponsor[:1], columns.rank[:1])
    began = time.perf_counter()
    placed = placed_on(columns, MONTH.last_day, Leavers.MOVE_UP)
    tree = arranged(columns.ids(), placed.sponsor, columns.rank)
    found["arrange"] = time.perf_counter() - began
    began = time.perf_counter()
    snapshot_from(columns, MONTH, terms(), carried={}, placed=placed, tree=tree)
    found["snapshot"] = time.perf_counter() - began
    return found | {"bytes": path.stat().st_size, "peak": getrusage(RUSAGE_SELF).ru_maxrss * 1024}


async def _seconds(work: Callable[[], Awaitable[Any]]) -> float:
    began = time.perf_counter()
    await work()
    return time.perf_counter() - began


async def _server(stamp: Stamp, parts: dict[str, float]) -> None:
    """Let the server write what it would send to nowhere, and note how long each part took."""
    async with at_one_instant() as raw:
        for name, query in questions(stamp).items():
            said = await raw.fetchval("SELECT $1::text", query)
            for at, value in reversed(list(enumerate(arguments(name, stamp), start=1))):
                said = said.replace(f"${at}", await _literal(raw, value))
            began = time.perf_counter()
            await raw.execute(f"COPY ({said}) TO '/dev/null' (FORMAT binary)")
            parts[name] = time.perf_counter() - began
        await raw.execute(f"COPY ({CODES}) TO '/dev/null'")


async def _sheets(stamp: Stamp, parts: dict[str, float]) -> None:
    """Copy each sheet for itself, and note how long it took: sums that the server makes hide what reading costs."""
    async with at_one_instant() as raw:
        for name, query in questions(stamp).items():
            began = time.perf_counter()
            await copied_sheet(raw, name, query, arguments(name, stamp))
            parts[name] = time.perf_counter() - began


async def _literal(raw: Any, value: object) -> str:
    kind = {list: "text[]", datetime: "timestamptz", int: "bigint"}.get(type(value), "text")
    return str(await raw.fetchval(f"SELECT format('%L::{kind}', $1::{kind})", value))


async def _restart(path: Path) -> None:
    """Read the file, see that it is whole, and that it fits."""
    columns = kept(path)
    assert columns is not None, "it was kept"
    await check_fit(columns.stamp, MONTH, terms())


def _told(members: int, found: dict[str, float]) -> int:
    bars = {
        "load": (found["load"], found["server"], LOAD_BAR, "the server alone"),
        "restart": (found["restart"], found["load"], RESTART_BAR, "the load"),
    }
    print(f"{members:,} members: the server alone {found['server']:.2f} s", end="")
    for name, (took, beside, bar, what) in bars.items():
        print(f"; {name} {took:.3f} s, {took / beside:.3f} x {what} (bar {bar:g})", end="")
    print(f"; then arranged in {found['arrange']:.2f} s, a snapshot of it in {found['snapshot']:.2f} s", end="")
    print(f"; file {found['bytes'] / 2**20:.0f} MiB, peak {found['peak'] / 2**20:,.0f} MiB", flush=True)
    return int(any(took > bar * beside for took, beside, bar, _ in bars.values()))


if __name__ == "__main__":
    sys.exit(main())
