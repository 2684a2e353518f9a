"""
Serving the stage from a process of its own, on a port that the system picks.
"""

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import httpx

ROOT = Path(__file__).parents[2]
STAGE = "tests.http.stage:served"
COMMAND = [sys.executable, "-m", "uvicorn", "--factory", STAGE, "--log-level", "warning"]


class Running(NamedTuple):
    """A server's address and its process."""

    address: str
    process: subprocess.Popen[bytes]


@contextmanager
def served() -> Iterator[Running]:
    """Yield the stage once it answers; end it afterwards."""
    with socket.create_server(("127.0.0.1", 0)) as door:
        port, number = door.getsockname()[1], door.fileno()
        process = subprocess.Popen([*COMMAND, "--fd", str(number)], cwd=ROOT, pass_fds=[number])
    running = Running(f"http://127.0.0.1:{port}", process)
    try:
        _await(running)
        yield running
    finally:
        process.terminate()
        process.wait(20)


def _await(running: Running) -> None:
    """Wait until the front door opens; a server that ended instead is a failure."""
    for _ in range(200):
        assert running.process.poll() is None, "the stage ended before it answered"
        try:
            httpx.get(running.address, timeout=2)
        except httpx.TransportError:
            time.sleep(0.1)
        else:
            return
    raise TimeoutError("the stage did not answer")
