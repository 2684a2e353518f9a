"""
Health of a worker: a port of its own, where the machine that runs it asks what it asks of a web process.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import uvicorn

from backend.http.site import health_site
from backend.metrics.figures import Figures
from backend.serving.door import Server, bound
from backend.settings import Settings


@asynccontextmanager
async def telling_health(settings: Settings, figures: Figures) -> AsyncIterator[None]:
    """Answer at WORKER_PORT while the block runs, and nowhere where none is named; raises Refused where it is taken."""
    if settings.worker_port is None:
        yield
        return
    site = health_site({"settings": settings, "figures": figures})
    config = uvicorn.Config(site, http="httptools", access_log=False, log_config=None, server_header=False)
    with bound(settings.host, settings.worker_port) as door:
        server = Server(config, asyncio.Event())
        serving = asyncio.create_task(server.serve(sockets=[door]))
        try:
            yield
        finally:
            server.should_exit = True
            await asyncio.wait([serving])
