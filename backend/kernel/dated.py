"""
Values with the day they begin, as OpenFisca keeps the parameters of a law.

A plan never loses an old rate: a change is one more entry, and a closed period is computed with the entry of its day.
"""

from datetime import date
from typing import Generic, TypeVar

from msgspec import Struct

T = TypeVar("T")


class Since(Struct, Generic[T], frozen=True):
    """The values of one setting, each with the day from which it holds, in ascending order of days."""

    entries: tuple[tuple[date, T], ...]

    def on(self, day: date) -> T | None:
        """Return the value that holds on a day; None before the first entry."""
        held = [value for since, value in self.entries if since <= day]
        return held[-1] if held else None
