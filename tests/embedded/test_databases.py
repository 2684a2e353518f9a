"""Databases for tests are fresh each time, and one test never sees another's rows."""

import asyncpg
import pytest

from tests.databases import Databases


@pytest.mark.parametrize("turn", ["first", "second"])
async def test_each_database_is_fresh(database: str, turn: str) -> None:
    """The same table can be made in every test, because each has a database of its own."""
    connection = await asyncpg.connect(database)
    await connection.execute("CREATE TABLE only_here (turn text)")
    await connection.execute("INSERT INTO only_here VALUES ($1)", turn)
    assert turn == await connection.fetchval("SELECT turn FROM only_here")
    await connection.close()


async def test_template_is_migrated_once(server_dsn: str) -> None:
    """Every database holds what the migration made, and the migration ran once."""
    migrated = []

    async def migrate(dsn: str) -> None:
        migrated.append(dsn)
        connection = await asyncpg.connect(dsn)
        await connection.execute("CREATE TABLE made (by_migration int)")
        await connection.close()

    databases = Databases(server_dsn, migrate)
    for _ in range(2):
        async with databases.fresh() as dsn:
            connection = await asyncpg.connect(dsn)
            assert [] == await connection.fetch("SELECT * FROM made")
            await connection.close()
    await databases.close()
    assert 1 == len(migrated)


@pytest.mark.parametrize(
    ("dsn", "expected"),
    [
        ("postgresql://handrail@/handrail?host=/tmp/a&port=5432", "postgresql://handrail@/t?host=/tmp/a&port=5432"),
        ("postgresql://ann:x@db:5432/shop", "postgresql://ann:x@db:5432/t"),
        ("postgresql:///shop?host=/run", "postgresql:///t?host=/run"),
    ],
)
async def test_address_of_another_database(dsn: str, expected: str) -> None:
    """Only the database's name changes, whatever form the address has."""

    async def migrate(dsn: str) -> None:
        assert dsn

    assert expected == Databases(dsn, migrate).dsn_of("t")
