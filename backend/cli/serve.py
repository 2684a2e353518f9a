"""
`handrail serve`: the app with the worker beside it.
"""

import asyncio

import rich_click as click

from backend.cli.logs import json_logs
from backend.serving import Serving
from backend.settings import read_settings


@click.command()
def command() -> None:
    """
    Serve the app, with the worker beside it, until SIGTERM or Ctrl+C.

    Where DATABASE_URL is not set, the product's own PostgreSQL is started in HANDRAIL_DATA. PORT and HOST say where the
    app is served.
    """
    json_logs("web")
    asyncio.run(_serve())


async def _serve() -> None:
    serving = Serving(read_settings())
    running = asyncio.create_task(serving.run())
    ready = asyncio.create_task(serving.ready.wait())
    await asyncio.wait([running, ready], return_when=asyncio.FIRST_COMPLETED)
    if ready.done():
        click.echo(f"Handrail is at {serving.address}")
    ready.cancel()
    await running
