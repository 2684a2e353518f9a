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
from tortoise.backends.asyncpg.client import AsyncpgDBClient, TransactionWrapper
from tortoise.backends.base.client import BaseDBAsyncClient, TransactionContextPooled
from tortoise.connection import get_connection, get_connections
from tortoise.transactions import in_transaction


class Begun(TransactionWrapper):
    """
    A transaction that begins with statements of its own, all of them sent at once.

    It holds no other within it: the driver does not know of a transaction that it has not begun itself.
    """

    def __init__(self, client: AsyncpgDBClient, opening: str) -> None:
        """Know what to begin with."""
        super().__init__(client)
        self._opening = opening

    async def begin(self) -> None:
        """Begin, and say the first statements, in one message."""
        await self._connection.execute(f"BEGIN; {self._opening}")

    async def commit(self) -> None:
        """Commit."""
        await self._end("COMMIT")

    async def rollback(self) -> None:
        """Take all of it back."""
        await self._end("ROLLBACK")

    async def _end(self, how: str) -> None:
        await self._connection.execute(how)
        self._finalized = True


@asynccontextmanager
async def transaction(opening: str = "") -> AsyncIterator[BaseDBAsyncClient]:
    """
    Begin a transaction, commit it at the end of the block, and roll back where the block raises.

    `opening` are statements without parameters that it begins with; one round trip is for all of them. Raises what an
    absent database raises (`store.away.AWAY`); the next transaction of the task begins afresh.
    """
    before = get_connection("default")
    context: Any = _beginning(opening) if opening else in_transaction("default")
    try:
        async with context as connection:
            yield connection
    finally:
        if get_connection("default") is not before:
            get_connections().reset(context.token)
            with suppress(asyncpg.InterfaceError):  # the pool has taken it back already
                context.client._connection.terminate()  # noqa: SLF001 - nothing public gives up its place in the pool


def _beginning(opening: str) -> TransactionContextPooled:
    client: Any = get_connection("default")
    return TransactionContextPooled(Begun(client, opening), client._pool_init_lock)  # noqa: SLF001 - as Tortoise begins one
