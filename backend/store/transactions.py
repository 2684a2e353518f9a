"""
Transactions that also end well when the database does not.

Where a connection dies at the begin or at the end of a transaction, Tortoise 1.1.9 leaves it standing as the task's own
connection and keeps its place in the pool: that task never speaks to the database again, and ten such ends use the pool
up.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any

import asyncpg
from tortoise.backends.base.client import BaseDBAsyncClient
from tortoise.connection import get_connection, get_connections
from tortoise.transactions import in_transaction


@asynccontextmanager
async def transaction() -> AsyncIterator[BaseDBAsyncClient]:
    """
    Begin a transaction, commit it at the end of the block, and roll back where the block raises.

    Raises what an absent database raises (`store.away.AWAY`); the next transaction of the task begins afresh.
    """
    before = get_connection("default")
    context: Any = in_transaction("default")
    try:
        async with context as connection:
            yield connection
    finally:
        if get_connection("default") is not before:
            get_connections().reset(context.token)
            with suppress(asyncpg.InterfaceError):  # the pool has taken it back already
                context.client._connection.terminate()  # noqa: SLF001 - nothing public gives up its place in the pool
