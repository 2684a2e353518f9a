"""
A hot standby of a cluster of the tests: copied with pg_basebackup, following by streaming replication.
"""

import os
import pwd
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import asyncpg

from backend.embedded.binaries import environment, programs, runner
from backend.embedded.cluster import Cluster

SUPERUSER = "postgres"


class Standby:
    """A standby that runs; its replay can be paused, and it can be ended and started again."""

    def __init__(self, cluster: Cluster) -> None:
        """Know the copy."""
        self._cluster = cluster
        self.dsn = cluster.dsn

    async def pause(self) -> None:
        """Go on receiving, and show nothing new."""
        await self._say("SELECT pg_wal_replay_pause()")

    async def resume(self) -> None:
        """Show what was received."""
        await self._say("SELECT pg_wal_replay_resume()")

    def end(self) -> None:
        """End it, sessions and all."""
        self._cluster.stop()

    def start(self) -> None:
        """Start it, or start it again."""
        self._cluster.start()

    async def _say(self, words: str) -> None:
        connection = await asyncpg.connect(self.dsn, user=SUPERUSER)
        await connection.execute(words)
        await connection.close()


@contextmanager
def standing_by(primary: Cluster, folder: Path) -> Iterator[Standby]:
    """Yield a standby of a primary that runs; it lives in a folder of its own."""
    _let_in(primary)
    user, copy = runner(), folder / "postgres"
    folder.mkdir(mode=0o755)
    copy.mkdir(mode=0o700)
    user.own(copy)
    words = ["-h", str(primary._server.socket), "-p", "5432", "-U", SUPERUSER, "-D", str(copy), "-R", "-c", "fast"]
    subprocess.run(
        [str(programs(user) / "pg_basebackup"), *words],
        check=True,
        capture_output=True,
        cwd="/",
        env=environment(),
        **user.command(),  # type: ignore[call-overload]
    )
    with Cluster(folder, durable=False) as cluster:
        yield Standby(cluster)


def _let_in(primary: Cluster) -> None:
    """Let the server's own user copy and follow, and the tests' user speak as a superuser."""
    data = primary.folder / "postgres"
    with (data / "pg_hba.conf").open("a") as rules:
        rules.write(f"local all,replication {SUPERUSER} peer map=product\n")
    with (data / "pg_ident.conf").open("a") as names:
        for uid in {os.geteuid(), runner().uid}:
            names.write(f'product "{pwd.getpwuid(uid).pw_name}" {SUPERUSER}\n')
    os.kill(int((data / "postmaster.pid").read_text().split()[0]), signal.SIGHUP)
