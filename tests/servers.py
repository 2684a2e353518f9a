"""
Servers that companies put beside PostgreSQL, started for a test on ports of this machine: pgbouncer, Redis or Valkey.
"""

import os
import pwd
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from backend.embedded.cluster import Cluster
from tests.fleet import free_port

POOLED_CONNECTIONS = 3
SECONDS = 10

INI = """
[databases]
handrail = host={socket} port=5432 dbname=handrail user=handrail
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {port}
unix_socket_dir =
auth_type = any
pool_mode = transaction
default_pool_size = {connections}
max_client_conn = 200
"""


def found(*names: str) -> str:
    """Return the path of the first of some programs that this machine has; a test that needs it fails without."""
    path = f"{os.environ.get('PATH', '')}:/usr/sbin"
    programs = [program for name in names if (program := shutil.which(name, path=path))]
    assert programs, f"run scripts/servers first: it installs {' or '.join(names)}"
    return programs[0]


@contextmanager
def pooled(cluster: Cluster, folder: Path) -> Iterator[str]:
    """Yield the address of a pgbouncer in transaction mode, with few connections, before a cluster that runs."""
    port, user = free_port(), "nobody" if os.geteuid() == 0 else pwd.getpwuid(os.geteuid()).pw_name
    ini = folder / "pgbouncer.ini"
    ini.write_text(INI.format(socket=cluster._server.socket, port=port, connections=POOLED_CONNECTIONS))
    ini.chmod(0o644)
    with (cluster.folder / "postgres" / "pg_ident.conf").open("a") as ident:
        ident.write(f'product "{user}" handrail\n')
    os.kill(int((cluster.folder / "postgres" / "postmaster.pid").read_text().split()[0]), signal.SIGHUP)
    words = ["-u", user] if os.geteuid() == 0 else []
    with _running([found("pgbouncer"), *words, str(ini)], port):
        yield f"postgresql://handrail@127.0.0.1:{port}/handrail"


class Announcer:
    """A Redis or Valkey that keeps nothing, at one port; it can be ended and started again."""

    def __init__(self) -> None:
        """Pick a port."""
        self._port = free_port()
        self.address = f"redis://127.0.0.1:{self._port}"

    @contextmanager
    def running(self) -> Iterator[None]:
        """Run it while the block does."""
        words = ["--port", str(self._port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]
        with _running([found("valkey-server", "redis-server"), *words], self._port):
            yield


@contextmanager
def _running(command: list[str], port: int) -> Iterator[None]:
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd="/")
    try:
        _await(process, port)
        yield
    finally:
        process.terminate()
        process.wait(SECONDS)


def _await(process: subprocess.Popen[bytes], port: int) -> None:
    deadline = time.monotonic() + SECONDS
    while time.monotonic() < deadline:
        assert process.poll() is None, f"{process.args} ended by itself"
        with socket.socket() as trial:
            if trial.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.02)
    raise TimeoutError(f"{process.args} does not answer")
