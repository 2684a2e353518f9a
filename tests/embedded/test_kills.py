"""The product's own PostgreSQL outlives its users, and its users outlive it: every process is killed for real."""

import os
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

from backend.embedded.cluster import Cluster
from tests.embedded.users import ROOT, USER, ask, eventually, join, kill, leave, pid_of, server_of, tree_of, write


async def test_starter_killed(folder: Path) -> None:
    """A server that outlived its killed starter is adopted by the next user, and that one's clean exit stops it."""
    starter = join(folder)
    cluster = Cluster(folder, durable=False)
    first = pid_of(cluster)
    kill(starter)
    await write(cluster.start(), 1)
    assert first == pid_of(cluster)
    cluster.stop()
    assert not cluster.is_running()


async def test_three_killed_users_block_nothing(folder: Path) -> None:
    """However many users were killed, the last clean exit stops the server."""
    for process in [join(folder) for _ in range(3)]:
        kill(process)
    last = join(folder)
    assert Cluster(folder).is_running()
    leave(last)
    assert not Cluster(folder).is_running()


async def test_two_users_one_leaves(folder: Path) -> None:
    """The server runs on when one of two users leaves, whichever started it, and stops with the second."""
    starter, second = join(folder), join(folder)
    leave(starter)
    assert Cluster(folder).is_running()
    leave(second)
    assert not Cluster(folder).is_running()


async def test_postmaster_killed_is_noticed(folder: Path) -> None:
    """A killed postmaster is back within seconds by itself, at the same address, with the data."""
    async with Cluster(folder, durable=False) as cluster:
        await write(cluster.dsn, 1)
        first = pid_of(cluster)
        os.kill(first, signal.SIGKILL)
        await eventually(
            lambda: server_of(cluster).pid() not in (None, first) and server_of(cluster).ready(), seconds=10
        )
        assert [(1,)] == await ask(cluster.dsn, "SELECT number FROM kept")


async def test_unburied_postmaster(folder: Path) -> None:
    """A killed postmaster whose parent never buries it does not stop the next start."""
    starter = join(folder)
    cluster = Cluster(folder, durable=False)
    first = pid_of(cluster)
    os.kill(first, signal.SIGKILL)
    await eventually(lambda: not cluster.is_running(), seconds=5)
    assert Path(f"/proc/{first}").exists()
    await write(cluster.start(), 1)
    assert first != pid_of(cluster)
    cluster.stop()
    leave(starter)
    assert not cluster.is_running()


async def test_whole_tree_killed(folder: Path) -> None:
    """Every process of the server killed at once: the next start has all that was committed."""
    cluster = Cluster(folder, durable=False)
    for number in range(3):
        await write(cluster.start(), number)
        for pid in tree_of(pid_of(cluster)):
            with suppress(ProcessLookupError):  # one that has ended by itself meanwhile is as dead as the others
                os.kill(pid, signal.SIGKILL)
        await eventually(lambda: not cluster.is_running(), seconds=5)
    rows = await ask(cluster.start(), "SELECT number FROM kept ORDER BY number")
    assert [(0,), (1,), (2,)] == rows
    cluster.stop()
    assert not cluster.is_running()


def test_two_start_at_once(folder: Path) -> None:
    """Two processes that start at the same moment share one server."""
    command = [sys.executable, "-c", USER, str(folder)]
    pair = [
        subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) for _ in range(2)
    ]
    for process in pair:
        assert process.stdout is not None
        assert "joined\n" == process.stdout.readline()
    for process in pair:
        leave(process)
    assert not Cluster(folder).is_running()
