"""
A document seen on one day, every value with the place it is written at: what the checks of sense look at.

A plan changes by dates, so a rule such as "percents ascend" must hold on each day on which anything begins or ends, and
a finding must point at the entry that holds on that day. Broken parts are not there at all, so no check judges them.
"""

from collections.abc import Iterator
from datetime import date
from typing import Any, Generic, TypeVar

from msgspec import Struct, field

from backend.kernel.dated import Since
from backend.kernel.finding import Finding
from backend.plan.document import Document, Market
from backend.plan.document.gates import Condition, Requirement
from backend.plan.document.ladder import Step, Title
from backend.plan.forms import Fault, since_key
from backend.plan.source import Path, Source

T = TypeVar("T")
Entry = TypeVar("Entry", Step, Title, Market)


class Written(Struct, Generic[T], frozen=True):
    """A value and the path where it is written."""

    value: T
    path: Path


class Checked(Struct, frozen=True, kw_only=True):
    """
    A document with the places of its parts.

    `broken` are the paths of what could not be read, `mentioned` all clauses that the file names, there too.
    """

    plan: Document
    source: Source
    broken: set[Path]
    mentioned: set[str]

    def is_broken(self, path: Path) -> bool:
        """Tell whether a part, or anything in it, could not be read."""
        return any(each[: len(path)] == path for each in self.broken)

    def finding(self, path: Path, fault: Fault) -> Finding:
        """Return a fault as a finding at a value."""
        return self.source.value(path, fault)

    def line(self, path: Path) -> str:
        """Return the line of a value as words: `line 12`."""
        return f"line {self.source.line(path)}"


class Today(Checked, frozen=True, kw_only=True):
    """The same on one day, in a market where one is named."""

    day: date
    market: str = ""
    walked: list[tuple[Path, Any]] = field(default_factory=list)
    """Every part that holds today, once somebody has walked there: most checks look at all of them."""

    def on(self, values: Since[T] | None, *path: str | int) -> Written[Any] | None:
        """Return the value that holds today with its path; None where there is none or it is broken."""
        entries = [entry for entry in values.every() if entry[0] <= self.day] if values else []
        own = [entry for entry in entries if entry[1] == self.market]
        held = own or [entry for entry in entries if not entry[1]]
        if not held or held[-1][2] is None:
            return None
        since, market, value = held[-1]
        return Written(value, (*path, since_key(since, market)))

    def steps(self) -> list[Written[Step]]:
        """Return today's steps in the order of the file."""
        return self._held("steps", self.plan.steps)

    def titles(self) -> list[Written[Title]]:
        """Return today's titles in the order of the file."""
        return self._held("titles", self.plan.titles)

    def markets(self) -> list[Written[Market]]:
        """Return today's markets in the order of the file."""
        return self._held("markets", self.plan.markets)

    def step_rank(self, step: str) -> int | None:
        """Return how high a step stands today; None where there is none of that id."""
        return next((rank for rank, found in enumerate(self.steps()) if found.value.id == step), None)

    def title_rank(self, title: str) -> int | None:
        """Return how high a title stands today; None where there is none of that id."""
        return next((rank for rank, found in enumerate(self.titles()) if found.value.id == title), None)

    def requirement(self, values: Since[Requirement] | None, *path: str | int) -> Written[Requirement] | None:
        """Return the requirement that holds today."""
        return self.on(values, *path)

    def _held(self, name: str, entries: tuple[Entry, ...]) -> list[Written[Entry]]:
        return [Written(entry, (name, at)) for at, entry in enumerate(entries) if exists(entry, self.day)]


def exists(entry: Step | Title | Market, day: date) -> bool:
    """Tell whether a step, title or market exists on a day; `begins` is its first day, `ends` the first without it."""
    return (not entry.begins or entry.begins <= day) and (not entry.ends or day < entry.ends)


def parts(value: Any, path: Path = ()) -> Iterator[tuple[Path, Any]]:
    """Yield every table, array and dated value of a document with its path, outermost first."""
    yield path, value
    inner: list[tuple[str | int, Any]] = []
    if isinstance(value, Since):
        inner = [(since_key(day, market), each) for day, market, each in value.every()]
    elif isinstance(value, Struct):
        inner = [(name, getattr(value, name)) for name in value.__struct_fields__]
    elif isinstance(value, tuple):
        inner = list(enumerate(value))
    for name, each in inner:
        if isinstance(each, Struct | tuple):
            yield from parts(each, (*path, name))


def conditions(requirement: Written[Requirement]) -> Iterator[tuple[int, Written[Condition]]]:
    """Yield each condition of a requirement with the number of its way."""
    several = requirement.value.any_of is not None
    for number, way in enumerate(requirement.value.ways):
        base: Path = ("any_of", number) if several else ("all_of",)
        for at, condition in enumerate(way):
            yield number, Written(condition, (*requirement.path, *base, at))


def only_way(requirement: Written[Requirement] | None) -> dict[str, Written[Condition]]:
    """Return the conditions by measure of a requirement that has one way; none where there are several to weigh."""
    if requirement is None or len(requirement.value.ways) != 1:
        return {}
    return {condition.value.measure: condition for _, condition in conditions(requirement)}
