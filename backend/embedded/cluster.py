"""
The product's own PostgreSQL, as its users see it: join it, use it, leave it; the last one out turns it off.

Whoever comes first starts it, whoever comes later finds it. A user that is killed leaves no trace that would keep the
server running after the next clean exit, and a server that outlived its starter serves the next one.
"""

import asyncio
import hashlib
import logging
import os
import re
import subprocess
import time
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import quote

from backend.embedded import server as running
from backend.embedded.binaries import Runner, runner
from backend.embedded.locks import Seat, alone
from backend.embedded.server import PORT, ROLE, Server
from backend.kernel.finding import Finding, Place, Refused

SOCKET_FOLDER_BYTES = 80
"""A socket's whole path may have 107 bytes on Linux, 103 elsewhere."""

PLAIN = re.compile(r"[\w./-]+", re.ASCII)
"""PostgreSQL and its clients read a comma as the start of another folder."""

WATCH_SECONDS = 0.2
RETRY_SECONDS = 2.0

log = logging.getLogger(__name__)


class Cluster:
    """A PostgreSQL in a folder of the product; `durable=False` is for tests and gives up safety in a power cut."""

    def __init__(self, folder: Path, *, durable: bool = True) -> None:
        """Name the folder; nothing is started yet."""
        self.folder = folder.resolve()
        self._durable = durable
        self._seat: Seat | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self._watch: asyncio.Task[None] | None = None

    @property
    def dsn(self) -> str:
        """The address of the product's database, over a socket that only its own user can open."""
        return self.dsn_of(ROLE)

    def dsn_of(self, database: str) -> str:
        """Return the address of another database of the same server."""
        return f"postgresql://{ROLE}@/{database}?host={quote(str(self._server.socket), safe='/')}&port={PORT}"

    def start(self) -> str:
        """
        Join the server, starting it where it does not run and making its data where there is none; return its address.

        Starts are one after the other, across processes. Raises Refused when the server cannot come up.
        """
        try:
            self.folder.mkdir(mode=0o755, parents=True, exist_ok=True)
            with alone(self.folder / "start.lock"):
                self._seat = self._seat or Seat(self.folder / "users.lock")
                self._bring_up()
        except PermissionError as error:
            raise Refused([_taken(Path(error.filename or self.folder))]) from error
        return self.dsn

    def stop(self) -> None:
        """Leave the server; it is shut down when nobody else uses it."""
        if self._seat is None:
            return
        with alone(self.folder / "start.lock"):
            last, self._seat = self._seat.leave(), None
            if last:
                running.shut_down(self._server)
                running.clear_socket(self._server)
            self._bury()

    def is_running(self) -> bool:
        """Return whether a postmaster lives on this data; a killed one that is not buried yet does not."""
        self._bury()
        return self._server.pid() is not None

    async def keep_alive(self) -> None:
        """Watch the server until cancelled: a dead postmaster is noticed within half a second and started again."""
        while True:
            await asyncio.sleep(WATCH_SECONDS)
            if self.is_running():
                continue
            try:
                await asyncio.to_thread(self.start)
                log.warning("The database server was gone and is back.")
            except Refused as refused:
                log.error("%s", refused)  # noqa: TRY400 - a finding says more than its traceback
                await asyncio.sleep(RETRY_SECONDS)

    def __enter__(self) -> Self:
        """Join the server."""
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Leave the server."""
        self.stop()

    async def __aenter__(self) -> Self:
        """Join the server and keep it alive."""
        await asyncio.to_thread(self.start)
        self._watch = asyncio.create_task(self.keep_alive())
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop watching and leave the server."""
        assert self._watch is not None
        self._watch.cancel()
        await asyncio.wait([self._watch])
        await asyncio.to_thread(self.stop)

    @property
    def _server(self) -> Server:
        user = runner()
        data, socket = self.folder / "postgres", _socket_folder(self.folder, user)
        return Server(data=data, socket=socket, log=self.folder / "postgres.log", user=user)

    def _make_socket_folder(self) -> None:
        socket, user = self._server.socket, self._server.user
        socket.mkdir(mode=0o700, exist_ok=True)
        if socket.lstat().st_uid == os.geteuid():
            user.own(socket)
        facts = socket.lstat()
        if facts.st_uid != user.uid or facts.st_mode & 0o077:
            raise Refused([_taken(socket)])

    def _bring_up(self) -> None:
        self._bury()
        self._make_socket_folder()
        if not self._server.data.exists():
            running.create(self._server)
        if not running.await_ready(self._server, None, time.monotonic() + running.START_SECONDS):
            self._process = running.launch(self._server, durable=self._durable)

    def _bury(self) -> None:
        if self._process is not None and self._server.pid() != self._process.pid:
            self._process.wait()
            self._process = None


def _socket_folder(folder: Path, user: Runner) -> Path:
    inside = folder / "socket"
    fits = len(os.fsencode(inside)) <= SOCKET_FOLDER_BYTES and PLAIN.fullmatch(str(inside))
    if fits and all(_may_pass(parent, user) for parent in inside.parents):
        return inside
    digest = hashlib.sha256(os.fsencode(folder)).hexdigest()[:12]
    return Path("/tmp") / f"handrail-{user.uid}-{digest}"  # noqa: S108 - owner and mode are checked


def _may_pass(folder: Path, user: Runner) -> bool:
    if not user.dropped or not folder.exists():
        return True
    facts = folder.stat()
    return bool(facts.st_mode & 0o001 or (facts.st_uid == user.uid and facts.st_mode & 0o100))


def _taken(socket: Path) -> Finding:
    return Finding(
        code="database-socket",
        place=Place(source=str(socket)),
        message="This folder belongs to another user or is open to others.",
        remedy="Remove it, or name another folder in HANDRAIL_DATA.",
    )
