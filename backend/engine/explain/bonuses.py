"""
One-time bonuses, explained: each title or target paid for in this period, and what the next one still needs.
"""

from collections.abc import Callable, Iterator

from msgspec.structs import replace

from backend.engine.explain.compression import inactive
from backend.engine.explain.holds import kind, rest
from backend.engine.explain.limits import capped
from backend.engine.explain.lines import Row, bare, rows_of
from backend.engine.explain.parts import asks, conditions, money, reason
from backend.engine.explain.several import of_kind
from backend.engine.explain.supply import points_reason
from backend.engine.explain.title import achieving
from backend.engine.gates.measures import Member, holds
from backend.engine.outcome import Bonus, Entry
from backend.kernel.trace import Trace

WhyNot = Callable[[Member], Iterator[Trace]]


def explained(member: Member) -> Iterator[Trace]:
    """Yield fast start, title held, and the targets that are paid once."""
    terms = member.terms
    yield _of_titles(member, "fast_start", Bonus.FAST_START, rule=terms.fast_start.clause, why_not=_why_not_fast)
    yield _of_titles(member, "title_held", Bonus.TITLE_HELD, rule=terms.title_held.clause, why_not=_why_not_held)
    yield from of_kind(member, "one_time", _why_no_target, _target_paid)


def _of_titles(member: Member, name: str, bonus: Bonus, *, rule: str, why_not: WhyNot) -> Trace:
    found = rows_of(member, bonus)
    plain = [row for row in found if row.entry in (Entry.EARNED, Entry.CLAWED_BACK)]
    parts = [*kind(member, plain, _title_paid), *rest(member, found)]
    return money(member, name, [*parts, *why_not(member), *capped(member, bonus)], rule)


def _title_paid(member: Member, row: Row) -> Trace:
    """Return a title's bonus, or one of its instalments, or what a title takes back."""
    title, found = member.terms.titles[row.scheme], bare(member, row)
    about = found.about | {"title": title.id} | ({"instalments": str(row.whole)} if row.whole > 1 else {})
    name = "title_paid" if row.entry == Entry.EARNED else found.name
    return Trace(name=name, value=row.amount_minor, unit="minor", rule=title.clause, about=about)


def _target_paid(member: Member, row: Row) -> Trace:
    """Return a target's set amount with what it asked for."""
    target = member.terms.one_times[row.scheme]
    return replace(bare(member, row), name="target_paid", parts=conditions(member, target.requirement))


def _why_not_fast(member: Member) -> Iterator[Trace]:
    """Yield what keeps the fast start of a title from being paid: of one achieved that has not been, or of the next."""
    rule, titles, paid = member.terms.fast_start, member.terms.titles, member.of("bonuses")
    due = [at for at in range(1, len(titles)) if titles[at].fast_start_minor and not paid >> 2 * at & 1]
    if due and rule.within_days:
        yield from inactive(member)
        if member.of("days_since_joining") > rule.within_days:
            yield reason("too_late", rule.clause, days=str(rule.within_days))
        if min(due) > member.of("achieved_title"):
            yield from achieving(member, min(due))


def _why_not_held(member: Member) -> Iterator[Trace]:
    rule, title = member.terms.title_held, member.of("title")
    taken = [row.scheme for row in rows_of(member, Bonus.TITLE_HELD) if row.entry == Entry.CLAWED_BACK]
    yield from (reason("taken_back", rule.clause, title=member.terms.titles[at].id) for at in taken)
    if not rule.restarts and title and member.of("bonuses_before") >> 2 * title + 1 & 1:
        yield reason("title_settled", rule.clause, title=member.terms.titles[title].id)
    needed = rule.successive_periods + rule.after_achievement
    if title and member.terms.titles[title].held_bonus_minor and not member.of("bonuses") >> 2 * title + 1 & 1:
        yield from inactive(member)
        if member.of("held") < needed:
            yield reason("not_held_long_enough", rule.clause, held=str(member.of("held")), periods=str(needed))


def _why_no_target(member: Member, index: int) -> Iterator[Trace]:
    rule = member.terms.one_times[index]
    if member.of("one_times") >> index & 1 or not rule.amount_minor:
        return
    yield from inactive(member)
    if rule.within_days and member.of("days_since_joining") > rule.within_days:
        yield reason("too_late", rule.clause, days=str(rule.within_days))
    if not holds(rule.requirement, member.measures):
        if by_points := points_reason(member, rule.requirement, rule.clause):
            yield by_points
        yield asks("target_missed", member, rule.requirement, rule.clause, id=rule.id)
