"""
Health: what the machine that runs the product asks: does the process live, can it answer, what does it count.

None of it says anything of a person. The figures are for whoever bears the token of METRICS_TOKEN; where that names
none, there are no figures.
"""

import hmac
from http import HTTPStatus
from typing import Any

import msgspec
from litestar import MediaType, Request, Response, get
from litestar.exceptions import NotAuthorizedException, NotFoundException
from litestar.types import ControllerRouterHandler

from backend.flows.check_readiness import check_readiness
from backend.flows.check_replica import check_replica
from backend.flows.read_load import read_load
from backend.http.errors import PROBLEM
from backend.metrics.figures import MEDIA_TYPE, Figures
from backend.settings import Settings

NEVER_KEPT = {"cache-control": "no-store"}
RETRY = {"retry-after": "2"}
BEARER = "Bearer "
CHALLENGE = {"www-authenticate": "Bearer"}


@get("/health/live", media_type=MediaType.TEXT, sync_to_thread=False)
def live() -> Response[str]:
    """Answer, which is all that a living process has to do."""
    return Response("alive\n", headers=NEVER_KEPT)


@get("/health/ready")
async def ready(request: Request[Any, Any, Any]) -> Response[bytes]:
    """
    Answer 200 where pages can be answered, else 503 with the reasons; a process that is ending is not ready.

    A replica that pages cannot be read from is told, and does no harm: the primary answers.
    """
    hub = request.app.state.get("hub")
    if hub is not None and hub.stopping:
        return _not_ready("this process is ending", ())
    if findings := await check_readiness():
        return _not_ready("; ".join(finding.message for finding in findings), findings)
    words = "".join(f"{each}\n" for each in ["ready", *(finding.message for finding in await check_replica())])
    return Response(words.encode(), media_type=MediaType.TEXT, headers=NEVER_KEPT)


@get("/metrics")
async def metrics(request: Request[Any, Any, Any]) -> Response[bytes]:
    """Write the process's figures and the database's; 404 without a token in the settings, 401 without it here."""
    settings: Settings = request.app.state.settings
    if not settings.metrics_token:
        raise NotFoundException
    if not _bears(request.headers.get("authorization", ""), settings.metrics_token):
        raise NotAuthorizedException("name the token of METRICS_TOKEN as a bearer", headers=CHALLENGE)
    figures: Figures = request.app.state.figures
    return Response(figures.written(await read_load()), media_type=MEDIA_TYPE, headers=NEVER_KEPT)


def _bears(authorization: str, token: str) -> bool:
    given = authorization.removeprefix(BEARER) if authorization.startswith(BEARER) else ""
    return hmac.compare_digest(given.encode(), token.encode())


def _not_ready(detail: str, findings: object) -> Response[bytes]:
    body = {
        "type": "about:blank",
        "title": HTTPStatus.SERVICE_UNAVAILABLE.phrase,
        "status": 503,
        "detail": detail,
        "findings": msgspec.to_builtins(findings),
    }
    return Response(msgspec.json.encode(body), status_code=503, media_type=PROBLEM, headers=NEVER_KEPT | RETRY)


HEALTH: list[ControllerRouterHandler] = [live, ready, metrics]
