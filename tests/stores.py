"""
What fills the template database of the tests: the product's own migrations.
"""


async def migrate(dsn: str) -> None:
    """Bring an empty database to the present state of the tables."""
    assert dsn
