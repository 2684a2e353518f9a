"""
Checks of the ladder: it begins at nothing, ascends, keeps its promise, and its fast tracks and pay gates are told of.
"""

# ruff: noqa: D401 - the docstring of a check is the rule that it checks

from collections.abc import Iterator
from itertools import pairwise
from typing import TypeAlias

from backend.kernel.finding import Finding
from backend.kernel.points import percent_text, points_text
from backend.plan.checks.walk import bound, only_way, whole
from backend.plan.document.gates import Condition, NamedVolumeCondition, VolumeCondition
from backend.plan.forms import Fault
from backend.plan.today import Checked, Today, Written

GROUPS = (VolumeCondition, NamedVolumeCondition)
OWN = ("pv", "customer_pv")
Conditions: TypeAlias = dict[tuple[object, ...], Written[Condition]]


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
        gate = today.on(first.value.paid_requires, *first.path, "paid_requires")
        if gate:
            fault = Fault("ladder-start", "The first step pays nothing, so no gate keeps that back.", "Take it out.")
            yield today.finding(gate.path, fault)


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
    """A higher step asks for more group volume than the one below where both ask for it, or for more legs."""
    for lower, higher in pairwise(today.steps()):
        below = only_way(today.requirement(lower.value.requires, *lower.path, "requires"))
        above = only_way(today.requirement(higher.value.requires, *higher.path, "requires"))
        for key, wanted in above.items():
            least, most = wanted.value, below[key].value if key in below else None
            if not isinstance(least, GROUPS) or not isinstance(most, GROUPS) or least.measure in OWN:
                continue
            if least.at_least <= most.at_least and not makes_up(today, above, below):
                asks = f"{points_text(most.at_least)} in {today.line(below[key].path)}"
                asked = f"{points_text(least.at_least)} points, no more than the one below: {asks}"
                message = f'The step "{higher.value.id}" asks for {asked}.'
                fault = Fault("ladder-volume", message, "Let volumes ascend from step to step.")
                yield today.finding((*wanted.path, "at_least"), fault)


def makes_up(today: Today, above: Conditions, below: Conditions) -> bool:
    """Tell whether a requirement asks for more than another one of something that is no volume, such as legs."""
    for key, condition in above.items():
        if not isinstance(condition.value, VolumeCondition | NamedVolumeCondition):
            most = bound(today, below[key].value) if key in below else None
            if most is None or most < (bound(today, condition.value) or 0):
                return True
    return False


def fast_track_counts(today: Today) -> Iterator[Finding]:
    """A plan whose steps have a fast track says from when it counts, and a plan without one does not."""
    tracks = [today.on(step.value.fast_track, *step.path, "fast_track") for step in today.steps()]
    first = next((track for track in tracks if track), None)
    rule = today.plan.ladder
    counts = today.on(rule.fast_track_counts, "ladder", "fast_track_counts") if rule else None
    if first and counts is None and whole(today, "ladder"):
        message = "A fast track reaches the step, and the plan does not say whether at once or from the next period."
        remedy = 'Add fast_track_counts = { … = "at once" } to [ladder].'
        yield today.finding(first.path, Fault("fast-track-open", message, remedy))
    if counts and not any(step.fast_track for step in today.plan.steps) and whole(today, "steps"):
        fault = Fault("fast-track-idle", "No step has a fast track.", 'Give a step "fast_track", or take this out.')
        yield today.finding(counts.path, fault)


def unpaid_has_gates(checked: Checked) -> Iterator[Finding]:
    """What becomes of who misses the gate of a step is said where some step has such a gate."""
    rule = checked.plan.ladder
    gates = any(step.paid_requires for step in checked.plan.steps)
    if rule and rule.unpaid == "as inactive" and not gates and whole(checked, "steps", "ladder"):
        fault = Fault("unpaid-idle", 'No step has a "paid_requires".', 'Give a step "paid_requires", or take this out.')
        yield checked.finding(("ladder", "unpaid"), fault)


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
