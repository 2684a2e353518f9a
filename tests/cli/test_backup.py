"""
A backup is the whole database: restored on another server it has every row, and its last closed period computes again.
"""

import asyncio
import hashlib
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import pytest

from backend.embedded.archive import dump, fill
from backend.embedded.cluster import Cluster
from backend.flows.close_period import close_period
from backend.kernel.finding import Refused
from backend.store.database import opened
from tests.databases import short_folder
from tests.flows.companies import order
from tests.flows.test_close_period import NOVEMBER, NOVEMBER_IS_OVER, OCTOBER, OCTOBER_IS_OVER, at, begun, sent
from tests.worker.processes import started

TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename"


@pytest.fixture
def folder() -> Iterator[Path]:
    """Yield a data folder with a short path."""
    with short_folder() as folder:
        yield folder


async def said(*words: str, dsn: str, folder: Path) -> tuple[int, str]:
    """Run a command to its end and return its exit code and all that it said."""
    async with started(*words, dsn=dsn, folder=folder) as run:
        out, err = await asyncio.wait_for(run.process.communicate(), 90)
        assert run.process.returncode is not None
        return run.process.returncode, (out + err).decode()


async def contents(dsn: str) -> dict[str, str]:
    """Return a digest of the rows of each table."""
    connection = await asyncpg.connect(dsn)
    digests = {}
    for (table,) in await connection.fetch(TABLES):
        rows = sorted(row[0] for row in await connection.fetch(f"SELECT t::text FROM {table} AS t"))
        digests[table] = hashlib.sha256("\n".join(rows).encode()).hexdigest()
    await connection.close()
    return digests


async def test_a_restored_server_computes_the_last_closed_period_to_the_same_hashes(
    database: str, folder: Path
) -> None:
    """
    Two months are closed, the second with a correction of the first, backed up, and restored on another server.

    Every table has the same rows, the command proves the last period by its hashes, and a second restore is refused.
    """
    async with opened(database):
        await begun("recovered")
        await close_period(OCTOBER)
        back = order("R-1", kind="return", returns="A-2", placed_at=OCTOBER_IS_OVER)
        await sent(back, rules=("recovered",))
        await at(NOVEMBER_IS_OVER)
        sealed = await close_period(NOVEMBER)
    file = folder / "company.backup"
    before = await contents(database)

    written = await said("backup", str(file), dsn=database, folder=folder)
    again = await said("backup", str(file), dsn=database, folder=folder)
    over = await said("restore", str(file), dsn=database, folder=folder)
    restored = await said("restore", str(file), dsn="", folder=folder)
    with Cluster(folder / "database") as cluster:
        after = await contents(cluster.dsn)

    assert (0, 0o600) == (written[0], file.stat().st_mode & 0o777)
    assert [1, 1, 0] == [again[0], over[0], restored[0]], restored[1]
    assert "This file exists" in again[1]
    assert "nothing is ever restored over them" in over[1]
    assert before == after
    assert f"2026-11 computes again to the same: snapshot {sealed.snapshot_digest}" in restored[1]
    assert sealed.outcome_digest in restored[1]


async def test_what_cannot_be_restored_says_why_and_leaves_nothing(folder: Path) -> None:
    """A file that is missing, none of a backup, or cut short is refused by name, and the database stays empty."""
    with Cluster(folder / "database", durable=False) as cluster:
        whole, cut, other = folder / "whole", folder / "cut", folder / "other"
        dump(cluster.dsn, whole, server=18)
        cut.write_bytes(whole.read_bytes()[:-40])
        other.write_text("a letter")
        codes = []
        for file in (folder / "nowhere", other, cut):
            with pytest.raises(Refused) as refused:
                fill(cluster.dsn, file, server=18)
            codes += [finding.code for finding in refused.value.findings]
        connection = await asyncpg.connect(cluster.dsn)
        tables = await connection.fetchval("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'")
        await connection.close()

    assert ["backup-missing", "backup-unreadable"] == codes[:2]
    assert codes[2] in {"backup-unreadable", "backup-failed"}
    assert 0 == tables


def test_a_server_that_is_newer_than_the_programs_is_told_with_what_to_install(folder: Path) -> None:
    """Nothing is written, and the finding names the version that there is and the one that is needed."""
    with pytest.raises(Refused) as refused:
        dump("postgresql://user:password@localhost/nowhere", folder / "file", server=99)
    (finding,) = refused.value.findings

    assert "The server is PostgreSQL 99" in finding.message
    assert "postgresql-client-99" in finding.remedy
    assert [] == list(folder.iterdir())
