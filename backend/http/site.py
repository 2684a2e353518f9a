"""
Site: the routes with what they all share: languages, visitors, headers, compression and error pages.
"""

from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager
from typing import Any

from babel import Locale
from litestar import Litestar, Request
from litestar.config.compression import CompressionConfig
from litestar.datastructures import State
from litestar.di import Provide

from backend.http.counting import Counting, count
from backend.http.errors import HANDLERS, world_error
from backend.http.health import HEALTH
from backend.http.routes import ROUTES
from backend.http.security import guard
from backend.http.session import anyone_of, member_of, operator_of
from backend.http.words import language_of
from backend.metrics.figures import Figures

Lifespan = Callable[[Litestar], AbstractAsyncContextManager[None]]


def site(lifespan: Sequence[Lifespan], away: Sequence[type[Exception]] = (OSError,)) -> Litestar:
    """
    Return the site; its lifespan puts `hub` and `engine` into the state before the first request, `figures` are there.

    `away` names what the absence of a part raises, such as of the database: a page then says that it will pass.
    """
    return Litestar(
        route_handlers=ROUTES,
        lifespan=list(lifespan),
        dependencies={
            "locale": Provide(_locale, sync_to_thread=False),
            "member": Provide(member_of),
            "operator": Provide(operator_of),
            "visitor": Provide(anyone_of),
        },
        before_send=[guard, count],
        middleware=[Counting()],
        state=State({"figures": Figures()}),
        exception_handlers=HANDLERS | dict.fromkeys(away, world_error),
        compression_config=CompressionConfig(backend="gzip", exclude_opt_key="no_compress"),
        openapi_config=None,
        logging_config=None,
    )


def health_site(state: dict[str, object]) -> Litestar:
    """Return the site of a process that shows no pages: health and figures alone."""
    return Litestar(
        route_handlers=HEALTH,
        before_send=[guard, count],
        middleware=[Counting()],
        state=State(state),
        exception_handlers=HANDLERS,
        openapi_config=None,
        logging_config=None,
    )


def _locale(request: Request[Any, Any, Any]) -> Locale:
    """Return the reader's locale."""
    return language_of(request.headers.get("accept-language", ""))
