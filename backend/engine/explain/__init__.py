"""
Explain: why a member's numbers are what they are, and what kept them from being higher. One module a stage.

Every number of an outcome opens into a Trace; where a trace adds up, its parts give its value exactly. The reasons
stand beside the parts as parts of value zero, so that they never change a sum, and each is proved: the engine is run
again without it, and the number is higher. Plain Python on one member, over what the kernels have computed.
"""

from collections.abc import Collection, Iterator

from backend.engine.explain import (
    activity,
    bonuses,
    compression,
    differential,
    holds,
    levels,
    limits,
    matches,
    multipliers,
    overrides,
    personal,
    pools,
    productions,
    standing,
    title,
    total,
    volume,
)
from backend.engine.explain.numbers import number_of
from backend.engine.explain.parts import conditions
from backend.engine.explain.proof import PROOFS, proved
from backend.engine.explain.reasons import without
from backend.engine.gates.measures import Member
from backend.engine.outcome import Outcome
from backend.engine.snapshot import Snapshot
from backend.kernel.trace import Trace
from backend.plan.terms import Terms

__all__ = ["conditions", "explain", "opened", "without"]

BEFORE_TOTAL = (
    volume,
    activity,
    standing,
    title,
    compression,
    personal,
    differential,
    overrides,
    productions,
    levels,
    pools,
    bonuses,
    multipliers,
    matches,
)
BEHIND_TOTAL = (limits, holds)


def explain(
    snapshot: Snapshot,
    terms: Terms,
    outcome: Outcome,
    member_id: str,
    *,
    numbers: Collection[str] = (),
    proofs: int = PROOFS,
) -> tuple[Trace, ...]:
    """
    Return a trace for each of a member's numbers, or of some, from the volume to what may be paid, with proved reasons.

    Where a trace says that it adds up, its parts give its value exactly. At most so many `proofs` are made, each a run
    of the engine; what is not proved is not given. Raises KeyError for an id that is nobody's.
    """
    if member_id not in snapshot.members:
        raise KeyError(member_id)
    member = Member(snapshot=snapshot, plan=terms, outcome=outcome, index=snapshot.members.index(member_id))
    return proved(member, tuple(_chosen(opened(member), numbers)), proofs)


def opened(member: Member) -> tuple[Trace, ...]:
    """Return the traces of all numbers with whatever may be a reason, none of it proved."""
    earned = [trace for stage in BEFORE_TOTAL for trace in stage.explained(member)]
    behind = [trace for stage in BEHIND_TOTAL for trace in stage.explained(member)]
    return (*earned, *total.explained(member, earned), *behind)


def _chosen(traces: tuple[Trace, ...], numbers: Collection[str]) -> Iterator[Trace]:
    """Yield the numbers that are asked for, the uppermost of each name; all where none is."""
    for trace in traces:
        if not numbers or trace.name in numbers or str(number_of(trace)) in numbers:
            yield trace
        else:
            yield from (part for part in trace.parts if str(number_of(part)) in numbers and "id" in part.about)
