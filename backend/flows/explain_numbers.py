"""
Explain numbers: why each number of a member is what it is, from the state that was computed last.
"""

from backend.engine.explain import explain
from backend.flows.memory import Memory
from backend.kernel.trace import Trace


def explain_numbers(memory: Memory, member_code: str) -> tuple[Trace, ...] | None:
    """Return the traces of a member's numbers; None before the first pulse, and none at all for who is not there."""
    shown = memory.shown
    if shown is None:
        return None
    if member_code not in memory.tree.position:
        return ()
    return explain(shown.snapshot, shown.terms, shown.outcome, member_code)
