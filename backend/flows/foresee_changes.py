"""
Foresee changes: what is missing for a member's steps, titles and legs' breakaways, from the state computed last.
"""

from backend.engine.gates.measures import Member
from backend.flows.memory import Memory
from backend.forecast.change import Changes
from backend.forecast.changes import changes_of


def foresee_changes(memory: Memory, member_code: str) -> Changes | None:
    """Return what is missing for a member; None before the first pulse, and for who is not there."""
    shown, position = memory.shown, memory.tree.position
    if shown is None or member_code not in position:
        return None
    return changes_of(
        Member(snapshot=shown.snapshot, plan=shown.terms, outcome=shown.outcome, index=position[member_code])
    )
