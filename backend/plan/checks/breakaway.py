"""
Checks of breakaway: it stands above the foot, what keeps a leg apart can be lost, and nothing needs it where none is.
"""

# ruff: noqa: D401 - the docstring of a check is the rule that it checks

from collections.abc import Iterator
from typing import Any

from backend.kernel.finding import Finding
from backend.plan.checks.walk import held, only_way, whole
from backend.plan.document.gates import Condition, StepCondition
from backend.plan.document.paying import RateRow
from backend.plan.forms import Fault
from backend.plan.today import Checked, Today, Written, conditions

WITH_TITLE = "while the title is kept"
NEEDED_BY_MEASURE = ("legs_broken_away", "side_volume", "broken_away")


def nothing_needs_it(today: Today) -> Iterator[Finding]:
    """A plan without breakaway has nothing that asks for legs broken away, counts beside them or is paid on them."""
    if today.plan.breakaway is not None or not whole(today, "breakaway"):
        return
    for path, value in held(today):
        for field in _needing(value):
            message = "The plan has no [breakaway], so no leg ever breaks away."
            fault = Fault("breakaway-missing", message, "Add [breakaway], or take out what needs it.")
            yield today.finding((*path, field), fault)


def _needing(value: Any) -> list[str]:
    """Return the fields of one table that mean nothing without a breakaway."""
    found = ["measure"] if getattr(value, "measure", None) in NEEDED_BY_MEASURE else []
    found += [field for field in ("volume", "fund_volume") if getattr(value, field, None) == "side_volume"]
    found += ["legs"] if isinstance(value, RateRow) and value.legs is not None else []
    found += ["leg_points"] if getattr(value, "leg_points", None) is not None else []
    return found + (["groups"] if getattr(value, "groups", None) == "broken away" else [])


def above_foot(today: Today) -> Iterator[Finding]:
    """Breaking away asks for a step above the first; on the first everybody stands."""
    rule = today.plan.breakaway
    requirement = today.requirement(rule.requires, "breakaway", "requires") if rule else None
    for _, condition in conditions(requirement) if requirement else ():
        if isinstance(condition.value, StepCondition) and today.step_rank(condition.value.at_least) == 0:
            message = f'Everybody stands on "{condition.value.at_least}", the first step: every leg would break away.'
            path = (*condition.path, "at_least")
            yield today.finding(path, Fault("breakaway-foot", message, "Name the step at which a leg breaks away."))


def title_when_kept(checked: Checked) -> Iterator[Finding]:
    """A title keeps a group apart exactly where the plan says that it stays so while the title is kept."""
    rule = checked.plan.breakaway
    if rule is None or checked.is_broken(("breakaway",)):
        return
    if rule.stays == WITH_TITLE and rule.kept_with_title is None:
        message = "A leg stays broken away while a title is kept, and no title is named."
        remedy = 'Add kept_with_title = { … = "…" }, or write stays = "in this period".'
        yield checked.finding(("breakaway",), Fault("kept-missing", message, remedy))
    if rule.stays != WITH_TITLE and rule.kept_with_title is not None:
        message = (
            f'The leg stays broken away "{rule.stays}", says {checked.line(("breakaway", "stays"))}, title or not.'
        )
        fault = Fault("kept-idle", message, 'Take it out, or write stays = "while the title is kept".')
        yield checked.source.key(("breakaway", "kept_with_title"), fault)


def title_fits(today: Today) -> Iterator[Finding]:
    """The title that keeps a group apart is none that everybody has, nor one reached below the breakaway step."""
    rule = today.plan.breakaway
    kept = today.on(rule.kept_with_title, "breakaway", "kept_with_title") if rule else None
    rank = today.title_rank(kept.value) if kept else None
    if rule is None or kept is None or rank is None:
        return
    if rank == 0:
        message = f'Everybody holds "{kept.value}", the first title, so nobody would ever come back.'
        yield today.finding(kept.path, Fault("breakaway-title", message, "Name the title that a leader earns."))
        return
    title = today.titles()[rank]
    reached = only_way(today.requirement(title.value.requires, *title.path, "requires")).get(("step",))
    breaks = only_way(today.requirement(rule.requires, "breakaway", "requires")).get(("step",))
    low, high = _rank(today, reached), _rank(today, breaks)
    if reached and low is not None and high is not None and low < high:
        message = f'"{kept.value}" is reached in {today.line(reached.path)} on a step that does not break away yet.'
        yield today.finding(kept.path, Fault("breakaway-title", message, "Name a title of the breakaway step."))


def _rank(today: Today, condition: Written[Condition] | None) -> int | None:
    if condition is None or not isinstance(condition.value, StepCondition):
        return None
    return today.step_rank(condition.value.at_least)


def title_can_be_lost(today: Today) -> Iterator[Finding]:
    """A title that keeps a group apart can be lost; else a leg that broke away once never comes back."""
    rule = today.plan.breakaway
    kept = today.on(rule.kept_with_title, "breakaway", "kept_with_title") if rule else None
    rank = today.title_rank(kept.value) if kept else None
    if kept is None or not rank or not whole(today, "titles", "maintenance"):
        return
    title = today.titles()[rank]
    if today.on(title.value.keep, *title.path, "keep") is None:
        message = f'Nothing ever takes "{kept.value}", in {today.line(title.path)}: the leg would stay apart for good.'
        remedy = 'Give the title a "keep" and the plan [maintenance], or write stays = "for good" in place of this.'
        yield today.finding(kept.path, Fault("breakaway-forever", message, remedy))
