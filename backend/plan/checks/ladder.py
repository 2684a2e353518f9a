"""
Checks of the ladder: it begins at nothing, ascends, keeps its promise, and what breaks away stands above its foot.
"""

# ruff: noqa: D401 - the docstring of a check is the rule that it checks

from collections.abc import Iterator
from itertools import pairwise

from backend.kernel.finding import Finding
from backend.kernel.points import percent_text, points_text
from backend.plan.document.gates import Condition, StepCondition, VolumeCondition
from backend.plan.document.ladder import Step
from backend.plan.forms import Fault
from backend.plan.today import Today, Written, conditions, only_way


def begins_at_nothing(today: Today) -> Iterator[Finding]:
    """The first step pays nothing and asks for nothing: everybody stands on it."""
    steps = today.steps()
    if not steps and not today.is_broken(("steps",)):
        message = f"On {today.day} the plan has no step."
        yield today.finding(("steps",), Fault("ladder-empty", message, "Add [[steps]], the first of them at 0 %."))
    for first in steps[:1]:
        percent = today.on(first.value.percent, *first.path, "percent")
        if percent and percent.value:
            message = f"The first step pays {percent_text(percent.value)} to everybody, sales or not."
            yield today.finding(percent.path, Fault("ladder-start", message, 'Begin the ladder with a step of "0 %".'))
        requirement = today.on(first.value.requires, *first.path, "requires")
        if requirement:
            message = "The first step asks for something, so who does not meet it stands nowhere."
            fault = Fault("ladder-start", message, "Take the requirement out, or put a step of 0 % before this one.")
            yield today.finding(requirement.path, fault)


def every_step_asks(today: Today) -> Iterator[Finding]:
    """Every step above the first asks for something."""
    for step in today.steps()[1:]:
        if step.value.requires is None and not today.is_broken(step.path):
            message = f'On {today.day} the step "{step.value.id}" asks for nothing, so everybody would reach it.'
            remedy = 'Add requires = { … = { all_of = [{ measure = "gv", at_least = … }] } }.'
            yield today.finding(step.path, Fault("step-free", message, remedy))


def percents_ascend(today: Today) -> Iterator[Finding]:
    """A higher step pays a higher percent."""
    for lower, higher in pairwise(today.steps()):
        below = today.on(lower.value.percent, *lower.path, "percent")
        above = today.on(higher.value.percent, *higher.path, "percent")
        if below and above and above.value <= below.value:
            stands = f"{percent_text(below.value)} in {today.line(below.path)}"
            message = (
                f'The step "{higher.value.id}" pays {percent_text(above.value)}, no more than the one below: {stands}.'
            )
            yield today.finding(above.path, Fault("ladder-percent", message, "Let percents ascend from step to step."))


def volumes_ascend(today: Today) -> Iterator[Finding]:
    """A higher step asks for more group volume than the one below, wherever both ask for the same measure."""
    for lower, higher in pairwise(today.steps()):
        below, above = _volumes(today, lower), _volumes(today, higher)
        for measure in ("gv", "tgv", "side_volume"):
            if measure in below and measure in above and above[measure].value.at_least <= below[measure].value.at_least:
                asks = f"{points_text(below[measure].value.at_least)} in {today.line(below[measure].path)}"
                wanted = points_text(above[measure].value.at_least)
                message = f'The step "{higher.value.id}" asks for {wanted} points, no more than the one below: {asks}.'
                fault = Fault("ladder-volume", message, "Let volumes ascend from step to step.")
                yield today.finding((*above[measure].path, "at_least"), fault)


def _volumes(today: Today, step: Written[Step]) -> dict[str, Written[VolumeCondition]]:
    found = only_way(today.requirement(step.value.requires, *step.path, "requires"))
    return {
        name: Written(each.value, each.path) for name, each in found.items() if isinstance(each.value, VolumeCondition)
    }


def promise_kept(today: Today) -> Iterator[Finding]:
    """Personal commission and differential together never pay more than the plan promises as their most."""
    promised = today.on(today.plan.differential.at_most, "differential", "at_most")
    for step in today.steps():
        percent = today.on(step.value.percent, *step.path, "percent")
        if promised and percent and percent.value > promised.value:
            limit = f"{percent_text(promised.value)} in {today.line(promised.path)}"
            message = (
                f'The step "{step.value.id}" pays {percent_text(percent.value)}, more than the most promised: {limit}.'
            )
            yield today.finding(percent.path, Fault("ladder-over", message, "Lower the step, or raise the promise."))


def breakaway_above_foot(today: Today) -> Iterator[Finding]:
    """Breaking away asks for a step above the first; on the first everybody stands."""
    found = today.plan.breakaway
    requirement = today.requirement(found.requires, "breakaway", "requires") if found else None
    for _, condition in conditions(requirement) if requirement else ():
        if isinstance(condition.value, StepCondition) and today.step_rank(condition.value.at_least) == 0:
            message = f'Everybody stands on "{condition.value.at_least}", the first step: every leg would break away.'
            path = (*condition.path, "at_least")
            yield today.finding(path, Fault("breakaway-foot", message, "Name the step at which a leg breaks away."))


def breakaway_title_fits(today: Today) -> Iterator[Finding]:
    """The title that keeps a group apart is none that everybody has, nor one reached below the breakaway step."""
    found = today.plan.breakaway
    kept = today.on(found.kept_with_title, "breakaway", "kept_with_title") if found else None
    rank = today.title_rank(kept.value) if kept else None
    if found is None or kept is None or rank is None:
        return
    if rank == 0:
        message = f'Everybody holds "{kept.value}", the first title, so nobody would ever come back.'
        yield today.finding(kept.path, Fault("breakaway-title", message, "Name the title that a leader earns."))
        return
    title = today.titles()[rank]
    reached = only_way(today.requirement(title.value.requires, *title.path, "requires")).get("step")
    breaks = only_way(today.requirement(found.requires, "breakaway", "requires")).get("step")
    low, high = _rank(today, reached), _rank(today, breaks)
    if reached and low is not None and high is not None and low < high:
        message = f'"{kept.value}" is reached in {today.line(reached.path)} on a step that does not break away yet.'
        yield today.finding(kept.path, Fault("breakaway-title", message, "Name a title of the breakaway step."))


def _rank(today: Today, condition: Written[Condition] | None) -> int | None:
    if condition is None or not isinstance(condition.value, StepCondition):
        return None
    return today.step_rank(condition.value.at_least)
