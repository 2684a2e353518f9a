"""
The app: the one place where all parts meet.

A web process opens the store, hears the worker's announcements, and asks the worker's desk; it computes nothing.
"""

import gc
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial

from litestar import Litestar

from backend.embedded.cluster import Cluster
from backend.http.site import site
from backend.live.announcements import listening
from backend.live.desk import Desk
from backend.live.hub import Hub
from backend.live.seal import far
from backend.live.wire import desk_path
from backend.settings import Settings, read_settings
from backend.store.away import AWAY
from backend.store.database import STANDINGS_CHANNEL, opened
from backend.store.replica import State, following


def create_app(settings: Settings | None = None) -> Litestar:
    """
    Return the app on a database that runs and is migrated; its state holds `settings`, `hub` and `engine`.

    Any ASGI server may serve it. Whoever stops it calls `hub.stop()` first, so that open streams end by themselves.
    """
    settings = settings or read_settings()
    return site([partial(_living, settings)], AWAY)


def dsn_of(settings: Settings) -> str:
    """Return the database's address: the one that was named, or that of the product's own PostgreSQL."""
    return settings.database_url or Cluster(settings.cluster_folder).dsn


def direct_dsn_of(settings: Settings) -> str:
    """Return the address that leads past a pooler, for what needs a connection of its own: listening, lasting locks."""
    return settings.database_direct_url or dsn_of(settings)


SELDOM = (20_000, 20, 20)
"""So many new objects are made before the collector looks for circles; by itself it looks after 700."""


def _spare_the_collector() -> None:
    """
    Let Python's collector leave alone what lives as long as the process, and come less often.

    A batch of orders is thousands of small objects that no circle holds; walking all modules for each batch took a
    third of the intake's processor time.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(*SELDOM)


@asynccontextmanager
async def _living(settings: Settings, app: Litestar) -> AsyncIterator[None]:
    figures = app.state.figures
    read_dsn = settings.database_read_url
    async with AsyncExitStack() as parts:
        await parts.enter_async_context(opened(dsn_of(settings), pooled=settings.pooled, read_dsn=read_dsn))
        hub = Hub()
        if read_dsn:
            replica = await parts.enter_async_context(following(figures.page_read))
            figures.watch_replica(lambda: replica.state == State.LEVEL, lambda: replica.revisions_behind)
            hub = Hub(replica.expect)
        desk = far(settings.desk, settings.secret) or desk_path(settings.data_folder)
        app.state.update({"settings": settings, "hub": hub, "engine": Desk(desk)})
        figures.count_streams(hub.count)
        told_at = settings.announcements or direct_dsn_of(settings)
        ear = listening(told_at, STANDINGS_CHANNEL, heard=hub.hear, joined=hub.announce_all)
        await parts.enter_async_context(ear)
        _spare_the_collector()
        yield
        hub.stop()
