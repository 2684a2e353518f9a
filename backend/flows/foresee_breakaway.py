"""
Foresee a breakaway: what a leg's breakaway would change for the member above it, from the state that was computed last.
"""

from backend.engine.gates.measures import Member
from backend.flows.memory import Memory
from backend.forecast.breakaway import preview
from backend.forecast.preview import Preview


def foresee_breakaway(memory: Memory, member_code: str, leg_code: str) -> Preview | None:
    """
    Return the preview of a frontline leg's breakaway.

    None before the first pulse, for who is no leg of the member's, and for a leg that has broken away.
    """
    shown, position = memory.shown, memory.tree.position
    if shown is None or member_code not in position or leg_code not in position:
        return None
    member = Member(snapshot=shown.snapshot, plan=shown.terms, outcome=shown.outcome, index=position[member_code])
    leg = position[leg_code]
    if shown.snapshot.sponsor[leg] != member.index or shown.outcome.broken_away[leg]:
        return None
    return preview(member, leg)
