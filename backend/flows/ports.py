"""
Ports: what the flows need of the world, as protocols.

The edges implement them; `app.py` and the commands put them together.
"""

from typing import Protocol

from backend.forecast.change import Changes
from backend.forecast.preview import Preview
from backend.kernel.trace import Trace


class Engine(Protocol):
    """The worker that holds the columns, asked over a local socket; a web process never computes."""

    async def explain(self, member: str, number: str = "") -> tuple[Trace, ...]:
        """Return why each number of a member, or one, is what it is; raises EngineAway while no worker answers."""
        ...

    async def changes(self, member: str) -> Changes:
        """Return what is missing for a member's steps, titles and legs; raises EngineAway while no worker answers."""
        ...

    async def breakaway(self, member: str, leg: str) -> Preview:
        """
        Return the before and after of the breakaway of one frontline leg that has not broken away.

        Raises EngineAway while no worker answers, or none that knows of such a leg.
        """
        ...


class EngineAway(Exception):
    """No worker answers; pages still show the last view with its age."""
