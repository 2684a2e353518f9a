"""
Web: pages, streams and the intake from one command, with a worker beside it or without.
"""

import asyncio
import signal
from collections.abc import Iterator
from contextlib import AsyncExitStack, contextmanager

import uvicorn

from backend.app import create_app
from backend.serving.beside import worker_beside
from backend.serving.door import Server, bound
from backend.serving.store import database, sound
from backend.settings import Settings

GRACE_SECONDS = 5


class Serving:
    """One run of the product: `ready` is set once pages are answered, at `address`."""

    def __init__(self, settings: Settings, *, with_worker: bool = True) -> None:
        """Open the port, and nothing else yet; raises Refused where it is taken."""
        self.ready = asyncio.Event()
        self._settings = settings
        self._with_worker = with_worker
        self._socket = bound(settings.host, settings.port)
        self._app = create_app(settings)
        self._server = Server(
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

        From then on nobody new is let in; who is inside already is answered, for a few seconds at most.

        Raises Refused where the database does not come up or keeps a plan that is not sound, and RuntimeError where the
        app does not.
        """
        with self._socket, self._signals():
            async with AsyncExitStack() as stack:
                await sound(await stack.enter_async_context(database(self._settings)))
                if self._with_worker:
                    await stack.enter_async_context(worker_beside())
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
