"""
The order in which a member's own facts are settled: a mark or step may ask for marks and steps that are settled before.
"""

from backend.plan.terms import Measure, Requirement, Terms

LADDER = -1
"""Stands for the step among the marks, in the order in which a member's own facts are settled."""

PERIODS = (Measure.PERIODS, Measure.PERIODS_IN_A_ROW)


def order_of(terms: Terms) -> tuple[int, ...]:
    """
    Return marks and LADDER so that each comes after what it asks for.

    Asserts that there is such an order: no mark asks for itself by way of others, and no step for a step.
    """
    needs = {mark: _needs(each.requirement) for mark, each in enumerate(terms.marks)}
    needs[LADDER] = set().union(*(_needs(step.requirement) | _needs(step.fast_track) for step in terms.steps))
    settled: list[int] = []
    while len(settled) < len(needs):
        free = [fact for fact in sorted(needs) if fact not in settled and needs[fact] <= set(settled)]
        assert free, "marks and steps ask for each other in a circle"
        settled += free
    return tuple(settled)


def _needs(requirement: Requirement | None) -> set[int]:
    conditions = [c for way in requirement.any_of for c in way] if requirement else []
    marks = {c.of for c in conditions if c.measure in {Measure.MARK, *PERIODS}}
    return marks | ({LADDER} if any(c.measure == Measure.STEP for c in conditions) else set())
