"""
The gap: what is there and what is still missing on the nearest way to a requirement, as a phone shows it.
"""

from msgspec.structs import replace

from backend.engine.measures import Measures, nearest_way
from backend.forecast.standing import Check
from backend.plan.terms import Condition, Measure, Requirement

ON_VOLUMES = (Measure.VOLUME, Measure.LEGS_WITH_VOLUME)
"""The measures that look at a volume by its number."""


def nearest(requirement: Requirement, measures: Measures) -> tuple[Check, ...]:
    """
    Return all conditions, met or not, of the way with the least missing; none where a requirement always holds.

    All checks are met if and only if the requirement holds. Which way is nearest, `engine.measures.nearest_way` says.
    """
    return tuple(_check(condition, measures) for condition in nearest_way(requirement, measures))


def _check(condition: Condition, measures: Measures) -> Check:
    check = Check(
        measure=condition.measure.name.lower(),
        have=measures.have(condition),
        at_least=condition.at_least,
        of=condition.of,
    )
    if condition.measure in ON_VOLUMES:
        return replace(check, volume=condition.volume)
    return check
