"""
One PostgreSQL server and its data: made once, launched, found again, shut down.

The postmaster is recognised by its working folder, not by its number: a killed one that nobody has buried yet and a
number that the system gave to another program are both told apart from a server that lives.
"""

import os
import pwd
import shutil
import signal
import subprocess
import time
from pathlib import Path
from typing import NamedTuple

from backend.embedded.binaries import Runner, environment, programs
from backend.kernel.finding import Finding, Place, Refused

PORT = 5432
"""Names the socket's file; nothing listens on a network."""

ROLE = "handrail"
HERE = "/proc/self/cwd"
START_SECONDS = 60
STOP_SECONDS = 30

SETTINGS = {
    "listen_addresses": "",
    "port": str(PORT),
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_checkpoints": "off",
    "jit": "off",
}
HASTY = {"fsync": "off", "full_page_writes": "off"}
"""For tests: a power cut may cost the data, a killed process does not."""


class Server(NamedTuple):
    """Where a server keeps its data, its socket and its log, and whom it runs as."""

    data: Path
    socket: Path
    log: Path
    user: Runner

    def pid(self) -> int | None:
        """Return the postmaster's number; None where none runs on this data."""
        lines = _pid_lines(self.data)
        return int(lines[0]) if lines and _runs_in(int(lines[0]), self.data) else None

    def ready(self) -> bool:
        """Return whether the server takes connections."""
        return self.pid() is not None and _pid_lines(self.data)[-1].strip() == "ready"


def create(server: Server) -> None:
    """
    Make the data, its role and its database; a creation that was cut short leaves nothing that counts as made.

    Only the operating system's user who made it may connect (`peer`). Raises Refused with the tool's own words.
    """
    unfinished = server.data.with_suffix(".unfinished")
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir(mode=0o700)
    server.user.own(unfinished)
    locale = ["--encoding=UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    _run(server, unfinished, ["initdb", "-D", _seen(server, unfinished), "-U", "postgres", "-A", "peer", *locale])
    (unfinished / "pg_hba.conf").write_text(f"local all {ROLE} peer map=product\n")
    (unfinished / "pg_ident.conf").write_text(f'product "{pwd.getpwuid(os.geteuid()).pw_name}" {ROLE}\n')
    words = f"CREATE ROLE {ROLE} LOGIN CREATEDB;\n\nCREATE DATABASE {ROLE} OWNER {ROLE};\n\n"
    _run(server, unfinished, ["postgres", "--single", "-j", "-D", _seen(server, unfinished), "postgres"], words)
    unfinished.rename(server.data)


def launch(server: Server, *, durable: bool) -> subprocess.Popen[bytes]:
    """
    Start the server and wait until it takes connections; return its process, which outlives this one.

    Backends of a killed postmaster take a moment to notice: while they hold its memory, the start is tried again.
    Raises Refused with the last words of the log when the server does not come up.
    """
    deadline = time.monotonic() + START_SECONDS
    while True:
        _forget_the_dead(server)
        begun = server.log.stat().st_size if server.log.exists() else 0
        process = _spawn(server, durable=durable)
        if await_ready(server, process, deadline):
            return process
        words = server.log.read_text(errors="replace")[begun:]
        if "still in use" not in words or time.monotonic() > deadline:
            raise Refused([_failed(server, words)])
        time.sleep(0.1)


def await_ready(server: Server, process: subprocess.Popen[bytes] | None, deadline: float) -> bool:
    """Wait until the server takes connections; False when it is gone or the deadline (monotonic seconds) is past."""
    while time.monotonic() < deadline:
        if server.ready():
            return True
        if (process.poll() is not None) if process else (server.pid() is None):
            return False
        time.sleep(0.01)
    return False


def shut_down(server: Server) -> None:
    """Ask the server to close its sessions and end; after half a minute end it at once, which loses nothing either."""
    for request, seconds in ((signal.SIGINT, STOP_SECONDS), (signal.SIGQUIT, STOP_SECONDS)):
        pid = server.pid()
        if pid is None:
            return
        os.kill(pid, request)
        deadline = time.monotonic() + seconds
        while server.pid() is not None and time.monotonic() < deadline:
            time.sleep(0.01)


def clear_socket(server: Server) -> None:
    """Remove the socket's folder of a server that is gone, so that /tmp does not fill with them."""
    if server.pid() is None:
        shutil.rmtree(server.socket, ignore_errors=True)


def _spawn(server: Server, *, durable: bool) -> subprocess.Popen[bytes]:
    settings = {**SETTINGS, **({} if durable else HASTY), "unix_socket_directories": str(server.socket)}
    options = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
    command = [str(programs(server.user) / "postgres"), "-D", _seen(server, server.data), *options]
    with server.log.open("ab") as log:
        return subprocess.Popen(  # type: ignore[call-overload, no-any-return]
            command,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            cwd=server.data,
            env=environment(),
            start_new_session=True,
            **server.user.command(),
        )


def _run(server: Server, folder: Path, command: list[str], words: str = "") -> None:
    program = str(programs(server.user) / command[0])
    done = subprocess.run(  # type: ignore[call-overload]
        [program, *command[1:]],
        input=words,
        text=True,
        capture_output=True,
        check=False,
        cwd=folder,
        env=environment(),
        **server.user.command(),
    )
    said = done.stdout + done.stderr
    if done.returncode != 0 or "ERROR:" in said:
        raise Refused([_failed(server, said)])


def _seen(server: Server, folder: Path) -> str:
    """
    Return the data folder's path as the server sees it.

    A server that dropped from root may not walk through a private home to its data; it is set down in the folder
    instead, before it drops, and sees it as its working folder.
    """
    return HERE if server.user.dropped and Path(HERE).exists() else str(folder)


def _pid_lines(data: Path) -> list[str]:
    try:
        return (data / "postmaster.pid").read_text().splitlines()
    except FileNotFoundError:
        return []


def _runs_in(pid: int, data: Path) -> bool:
    if not Path("/proc/self").exists():
        return _signalled(pid)
    try:
        return Path(f"/proc/{pid}/cwd").readlink() == data
    except PermissionError:
        return _is_postgres(pid)
    except (FileNotFoundError, ProcessLookupError):
        return False


def _is_postgres(pid: int) -> bool:
    """Return what anybody may see of a process: its name, and that it is not dead; root in a container sees no more."""
    try:
        name, _, rest = Path(f"/proc/{pid}/stat").read_text().rpartition(") ")
    except (FileNotFoundError, ProcessLookupError):
        return False
    return name.endswith("(postgres") and rest[0] not in "ZX"


def _signalled(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def _forget_the_dead(server: Server) -> None:
    """
    Put this process's number in place of a dead postmaster's, and free its socket.

    A postmaster that nobody buried still answers signals, and PostgreSQL would refuse to start. It takes its parent's
    number for a leftover, and still looks whether a backend holds the old memory, as removing the file would not.
    """
    lines = _pid_lines(server.data)
    if lines and server.pid() is None:
        (server.data / "postmaster.pid").write_text("\n".join([str(os.getpid()), *lines[1:]]) + "\n")
        (server.socket / f".s.PGSQL.{PORT}.lock").unlink(missing_ok=True)


def _failed(server: Server, words: str) -> Finding:
    return Finding(
        code="database-start",
        place=Place(source=str(server.log)),
        message=f"The product's own PostgreSQL did not start: {' | '.join(words.strip().splitlines()[-5:])}",
        remedy="Mend what it names (disk space, permissions), or name another server in DATABASE_URL.",
    )
