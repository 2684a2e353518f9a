"""
Ports: what the flows need of the world, as protocols.

The edges implement them; `app.py` and the commands put them together.
"""

from typing import Protocol

from backend.kernel.trace import Trace


class Engine(Protocol):
    """The worker that holds the columns, asked over a local socket; a web process never computes."""

    async def explain(self, member: str, number: str = "") -> tuple[Trace, ...]:
        """Return why each number of a member, or one, is what it is; raises EngineAway while no worker answers."""
        ...


class EngineAway(Exception):
    """No worker answers; pages still show the last view with its age."""
