"""
Checks of what points elsewhere: the steps, titles, marks and volumes that a plan names exist.
"""

# ruff: noqa: D401 - the docstring of a check is the rule that it checks

from collections.abc import Iterator
from typing import Any

from msgspec import Struct

from backend.kernel.dated import Since
from backend.kernel.finding import Finding
from backend.plan.checks.volumes import RESERVED
from backend.plan.checks.walk import asked, bound, held
from backend.plan.document.gates import StepCondition, TitleCondition
from backend.plan.forms import Fault
from backend.plan.nearest import one_of
from backend.plan.source import Path
from backend.plan.today import Today

NAMING = {
    "volume": "volume",
    "fund_volume": "volume",
    "mark": "mark",
    "leg_mark": "mark",
    "only_with_mark": "mark",
    "step": "step",
    "leg_step": "step",
    "title": "title",
    "leg_title": "title",
    "lowest_title": "title",
    "kept_with_title": "title",
}
"""The fields that name something, and what they name."""


def named_exist(today: Today) -> Iterator[Finding]:
    """A step, title, mark or volume that is named exists on each day on which the name holds."""
    known = {
        "volume": [*RESERVED, *(volume.id for volume in today.plan.volumes)],
        "mark": [mark.id for mark in today.plan.marks],
        "step": [step.value.id for step in today.steps()],
        "title": [title.value.id for title in today.titles()],
    }
    for what, name, path in _named(today):
        broken = any(each[:1] == (f"{what}s",) and each[2:] in {(), ("id",)} for each in today.broken)
        if name not in known[what] and not broken and not today.is_broken(path):
            message = f'On {today.day} the plan has no {what} "{name}".'
            yield today.finding(path, Fault(f"{what}-unknown", message, one_of(name, known[what])))


def _named(today: Today) -> Iterator[tuple[str, str, Path]]:
    for path, value in held(today):
        if not path or not isinstance(value, Struct):
            continue
        for field, what in NAMING.items():
            name: Any = getattr(value, field, None)
            if isinstance(name, str):
                yield what, name, (*path, field)
            found = today.on(name, *path, field) if isinstance(name, Since) else None
            if found and isinstance(found.value, str):
                yield what, found.value, found.path
        if isinstance(getattr(value, "at_least", None), str):
            yield str(getattr(value, "measure", "step")), str(getattr(value, "at_least", "")), (*path, "at_least")


def first_is_everybodys(today: Today) -> Iterator[Finding]:
    """A condition asks for a step or title above the first, which everybody has."""
    for condition in asked(today):
        value = condition.value
        if not isinstance(value, StepCondition | TitleCondition) or condition.path[0] == "breakaway":
            continue
        if bound(today, value) == 0:
            message = f'Everybody has at least the first {value.measure}, "{value.at_least}".'
            fault = Fault("condition-idle", message, "Name a higher one, or take it out.")
            yield today.finding((*condition.path, "at_least"), fault)
