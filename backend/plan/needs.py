"""
Needs: what a requirement asks for in group volume, which is how far a step lies away; and what earns a title.
"""

from backend.plan.terms import Condition, Measure, Requirement, Terms, VolumeNumber


def volume_needed(requirement: Requirement, terms: Terms) -> int:
    """
    Return the GV in hundredths that a requirement asks for, by the way that asks for least; 0 where none asks for GV.

    A condition on the step, or on a mark, stands for the GV which that step or mark asks for. The terms are those of
    the member's market.
    """
    volumes = [max((_volume(condition, terms) for condition in way), default=0) for way in requirement.any_of]
    return min((volume for volume in volumes if volume > 0), default=0)


def title_requirement(terms: Terms, title: int, *, best_before: int) -> Requirement:
    """Return what earns a title: what the plan asks to requalify of who has held it before, `best_before` or higher."""
    asked = terms.titles[title]
    return (asked.requalify if title <= best_before else None) or asked.requirement


def _volume(condition: Condition, terms: Terms) -> int:
    match condition.measure:
        case Measure.STEP:
            return volume_needed(terms.steps[condition.at_least].requirement, terms)
        case Measure.MARK:
            return volume_needed(terms.marks[condition.of].requirement, terms)
        case Measure.VOLUME if condition.volume != VolumeNumber.GROUP:
            return 0
    return condition.at_least if condition.measure in {Measure.GV, Measure.VOLUME} else 0
