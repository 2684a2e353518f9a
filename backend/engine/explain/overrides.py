"""
Overrides, explained: group by group and generation, who was passed over, what guarantees give and take, what holds it.
"""

from collections.abc import Iterator

import numpy as np

from backend.engine.explain.compression import inactive
from backend.engine.explain.gates import closed_gate, is_open
from backend.engine.explain.guarantees import in_band, made_up
from backend.engine.explain.lines import Row, line, rows, rows_of
from backend.engine.explain.parts import NAMED, fact, reason
from backend.engine.explain.several import of_kind
from backend.engine.explain.supply import missing_points
from backend.engine.gates.measures import Member
from backend.engine.outcome import Bonus, Entry
from backend.kernel.points import points_text
from backend.kernel.trace import Trace
from backend.plan.terms import Groups, Override


def explained(member: Member) -> Iterator[Trace]:
    """Yield the overrides."""
    yield from of_kind(member, "override", _reasons, _drawn)


def _drawn(member: Member, row: Row) -> Trace:
    """Return a line with the leaders whom its generation passed over, or what of a guarantee was asked."""
    return line(member, row, _passed_over(member, row) if row.entry == Entry.EARNED else in_band(member, row))


def _passed_over(member: Member, row: Row) -> tuple[Trace, ...]:
    """Name the leaders between the generation before and the earner who did not qualify, each with the reason."""
    rule = member.plan.overrides[row.scheme]
    below, found, sponsor = _earner_before(member, row), list[Trace](), member.snapshot.sponsor
    index = int(sponsor[below])
    while index != member.index and index >= 0 and len(found) < NAMED:
        between = member.at(index)
        if _leads(member, between, rule):
            why = _unqualified(member, between, row.scheme)
            found.append(fact("passed_over", member=between.id, reason=why))
        index = int(sponsor[index])
    return tuple(found)


def _earner_before(member: Member, row: Row) -> int:
    """Return who earned the generation before on the same group; its leader for the first."""
    lines = member.outcome.lines
    same = (lines.bonus == Bonus.OVERRIDE) & (lines.scheme == row.scheme) & (lines.source == row.source)
    same &= (lines.entry == Entry.EARNED) & (lines.generation < row.generation)
    others = rows(lines, np.flatnonzero(same).tolist())
    rule = member.plan.overrides[row.scheme]
    below = [one for one in others if _stands_below(member, one.earner) and _alike(member, member.at(one.earner), rule)]
    return max(below, key=lambda one: one.generation).earner if below else row.source


def _stands_below(member: Member, index: int) -> bool:
    while index > member.index:
        index = int(member.snapshot.sponsor[index])
    return index == member.index


def _alike(member: Member, other: Member, rule: Override) -> bool:
    """Say whether two see the same groups, where a percent or title bounds these."""
    bound = {Groups.SAME_PERCENT: "paid_bp", Groups.SAME_TITLE: "title"}.get(rule.groups)
    return bound is None or member.of(bound) == other.of(bound)


def _leads(member: Member, between: Member, rule: Override) -> bool:
    """Say whether someone would have had to qualify: who leads such a group, or holds the lowest title."""
    if rule.groups == Groups.MARKED:
        return bool(between.of("marks") >> rule.mark & 1)
    if rule.groups == Groups.SAME_PERCENT:
        return between.of("percent_bp") >= member.of("paid_bp")
    if rule.groups == Groups.SAME_TITLE:
        return between.of("title") >= member.of("title")
    return between.of("title") >= rule.lowest_title > 0 or bool(between.of("broken_away"))


def _unqualified(member: Member, leader: Member, scheme: int) -> str:
    """Return why a leader does not earn a generation that is the member's."""
    rule = leader.terms.overrides[scheme]
    if not leader.of("active"):
        return "inactive"
    if not _alike(member, leader, rule):
        return "other_percent" if rule.groups == Groups.SAME_PERCENT else "other_title"
    if leader.of("title") < rule.lowest_title:
        return "no_leader_title"
    return "no_rate_for_generation" if is_open(leader, rule.gate) else "gate_missed"


def _reasons(member: Member, scheme: int) -> Iterator[Trace]:
    """Yield what keeps an override down, the nearest first."""
    rule, titles = member.terms.overrides[scheme], member.terms.titles
    if not member.snapshot.leg_count[member.index]:
        return
    yield from inactive(member)
    yield from closed_gate(member, rule.gate)
    if member.of("title") < rule.lowest_title:
        yield reason("no_leader_title", rule.clause, title=titles[rule.lowest_title].id)
    found = rows_of(member, Bonus.OVERRIDE)
    yield from made_up(member, scheme, found)
    yield from _deeper(member, rule)
    if rule.first_only:
        yield reason("first_blocks", rule.clause, id=rule.id)
    if rule.of_first_amount:
        yield reason("of_first_amount", rule.clause, id=rule.id)
    if any(part != max(rule.distance_bp) for part in rule.distance_bp):
        yield reason("title_far_away", rule.clause, id=rule.id)
    if rule.groups == Groups.BROKEN_AWAY:
        yield from legs_short(member)


def _deeper(member: Member, rule: Override) -> Iterator[Trace]:
    """Yield the next title that opens more generations, unless it is the one without which there are none."""
    titles, own = member.terms.titles, member.of("title")
    if rule.depth_by_title:
        deeper = (at for at in range(own + 1, len(titles)) if titles[at].generations > titles[own].generations)
        at = next(deeper, None)
        if at is not None and not own < rule.lowest_title == at:
            opens = {"brings": str(titles[at].generations), "has": str(titles[own].generations)}
            yield reason(
                "title_opens_fewer_generations", titles[at].clause or rule.clause, title=titles[at].id, **opens
            )


def legs_short(member: Member) -> Iterator[Trace]:
    """Yield the leg that is nearest to its breakaway, by the points of its leader's own customers that are missing."""
    breakaway = member.terms.breakaway
    if breakaway.never:
        return
    legs = [member.at(index) for index in range(member.legs.start, member.legs.stop)]
    may = [leg for leg in legs if not leg.of("broken_away") and not leg.of("closed") and leg.of("tgv") > 0]
    largest = sorted(may, key=lambda leg: -leg.of("gv"))[:NAMED]
    short = [(missing_points(leg, leg.terms.breakaway.requirement), leg.id) for leg in largest]
    found = sorted(one for one in short if one[0] > 0)
    if found:
        points, leg = found[0]
        yield reason("leg_short_of_breakaway", breakaway.clause, leg=leg, points=points_text(points))
