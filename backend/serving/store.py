"""
Store: the database of a command, running and migrated while the command does.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from backend.app import direct_dsn_of
from backend.embedded.cluster import Cluster
from backend.settings import Settings
from backend.store.company import company
from backend.store.database import migrate, opened


@asynccontextmanager
async def database(settings: Settings) -> AsyncIterator[str]:
    """
    Yield the address of a database that runs and is migrated, kept alive meanwhile where it is the product's own.

    It leads past a pooler, where one stands.
    """
    async with running(settings) as dsn:
        await migrate(dsn)
        yield dsn


@asynccontextmanager
async def running(settings: Settings) -> AsyncIterator[str]:
    """Yield the address of a database that runs, in whatever state its tables are."""
    if settings.database_url:
        yield direct_dsn_of(settings)
        return
    async with Cluster(settings.cluster_folder) as cluster:
        yield cluster.dsn


async def sound(dsn: str) -> None:
    """Raise Refused, with what to do, where the plan of the company in a database has findings."""
    async with opened(dsn):
        await company()
