"""
Kill it, lose nothing: web processes, workers and the database are killed with -9 while a shop posts.

Run by `scripts/kills [--kills 12] [--seed 9]`. Whatever dies is started again, the database by the product itself. At
the end every order that was accepted has to be there once and whole, and the standings have to have read all of them.
Prints the figures beside the bar, and exits 1 where one falls short.
"""

import argparse
import asyncio
import os
import random
import signal
import sys
import time
from pathlib import Path

from msgspec import Struct

from backend.embedded.cluster import Cluster
from backend.flows.open_shop import open_shop
from backend.flows.shop_secret import secret_of
from backend.settings import read_settings
from backend.store.database import migrate, opened
from backend.store.measures import behind
from backend.store.views import member_page
from tests.databases import short_folder
from tests.fleet import Fleet, running
from tests.shopping import BUYERS, SHOP, Shop, Verdict, judged
from tests.worker.small import found_small

KINDS = ("server", "worker", "database")
CALM_SECONDS = (0.3, 4.0)
"""Between a recovery and the next kill; so that some strike while the last one is hardly over."""

CAUGHT_UP_SECONDS = 60


class Course(Struct, frozen=True, kw_only=True):
    """How a run went: what was killed, how long no order was accepted at most, and what the database has."""

    killed: list[str]
    longest_silence_seconds: float
    tries: int
    verdict: Verdict
    caught_up: bool

    @property
    def sound(self) -> bool:
        """Whether no accepted order is lost, doubled or half, and the standings have read all."""
        return self.verdict.sound and self.caught_up


async def course(kills: int, seed: int) -> Course:
    """Run the product under load, kill so many times, and look what is left."""
    with short_folder() as folder, Cluster(folder / "database") as cluster:
        await migrate(cluster.dsn)
        async with opened(cluster.dsn):
            await found_small()
            version = await open_shop(SHOP)
        secret = secret_of(read_settings({"HANDRAIL_DATA": str(folder)}).secret, SHOP, version)
        with running(Fleet(folder, workers=2)) as fleet:
            shop = Shop(fleet.addresses, secret, seed=seed)
            async with shop.trading():
                killed = await _killed(fleet, shop, cluster, kills, random.Random(seed))
            caught_up = await _caught_up(cluster.dsn, shop)
        verdict = await judged(cluster.dsn, shop)
    return Course(
        killed=killed,
        longest_silence_seconds=shop.longest_silence_seconds,
        tries=shop.tries,
        verdict=verdict,
        caught_up=caught_up,
    )


async def _killed(fleet: Fleet, shop: Shop, cluster: Cluster, kills: int, chance: random.Random) -> list[str]:
    """Kill each kind equally often in a drawn order, and wait each time until orders are accepted again."""
    deck = [KINDS[number % len(KINDS)] for number in range(kills)]
    chance.shuffle(deck)
    for kind in deck:
        await asyncio.sleep(chance.uniform(*CALM_SECONDS))
        if kind == "database":
            os.kill(_postmaster(cluster.folder), signal.SIGKILL)
        else:
            name = chance.choice(fleet.web if kind == "server" else fleet.workers)
            await asyncio.to_thread(fleet.kill, name)
            fleet.start(name)
        await shop.accepted_again()
    return deck


def _postmaster(folder: Path) -> int:
    return int((folder / "postgres" / "postmaster.pid").read_text().splitlines()[0])


async def _caught_up(dsn: str, shop: Shop) -> bool:
    """
    Wait until the standings have read every entry, and return whether they then show what was accepted.

    The worker is another process, whose progress has no event here.
    """
    deadline = time.monotonic() + CAUGHT_UP_SECONDS
    async with opened(dsn):
        while (await behind()).unread_since is not None and time.monotonic() < deadline:  # noqa: ASYNC110 - as above
            await asyncio.sleep(0.1)
        pages = [await member_page(code) for code in BUYERS]
    shown = sum(page.standing.pv_points for page in pages if page is not None)
    return shown == sum(shop.accepted.values())


def told(found: Course, seconds: float) -> str:
    """Return the figures beside the bar, a line each."""
    verdict = found.verdict
    by_kind = ", ".join(f"{kind} {found.killed.count(kind)}" for kind in KINDS)
    lines = [
        f"{len(found.killed)} kills ({by_kind}) in {seconds:.0f} s",
        f"{len(verdict.accepted)} orders accepted in {found.tries} tries",
        f"{found.longest_silence_seconds:.1f} s without an accepted order at most",
        *(
            f"  {name:<10} {len(getattr(verdict, name))}   bar 0{_some(getattr(verdict, name))}"
            for name in ("lost", "doubled", "half", "unheard")
        ),
        f"  standings  {'show all of them' if found.caught_up else 'DIFFER'}   bar: show all of them",
    ]
    return "\n".join(lines)


def _some(keys: list[str]) -> str:
    return f"   such as {', '.join(keys[:5])}" if keys else ""


def main() -> None:
    """Measure, print, and say by the exit code whether the bar is met."""
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--kills", type=int, default=12)
    words.add_argument("--seed", type=int, default=9)
    said = words.parse_args()
    began = time.monotonic()
    found = asyncio.run(course(said.kills, said.seed))
    print(f"seed {said.seed}: {told(found, time.monotonic() - began)}")
    sys.exit(0 if found.sound else 1)


if __name__ == "__main__":
    main()
