"""
The gap: what is there and what is still missing on the nearest way to a requirement, as a phone shows it.
"""

from msgspec.structs import replace

from backend.engine.gates.measures import Measures, nearest_way
from backend.forecast.standing import Check
from backend.plan.terms import Condition, Measure, Requirement

ON_VOLUMES = (Measure.VOLUME, Measure.LEGS_WITH_VOLUME)
"""The measures that look at a volume by its number."""


def nearest(requirement: Requirement, measures: Measures) -> tuple[Check, ...]:
    """
    Return all conditions, met or not, of the way with the least missing; none where a requirement always holds.

    All checks are met if and only if the requirement holds. Which way is nearest, `engine.measures.nearest_way` says.
    """
    return tuple(check_of(condition, measures.have(condition)) for condition in nearest_way(requirement, measures))


def check_of(condition: Condition, have: int) -> Check:
    """Return a condition with what there is of it."""
    check = Check(
        measure=condition.measure.name.lower(),
        have=have,
        at_least=condition.at_least,
        of=condition.of,
    )
    if condition.measure in ON_VOLUMES:
        return replace(check, volume=condition.volume)
    return check
