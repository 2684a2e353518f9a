"""
Serving: the whole product in the hands of one command: database, tables, worker, web.

The worker is a process of its own, so that a compiler and long columns never hold up a page. It ends with this process,
however that ends: its standard input closes.
"""

import asyncio
import signal
import socket
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager

import structlog
import uvicorn

from backend.app import create_app
from backend.embedded.cluster import Cluster
from backend.kernel.finding import Finding, Place, Refused
from backend.settings import CHECKOUT, Settings
from backend.store.company import company
from backend.store.database import migrate, opened

FIRST_WAIT_SECONDS = 0.2
LONGEST_WAIT_SECONDS = 10.0
STEADY_SECONDS = 30.0
"""A worker that lived so long is started again at once; one that dies young waits ever longer."""

WORKER_END_SECONDS = 10
GRACE_SECONDS = 5
BACKLOG = 2048

log = structlog.get_logger()


@asynccontextmanager
async def database(settings: Settings) -> AsyncIterator[str]:
    """Yield the address of a database that runs and is migrated, kept alive meanwhile where it is the product's own."""
    if settings.database_url:
        await migrate(settings.database_url)
        yield settings.database_url
        return
    async with Cluster(settings.cluster_folder) as cluster:
        await migrate(cluster.dsn)
        yield cluster.dsn


async def sound(dsn: str) -> None:
    """Raise Refused, with what to do, where the plan of the company in a database has findings."""
    async with opened(dsn):
        await company()


class Serving:
    """One run of the product: `ready` is set once pages are answered, at `address`."""

    def __init__(self, settings: Settings) -> None:
        """Open the port, and nothing else yet; raises Refused where it is taken."""
        self.ready = asyncio.Event()
        self._settings = settings
        self._socket = bound(settings.host, settings.port)
        self._app = create_app(settings)
        self._server = _Server(
            uvicorn.Config(
                self._app,
                http="httptools",
                loop="uvloop",
                lifespan="on",
                access_log=False,
                log_config=None,
                server_header=False,
                timeout_graceful_shutdown=GRACE_SECONDS,
            ),
            self.ready,
        )

    @property
    def host(self) -> str:
        """Where requests are taken."""
        return str(self._socket.getsockname()[0])

    @property
    def port(self) -> int:
        """The port, also where any free one was asked for."""
        return int(self._socket.getsockname()[1])

    @property
    def address(self) -> str:
        """What a person types into a browser."""
        return f"http://[{self.host}]:{self.port}" if ":" in self.host else f"http://{self.host}:{self.port}"

    async def run(self) -> None:
        """
        Serve until `stop`, SIGTERM or SIGINT, then end streams, web, worker and database, in this order.

        Raises Refused where the database does not come up or keeps a plan that is not sound, and RuntimeError where the
        app does not.
        """
        with self._socket, self._signals():
            async with database(self._settings) as dsn:
                await sound(dsn)
                async with _worker():
                    await self._server.serve(sockets=[self._socket])
        if not self._server.started:
            raise RuntimeError("the app did not start; the log says why")

    def stop(self) -> None:
        """Begin to end; asked again, do not wait for open requests."""
        self._server.force_exit = self._server.should_exit
        self._server.should_exit = True
        if hub := self._app.state.get("hub"):
            hub.stop()

    @contextmanager
    def _signals(self) -> Iterator[None]:
        """Let the system's requests to end be a clean end, for as long as this runs."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self.stop)
        try:
            yield
        finally:
            for number in (signal.SIGTERM, signal.SIGINT):
                loop.remove_signal_handler(number)


class _Server(uvicorn.Server):
    """A server that says when it is ready, and leaves the signals to whoever runs it."""

    def __init__(self, config: uvicorn.Config, ready: asyncio.Event) -> None:
        super().__init__(config)
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            self._ready.set()

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


def bound(host: str, port: int) -> socket.socket:
    """Return a socket that listens at a host and port, 0 for any free one; raises Refused where that cannot be."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        opened = socket.socket(family, kind, protocol)
        opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        opened.bind(address)
        opened.listen(BACKLOG)
    except OSError as error:
        message = f"Nothing can be served at {host}:{port}: {(error.strerror or str(error)).lower()}."
        remedy = "Name another port in PORT, or another address of this machine in HOST."
        raise Refused([Finding(code="port", place=Place(source="PORT"), message=message, remedy=remedy)]) from error
    return opened


@asynccontextmanager
async def _worker() -> AsyncIterator[None]:
    """Keep a worker running while the block runs, then end it."""
    ending = asyncio.Event()
    task = asyncio.create_task(_keep_worker(ending))
    try:
        yield
    finally:
        ending.set()
        await task


async def _keep_worker(ending: asyncio.Event) -> None:
    """Start the worker, and again whenever it has ended by itself."""
    wait_seconds = FIRST_WAIT_SECONDS
    loop = asyncio.get_running_loop()
    while not ending.is_set():
        began = loop.time()
        process = await _started()
        await _either(process, ending)
        if ending.is_set():
            await _end(process)
            return
        wait_seconds = FIRST_WAIT_SECONDS if loop.time() - began > STEADY_SECONDS else 2 * wait_seconds
        log.error("worker-ended", code=process.returncode, again_in_seconds=min(wait_seconds, LONGEST_WAIT_SECONDS))
        await _within(ending, min(wait_seconds, LONGEST_WAIT_SECONDS))


async def _started() -> Process:
    """Start the worker beside this process; keys pressed in this terminal do not reach it."""
    words = ("-m", "backend", "worker", "--with-parent")
    return await asyncio.create_subprocess_exec(
        sys.executable, *words, cwd=CHECKOUT, stdin=PIPE, stdout=sys.stderr, start_new_session=True
    )


async def _either(process: Process, ending: asyncio.Event) -> None:
    """Wait until the worker has ended or has to."""
    waits = [asyncio.create_task(process.wait()), asyncio.create_task(ending.wait())]
    await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
    for wait in waits:
        wait.cancel()


async def _end(process: Process) -> None:
    """Let the worker end by closing its input; one that does not is killed."""
    if process.returncode is not None:
        return
    assert process.stdin is not None
    process.stdin.close()
    try:
        await asyncio.wait_for(process.wait(), WORKER_END_SECONDS)
    except TimeoutError:
        log.warning("worker-killed")
        process.kill()
        await process.wait()


async def _within(event: asyncio.Event, seconds: float) -> None:
    await asyncio.wait([asyncio.create_task(event.wait())], timeout=seconds)
