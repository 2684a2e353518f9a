"""
Checks of days: what begins before it may, ends before it begins, or is missing while the plan holds.
"""

# ruff: noqa: D401 - the docstring of a check is the rule that it checks

from collections.abc import Iterator
from datetime import date
from typing import Any, get_type_hints

from backend.kernel.dated import Since
from backend.kernel.finding import Finding
from backend.plan.decode import accepts_nothing
from backend.plan.document import Market
from backend.plan.document.ladder import Step, Title
from backend.plan.forms import Fault, since_key
from backend.plan.source import Path
from backend.plan.today import Checked, parts


def plan_lasts(checked: Checked) -> Iterator[Finding]:
    """A plan ends after it begins."""
    plan = checked.plan
    if plan.ends and plan.ends <= plan.begins and not checked.is_broken(("begins",)):
        message = f"The plan ends on {plan.ends} and begins on {plan.begins}, in {checked.line(('begins',))}."
        yield checked.finding(("ends",), Fault("ends-early", message, "Write a later day, or take it out."))


def entries_last(checked: Checked) -> Iterator[Finding]:
    """A step, title or market begins while the plan holds, and ends after it begins."""
    for path, entry in _entries(checked):
        begins = entry.begins or checked.plan.begins
        if entry.ends and entry.ends <= begins:
            message = f"It ends on {entry.ends} and begins on {begins}."
            yield checked.finding((*path, "ends"), Fault("ends-early", message, "Write a later day, or take it out."))
        if entry.begins and checked.plan.ends and entry.begins >= checked.plan.ends:
            message = f"It begins on {entry.begins}, and the plan ends on {checked.plan.ends}."
            yield checked.finding((*path, "begins"), Fault("begins-late", message, "Mend the day, or take it out."))


def _entries(checked: Checked) -> Iterator[tuple[Path, Step | Title | Market]]:
    for path, part in parts(checked.plan):
        if isinstance(part, Step | Title | Market):
            yield path, part


def values_from_the_start(checked: Checked) -> Iterator[Finding]:
    """A value that a rule cannot do without holds from the first day of its rule."""
    for path, values, begins, _ in _dated(checked):
        if values.entries and values.entries[0][0] > begins and not _may_be_absent(checked, path):
            first = values.entries[0][0]
            message = f'"{path[-1]}" has no value from {begins} until {first}.'
            remedy = f"Add what holds from {begins} on."
            yield checked.source.key((*path, first.isoformat()), Fault("value-missing", message, remedy))


def values_within(checked: Checked) -> Iterator[Finding]:
    """A value begins before its rule ends; later it would never hold."""
    for path, values, begins, ends in _dated(checked):
        for day, market, _ in values.every():
            if ends and begins < ends <= day:
                message = f"{day} is not before {ends}, when this ends, so the value never holds."
                fault = Fault("value-late", message, "Take the entry out, or mend the day.")
                yield checked.source.key((*path, since_key(day, market)), fault)


def _dated(checked: Checked) -> Iterator[tuple[Path, Since[Any], date, date | None]]:
    plan = checked.plan
    if checked.is_broken(("begins",)):
        return
    holders = dict(_entries(checked))
    for path, values in parts(plan):
        if isinstance(values, Since):
            if checked.broken & {(*path[:2], "begins"), (*path[:2], "ends")}:
                continue
            holder = holders.get(path[:2])
            begins = (holder.begins if holder else None) or plan.begins
            yield path, values, begins, (holder.ends if holder else None) or plan.ends


def _may_be_absent(checked: Checked, path: Path) -> bool:
    if path[-1] == "requires":
        return False
    owner: Any = checked.plan
    for part in path[:-1]:
        owner = owner[part] if isinstance(part, int) else getattr(owner, part)
    return accepts_nothing(get_type_hints(type(owner), include_extras=True)[str(path[-1])])
