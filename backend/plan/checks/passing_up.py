"""
Checks of amounts passed up: generations that are paid on what the first one earns have a first one, and others.
"""

# ruff: noqa: D401 - the docstring of a check is the rule that it checks

from collections.abc import Iterator

from backend.kernel.finding import Finding
from backend.plan.checks.overrides import FIRST, SEEN_ANEW, overrides_of, tables_of
from backend.plan.document.paying import Override
from backend.plan.forms import Fault
from backend.plan.today import Checked, Today, Written

VOLUME = 'beyond_first = "of the volume"'


def _passing_up(checked: Checked) -> Iterator[Written[Override]]:
    return (one for one in overrides_of(checked) if one.value.beyond_first == "of the first amount")


def first_amounts_fit(checked: Checked) -> Iterator[Finding]:
    """What generations are a rate of is one amount for all who see the group, and others than the first earn on it."""
    for override in _passing_up(checked):
        value, path = override.value, (*override.path, "beyond_first")
        if value.distance is not None:
            where = checked.line((*override.path, "distance"))
            message = f"A generation is a part of the first amount, and {where} makes it a part by title beside that."
            yield checked.finding(
                path, Fault("first-amount-distance", message, f'Take "distance" out, or write {VOLUME}.')
            )
        if value.groups in SEEN_ANEW:
            where = checked.line((*override.path, "groups"))
            message = f"Groups are seen from each earner anew, says {where}, so none has one first amount."
            yield checked.finding(path, Fault("first-amount-groups", message, f"Write other groups, or {VOLUME}."))
        if value.earners == FIRST:
            where = checked.line((*override.path, "earners"))
            message = f"Nobody earns beyond the first, says {where}."
            yield checked.finding(
                path, Fault("first-amount-alone", message, f'Write earners = "one a generation", or {VOLUME}.')
            )


def first_amounts_pass(today: Today) -> Iterator[Finding]:
    """There is a second generation, and a first one that pays anything, so that something passes up."""
    for override in _passing_up(today):
        tables = tables_of(today, override)
        if not tables or not all(table.value for table in tables) or today.is_broken(override.path):
            continue
        where = today.line(tables[0].path)
        path = (*override.path, "beyond_first")
        if override.value.deeper == "nothing" and all(len(table.value) == 1 for table in tables):
            message = f"The rates of {where} end with the first generation."
            yield today.finding(path, Fault("first-amount-single", message, f"Write a second rate, or {VOLUME}."))
        if not any(table.value[0] for table in tables):
            message = f"The rates of {where} pay nothing in the first generation, so nothing passes up."
            yield today.finding(path, Fault("first-amount-zero", message, f"Raise the first rate, or write {VOLUME}."))
