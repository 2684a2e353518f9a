"""
Fixtures that every room may ask for: a PostgreSQL for the session, and a fresh database for each test.
"""

import os
from collections.abc import AsyncIterator, Iterator

import pytest

from tests.databases import Databases, session_server
from tests.stores import migrate


@pytest.fixture(scope="session")
def server_dsn() -> Iterator[str]:
    """Yield the address of the session's server: DATABASE_URL, or one that goes with the tests."""
    if url := os.environ.get("DATABASE_URL"):
        yield url
    else:
        with session_server() as dsn:
            yield dsn


@pytest.fixture(scope="session")
async def databases(server_dsn: str) -> AsyncIterator[Databases]:
    """Yield the maker of databases; its template is migrated when the first one is asked for."""
    made = Databases(server_dsn, migrate)
    yield made
    await made.close()


@pytest.fixture
async def database(databases: Databases) -> AsyncIterator[str]:
    """Yield the address of a migrated database that no other test has touched."""
    async with databases.fresh() as dsn:
        yield dsn
