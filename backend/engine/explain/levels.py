"""
Level bonuses, explained: a rate by level on the orders of single members below.
"""

from collections.abc import Iterator

from backend.engine.explain.compression import inactive
from backend.engine.explain.gates import closed_gate
from backend.engine.explain.parts import reason
from backend.engine.explain.several import of_kind
from backend.engine.gates.measures import Member
from backend.kernel.trace import Trace


def explained(member: Member) -> Iterator[Trace]:
    """Yield the level bonuses."""
    yield from of_kind(member, "level", _reasons, levelled=True)


def _reasons(member: Member, scheme: int) -> Iterator[Trace]:
    rule = member.terms.levels[scheme]
    yield from inactive(member)
    yield from closed_gate(member, rule.gate)
    if not rule.compressed:
        yield reason("levels_used_up", rule.clause, id=rule.id)
    if rule.within_days:
        yield reason("joined_too_long_ago", rule.clause, id=rule.id)
