"""
Needs: what a requirement asks for in group volume, which is how far a step lies away.
"""

from backend.plan.terms import Condition, Measure, Requirement, Terms


def volume_needed(requirement: Requirement, terms: Terms) -> int:
    """
    Return the GV in hundredths that a requirement asks for, by the way that asks for least; 0 where none asks for GV.

    A condition on the step stands for the GV which that step asks for.
    """
    volumes = [max((_volume(condition, terms) for condition in way), default=0) for way in requirement.any_of]
    return min((volume for volume in volumes if volume > 0), default=0)


def _volume(condition: Condition, terms: Terms) -> int:
    if condition.measure == Measure.STEP:
        return volume_needed(terms.steps[condition.at_least].requirement, terms)
    return condition.at_least if condition.measure == Measure.GV else 0
