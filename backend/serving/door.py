"""
Door: a port of this machine, and the server behind it, which leaves signals to whoever runs it.
"""

import asyncio
import socket
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn

from backend.kernel.finding import Finding, Place, Refused

BACKLOG = 2048


class Server(uvicorn.Server):
    """A server that says when it is ready, and leaves the signals to whoever runs it."""

    def __init__(self, config: uvicorn.Config, ready: asyncio.Event) -> None:
        """Know whom to tell."""
        super().__init__(config)
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, and say so where it went well."""
        await super().startup(sockets)
        if self.started:
            self._ready.set()

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave the signals alone."""
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
