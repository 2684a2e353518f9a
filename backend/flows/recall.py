"""
Recall the company: from the tables into a fresh memory, with no period computed yet.
"""

from datetime import datetime

from backend.flows.memory import Memory
from backend.network.tree import arrange
from backend.store.company import company
from backend.store.rolls import facts, members_on
from backend.store.standings import last_documents, last_revision


async def recall(now: datetime) -> Memory | None:
    """Return what the worker holds before its first pulse, or None where no company was imported yet."""
    row = await company()
    if row is None:
        return None
    members = await members_on(row.period_at(now).last_day)
    return Memory(
        company=row,
        members=members,
        facts=await facts(),
        tree=arrange(members.codes, members.sponsors),
        revision=await last_revision(),
        documents=await last_documents(),
    )
