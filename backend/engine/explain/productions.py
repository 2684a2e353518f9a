"""
Productions, explained: the rate of the bracket that a volume reaches, on its CV, and the points to the next bracket.
"""

from collections.abc import Iterator

from backend.engine.columns.numbered import points_of
from backend.engine.explain.compression import inactive
from backend.engine.explain.gates import closed_gate
from backend.engine.explain.parts import reason, volume_name
from backend.engine.explain.several import of_kind
from backend.engine.gates.measures import Member
from backend.kernel.points import points_text
from backend.kernel.trace import Trace


def explained(member: Member) -> Iterator[Trace]:
    """Yield the production bonuses."""
    yield from of_kind(member, "production", _reasons)


def _reasons(member: Member, scheme: int) -> Iterator[Trace]:
    rule = member.terms.productions[scheme]
    yield from inactive(member)
    yield from closed_gate(member, rule.gate)
    have = int(points_of(member.outcome, rule.volume)[member.index])
    above = [at_least for at_least, _ in rule.brackets if at_least > max(0, have)]
    if above:
        volume = volume_name(member.terms, rule.volume)
        yield reason("points_missing", rule.clause, points=points_text(min(above) - have), volume=volume)
