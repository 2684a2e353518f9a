"""
What of a plan holds on one day, every part with its place: where the checks that look everywhere begin.
"""

from collections.abc import Iterator
from typing import Any

from msgspec import Struct

from backend.kernel.dated import Since
from backend.plan.document import Market
from backend.plan.document.gates import (
    Condition,
    FactCondition,
    MarkCondition,
    Requirement,
    StepCondition,
    TitleCondition,
)
from backend.plan.document.ladder import Step, Title
from backend.plan.source import Path
from backend.plan.today import Checked, Today, Written, conditions, exists


def held(today: Today) -> Iterator[tuple[Path, Any]]:
    """Yield every table and value of today with its path, outermost first; of dated values the one that holds."""
    if not today.walked:
        today.walked.extend(_held(today, today.plan, ()))
    yield from today.walked


def _held(today: Today, value: Any, path: Path) -> Iterator[tuple[Path, Any]]:
    if isinstance(value, Since):
        found = today.on(value, *path)
        yield from _held(today, found.value, found.path) if found else ()
        return
    if isinstance(value, Step | Title | Market) and not exists(value, today.day):
        return
    yield path, value
    inner: list[tuple[str | int, Any]] = []
    if isinstance(value, Struct):
        inner = [(name, getattr(value, name)) for name in value.__struct_fields__]
    elif isinstance(value, tuple):
        inner = list(enumerate(value))
    for name, each in inner:
        yield from _held(today, each, (*path, name))


def requirements(today: Today) -> Iterator[Written[Requirement]]:
    """Yield every requirement that holds today and could be read."""
    for path, value in held(today):
        if isinstance(value, Requirement) and not today.is_broken(path):
            yield Written(value, path)


def asked(today: Today) -> Iterator[Written[Condition]]:
    """Yield every condition that holds today and could be read."""
    for requirement in requirements(today):
        for _, condition in conditions(requirement):
            yield condition


def subject(condition: Struct, *, beside: tuple[str, ...] = ("at_least",)) -> tuple[object, ...]:
    """Return what a condition looks at, beside some fields: what it asks for, so that two can be compared."""
    return tuple(getattr(condition, name) for name in condition.__struct_fields__ if name not in {"clause", *beside})


def only_way(requirement: Written[Requirement] | None) -> dict[tuple[object, ...], Written[Condition]]:
    """Return the conditions by subject of a requirement that has one way; none where there are several to weigh."""
    if requirement is None or len(requirement.value.ways) != 1:
        return {}
    return {subject(condition.value): condition for _, condition in conditions(requirement)}


def bound(today: Today, condition: Condition) -> int | None:
    """Return how much a condition asks for, steps and titles by their rank; None where no such step or title is."""
    if isinstance(condition, StepCondition):
        return today.step_rank(condition.at_least)
    if isinstance(condition, TitleCondition):
        return today.title_rank(condition.at_least)
    return 1 if isinstance(condition, FactCondition | MarkCondition) else condition.at_least


def whole(today: Checked, *tables: str) -> bool:
    """Tell whether these tables, and the names of all tables, could be read: only then is what is absent left out."""
    return not any(len(path) == 1 or path[:1] in {(table,) for table in tables} for path in today.broken)
