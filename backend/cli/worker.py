"""
`handrail worker`: the process that holds the columns and keeps the pulse.
"""

import asyncio
import signal
import sys

import rich_click as click

from backend.cli.logs import json_logs
from backend.live.seal import far
from backend.live.wire import desk_path
from backend.metrics.figures import Figures
from backend.serving import database
from backend.serving.health import telling_health
from backend.settings import read_settings
from backend.worker.process import work


@click.command()
@click.option("--with-parent", is_flag=True, help="End when standard input closes, as it does when the parent ends.")
def command(*, with_parent: bool) -> None:
    """
    Run the process that holds the columns and keeps the pulse.

    Of several, one holds the post and the others wait to take over. `handrail serve` starts one by itself.
    """
    json_logs("worker")
    asyncio.run(_until_told(with_parent=with_parent))


async def _until_told(*, with_parent: bool) -> None:
    """Work until the system, the terminal or the parent's end says to stop."""
    told = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, told.set)
    if with_parent:
        told_by_parent = asyncio.create_task(_parent_ended(told))
        told_by_parent.add_done_callback(lambda _: told.set())
    working = asyncio.create_task(_work())
    waiting = asyncio.create_task(told.wait())
    await asyncio.wait([working, waiting], return_when=asyncio.FIRST_COMPLETED)
    working.cancel()
    await asyncio.wait([working])
    if not working.cancelled():
        working.result()


async def _work() -> None:
    settings, figures = read_settings(), Figures()
    async with database(settings) as dsn:
        beside = telling_health(settings, figures)
        desk, announcements = desk_path(settings.data_folder), settings.announcements
        afar = far(settings.desk, settings.secret, host=settings.host)
        await work(dsn, desk, figures=figures, announcements=announcements, beside=beside, far=afar)


async def _parent_ended(told: asyncio.Event) -> None:
    """Wait until standard input closes, which a killed parent's does too."""
    reader = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    while await reader.read(1024):
        if told.is_set():
            return
