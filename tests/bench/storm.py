"""
Storm: histories shuffled and doubled end in the same state, and concurrent posts of one key have one effect.

And orders that come while their month is closed lie on one side of its line each. Run by `scripts/storm [--histories
10000] [--posts 200] [--crossing 600] [--seed 1]`. Histories go the product's own road into a real PostgreSQL, twenty in
one stream; posts go to two web processes over HTTP. Prints the figures beside the bars, and exits 1 where one falls
short.
"""

import argparse
import asyncio
import json
import os
import sys
import time
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from random import Random

import asyncpg
import httpx
from msgspec import Struct

from backend.embedded.cluster import Cluster
from backend.flows.open_shop import open_shop
from backend.flows.shop_secret import secret_of
from backend.flows.take_events import take_events
from backend.kernel.signature import signed
from backend.settings import read_settings
from backend.store.database import opened
from tests.bench.crossing import Crossed, cross
from tests.databases import Databases, short_folder
from tests.fleet import Fleet, running
from tests.flows.companies import NOW, ZONE, found, terms
from tests.histories import History, shaken
from tests.states import state_of
from tests.stores import migrate

TOGETHER = 20
"""So many histories are one stream."""

IN_A_DATABASE = 400
SHOP = "till"
MOST_POSTS = 10_000


class Converged(Struct, kw_only=True):
    """How many histories were told, in how many events and messages, and what did not go well."""

    histories: int = 0
    events: int = 0
    messages: int = 0
    held: int = 0
    astray: int = 0


def main() -> int:
    """Run both, print, and say whether the bars were reached."""
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--histories", type=int, default=10_000)
    words.add_argument("--posts", type=int, default=200)
    words.add_argument("--crossing", type=int, default=600)
    words.add_argument("--seed", type=int, default=1)
    said = words.parse_args()
    began = time.monotonic()
    with short_folder() as folder, Cluster(folder / "database", durable=False) as cluster:
        statuses = asyncio.run(one_key(folder, cluster.dsn, min(said.posts, MOST_POSTS)))
        crossed = asyncio.run(cross(folder, cluster.dsn, said.crossing))
        converged = asyncio.run(converge(cluster.dsn, said.histories, said.seed))
    return told(statuses, crossed, converged, said.posts, time.monotonic() - began)


async def converge(dsn: str, histories: int, seed: int) -> Converged:
    """Tell each history once in its own order and once shaken, and compare what the tables hold."""
    sum_of, databases = Converged(), Databases(dsn, migrate)
    for first in range(0, histories, IN_A_DATABASE):
        async with databases.fresh() as fresh, opened(fresh):
            await found()
            for group in range(first, min(first + IN_A_DATABASE, histories), TOGETHER):
                await _group(sum_of, range(group, min(group + TOGETHER, histories)), seed)
    await databases.close()
    return sum_of


async def _group(sum_of: Converged, numbers: range, seed: int) -> None:
    """Tell some histories in one stream."""
    group = f"{numbers.start:06d}x"
    plain, mixed = (
        [event for number in numbers for event in History(seed * 1_000_003 + number, f"{way}{group}{number}").events]
        for way in "ab"
    )
    taken = await take_events(source=SHOP, events=plain, now=NOW, zone=ZONE, terms=terms())
    wrong = sum(one.status != "accepted" for one in taken.told)
    for message in shaken(mixed, Random(seed + numbers.start)):
        taken = await take_events(source=SHOP, events=message, now=NOW, zone=ZONE, terms=terms())
        counts = Counter(one.status for one in taken.told)
        wrong += counts["refused"]
        sum_of.held += counts["held"]
        sum_of.events += len(message)
        sum_of.messages += 1
    if wrong or await state_of(f"a{group}") != await state_of(f"b{group}"):
        sum_of.astray += len(numbers)
        print(f"histories {numbers.start} to {numbers.stop - 1} went astray, seed {seed}", file=sys.stderr)
    sum_of.histories += len(numbers)


async def one_key(folder: Path, dsn: str, posts: int) -> Counter[str]:
    """Post one order so many times at once to two web processes; return what each was told, and what there is."""
    databases = Databases(dsn, migrate)
    async with databases.fresh() as fresh:
        async with opened(fresh):
            await found()
            version = await open_shop(SHOP)
        secret = secret_of(read_settings({"HANDRAIL_DATA": str(folder)}).secret, SHOP, version)
        with running(Fleet(folder, dsn=fresh, workers=0)) as fleet:
            statuses = Counter(await _posted(fleet.addresses, secret, posts))
        connection = await asyncpg.connect(fresh)
        statuses["entries"] = await connection.fetchval("SELECT count(*) FROM volume_entry")
        await connection.close()
    await databases.close()
    return statuses


async def _posted(addresses: list[str], secret: bytes, posts: int) -> list[str]:
    placed_at = datetime.now(UTC).isoformat(timespec="seconds")
    order = {"order": "one", "member": "LEG", "placed_at": placed_at, "pv": "50.00", "cv": "45.00"}
    body = json.dumps(order).encode()
    headers = signed(body, key=SHOP, secret=secret, message_id="one", timestamp=int(time.time()))
    async with httpx.AsyncClient(limits=httpx.Limits(max_connections=posts), timeout=60) as client:
        answers = await asyncio.gather(
            *(
                client.post(f"{addresses[at % len(addresses)]}/intake/orders", content=body, headers=headers)
                for at in range(posts)
            )
        )
    return [
        answer.json()["results"][0]["status"] if answer.is_success else str(answer.status_code) for answer in answers
    ]


def told(statuses: Counter[str], crossed: Crossed, converged: Converged, posts: int, seconds: float) -> int:
    """Print the figures beside the bars; return 1 where one falls short."""
    once = (statuses["accepted"], statuses["repeated"], statuses["entries"]) == (1, posts - 1, 1)
    print(f"{os.cpu_count()} cores, {seconds:.0f} s")
    print(
        f"one key, {posts} concurrent posts, 2 web processes: {statuses['accepted']} accepted, "
        f"{statuses['repeated']} repeated, {statuses['entries']} entry   bar 1, {posts - 1}, 1   {_word(once)}"
    )
    print(
        f"a month closed twice amidst {crossed.posted} orders, 2 web processes: {crossed.before} before the line, "
        f"{crossed.behind} behind it, {crossed.accepted} accepted, "
        f"sealed once: {'yes' if crossed.is_sealed_once else 'no'}   bar {crossed.posted}, each on one side, once   "
        f"{_word(crossed.is_right)}"
    )
    print(
        f"histories shuffled and doubled: {converged.histories:,} in {converged.events:,} events and "
        f"{converged.messages:,} messages, {converged.held:,} times held; ended otherwise or with anything held: "
        f"{converged.astray}   bar 0   {_word(not converged.astray)}"
    )
    return 0 if once and crossed.is_right and not converged.astray else 1


def _word(reached: bool) -> str:
    return "reached" if reached else "SHORT"


if __name__ == "__main__":
    sys.exit(main())
