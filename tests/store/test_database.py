"""
The tables come to their present state once, whoever starts first, and refuse by themselves what cannot be.
"""

import asyncio

import asyncpg
import pytest

from backend.store.database import config, migrate
from backend.store.migrations import __name__ as migrations
from tests.databases import Databases

CHECKS = "SELECT conname FROM pg_constraint WHERE contype = 'c' AND conname !~ 'not_null'"


async def test_five_processes_that_start_at_once_migrate_once(databases: Databases) -> None:
    """
    Whoever comes second waits for the lock and finds nothing left to do.
    """
    async with databases.fresh() as dsn:
        connection = await asyncpg.connect(dsn)
        await connection.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public")
        await asyncio.gather(*(migrate(dsn) for _ in range(5)))
        tables = await connection.fetchval("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'")
        await connection.close()

    assert tables >= 10, migrations


async def test_every_check_stands_in_the_database(database: str) -> None:
    """
    The migrations' checks are real constraints and not only words.
    """
    from importlib import import_module

    written = (import_module(f"{migrations}.{name}") for name in ("0002_checks", "0003_facts_and_products"))
    declared = {table: checks for migration in written for table, checks in migration.CHECKS.items()}
    connection = await asyncpg.connect(database)
    standing = {row["conname"] for row in await connection.fetch(CHECKS)}
    await connection.close()

    assert {name for checks in declared.values() for name in checks} <= standing


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO company (id, name, zone, plan_source, plan_digest) VALUES (2, '', '', '', '')",
        "INSERT INTO session (token_hash, role, created_at, expires_at) VALUES ('x', 'member', now(), now())",
        "INSERT INTO session (token_hash, role, created_at, expires_at) VALUES ('x', 'king', now(), now())",
    ],
)
async def test_what_cannot_be_is_refused(database: str, statement: str) -> None:
    """
    A second company, a member's session without a member, a role that is none.
    """
    connection = await asyncpg.connect(database)
    with pytest.raises(asyncpg.CheckViolationError):
        await connection.execute(statement)
    await connection.close()


def test_an_address_keeps_its_encryption() -> None:
    """Who asks for a verified server in the address gets no other; who asks for nothing is left to the driver."""
    asked, silent = (
        config(f"postgresql://me:se%2Fcret@db.example:6432/handrail{end}")["connections"]["default"]["credentials"]
        for end in ("?sslmode=verify-full", "")
    )

    assert ("verify-full", "se/cret", "db.example", 6432) == tuple(
        asked[name] for name in ("ssl", "password", "host", "port")
    )
    assert "ssl" not in silent
