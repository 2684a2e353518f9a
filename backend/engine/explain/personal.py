"""
Personal commission, explained: the own percent on own CV, what share of it is paid, and the margin kept at the sale.
"""

from collections.abc import Iterator

from backend.engine.explain.compression import inactive, paid_lower
from backend.engine.explain.holds import kind
from backend.engine.explain.limits import capped
from backend.engine.explain.lines import line, rows_of
from backend.engine.explain.parts import money, reason
from backend.engine.explain.standing import next_step
from backend.engine.explain.volume import paid_alone
from backend.engine.gates.measures import Member
from backend.engine.outcome import Bonus
from backend.kernel.trace import Trace


def explained(member: Member) -> Iterator[Trace]:
    """Yield the personal commission, and the retail margin where the plan has one."""
    found = rows_of(member, Bonus.PERSONAL)
    parts = [*kind(member, found), *_reasons(member, shared=any(row.part != row.whole for row in found))]
    yield money(member, "personal", parts, member.terms.personal.clause)
    if retail := member.terms.retail:
        margin = [line(member, row) for row in rows_of(member, Bonus.RETAIL)]
        yield money(member, "retail", margin, retail.clause, state="kept_at_sale")


def _reasons(member: Member, *, shared: bool) -> Iterator[Trace]:
    if not member.terms.personal.pays:
        return
    yield from paid_alone(member)
    if member.of("cv") == 0:
        return
    yield from inactive(member)
    if member.of("earns"):
        yield from paid_lower(member)
    if shared:
        yield reason("shares_short", member.terms.personal.clause)
    yield from capped(member, Bonus.PERSONAL)
    yield from next_step(member, pays_more=True)
