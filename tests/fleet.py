"""
A fleet: several web processes and workers of the product on one database, each a process that can be killed.

Whoever watches over the real ones starts again what has ended; here `restart` does.
"""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

ROOT = Path(__file__).parents[1]
READY_SECONDS = 60
END_SECONDS = 20


class Fleet:
    """Processes by name: `web-…` at ports of their own, `worker-…` without; each writes into a log of its name."""

    def __init__(self, folder: Path, *, dsn: str = "", web: int = 2, workers: int = 1, **settings: str) -> None:
        """Name the data folder and the database, the product's own where none is named; nothing runs yet."""
        self.folder = folder
        self._settings = {"HANDRAIL_DATA": str(folder), "HANDRAIL_SECRET": "", "DATABASE_URL": dsn} | settings
        self._ports = {f"web-{number}": free_port() for number in range(1, web + 1)}
        self.workers = [f"worker-{number}" for number in range(1, workers + 1)]
        self._running: dict[str, subprocess.Popen[bytes]] = {}

    @property
    def web(self) -> list[str]:
        """The names of the web processes."""
        return list(self._ports)

    @property
    def addresses(self) -> list[str]:
        """Where the web processes answer."""
        return [self.address(name) for name in self._ports]

    def address(self, name: str) -> str:
        """Where one of them answers."""
        return f"http://127.0.0.1:{self._ports[name]}"

    def start(self, *names: str) -> None:
        """Start processes; without names all of them."""
        for name in names or (*self.web, *self.workers):
            words, port = ("web", self._ports[name]) if name in self._ports else ("worker", 0)
            environment = os.environ | self._settings | {"PORT": str(port)}
            with (self.folder / f"{name}.log").open("ab") as log:
                self._running[name] = subprocess.Popen(
                    [sys.executable, "-m", "backend", words], cwd=ROOT, env=environment, stdout=log, stderr=log
                )

    def kill(self, name: str) -> None:
        """Kill a process at once, with everything in its hands."""
        self._running[name].kill()
        self._running[name].wait()

    def end(self, name: str) -> int:
        """Ask a process to end, wait until it has, and return how."""
        self._running[name].send_signal(signal.SIGTERM)
        return self._running[name].wait(END_SECONDS)

    def stop(self) -> None:
        """End everything that runs."""
        alive = [process for process in self._running.values() if process.poll() is None]
        for process in alive:
            process.terminate()
        for process in alive:
            process.wait(END_SECONDS)

    def await_ready(self, *names: str) -> None:
        """Wait until web processes say that they are ready; without names all of them."""
        for name in names or self._ports:
            deadline = time.monotonic() + READY_SECONDS
            while not _is_ready(self.address(name)):
                assert self._running[name].poll() is None, (self.folder / f"{name}.log").read_text()
                assert time.monotonic() < deadline, f"{name} did not become ready"
                time.sleep(0.05)


@contextmanager
def running(fleet: Fleet) -> Iterator[Fleet]:
    """Run a fleet until the block is over."""
    try:
        fleet.start()
        fleet.await_ready()
        yield fleet
    finally:
        fleet.stop()


def free_port() -> int:
    """Return a port that nobody uses at this moment."""
    with socket.create_server(("127.0.0.1", 0)) as door:
        return int(door.getsockname()[1])


def _is_ready(address: str) -> bool:
    try:
        return httpx.get(f"{address}/health/ready", timeout=3).status_code == 200
    except httpx.TransportError:
        return False
