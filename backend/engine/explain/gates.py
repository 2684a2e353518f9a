"""
Gates, explained: which conditions a bonus still asks for, and what opens it.
"""

from collections.abc import Iterator

from backend.engine.explain.parts import missed, reason
from backend.engine.explain.supply import points_reason
from backend.engine.gates.measures import Member, holds
from backend.kernel.trace import Trace
from backend.plan.terms import Requirement


def is_open(member: Member, gate: Requirement) -> bool:
    """Say whether a member is through the gate of a bonus, by the plan or because the company lets it through."""
    return bool(member.of("granted")) or not gate.any_of or holds(gate, member.measures)


def closed_gate(member: Member, gate: Requirement) -> Iterator[Trace]:
    """Yield what a member misses of a gate: the points that open it, and the conditions by their measures."""
    if is_open(member, gate):
        return
    if by_points := points_reason(member, gate):
        yield by_points
    lacking = missed(member, gate)
    clause = next((one.clause for one in lacking if one.clause), gate.clause)
    yield reason("gate_missed", clause, measures=" ".join(sorted({one.measure.name.lower() for one in lacking})))
