"""
Supply: how many points of own customers' volume would meet a requirement, where points alone can.
"""

from backend.engine.columns.numbered import points_of
from backend.engine.explain.parts import asks, missed
from backend.engine.gates.measures import Member
from backend.kernel.points import points_text
from backend.kernel.trace import Trace
from backend.plan.terms import Condition, Measure, Requirement

IN_POINTS = (Measure.PV, Measure.GV, Measure.TGV, Measure.SIDE_VOLUME, Measure.CUSTOMER_PV, Measure.VOLUME)


def missing_points(member: Member, requirement: Requirement) -> int:
    """
    Return the hundredths of a point that meet a requirement's nearest way; 0 where it holds or points cannot meet it.

    A step that is asked for is met by the points that reach it, and so is being active.
    """
    found = [_points_of(member, condition) for condition in missed(member, requirement)]
    return max(found, default=0) if all(found) else 0


def points_reason(member: Member, requirement: Requirement, rule: str = "", **about: str) -> Trace | None:
    """Return the reason that points of own customers' volume are missing, and for what; None where they cannot help."""
    if points := missing_points(member, requirement):
        return asks("points_missing", member, requirement, rule, points=points_text(points), **about)
    return None


def _points_of(member: Member, condition: Condition) -> int:
    if condition.measure == Measure.STEP:
        steps = member.terms.steps
        return missing_points(member, steps[condition.at_least].requirement) if condition.at_least < len(steps) else 0
    if condition.measure == Measure.ACTIVE:
        return missing_points(member, member.terms.active)
    if condition.measure == Measure.MARK:
        return missing_points(member, member.terms.marks[condition.of].requirement)
    return condition.at_least - _have(member, condition) if condition.measure in IN_POINTS else 0


def _have(member: Member, condition: Condition) -> int:
    """Return what there is, also below zero, where what is missing is more than what is asked for."""
    if condition.measure != Measure.VOLUME:
        return member.of(condition.measure.name.lower())
    return int(points_of(member.outcome, condition.volume)[member.index])
