"""
Activity, explained: whether the member is active, by what the plan asks or the company states, and whom it enrolled.
"""

from collections.abc import Iterator

import numpy as np

from backend.engine.explain.parts import asks, conditions, reason, summed
from backend.engine.explain.supply import points_reason
from backend.engine.gates.measures import Member, holds
from backend.engine.snapshot import UNSTATED
from backend.kernel.trace import Trace


def explained(member: Member) -> Iterator[Trace]:
    """Yield whether the member is active, and how many active members it has enrolled."""
    requirement = member.terms.active
    why = settled_before(member)
    yield Trace(
        name="active",
        value=member.of("active"),
        unit="yes",
        rule=requirement.clause,
        about={"reason": why} if why else {},
        parts=(*conditions(member, requirement), *_reasons(member, why)),
    )
    snapshot, outcome = member.snapshot, member.outcome
    enrolled = np.flatnonzero((snapshot.enroller == member.index) & outcome.active).tolist()
    parts = [Trace(name="enrolled", value=1, unit="count", about={"member": snapshot.members[at]}) for at in enrolled]
    yield summed("enrolled_active", parts, unit="count")


def settled_before(member: Member) -> str:
    """Return what decides before any requirement: not joined yet, closed, or what the company states."""
    if member.of("days_since_joining") < 0:
        return "not_joined"
    if member.of("closed"):
        return "closed"
    if member.of("active_stated") != UNSTATED and not member.of("active"):
        return "stated_inactive"
    return ""


def _reasons(member: Member, why: str) -> Iterator[Trace]:
    if why:
        yield reason(why, member.terms.active.clause)
    elif not member.of("active") and not holds(member.terms.active, member.measures):
        if by_points := points_reason(member, member.terms.active):
            yield by_points
        yield asks("active_requirement", member, member.terms.active)
