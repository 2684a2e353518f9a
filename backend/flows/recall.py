"""
Recall the company: from the tables into a fresh memory, with no period computed yet.
"""

from datetime import datetime

from backend.flows.memory import Memory, Network
from backend.network.tree import arrange
from backend.store.company import company
from backend.store.network import members_on, network_position
from backend.store.rolls import facts, roll_of
from backend.store.standings import last_documents, last_revision, last_sponsors


async def recall(now: datetime) -> Memory | None:
    """Return what the worker holds before its first pulse, or None where no company was imported yet."""
    row = await company()
    if row is None:
        return None
    position, stated = await network_position(), await facts()
    period = row.period_at(now)
    members = await members_on(period.last_day)
    roll = roll_of(members, row.terms_of(period), period, stated)
    tree = arrange(roll.ids, roll.sponsors)
    return Memory(
        company=row,
        members=members,
        facts=stated,
        tree=tree,
        networks={period: Network(members=members, tree=tree)},
        network_position=position,
        revision=await last_revision(),
        documents=await last_documents(),
        sponsors=await last_sponsors(),
    )
