"""
Driver: Tortoise's client for PostgreSQL, on a pool that nobody waits for without end.

Tortoise asks its pool for a connection and names no time, so that whoever asks a crowded or silent server would wait
for ever. Tortoise finds the client here by the name `client_class`.
"""

from typing import Any

import asyncpg
from tortoise.backends.asyncpg.client import AsyncpgDBClient

ACQUIRE_SECONDS = 1.5
"""So long a page waits for a connection, be it for a free one or for a new one; then it says that it will pass."""

CONNECT_SECONDS = 5


class Pool(asyncpg.Pool):  # type: ignore[misc]
    """A pool whose connections are waited for `ACQUIRE_SECONDS`; then TimeoutError, one of `store.away.AWAY`."""

    def acquire(self, *, timeout: float | None = ACQUIRE_SECONDS) -> Any:
        """Return a free connection, or a new one where there may be more."""
        return super().acquire(timeout=timeout)


class Client(AsyncpgDBClient):
    """Tortoise's client with that pool."""

    async def create_pool(self, **settings: Any) -> asyncpg.Pool:
        """Return a pool that connects when it is first asked for a connection, and not before."""
        pool = Pool(
            max_queries=50_000,
            max_inactive_connection_lifetime=300,
            record_class=asyncpg.Record,
            timeout=CONNECT_SECONDS,
            **settings,
        )
        await pool
        return pool


client_class = Client
