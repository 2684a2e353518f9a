"""
The gap: what is there and what is still missing on the nearest way to a requirement, as a phone shows it.
"""

from backend.engine.measures import Measures, nearest_way
from backend.forecast.standing import Check
from backend.plan.terms import Condition, Measure, Requirement, Terms


def nearest(requirement: Requirement, measures: Measures) -> tuple[Check, ...]:
    """
    Return all conditions, met or not, of the way with the least missing; none where a requirement always holds.

    All checks are met if and only if the requirement holds. Which way is nearest, `engine.measures.nearest_way` says.
    """
    return tuple(_check(condition, measures) for condition in nearest_way(requirement, measures))


def volume_needed(requirement: Requirement, terms: Terms) -> int:
    """
    Return the GV in hundredths that a requirement asks for, by the way that asks for least; 0 where none asks for GV.

    A condition on the step stands for the GV which that step asks for.
    """
    volumes = [max((_volume(condition, terms) for condition in way), default=0) for way in requirement.any_of]
    return min((volume for volume in volumes if volume > 0), default=0)


def _check(condition: Condition, measures: Measures) -> Check:
    name = condition.measure.name.lower()
    return Check(measure=name, have=measures.have(condition), at_least=condition.at_least, of=condition.of)


def _volume(condition: Condition, terms: Terms) -> int:
    if condition.measure == Measure.STEP:
        return volume_needed(terms.steps[condition.at_least].requirement, terms)
    return condition.at_least if condition.measure == Measure.GV else 0
