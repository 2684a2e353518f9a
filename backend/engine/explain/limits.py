"""
Limits, explained: what caps cut of a member's bonuses.
"""

from collections.abc import Iterator

from backend.engine.explain.lines import rows_of
from backend.engine.explain.parts import minor, money, reason
from backend.engine.gates.measures import Member
from backend.engine.outcome import Bonus, Entry
from backend.kernel.trace import Trace


def explained(member: Member) -> Iterator[Trace]:
    """Yield what caps cut, cap by cap and bonus by bonus; nothing where the plan has no cap."""
    if not member.terms.caps:
        return
    parts = []
    for row in rows_of(member):
        if row.entry == Entry.CUT:
            cap, bonus = member.terms.caps[row.scheme], Bonus(row.bonus).name.lower()
            part = minor("cut", row.amount_minor, cap=cap.name, bonus=bonus)
            parts.append(Trace(name="cut", value=part.value, unit="minor", rule=cap.clause, about=part.about))
    told = [reason("cap")] if parts else []
    yield money(member, "cut", [*parts, *told])


def capped(member: Member, *bonuses: Bonus) -> Iterator[Trace]:
    """Yield the cap that cuts bonuses of a member, as the reason why they are not higher."""
    cuts = [row for row in rows_of(member, *bonuses) if row.entry == Entry.CUT]
    if cuts:
        yield reason("cap", member.terms.caps[cuts[0].scheme].clause)
