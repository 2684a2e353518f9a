"""
Let in: what was held goes in when what it lacks comes by another door than that of events.
"""

from collections.abc import Sequence

from tortoise.backends.base.client import BaseDBAsyncClient

from backend.flows.order_rows import Present
from backend.flows.taking import Taking
from backend.flows.write_taken import write_taken
from backend.store.company import company
from backend.store.looking import ground
from backend.store.orders import Ledger


async def let_in(connection: BaseDBAsyncClient, whats: Sequence[str]) -> None:
    """Let in, within somebody's transaction that holds the lock of the logs, who waited for what it has written."""
    ledger, row = Ledger(connection), await company()
    holds = await ground(connection)
    if row is None or not holds.anything_held:
        return
    now = row.clock.now()
    present = Present(now=now, zone=row.zone, terms=row.terms_of(row.period_at(now)), closed=holds.closed)
    taking = Taking(ledger, present, anything_held=True)
    await taking.hear(whats)
    await write_taken(ledger, taking, now)
