"""
Checks of what is written: clauses, ids, and the form of requirements.
"""

# ruff: noqa: D401 - the docstring of a check is the rule that it checks

from collections.abc import Iterator

from backend.kernel.finding import Finding
from backend.plan.checks.walk import subject
from backend.plan.document.gates import Requirement, VolumeCondition
from backend.plan.forms import Fault
from backend.plan.nearest import one_of
from backend.plan.source import Path
from backend.plan.today import Checked, Written, conditions, parts

NAMED = (
    *("volumes", "marks", "steps", "titles", "overrides", "productions", "levels"),
    *("pools", "multipliers", "matches", "one_times", "caps", "markets"),
)
"""The arrays whose entries have an id and a name."""

IDLE = {
    "at_least": "At least nothing is always met.",
    "leg_volume": "Every leg has at least no volume.",
    "leg_periods": "Every leg had the mark in at least no period.",
}
"""What says nothing where it is 0, and why."""


def clauses_known(checked: Checked) -> Iterator[Finding]:
    """Every clause that is named stands in the plan's text."""
    texts = checked.plan.clauses
    for path, clause in _clauses(checked):
        if clause not in texts and not checked.is_broken(path) and not checked.is_broken(("clauses",)):
            remedy = f"Write it into [clauses]. {one_of(clause, list(texts))}"
            yield checked.finding(path, Fault("clause-unknown", f'The plan has no clause "{clause}".', remedy))


def clauses_used(checked: Checked) -> Iterator[Finding]:
    """Every clause of the plan's text is what some value follows."""
    if any(path[-1] == "clause" for path in checked.broken):
        return
    for clause in checked.plan.clauses:
        if clause not in checked.mentioned and not checked.is_broken(("clauses", clause)):
            remedy = f'Name it where it applies, as clause = "{clause}", or take it out.'
            fault = Fault("clause-unused", f'No value follows clause "{clause}".', remedy)
            yield checked.source.key(("clauses", clause), fault)


def _clauses(checked: Checked) -> Iterator[tuple[Path, str]]:
    for path, part in parts(checked.plan):
        clause = getattr(part, "clause", None)
        if clause:
            yield (*path, "clause"), clause


def ids_once(checked: Checked) -> Iterator[Finding]:
    """No two steps, titles, volumes, marks, bonuses or markets bear the same id or name."""
    for table in NAMED:
        for field in ("id", "name"):
            first: dict[str, Path] = {}
            for number, entry in enumerate(getattr(checked.plan, table)):
                path: Path = (table, number, field)
                word = getattr(entry, field)
                if word and first.setdefault(word, path) != path:
                    message = f'"{word}" already stands in {checked.line(first[word])}.'
                    fault = Fault(f"{field}-twice", message, f"Give one of the two another {field}.")
                    yield checked.finding(path, fault)


def _requirements(checked: Checked) -> Iterator[Written[Requirement]]:
    for path, part in parts(checked.plan):
        if isinstance(part, Requirement) and not checked.is_broken(path):
            yield Written(part, path)


def requirements_whole(checked: Checked) -> Iterator[Finding]:
    """A requirement has `all_of` or `any_of`, not both, and nothing in it is empty."""
    for found in _requirements(checked):
        one, several = found.value.all_of, found.value.any_of
        if one is not None and several is not None:
            lines = f"{checked.line((*found.path, 'all_of'))} and {checked.line((*found.path, 'any_of'))}"
            message = f"all_of and any_of stand beside each other, in {lines}."
            remedy = "Keep all_of for one list of conditions, any_of for several lists of which one is enough."
            yield checked.finding(found.path, Fault("requirement-both", message, remedy))
        elif not found.value.ways or not all(found.value.ways):
            message = "The requirement asks for nothing here, so everybody would meet it."
            remedy = 'Write conditions, as all_of = [{ measure = "pv", at_least = 100 }], or take the requirement out.'
            yield checked.finding(_empty(found), Fault("requirement-empty", message, remedy))


def _empty(found: Written[Requirement]) -> Path:
    if found.value.any_of:
        return (*found.path, "any_of", next(at for at, way in enumerate(found.value.any_of) if not way))
    return (*found.path, "all_of" if found.value.any_of is None else "any_of")


def conditions_once(checked: Checked) -> Iterator[Finding]:
    """One list asks for one thing once: two bounds on the same measure contradict or repeat each other."""
    for found in _requirements(checked):
        first: dict[tuple[object, ...], Path] = {}
        for way, condition in conditions(found):
            key = (way, *subject(condition.value))
            if first.setdefault(key, condition.path) != condition.path:
                message = f'"{condition.value.measure}" is already asked for in {checked.line(first[key])}.'
                yield checked.finding(condition.path, Fault("condition-twice", message, "Keep the one that is meant."))


def own_volume_below_group(checked: Checked) -> Iterator[Finding]:
    """PV is part of GV and TGV, so a PV above the group's leaves the group nothing to say."""
    for found in _requirements(checked):
        least: dict[tuple[int, str], Written[VolumeCondition]] = {}
        for way, condition in conditions(found):
            if isinstance(condition.value, VolumeCondition):
                least[way, condition.value.measure] = Written(condition.value, condition.path)
        for (way, measure), own in least.items():
            group = least.get((way, "gv")) or least.get((way, "tgv"))
            if measure == "pv" and group and own.value.at_least > group.value.at_least:
                message = (
                    f"The PV is above the {group.value.measure.upper()} of {checked.line(group.path)}, which holds it."
                )
                fault = Fault("volume-implied", message, "Ask for more of the group, or for less PV.")
                yield checked.finding((*own.path, "at_least"), fault)


def conditions_bite(checked: Checked) -> Iterator[Finding]:
    """A bound of nothing always holds, and a leg of no volume is any leg: such a condition says nothing."""
    for found in _requirements(checked):
        for _, condition in conditions(found):
            for field, message in IDLE.items():
                if getattr(condition.value, field, None) == 0:
                    fault = Fault("condition-idle", message, "Raise it, or take it out.")
                    yield checked.finding((*condition.path, field), fault)
