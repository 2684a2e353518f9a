"""
The total, explained: every bonus of the period added up.
"""

from collections.abc import Iterable, Iterator

from msgspec.structs import replace

from backend.engine.explain.parts import REASON, money
from backend.engine.gates.measures import Member
from backend.kernel.trace import Trace

EARNED = (
    "personal",
    "differential",
    "override",
    "production",
    "level",
    "pool",
    "fast_start",
    "title_held",
    "one_time",
    "multiplier",
    "match",
)
"""The numbers that together are the total; what is kept at the sale is none of them."""


def explained(member: Member, traces: Iterable[Trace]) -> Iterator[Trace]:
    """Yield the total of the numbers that the stages have explained, with the reasons of each, which name it."""
    earned = [trace for trace in traces if trace.name in EARNED]
    sums = [replace(trace, parts=(), adds_up=False) for trace in earned]
    told = {str(part.about): part for trace in earned for part in _told(trace)}
    yield money(member, "total", [*sums, *told.values()])


def _told(trace: Trace) -> Iterator[Trace]:
    """Yield the reasons of a bonus, and of each one of its kind, with the name of the bonus."""
    for one in (trace, *(part for part in trace.parts if part.name == trace.name)):
        for part in one.parts:
            if part.name == REASON:
                yield replace(part, about=part.about | {"number": trace.name})
