"""
What the tests of the database server do: join it from another process, leave it, kill it, ask it.
"""

import asyncio
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import asyncpg

from backend.embedded.cluster import Cluster
from backend.embedded.server import Server

ROOT = Path(__file__).parents[2]

USER = """
import sys
from pathlib import Path
from backend.embedded.cluster import Cluster
with Cluster(Path(sys.argv[1]), durable=False):
    print("joined", flush=True)
    sys.stdin.readline()
"""


def server_of(cluster: Cluster) -> Server:
    """Return where a cluster keeps what."""
    return cluster._server


def pid_of(cluster: Cluster) -> int:
    """Return the postmaster of a cluster that runs."""
    pid = server_of(cluster).pid()
    assert pid is not None
    return pid


def join(folder: Path) -> subprocess.Popen[str]:
    """Start another process that uses the cluster until its input closes; return it once it has joined."""
    command = [sys.executable, "-c", USER, str(folder)]
    process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert "joined\n" == process.stdout.readline()
    return process


def leave(process: subprocess.Popen[str]) -> None:
    """Let a user leave cleanly."""
    process.communicate("\n")
    assert 0 == process.returncode


def kill(process: subprocess.Popen[str]) -> None:
    """Kill a user with -9."""
    process.kill()
    process.communicate()


def tree_of(pid: int) -> list[int]:
    """Return a process and its children."""
    stats = [(int(path.parent.name), _parent(path)) for path in Path("/proc").glob("[0-9]*/stat")]
    return [pid, *(child for child, parent in stats if parent == pid)]


def _parent(stat: Path) -> int:
    try:
        return int(stat.read_text().rpartition(") ")[2].split()[1])
    except (FileNotFoundError, ProcessLookupError):
        return 0


async def write(dsn: str, number: int) -> None:
    """Commit a number."""
    connection = await asyncpg.connect(dsn)
    await connection.execute("CREATE TABLE IF NOT EXISTS kept (number int)")
    await connection.execute("INSERT INTO kept VALUES ($1)", number)
    await connection.close()


async def ask(dsn: str, question: str) -> list[tuple[object, ...]]:
    """Return the rows of a query."""
    connection = await asyncpg.connect(dsn)
    rows = await connection.fetch(question)
    await connection.close()
    return [tuple(row) for row in rows]


async def eventually(holds: Callable[[], bool], *, seconds: float) -> float:
    """Wait until something holds, and return how many seconds that took."""
    began = time.monotonic()
    while not holds():
        assert time.monotonic() - began < seconds, "waited in vain"
        await asyncio.sleep(0.02)
    return time.monotonic() - began
