"""
Differential, explained: leg by leg the own percent less the highest paid below, who was passed over, what closes it.
"""

from collections.abc import Iterator, Sequence

from backend.engine.explain import deductions
from backend.engine.explain.compression import inactive, paid_lower, passed_over
from backend.engine.explain.gates import closed_gate
from backend.engine.explain.holds import kind, rest
from backend.engine.explain.limits import capped
from backend.engine.explain.lines import Row, rows_of, set_apart
from backend.engine.explain.parts import money, reason, summed
from backend.engine.explain.standing import next_step
from backend.engine.gates.measures import Member
from backend.engine.outcome import Bonus, Entry
from backend.kernel.points import points_text
from backend.kernel.trace import Trace

OFF_LEGS = (Entry.CUT, Entry.RELEASED)


def explained(member: Member) -> Iterator[Trace]:
    """Yield the differential."""
    found = rows_of(member, Bonus.DIFFERENTIAL)
    rule = member.terms.differential.clause
    if member.terms.differential.less_deductions:
        gross = [row for row in found if row.entry == Entry.EARNED]
        others = [row for row in found if row.entry != Entry.EARNED]
        parts = [*deductions.parts(member, gross), *kind(member, others), *set_apart(gross)]
    else:
        parts = [*_legs(member, found), *rest(member, found)]
    yield money(member, "differential", [*parts, *_reasons(member)], rule)


def _legs(member: Member, found: Sequence[Row]) -> Iterator[Trace]:
    lines: dict[int, list[Row]] = {}
    for row in found:
        if row.entry not in OFF_LEGS:
            lines.setdefault(row.leg, []).append(row)
    over = passed_over(member)
    for index in range(member.legs.start, member.legs.stop):
        of_leg = lines.get(index, [])
        yield _leg(member, member.at(index), of_leg, [over[index]] if of_leg and index in over else [])


def _leg(member: Member, leg: Member, found: Sequence[Row], over: Sequence[Trace]) -> Trace:
    """Return a leg's lines; one without any says what closes it or pays as much already."""
    parts = [*kind(member, found), *over]
    about = {"member": leg.id} | ({"why": why} if (why := _why(member, leg, found)) else {})
    unpaid = leg.of("group_cv") - sum(row.base_cv for row in found)
    if why == "same_or_higher_percent_below":
        about["cv"] = points_text(unpaid)
    return summed("leg", parts, unit="minor", **about)


def _why(member: Member, leg: Member, found: Sequence[Row]) -> str:
    breakaway = member.terms.breakaway
    if leg.of("broken_away") and breakaway.closes_differential:
        return "closed_by_breakaway"
    if leg.of("group_cv") == sum(row.base_cv for row in found):
        return "" if found else "nothing_sold"
    if not member.of("active"):
        return "inactive"
    return "same_or_higher_percent_below"


def _reasons(member: Member) -> Iterator[Trace]:
    """Yield what keeps the differential down, the nearest first."""
    rule, legs = member.terms.differential, [member.at(at) for at in range(member.legs.start, member.legs.stop)]
    if not rule.pays or not legs:
        return
    yield from inactive(member)
    if member.of("earns"):
        yield from paid_lower(member)
    yield from closed_gate(member, rule.gate)
    yield from capped(member, Bonus.DIFFERENTIAL)
    yield from next_step(member, pays_more=True)
    if rule.from_level > 1:
        yield reason("frontline_left_out", rule.clause)
    if any(level.or_differential for level in member.terms.levels):
        yield reason("level_bonus_instead", rule.clause)
    closes = member.terms.breakaway.closes_differential
    if closes and any(leg.of("broken_away") for leg in legs):
        yield reason("closed_by_breakaway", member.terms.breakaway.clause)
    yield from _legs_above(member, legs)


def _legs_above(member: Member, legs: Sequence[Member]) -> Iterator[Trace]:
    """Yield the legs, largest first, that stand on the member's percent or above."""
    own, closes = member.of("percent_bp"), member.terms.breakaway.closes_differential
    strong = [leg for leg in legs if leg.of("percent_bp") >= own > 0 and not (closes and leg.of("broken_away"))]
    for leg in sorted(strong, key=lambda leg: -leg.of("group_cv"))[:2]:
        yield reason("same_or_higher_percent_below", member.terms.differential.clause, leg=leg.id)
