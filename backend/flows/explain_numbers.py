"""
Explain numbers: why each number of a member is what it is, from the state that was computed last.
"""

from backend.engine.explain import explain
from backend.flows.memory import Memory
from backend.kernel.trace import Trace

MEMBERS_A_PAGE = 300_000
"""So many members may be computed again while a page waits; each proof of a reason takes all of the company."""


def explain_numbers(memory: Memory, member_code: str, number: str = "") -> tuple[Trace, ...] | None:
    """
    Return the traces of a member's numbers, or of one; None before the first pulse, none at all for who is not there.

    In a large company only the nearest reasons are tried, so that a page need not wait.
    """
    shown = memory.shown
    if shown is None:
        return None
    if member_code not in memory.tree.position:
        return ()
    proofs = max(1, MEMBERS_A_PAGE // len(shown.snapshot.members))
    asked = [number] if number else []
    return explain(shown.snapshot, shown.terms, shown.outcome, member_code, numbers=asked, proofs=proofs)
