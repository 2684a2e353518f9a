"""
Compression, explained: what a member is paid at, and what becomes of the pay of who is not active.
"""

from collections.abc import Iterator

import numpy as np

from backend.engine.explain.activity import settled_before
from backend.engine.explain.parts import NAMED, fact, reason, rung, summed
from backend.engine.measures import Member, holds
from backend.kernel.trace import Trace


def explained(member: Member) -> Iterator[Trace]:
    """Yield the step that the member is paid at, and the percent that is paid."""
    terms, step, paid = member.terms, member.of("step"), member.of("paid_step")
    active = bool(member.of("active"))
    failing = terms.unqualified.name.lower()
    about = {} if active else {"reason": "inactive", "failing": failing}
    reached = rung("step_reached", step, terms.steps[step].requirement, member, terms.steps[step].clause)
    told = () if paid == step else inactive(member)
    yield Trace(name="paid_step", value=paid, unit="count", about=about, parts=(reached, *told))
    parts = [Trace(name="percent", value=member.of("percent_bp"), unit="bp")]
    if unpaid := member.of("paid_bp") - member.of("percent_bp"):
        not_paid = Trace(name="not_paid", value=unpaid, unit="bp", about={"reason": "inactive", "failing": failing})
        parts += [not_paid, *inactive(member)]
    yield summed("paid_percent", parts, unit="bp")


def inactive(member: Member) -> tuple[Trace, ...]:
    """Return why the member is not active, as the reason why something is not paid; nothing for who is."""
    if member.of("active"):
        return ()
    rule, before = member.terms.active, settled_before(member)
    codes = [before] if before else []
    if not before or (before != "stated_inactive" and not holds(rule, member.measures)):
        codes.append("inactive")
    return tuple(reason(code, rule.clause) for code in codes)


def passed_over(member: Member, leg: Member) -> tuple[Trace, ...]:
    """Name who in a leg's open group has reached a percent and is not paid it."""
    found = _unpaid_below(leg, closes=member.plan.breakaway.closes_differential)
    if not found:
        return ()
    return (fact("passed_over", members=", ".join(found[:NAMED]), count=str(len(found))),)


def _unpaid_below(leg: Member, *, closes: bool) -> list[str]:
    """Return the ids, breadth first."""
    snapshot, outcome = leg.snapshot, leg.outcome
    if not np.any((outcome.paid_step < 0) & (outcome.percent_bp > 0)):
        return []
    queue, found = [leg.index], []
    for index in queue:
        if outcome.paid_step[index] < 0 and outcome.percent_bp[index] > 0:
            found.append(snapshot.members[index])
        first = int(snapshot.first_leg[index])
        legs = range(first, first + int(snapshot.leg_count[index]))
        queue.extend(below for below in legs if not (closes and outcome.broken_away[below]))
    return found
