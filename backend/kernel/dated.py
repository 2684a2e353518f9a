"""
Values with the day they begin, as OpenFisca keeps the parameters of a law.

A plan never loses an old rate: a change is one more entry, and a closed period is computed with the entry of its day.
A market whose rate is another one has entries of its own, beside those for everybody else.
"""

from collections.abc import Iterator
from datetime import date
from typing import Generic, TypeVar

from msgspec import Struct

T = TypeVar("T")


class Since(Struct, Generic[T], frozen=True):
    """
    The values of one setting, each with the day from which it holds, in ascending order of days.

    `elsewhere` holds, by market id, the values that hold for a market's members in place of the general ones.
    """

    entries: tuple[tuple[date, T], ...]
    elsewhere: tuple[tuple[str, tuple[tuple[date, T], ...]], ...] = ()

    def every(self) -> Iterator[tuple[date, str, T]]:
        """Yield every entry as its day, its market and its value; the general ones, of no market, come first."""
        yield from ((day, "", value) for day, value in self.entries)
        for market, entries in self.elsewhere:
            yield from ((day, market, value) for day, value in entries)

    def on(self, day: date, market: str = "") -> T | None:
        """Return the value that holds on a day, the market's own where it has one; None before the first entry."""
        own = _held(dict(self.elsewhere).get(market, ()), day)
        held = own or _held(self.entries, day)
        return held[-1] if held else None


def _held(entries: tuple[tuple[date, T], ...], day: date) -> list[T]:
    return [value for since, value in entries if since <= day]
