"""
The reasons why a number is not higher, proved: the engine is run again without each, and that very number is higher.
"""

from collections.abc import Iterator

import pytest

from backend.engine.explain import explain, opened
from backend.engine.explain.numbers import Number, number_of, value_of
from backend.engine.explain.parts import REASON
from backend.engine.explain.reasons import without
from backend.engine.gates.measures import Member
from backend.engine.pipeline import run
from backend.kernel.trace import Trace
from tests.engine.explained import members

COMPANIES = 56
EACH = 1


def _reasons(traces: tuple[Trace, ...]) -> Iterator[tuple[Number, Trace]]:
    """Yield each reason with the number that it is about."""
    for trace in traces:
        yield from ((number_of(trace), part) for part in trace.parts if part.name == REASON)
        yield from _reasons(tuple(part for part in trace.parts if part.name != REASON))


def _untrue(member: Member) -> list[str]:
    """Return each reason without which the number is no higher."""
    traces = explain(member.snapshot, member.plan, member.outcome, member.id)
    return [f"{number}: {part.about}" for number, part in _reasons(traces) if not _raises(member, number, part)]


def _raises(member: Member, number: Number, part: Trace) -> bool:
    snapshot, terms = without(part, member.snapshot, member.plan, member.index)
    freed = Member(snapshot=snapshot, plan=terms, outcome=run(snapshot, terms), index=member.index)
    return value_of(freed, number) > value_of(member, number)


@pytest.mark.parametrize("seed", range(COMPANIES))
def test_without_its_reason_a_number_is_higher(seed: int) -> None:
    """
    For any member of any company under any plan, each reason that is given is true of its number.
    """
    assert {} == {member.id: found for member in members(seed, EACH) if (found := _untrue(member))}


def test_every_reason_has_its_removal() -> None:
    """
    Whatever the stages may name as a reason, there is a change that removes it; and removals touch nobody's input.
    """
    for seed in range(20):
        for member in members(seed, EACH):
            before = member.snapshot.digest()
            for _, part in _reasons(opened(member)):
                without(part, member.snapshot, member.plan, member.index)
            assert before == member.snapshot.digest()
