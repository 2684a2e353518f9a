"""
`handrail backup` and `handrail restore`: the whole database in a file, and back out of it.
"""

import asyncio
from pathlib import Path

import rich_click as click

from backend.embedded.archive import dump, fill
from backend.flows.close_period import Closing
from backend.flows.prove_last_period import prove_last_period
from backend.kernel.finding import Finding, Place, Refused
from backend.serving import running
from backend.settings import read_settings
from backend.store.database import is_empty, migrate, opened, server_major

FILE = click.Path(path_type=Path, dir_okay=False)


@click.command(name="backup")
@click.argument("file", type=FILE)
def backup(file: Path) -> None:
    """
    Write the whole database into FILE, as it is at one instant, while the product runs.

    The secret in the data folder is no part of it: keep it, or what HANDRAIL_SECRET names, beside the file.
    """
    asyncio.run(_backup(file))
    click.echo(f"{file}: {file.stat().st_size:,} bytes")


@click.command(name="restore")
@click.argument("file", type=FILE)
def restore(file: Path) -> None:
    """
    Fill an empty database from FILE, bring its tables to the present state, and prove it.

    The proof: the last closed period, computed again from what was restored, comes to the hashes it was sealed with.
    """
    proved = asyncio.run(_restore(file))
    click.echo(f"{file} is restored.")
    click.echo(
        f"{proved.period} computes again to the same: snapshot {proved.snapshot_digest}, "
        f"outcome {proved.outcome_digest}."
        if proved
        else "No period was closed in it yet."
    )


async def _backup(file: Path) -> None:
    async with running(read_settings()) as dsn:
        await asyncio.to_thread(dump, dsn, file, server=await server_major(dsn))


async def _restore(file: Path) -> Closing | None:
    async with running(read_settings()) as dsn:
        if not await is_empty(dsn):
            raise Refused([_finding()])
        await asyncio.to_thread(fill, dsn, file, server=await server_major(dsn))
        await migrate(dsn)
        async with opened(dsn):
            return await prove_last_period()


def _finding() -> Finding:
    return Finding(
        code="database-not-empty",
        place=Place(source="database"),
        message="The database has tables, and nothing is ever restored over them.",
        remedy="Name an empty one in DATABASE_URL, or an empty folder in HANDRAIL_DATA.",
    )
