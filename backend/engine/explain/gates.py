"""
Gates, explained: which conditions a bonus still asks for, and what opens it.
"""

from collections.abc import Iterator

from backend.engine.explain.parts import asks
from backend.engine.explain.supply import points_reason
from backend.engine.gates.measures import Member, holds
from backend.kernel.trace import Trace
from backend.plan.terms import Requirement


def is_open(member: Member, gate: Requirement) -> bool:
    """Say whether a member is through the gate of a bonus, by the plan or because the company lets it through."""
    return bool(member.of("granted")) or not gate.any_of or holds(gate, member.measures)


def closed_gate(member: Member, gate: Requirement) -> Iterator[Trace]:
    """Yield what a member misses of a gate, with have and need; the points that open it, where points alone do."""
    if is_open(member, gate):
        return
    if by_points := points_reason(member, gate):
        yield by_points
    yield asks("gate_missed", member, gate)
