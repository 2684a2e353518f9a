"""
What a member has earned, opened up: line by line with the rounding shown, who was passed over, and why not more.
"""

from collections.abc import Iterator
from fractions import Fraction

import numpy as np

from backend.engine.exchange import exchanged
from backend.engine.measures import Member, holds, nearest_way
from backend.engine.outcome import Bonus
from backend.kernel.points import BASIS, HUNDREDTHS, percent_text, points_text
from backend.kernel.trace import Trace
from backend.plan.terms import Requirement

NAMED = 8
"""How many people passed over are named; beyond these they are counted."""

SHOWN = 60
"""How many parts of a number are shown one by one; a frontline may be 100,000 wide."""


def personal(member: Member) -> Trace:
    """Own percent on own CV, or why there is none."""
    parts = [_line(member, line) for line in _lines(member, Bonus.PERSONAL)]
    if not member.of("active"):
        parts.append(_reason("inactive", member.terms.active.clause))
    elif not parts:
        parts.append(_reason("no_cv" if member.of("cv") == 0 else "percent_is_zero"))
    return _bonus(member, "personal", parts, member.terms.personal_clause)


def differential(member: Member) -> Trace:
    """Leg by leg: own percent less the highest paid below; legs without a line say why."""
    lines: dict[int, list[int]] = {}
    for line in _lines(member, Bonus.DIFFERENTIAL):
        lines.setdefault(_at(member, "leg", line), []).append(line)
    parts = []
    for index in range(member.legs.start, member.legs.stop):
        leg = member.at(index)
        of_leg = lines.get(index, [])
        paid_cv = sum(_at(member, "base_cv", line) for line in of_leg)
        found = (*(_line(member, line) for line in of_leg), *_why_no_differential(member, leg, paid_cv))
        value, about = sum(part.value for part in found), {"member": leg.id}
        parts.append(Trace(name="leg", value=value, unit="minor", about=about, parts=found, adds_up=bool(found)))
    return _bonus(member, "differential", parts, member.terms.differential_clause)


def override(member: Member) -> Trace:
    """Group by group and generation, with the leaders passed over; or the gate that holds it all."""
    parts = []
    for line in _lines(member, Bonus.OVERRIDE):
        below = _passed_over_leaders(member, line)
        parts.append(_line(member, line, below))
    if not parts:
        parts.extend(_why_no_override(member))
    return _bonus(member, "override", parts, member.terms.overrides.clause)


def pool(member: Member) -> Trace:
    """Return the share of the pool, or what of its gate is missed."""
    parts = [
        Trace(name="share", value=_at(member, "amount_minor", line), unit="minor", about=_pool_about(member))
        for line in _lines(member, Bonus.POOL)
    ]
    if not parts:
        parts.extend(_closed_gate(member, member.terms.pool.gate) or (_reason("no_share"),))
    return _bonus(member, "pool", parts, member.terms.pool.clause)


def bonuses(member: Member) -> tuple[Trace, Trace]:
    """Fast start and title held: each title paid for in this period."""
    terms, market = member.terms, member.of("market")
    new = member.of("bonuses") & ~member.of("bonuses_before")
    fast, held = [], []
    for index, title in enumerate(terms.titles):
        about = {"title": title.id}
        if new >> (2 * index) & 1:
            amount = int(exchanged(title.fast_start_minor, terms)[market])
            fast.append(Trace(name="title_paid", value=amount, unit="minor", about=about))
        if new >> (2 * index + 1) & 1:
            amount = int(exchanged(title.held_bonus_minor, terms)[market])
            held.append(Trace(name="title_paid", value=amount, unit="minor", about=about))
    late = member.of("days_since_joining") > terms.fast_start.within_days
    fast = fast or [_reason("too_late" if late else "no_new_title")]
    held = held or [_held_so_far(member)]
    return (
        _bonus(member, "fast_start", fast, terms.fast_start.clause),
        _bonus(member, "title_held", held, terms.title_held.clause),
    )


def _lines(member: Member, bonus: Bonus) -> list[int]:
    """Return the places of a member's lines of one bonus; lines stand in the order of their earners."""
    earners = member.outcome.lines.earner
    first, last = np.searchsorted(earners, [member.index, member.index + 1])
    return [line for line in range(int(first), int(last)) if member.outcome.lines.bonus[line] == bonus]


def _at(member: Member, column: str, line: int) -> int:
    return int(getattr(member.outcome.lines, column)[line])


def _bonus(member: Member, name: str, parts: list[Trace], rule: str) -> Trace:
    currency = member.terms.markets[member.of("market")].currency
    value, about = sum(part.value for part in parts), {"currency": currency}
    return Trace(name=name, value=value, unit="minor", rule=rule, about=about, parts=gathered(parts), adds_up=True)


def _line(member: Member, line: int, reasons: tuple[Trace, ...] = ()) -> Trace:
    """Return a line as base × rate = amount, with the amount before it was rounded."""
    per_point = member.terms.markets[member.of("market")].minor_per_point
    base, rate = _at(member, "base_cv", line), _at(member, "rate_bp", line)
    about = {
        "base": points_text(base),
        "rate": percent_text(rate),
        "before_rounding": _decimal(Fraction(base * rate * per_point, HUNDREDTHS * BASIS)),
    }
    if less := _at(member, "less_bp", line):
        about["paid_below"] = percent_text(less)
    if generation := _at(member, "generation", line):
        about["generation"] = str(generation)
    if (source := _at(member, "source", line)) >= 0:
        about["from"] = member.snapshot.members[source]
    return Trace(name="line", value=_at(member, "amount_minor", line), unit="minor", about=about, parts=reasons)


def _decimal(exact: Fraction) -> str:
    """Write a fraction of millionths as a decimal, exactly."""
    millionths = exact * 1_000_000
    assert millionths.denominator == 1, exact
    whole, rest = divmod(abs(millionths.numerator), 1_000_000)
    text = f"{whole}.{rest:06d}".rstrip("0").rstrip(".")
    return f"-{text}" if exact < 0 else text


def gathered(parts: list[Trace]) -> tuple[Trace, ...]:
    """Return the parts as they are; of very many only the largest, and the others as one part with their sum."""
    if len(parts) <= SHOWN:
        return tuple(parts)
    ranked = sorted(range(len(parts)), key=lambda index: (-abs(parts[index].value), index))
    rest = [parts[index].value for index in ranked[SHOWN:]]
    others = Trace(name="others", value=sum(rest), unit=parts[0].unit, about={"count": str(len(rest))})
    return (*(parts[index] for index in sorted(ranked[:SHOWN])), others)


def _reason(reason: str, rule: str = "", **about: str) -> Trace:
    """Why a number is not higher: a part of value zero."""
    return Trace(name="not_higher", value=0, unit="minor", rule=rule, about={"reason": reason, **about})


def _why_no_differential(member: Member, leg: Member, paid_cv: int) -> Iterator[Trace]:
    """Name what keeps a leg's differential down, and who below was passed over because of being inactive."""
    if not member.of("active"):
        yield _reason("inactive", member.terms.active.clause)
    elif leg.of("broken_away"):
        yield _reason("closed_by_breakaway", member.terms.breakaway.clause)
    elif unpaid := leg.of("group_cv") - paid_cv:
        yield _reason("same_or_higher_percent_below", cv=points_text(unpaid))
    elif not paid_cv:
        yield _reason("nothing_sold")
    if paid_cv:
        passed = _inactive_below(leg)
        if passed:
            about = {"members": ", ".join(passed[:NAMED]), "count": str(len(passed))}
            yield Trace(name="passed_over", value=0, unit="minor", about=about)


def _inactive_below(leg: Member) -> list[str]:
    """Return who in a leg's open group has reached a percent and is not paid it, breadth first."""
    snapshot, outcome, steps = leg.snapshot, leg.outcome, leg.terms.steps
    queue, found = [leg.index], []
    for index in queue:
        if outcome.paid_step[index] < 0 and steps[outcome.step[index]].percent_bp > 0:
            found.append(snapshot.members[index])
        first = int(snapshot.first_leg[index])
        legs = range(first, first + int(snapshot.leg_count[index]))
        queue.extend(below for below in legs if not outcome.broken_away[below])
    return found


def _passed_over_leaders(member: Member, line: int) -> tuple[Trace, ...]:
    """Name the leaders between the generation before and the earner who did not qualify, each with the reason."""
    generation, found = 1, list[Trace]()
    index = int(member.snapshot.sponsor[_at(member, "source", line)])
    while index != member.index:
        between = member.at(index)
        if between.of("title") >= member.terms.breakaway_title:
            if reason := _unqualified(between, generation):
                about = {"member": between.id, "reason": reason}
                found.append(Trace(name="passed_over", value=0, unit="minor", about=about))
            else:
                generation += 1
                found.clear()
        index = int(member.snapshot.sponsor[index])
    return tuple(found[:NAMED])


def _unqualified(leader: Member, generation: int) -> str:
    """Return why a leader may not earn a generation; empty where it may."""
    if not leader.of("active"):
        return "inactive"
    if not holds(leader.terms.overrides.gate, leader.measures):
        return "gate_missed"
    opens = leader.terms.titles[leader.of("title")].generations
    return "title_opens_fewer_generations" if opens < generation else ""


def _why_no_override(member: Member) -> Iterator[Trace]:
    if not member.of("legs_broken_away"):
        yield _reason("no_leg_broken_away")
    elif member.of("title") < member.terms.breakaway_title:
        yield _reason("no_leader_title", title=member.terms.titles[member.terms.breakaway_title].id)
    else:
        yield from _closed_gate(member, member.terms.overrides.gate) or (_reason("nothing_in_reach_of_title"),)


def _closed_gate(member: Member, gate: Requirement) -> tuple[Trace, ...]:
    """Return why a member does not pass a gate: not active, or the conditions missed on its nearest way."""
    if not member.of("active"):
        return (_reason("inactive", member.terms.active.clause),)
    measures = member.measures
    missed = [one for one in nearest_way(gate, measures) if not measures.met(one)]
    return tuple(_reason("gate_missed", one.clause or gate.clause, measure=one.measure.name.lower()) for one in missed)


def _pool_about(member: Member) -> dict[str, str]:
    """Return the member's own shares: title points and legs, weighed by the market."""
    terms, market = member.terms, member.terms.markets[member.of("market")]
    points = terms.titles[member.of("title")].pool_points + terms.pool.leg_points * member.of("legs_broken_away")
    return {"points": str(points), "weight": str(market.pool_weight), "share": percent_text(terms.pool.share_bp)}


def _held_so_far(member: Member) -> Trace:
    periods = str(member.terms.title_held.successive_periods)
    return _reason("not_held_long_enough_or_paid", held=str(member.of("held")), periods=periods)
