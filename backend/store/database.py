"""
The database: how it is reached, opened for one process, and brought to the present state of its tables.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import asyncpg
from tortoise import Tortoise
from tortoise.context import TortoiseContext
from tortoise.migrations.api import migrate as apply_migrations

ORDERS_CHANNEL = "handrail_orders"
"""Announces accepted orders to the worker."""

STANDINGS_CHANNEL = "handrail_standings"
"""Announces members whose page has changed to the web processes."""

REPLICA = "replica"
"""What Tortoise calls the connections to the replica."""

MIGRATION_LOCK = 7_305_815_001
"""Several processes that start at once migrate one after the other."""

POOL = (0, 10)
"""The smallest and largest number of connections that one process keeps to one server."""


def config(dsn: str, *, pooled: bool = False, read_dsn: str | None = None) -> dict[str, Any]:
    """
    Return Tortoise's configuration for an address such as `postgresql://role@/name?host=FOLDER&port=5432`.

    At `read_dsn` stands a replica that pages may be read from (`store.replica`).
    """
    connections = {"default": dsn} | ({REPLICA: read_dsn} if read_dsn else {})
    return {
        "connections": {
            name: {"engine": "backend.store.driver", "credentials": _credentials(address, pooled=pooled)}
            for name, address in connections.items()
        },
        "apps": {
            "models": {
                "models": ["backend.store.tables"],
                "default_connection": "default",
                "migrations": "backend.store.migrations",
            }
        },
        "use_tz": True,
        "timezone": "UTC",
    }


def _credentials(dsn: str, *, pooled: bool) -> dict[str, Any]:
    """
    Return what the driver needs to reach a server.

    Behind a pooler in transaction mode the next statement may reach another session: nothing is prepared, and no
    setting of a session is asked for.
    """
    parts = urlsplit(dsn)
    query = {name: values[-1] for name, values in parse_qs(parts.query).items()}
    credentials: dict[str, Any] = {
        "host": parts.hostname or query.get("host"),
        "port": parts.port or int(query.get("port", "5432")),
        "user": unquote(parts.username or "") or query.get("user"),
        "password": unquote(parts.password) if parts.password else None,
        "database": parts.path.lstrip("/"),
        "minsize": POOL[0],
        "maxsize": POOL[1],
        "application_name": "handrail",
        "connection_class": Tidy,
    }
    credentials |= {"statement_cache_size": 0} if pooled else {"server_settings": {"jit": "off"}}
    return credentials | ({"ssl": query["sslmode"]} if "sslmode" in query else {})


class Tidy(asyncpg.Connection):  # type: ignore[misc]
    """
    A connection that is given back to the pool without a word to the server.

    Nothing here sets or locks anything for longer than a transaction, as behind a pooler nothing may; an open
    transaction is rolled back all the same.
    """

    def get_reset_query(self) -> str:
        """Return what is said to the server when it is given back: nothing."""
        return ""


@asynccontextmanager
async def opened(dsn: str, *, pooled: bool = False, read_dsn: str | None = None) -> AsyncIterator[None]:
    """Open the store for this process; requests find it without inheriting a context. The names are `config`'s."""
    async with TortoiseContext() as context:
        await context.init(config=config(dsn, pooled=pooled, read_dsn=read_dsn), _enable_global_fallback=True)
        yield


async def migrate(dsn: str) -> None:
    """Bring the tables to their present state; whoever comes second waits and finds nothing to do."""
    lock = await asyncpg.connect(dsn)
    try:
        await lock.execute("SELECT pg_advisory_lock($1)", MIGRATION_LOCK)
        await asyncio.create_task(_apply(dsn))
    finally:
        await lock.close()


async def server_major(dsn: str) -> int:
    """Return the major version of a database's server, such as 18."""
    return int(await _asked(dsn, "SHOW server_version_num")) // 10_000


async def is_empty(dsn: str) -> bool:
    """Return whether a database holds no table, view or sequence of anybody's."""
    return not await _asked(dsn, ANYTHING)


async def _asked(dsn: str, question: str) -> Any:
    """Return one value from a database that is not opened."""
    connection = await asyncpg.connect(dsn)
    try:
        return await connection.fetchval(question)
    finally:
        await connection.close()


async def _apply(dsn: str) -> None:
    """Run as a task of its own: the context that Tortoise leaves behind would hide the one that `opened` opens."""
    await apply_migrations(config=config(dsn))
    await Tortoise.close_connections()


ANYTHING = """
SELECT EXISTS (
    SELECT FROM pg_class JOIN pg_namespace AS space ON space.oid = relnamespace
    WHERE relkind IN ('r', 'p', 'v', 'm', 'S', 'f') AND nspname <> 'information_schema' AND nspname NOT LIKE 'pg\\_%'
)
"""
