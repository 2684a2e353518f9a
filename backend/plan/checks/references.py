"""
Checks of what points elsewhere: steps and titles that are named, and measures where they can be known.
"""

# ruff: noqa: D401 - the docstring of a check is the rule that it checks

from collections.abc import Iterator

from backend.kernel.finding import Finding
from backend.plan.document.gates import LegStepCondition, Requirement, StepCondition
from backend.plan.forms import Fault
from backend.plan.nearest import one_of
from backend.plan.source import Path
from backend.plan.today import Today, Written, conditions

OWN_SALES = ("pv", "customer_pv", "training")
LEGS_AND_VOLUMES = (
    *("pv", "gv", "tgv", "side_volume", "customer_pv", "enrolled_active", "training", "active"),
    *("legs_with_volume", "legs_with_step", "legs_broken_away"),
)
EVERYTHING = (*LEGS_AND_VOLUMES, "step")


def _requirements(today: Today) -> Iterator[tuple[Written[Requirement], tuple[str, ...], str]]:
    plan = today.plan
    sites = [
        (today.on(plan.active.requires, "active", "requires"), OWN_SALES, "who is active"),
    ]
    if plan.breakaway:
        sites.append((today.on(plan.breakaway.requires, "breakaway", "requires"), EVERYTHING, "breakaway"))
    for number, override in enumerate(plan.overrides):
        sites.append((today.on(override.requires, "overrides", number, "requires"), EVERYTHING, "overrides"))
    for number, pool in enumerate(plan.pools):
        sites.append((today.on(pool.requires, "pools", number, "requires"), EVERYTHING, "the pool"))
    sites += [
        (today.on(step.value.requires, *step.path, "requires"), LEGS_AND_VOLUMES, "a step") for step in today.steps()
    ]
    for title in today.titles():
        sites.append((today.on(title.value.requires, *title.path, "requires"), EVERYTHING, "a title"))
        sites.append((today.on(title.value.keep, *title.path, "keep"), EVERYTHING, "keeping a title"))
    yield from ((found, measures, site) for found, measures, site in sites if found)


def steps_exist(today: Today) -> Iterator[Finding]:
    """A step that a condition names exists on each day on which the condition holds."""
    known = [step.value.id for step in today.steps()]
    for requirement, _, _ in _requirements(today):
        for _, condition in conditions(requirement):
            if isinstance(condition.value, StepCondition):
                yield from _exists(today, "step", condition.value.at_least, (*condition.path, "at_least"), known)
            if isinstance(condition.value, LegStepCondition):
                yield from _exists(today, "step", condition.value.leg_step, (*condition.path, "leg_step"), known)


def titles_exist(today: Today) -> Iterator[Finding]:
    """The title that keeps a group broken away exists."""
    known = [title.value.id for title in today.titles()]
    breakaway = today.plan.breakaway
    found = today.on(breakaway.kept_with_title, "breakaway", "kept_with_title") if breakaway else None
    if found:
        yield from _exists(today, "title", found.value, found.path, known)


def _exists(today: Today, what: str, name: str, path: Path, known: list[str]) -> Iterator[Finding]:
    broken = any(each[0] == f"{what}s" and each[2:] in {(), ("id",)} for each in today.broken if each)
    if name in known or broken:
        return
    fault = Fault(f"{what}-unknown", f'On {today.day} the plan has no {what} "{name}".', one_of(name, known))
    yield today.finding(path, fault)


def measures_in_place(today: Today) -> Iterator[Finding]:
    """A condition measures what is known when it is asked: nobody's step can depend on the step itself."""
    for requirement, measures, site in _requirements(today):
        for _, condition in conditions(requirement):
            if condition.value.measure not in measures:
                message = f'"{condition.value.measure}" is not known yet when {site} is settled.'
                fault = Fault("measure-misplaced", message, one_of("", list(measures)))
                yield today.finding((*condition.path, "measure"), fault)
