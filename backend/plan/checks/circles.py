"""
Checks of what is known when: facts of one member that need each other in a circle, and measures asked for too early.
"""

# ruff: noqa: D401 - the docstring of a check is the rule that it checks

from collections.abc import Iterator

from msgspec import Struct

from backend.kernel.finding import Finding
from backend.plan.checks.walk import asked, requirements
from backend.plan.document.gates import (
    Condition,
    LegVolumeCondition,
    MarkCondition,
    NamedVolumeCondition,
    PeriodsCondition,
    RowCondition,
    StepCondition,
    TitleCondition,
)
from backend.plan.forms import Fault
from backend.plan.nearest import one_of
from backend.plan.source import Path
from backend.plan.today import Today, conditions

OWN = ("pv", "customer_pv", "customers", "customer_share", "verified_share", "training", "fees_paid", "cleared")
"""What is known of a member before activity: nothing of legs, and nothing that activity decides."""


PAID = "paid_requires"
"""The gate of a step that is asked when all else of a member is settled."""


class Need(Struct, frozen=True, kw_only=True):
    """One fact of a member needs another one of the same member, as a condition says."""

    fact: str
    other: str
    path: Path


def measures_in_place(today: Today) -> Iterator[Finding]:
    """A condition measures what is known when it is asked: activity comes first, and no step depends on a step."""
    for requirement in requirements(today):
        for _, condition in conditions(requirement):
            word, table = condition.value.measure, requirement.path[0]
            path = (*condition.path, "measure")
            if table == "active" and word not in OWN:
                fault = Fault("measure-misplaced", _too_early(word, "who is active"), one_of("", list(OWN)))
                yield today.finding(path, fault)
            if table == "steps" and word == "step" and PAID not in requirement.path:
                remedy = "Ask for what reaches the step, such as a volume."
                yield today.finding(path, Fault("measure-misplaced", _too_early(word, "a step"), remedy))


def _too_early(word: str, site: str) -> str:
    return f'"{word}" is not known yet when {site} is settled.'


def volumes_in_place(today: Today) -> Iterator[Finding]:
    """A gate asks for no volume that counts with a mark: the mark is settled by gates itself."""
    late = {each.id: (number, each) for number, each in enumerate(today.plan.volumes) if each.only_with_mark}
    for condition in asked(today):
        value = condition.value
        if isinstance(value, NamedVolumeCondition | LegVolumeCondition) and value.volume in late:
            number, volume = late[value.volume]
            line = today.line(("volumes", number, "only_with_mark"))
            message = f'"{volume.id}" counts only with the mark of {line}, which is not known yet when gates are asked.'
            fault = Fault("volume-late", message, "Ask for a volume without only_with_mark.")
            yield today.finding((*condition.path, "volume"), fault)


def facts_in_no_circle(today: Today) -> Iterator[Finding]:
    """No mark and no step of a member needs itself, neither at once nor by way of other marks and steps."""
    needs = list(_needs(today))
    reported: set[str] = set()
    for need in needs:
        back = _way(needs, need.other, need.fact)
        if back is None or need.fact in reported:
            continue
        reported |= {need.fact, need.other, *(each.other for each in back)}
        if back:
            lines = ", ".join(today.line(each.path) for each in back)
            message = f"{need.fact} needs {need.other}, and that needs {need.fact} again, in {lines}."
        else:
            message = f"{need.fact} needs itself, and is settled in {today.line(need.path[:2])}."
        yield today.finding(need.path, Fault("circle", message, "Let one of them ask for volumes or legs instead."))


def _needs(today: Today) -> Iterator[Need]:
    for requirement in requirements(today):
        if requirement.path[0] not in {"marks", "steps"} or PAID in requirement.path:
            continue
        number = requirement.path[1]
        fact = f'the mark "{today.plan.marks[int(number)].id}"' if requirement.path[0] == "marks" else "the step"
        for _, condition in conditions(requirement):
            other = _fact(condition.value)
            if other and not (fact == other == "the step"):
                yield Need(fact=fact, other=other, path=condition.path)


def _fact(condition: Condition) -> str | None:
    if isinstance(condition, StepCondition):
        return "the step"
    if isinstance(condition, MarkCondition | PeriodsCondition | RowCondition):
        return f'the mark "{condition.mark}"'
    return None


def _way(needs: list[Need], start: str, goal: str) -> list[Need] | None:
    """Return the needs that lead from one fact to another; none at all where both are the same, None without a way."""
    ways: dict[str, list[Need]] = {start: []}
    open_facts = [start]
    while open_facts and goal not in ways:
        fact = open_facts.pop(0)
        for need in needs:
            if need.fact == fact and need.other not in ways:
                ways[need.other] = [*ways[fact], need]
                open_facts.append(need.other)
    return ways.get(goal)


def titles_need_no_higher(today: Today) -> Iterator[Finding]:
    """A title is not earned by who carries it already, or a higher one."""
    for condition in asked(today):
        table, number, field = (*condition.path, "", "")[:3]
        if table != "titles" or field == "keep" or not isinstance(condition.value, TitleCondition):
            continue
        title = today.plan.titles[int(number)]
        rank, carried = today.title_rank(title.id), today.title_rank(condition.value.at_least)
        if rank and carried is not None and carried >= rank:
            message = f'"{title.id}", in {today.line(("titles", number))}, asks for a title that is no lower.'
            fault = Fault("circle", message, "Name a lower title, or ask for volumes or legs.")
            yield today.finding((*condition.path, "at_least"), fault)
