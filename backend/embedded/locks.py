"""
Locks that die with their process: a `kill -9` leaves none behind, which a list of process ids in a file cannot say.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def alone(path: Path) -> Iterator[None]:
    """Hold a file's lock alone, waiting for whoever holds it now."""
    held = _opened(path)
    try:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield
    finally:
        os.close(held)


class Seat:
    """One user's shared hold on a file, for as long as its process lives or until it is left."""

    def __init__(self, path: Path) -> None:
        """Take the seat; the hold is shared with every other user."""
        self._held = _opened(path)
        fcntl.flock(self._held, fcntl.LOCK_SH)

    def leave(self) -> bool:
        """Leave the seat; return whether it was the last one taken."""
        try:
            fcntl.flock(self._held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        else:
            return True
        finally:
            os.close(self._held)


def _opened(path: Path) -> int:
    return os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
