"""
What fills the template database of the tests: the product's own migrations.
"""

from backend.store import database


async def migrate(dsn: str) -> None:
    """Bring an empty database to the present state of the tables."""
    await database.migrate(dsn)
