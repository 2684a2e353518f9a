"""
Limits, explained: what caps cut of a member's bonuses.
"""

from collections.abc import Iterator

from backend.engine.amounts.exchange import exchanged_by_market
from backend.engine.explain.lines import rows_of
from backend.engine.explain.parts import currency, minor, money, reason
from backend.engine.gates.measures import Member
from backend.engine.outcome import Bonus, Entry
from backend.kernel.points import percent_text
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
    yield money(member, "cut", [*parts, *capped(member)])


def capped(member: Member, *bonuses: Bonus) -> Iterator[Trace]:
    """Yield the cap that cuts bonuses of a member, as the reason why they are not higher."""
    cuts = [row for row in rows_of(member, *bonuses) if row.entry == Entry.CUT]
    if cuts:
        at = cuts[0].scheme
        yield reason("cap", member.terms.caps[at].clause, **_cap(member, at))


def _cap(member: Member, at: int) -> dict[str, str]:
    """Return a cap's name and the most that it pays: to the member, or in all as a share of CV."""
    cap = member.terms.caps[at]
    about = {"cap": cap.name}
    if cap.member_minor:
        most = exchanged_by_market(member.plan, lambda there: there.caps[at].member_minor)[member.of("market")]
        about |= {"most_minor": str(most), "currency": currency(member)}
    return about | ({"share": percent_text(cap.share_bp)} if cap.share_bp else {})
