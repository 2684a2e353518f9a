"""
`handrail serve` and `handrail web`: the app, with the worker beside it or without.
"""

import asyncio

import rich_click as click

from backend.cli.logs import json_logs
from backend.serving import Serving
from backend.settings import read_settings


@click.command(name="serve")
def command() -> None:
    """
    Serve the app, with the worker beside it, until SIGTERM or Ctrl+C.

    Where DATABASE_URL is not set, the product's own PostgreSQL is started in HANDRAIL_DATA. PORT and HOST say where the
    app is served.
    """
    json_logs("web")
    asyncio.run(_serve(with_worker=True))


@click.command(name="web")
def web() -> None:
    """
    Serve the app without a worker, until SIGTERM or Ctrl+C.

    As many as are wanted serve one database, each on a port of its own; `handrail worker` runs beside them. On SIGTERM
    nobody new is let in, who is inside is answered, and open pages are told to come back at once.
    """
    json_logs("web")
    asyncio.run(_serve(with_worker=False))


async def _serve(*, with_worker: bool) -> None:
    serving = Serving(read_settings(), with_worker=with_worker)
    running = asyncio.create_task(serving.run())
    ready = asyncio.create_task(serving.ready.wait())
    await asyncio.wait([running, ready], return_when=asyncio.FIRST_COMPLETED)
    if ready.done():
        click.echo(f"Handrail is at {serving.address}")
    ready.cancel()
    await running
