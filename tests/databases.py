"""
Databases for tests: on a server of the session's own or the one in DATABASE_URL, each fresh, made from a template.

The template is migrated once, when the first test asks; a copy of it takes a few hundredths of a second.
"""

import asyncio
import shutil
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from itertools import count
from os import getpid
from pathlib import Path
from urllib.parse import urlsplit

import asyncpg

from backend.embedded.cluster import Cluster

NUMBERS = count(1)

VACUUM_WAITS, VACUUM_SECONDS = 50, 0.2


class Databases:
    """Makes and drops databases on one server; names hold the process's number, so that two sessions never meet."""

    def __init__(self, dsn: str, migrate: Callable[[str], Awaitable[None]]) -> None:
        """Keep the address of a database whose role may create others, and what fills the template."""
        self.dsn = dsn
        self._migrate = migrate
        self._template = ""

    def dsn_of(self, name: str) -> str:
        """Return the address of another database of the same server."""
        parts = urlsplit(self.dsn)
        return f"{parts.scheme}://{parts.netloc}/{name}" + (f"?{parts.query}" if parts.query else "")

    @asynccontextmanager
    async def fresh(self) -> AsyncIterator[str]:
        """Yield the address of a migrated database that nobody has used; drop it afterwards, sessions and all."""
        name = await self._create(await self._migrated())
        yield self.dsn_of(name)
        await self._drop(name)

    async def close(self) -> None:
        """Drop the template."""
        if self._template:
            await self._drop(self._template)

    async def _migrated(self) -> str:
        if not self._template:
            name = await self._create("template1")
            await self._migrate(self.dsn_of(name))
            self._template = name
        return self._template

    async def _create(self, template: str) -> str:
        name = f"test_{getpid()}_{next(NUMBERS)}"
        await self._run(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY WAL_LOG")
        return name

    async def _drop(self, name: str) -> None:
        """Drop a database; while the server itself vacuums in it, nobody but a superuser may, so that is waited for."""
        for _ in range(VACUUM_WAITS):
            try:
                await self._run(f"DROP DATABASE {name} WITH (FORCE)")
            except asyncpg.InsufficientPrivilegeError:
                await asyncio.sleep(VACUUM_SECONDS)
            else:
                return
        raise TimeoutError(f"{name} is still being vacuumed")

    async def _run(self, statement: str) -> None:
        connection = await asyncpg.connect(self.dsn)
        try:
            await connection.execute(statement)
        finally:
            await connection.close()


@contextmanager
def short_folder() -> Iterator[Path]:
    """Yield a folder with a path so short that a socket fits in, open to be walked through; remove it afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="hr-", dir="/tmp"))
    folder.chmod(0o755)
    try:
        yield folder
    finally:
        shutil.rmtree(folder)


@contextmanager
def session_server() -> Iterator[str]:
    """Yield the address of a server that is thrown away with the session."""
    with short_folder() as folder, Cluster(folder, durable=False) as cluster:
        yield cluster.dsn
