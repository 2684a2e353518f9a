"""
`handrail shop-key`: a key with which a shop signs its orders.
"""

import asyncio

import rich_click as click

from backend.flows.open_shop import open_shop
from backend.flows.shop_secret import secret_of, secret_text
from backend.serving import database
from backend.settings import read_settings
from backend.store.database import opened


@click.command(name="shop-key")
@click.argument("name")
def command(name: str) -> None:
    """
    Print the key and the secret with which the shop NAME signs its orders.

    The shop sends NAME as the header `handrail-key` and signs as Standard Webhooks say. Asked again, the same is
    printed again.
    """
    click.echo(f"{name}\n{asyncio.run(_secret(name))}")


async def _secret(name: str) -> str:
    settings = read_settings()
    async with database(settings) as dsn, opened(dsn):
        return secret_text(secret_of(settings.secret, name, await open_shop(name)))
