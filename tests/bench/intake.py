"""
Durable orders a second through the shop's door, each answered after its commit, beside pgbench on the same server.

Run by `scripts/bench intake`; it exits with 1 where a figure falls short of its bar. Rounds of pgbench and of the door
take turns on one durable server, and the ratios are those of the medians: other work on the machine hits both. One
web process answers, or as many as `--processes` says, and no worker: it would compute pages on the same cores.
"""

import argparse
import asyncio
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple
from zoneinfo import ZoneInfo

import asyncpg
import httpx

from backend.embedded.cluster import Cluster
from backend.flows.import_company import import_company
from backend.flows.open_shop import open_shop
from backend.flows.shop_secret import secret_of
from backend.serving import bound
from backend.store.database import migrate, opened
from tests.bench import database
from tests.bench.posting import HOST, SHOP, Posted, messages, post
from tests.databases import short_folder
from tests.worker.processes import ROOT

PLAN = ROOT / "manifest" / "plans" / "stairstep.toml"
SECRET = "a secret of the benchmark, long enough"
MEMBERS = 1000
FEW, MANY = 8, 64
BATCH = 100
SINGLE_BAR, BATCH_BAR, P99_BAR_MS = 0.35, 0.45, 10.0


class Round(NamedTuple):
    """One turn of pgbench and of the door: transactions a second, and what was posted, by the number of clients."""

    rows: dict[int, float]
    hundreds: float
    singles: dict[int, Posted]
    batches: Posted


def main() -> int:
    """Measure, print, and say whether every bar was reached."""
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--rounds", type=int, default=3)
    words.add_argument("--seconds", type=int, default=3)
    words.add_argument("--messages", type=int, default=8000)
    words.add_argument("--processes", type=int, default=1)
    said = words.parse_args()
    with door(said.processes) as (ports, dsn, folder):
        door_warm(ports)
        rounds = [turn(ports, dsn, folder, seconds=said.seconds, number=said.messages) for _ in range(said.rounds)]
        accepted = sum(sum(one.orders for one in (*turn.singles.values(), turn.batches)) for turn in rounds)
        kept = asyncio.run(asked(dsn, "SELECT count(*) FROM volume_entry")) - WARM
    assert accepted == kept, f"{accepted} orders were accepted, {kept} are there"
    return 0 if all([*figures(rounds)]) else 1


WARM = 500


def door_warm(ports: Sequence[int]) -> None:
    """Let the processes compile their statements and fill their pools before anything is measured."""
    post(ports, messages(WARM, 1, MEMBERS, secret_of(SECRET, SHOP, 1)), MANY)


def turn(ports: Sequence[int], dsn: str, folder: Path, *, seconds: int, number: int) -> Round:
    """Let pgbench and the door take turns once."""
    secret = secret_of(SECRET, SHOP, 1)
    rows: dict[int, float] = {}
    singles: dict[int, Posted] = {}
    for clients in (FEW, MANY):
        rows[clients] = database.transactions(dsn, folder, database.ONE, clients=clients, seconds=seconds)
        singles[clients] = post(ports, messages(number, 1, MEMBERS, secret), clients)
    hundreds = database.transactions(dsn, folder, database.HUNDRED, clients=FEW, seconds=seconds)
    batches = post(ports, messages(number // 20, BATCH, MEMBERS, secret), FEW)
    return Round(rows=rows, hundreds=hundreds, singles=singles, batches=batches)


def figures(rounds: list[Round]) -> Iterator[bool]:
    """Print each figure beside its bar, and yield whether it reaches it."""
    for clients in (FEW, MANY):
        pgbench = statistics.median(one.rows[clients] for one in rounds)
        posted = statistics.median(one.singles[clients].rate for one in rounds)
        print(f"{clients} clients: pgbench {pgbench:,.0f} rows/s, the door {posted:,.0f} orders/s")
    rows = max(statistics.median(one.rows[clients] for one in rounds) for clients in (FEW, MANY))
    singles = max(statistics.median(one.singles[clients].rate for one in rounds) for clients in (FEW, MANY))
    hundreds = BATCH * statistics.median(one.hundreds for one in rounds)
    batches = statistics.median(one.batches.rate for one in rounds)
    p99 = statistics.median(one.singles[FEW].p99_ms for one in rounds)
    print(f"batches of {BATCH}, {FEW} clients: pgbench {hundreds:,.0f} rows/s, the door {batches:,.0f} orders/s")
    yield reached("single orders to pgbench's rows", singles / rows, SINGLE_BAR)
    yield reached("batches to pgbench's hundreds", batches / hundreds, BATCH_BAR)
    within = p99 < P99_BAR_MS
    print(
        f"{'reached' if within else 'MISSED '}  99th percentile at {FEW} clients {p99:.1f} ms, bar under {P99_BAR_MS}"
    )
    yield within


def reached(what: str, ratio: float, bar: float) -> bool:
    """Print a ratio beside its bar."""
    print(f"{'reached' if ratio >= bar else 'MISSED '}  {what} {ratio:.2f}, bar {bar:.2f}")
    return ratio >= bar


@contextmanager
def door(processes: int) -> Iterator[tuple[list[int], str, Path]]:
    """Yield the ports of web processes on a durable server with a company, the server's address, and a folder."""
    with short_folder() as folder, Cluster(folder / "database") as cluster, ExitStack() as running:
        asyncio.run(founded(cluster.dsn))
        ports = [running.enter_context(web(cluster.dsn, folder)) for _ in range(processes)]
        yield ports, cluster.dsn, folder


@contextmanager
def web(dsn: str, folder: Path) -> Iterator[int]:
    """Run one web process as the product runs it, without a worker; yield its port."""
    with bound(HOST, 0) as free:
        port = free.getsockname()[1]
    options = ["--factory", "backend.app:create_app", "--port", str(port), "--no-access-log", "--log-level", "warning"]
    command = [sys.executable, "-m", "uvicorn", *options, "--http", "httptools", "--loop", "uvloop"]
    environment = os.environ | {"DATABASE_URL": dsn, "HANDRAIL_DATA": str(folder), "HANDRAIL_SECRET": SECRET}
    process = subprocess.Popen(command, cwd=ROOT, env=environment)
    try:
        until_answered(f"http://{HOST}:{port}/", process)
        yield port
    finally:
        process.terminate()
        process.wait(20)


def until_answered(address: str, process: subprocess.Popen[bytes]) -> None:
    """Wait until pages are answered."""
    while process.poll() is None:
        try:
            httpx.get(address)
        except httpx.TransportError:
            time.sleep(0.1)
        else:
            return
    raise RuntimeError("the web process ended")


async def founded(dsn: str) -> None:
    """Found a company of members under members, with one shop."""
    await migrate(dsn)
    rows = "".join(f"M{one},{f'M{(one - 1) // 8}' if one else ''},Member {one},2025-01-01\n" for one in range(MEMBERS))
    async with opened(dsn):
        await import_company(
            members_csv=f"member,sponsor,name,joined\n{rows}".encode(),
            orders_csv=b"order,kind,member,customer,placed_at,pv,cv,returns\n",
            plan_source=PLAN.read_text(),
            name="Bench",
            zone=ZoneInfo("UTC"),
            now=datetime.now(UTC),
        )
        await open_shop(SHOP)
    await asked(dsn, database.TABLE)


async def asked(dsn: str, statement: str) -> int:
    """Return the one value of a statement, 0 where it has none."""
    connection = await asyncpg.connect(dsn)
    value = await connection.fetchval(statement)
    await connection.close()
    return int(value or 0)


if __name__ == "__main__":
    sys.exit(main())
