"""
Productions, explained: the rate of the bracket that a volume reaches, on its CV, and the points to the next bracket.
"""

from collections.abc import Iterator

from backend.engine.columns.numbered import points_of
from backend.engine.explain.compression import inactive
from backend.engine.explain.gates import closed_gate
from backend.engine.explain.lines import Row, line
from backend.engine.explain.parts import reason, volume_name
from backend.engine.explain.several import of_kind
from backend.engine.gates.measures import Member
from backend.kernel.points import percent_text, points_text
from backend.kernel.trace import Trace


def explained(member: Member) -> Iterator[Trace]:
    """Yield the production bonuses."""
    yield from of_kind(member, "production", _reasons, _drawn)


def _drawn(member: Member, row: Row) -> Trace:
    """Return a line with the volume that decides its rate, and the bracket that it reaches."""
    rule = member.terms.productions[row.scheme]
    have = int(points_of(member.outcome, rule.volume)[member.index])
    reached = max((at_least for at_least, _ in rule.brackets if at_least <= max(0, have)), default=0)
    about = {"volume": volume_name(member.terms, rule.volume), "at_least": points_text(reached)}
    return line(member, row, (Trace(name="bracket", value=have, unit="points", about=about),))


def _reasons(member: Member, scheme: int) -> Iterator[Trace]:
    rule = member.terms.productions[scheme]
    yield from inactive(member)
    yield from closed_gate(member, rule.gate)
    have = int(points_of(member.outcome, rule.volume)[member.index])
    above = [bracket for bracket in rule.brackets if bracket[0] > max(0, have)]
    if above:
        at_least, rate_bp = min(above)
        volume = volume_name(member.terms, rule.volume)
        about = {"volume": volume, "at_least": points_text(at_least), "rate": percent_text(rate_bp)}
        yield reason("points_missing", rule.clause, points=points_text(at_least - have), **about)
