"""
Compression, explained: what a member is paid at, and what becomes of the pay of who is not active.
"""

from collections.abc import Iterator

import numpy as np

from backend.engine.amounts.lines import NOBODY
from backend.engine.explain.activity import settled_before
from backend.engine.explain.parts import NAMED, asks, fact, reason, rung, summed
from backend.engine.gates.measures import Member, holds
from backend.kernel.trace import Trace


def explained(member: Member) -> Iterator[Trace]:
    """Yield the step that the member is paid at, with the gate of the one reached, and the percent that is paid."""
    terms, step, paid = member.terms, member.of("step"), member.of("paid_step")
    reached = rung("step_reached", step, terms.steps[step].requirement, member, terms.steps[step].clause)
    gate = terms.steps[step].paid
    paid_at = [rung("step_paid", step, gate, member, terms.steps[step].clause)] if gate.any_of else []
    told = [] if paid == step else _unpaid(member)
    about = _why(member) if paid != step else {}
    yield Trace(name="paid_step", value=paid, unit="count", about=about, parts=(reached, *paid_at, *told))
    parts = [Trace(name="percent", value=member.of("percent_bp"), unit="bp")]
    if unpaid := member.of("paid_bp") - member.of("percent_bp"):
        parts.append(Trace(name="not_paid", value=unpaid, unit="bp", about=_why(member)))
        parts += _unpaid(member)
    yield summed("paid_percent", parts, unit="bp")


def _why(member: Member) -> dict[str, str]:
    """Return what keeps the step reached from being paid: being inactive, or the gate of the step."""
    if member.of("active"):
        return {"reason": "step_not_paid"}
    return {"reason": "inactive", "failing": member.terms.unqualified.name.lower()}


def _unpaid(member: Member) -> list[Trace]:
    found = {str(part.about): part for part in (*inactive(member), *paid_lower(member))}
    return list(found.values())


def paid_lower(member: Member) -> Iterator[Trace]:
    """Yield that the gate of the step reached is missed, so that less than its percent is paid."""
    step = member.terms.steps[member.of("step")]
    if not member.of("closed") and not holds(step.paid, member.measures):
        yield asks("step_not_paid", member, step.paid, step.clause)


def inactive(member: Member) -> tuple[Trace, ...]:
    """Return why the member is not active, as the reason why something is not paid; nothing for who earns."""
    if member.of("earns"):
        return ()
    if member.of("active"):
        return tuple(paid_lower(member))
    rule, before = member.terms.active, settled_before(member)
    codes = [before] if before else []
    if not before or (before != "stated_inactive" and not holds(rule, member.measures)):
        codes.append("inactive")
    return tuple(asks(code, member, rule) if code == "inactive" else reason(code, rule.clause) for code in codes)


def passed_over(member: Member) -> dict[int, Trace]:
    """Name, by the leg of a member, who in its open group has reached a percent and is not paid it."""
    outcome, found = member.outcome, dict[int, list[str]]()
    unpaid = np.flatnonzero((outcome.paid_step < 0) & (outcome.percent_bp > 0)).tolist()
    legs: dict[int, int] = {}
    for index in unpaid:
        if (leg := _open_leg(member, index, legs)) != NOBODY:
            found.setdefault(leg, []).append(member.snapshot.members[index])
    return {leg: fact("passed_over", members=", ".join(ids[:NAMED]), count=str(len(ids))) for leg, ids in found.items()}


def _open_leg(member: Member, index: int, legs: dict[int, int]) -> int:
    """Return the leg of a member from which volume at an index comes up, or NOBODY; what was found is remembered."""
    sponsor, broken = member.snapshot.sponsor, member.outcome.broken_away
    closes, way, at = member.plan.breakaway.closes_differential, list[int](), index
    while at > member.index and at not in legs and int(sponsor[at]) != member.index:
        if closes and broken[at]:
            legs[at] = NOBODY
            break
        way.append(at)
        at = int(sponsor[at])
    leg = legs.get(at, at if at > member.index else NOBODY)
    legs.update(dict.fromkeys((*way, at), leg))
    return leg
