"""
Errors: what a person reads when something is not there, not theirs, or broken; and what a program reads.

A person gets a page with the next thing to do, and never a traceback; programs get problem details (RFC 9457). What
broke inside is logged with its cause.
"""

from http import HTTPStatus
from typing import Any

import msgspec
import structlog
from litestar import Request, Response
from litestar.exceptions import HTTPException

from backend.http.render import render
from backend.http.words import language_of
from backend.kernel.finding import Refused

log = structlog.get_logger()

PAGES = {401, 403, 404, 405, 429, 500, 503}
"""Answers that have a page of their own; another one is told as its hundred."""

PROBLEM = "application/problem+json"

PROGRAMS = ("/intake", "/health", "/metrics")
"""Where only programs ask."""


def http_error(request: Request[Any, Any, Any], error: HTTPException) -> Response[Any]:
    """Answer an error that a route raised on purpose."""
    if error.status_code >= HTTPStatus.INTERNAL_SERVER_ERROR:
        log.error("broken", room=room(request), exc_info=error)
    return answer(request, error.status_code, error.detail, dict(error.headers or {}))


def world_error(request: Request[Any, Any, Any], error: Exception) -> Response[Any]:
    """Answer a lost connection, as to the database: it is not the person's fault and will pass."""
    log.warning("away", room=room(request), error=error)
    return answer(request, 503, "a part of this server is away", {"retry-after": "5"})


def own_error(request: Request[Any, Any, Any], error: Exception) -> Response[Any]:
    """Answer a mistake of the program, and log it whole."""
    log.error("broken", room=room(request), exc_info=error)
    return answer(request, 500, "this server made a mistake", {})


def refusal(_: Request[Any, Any, Any], error: Refused) -> Response[Any]:
    """Answer input that was refused, with every finding."""
    body = _problem(422, "the input was refused") | {"findings": msgspec.to_builtins(error.findings)}
    return Response(msgspec.json.encode(body), status_code=422, media_type=PROBLEM)


def room(request: Request[Any, Any, Any]) -> str:
    """Return the first word of the path: what stands behind it may be a sign-in token or a member's id."""
    return "/" + request.url.path.split("/")[1]


def answer(request: Request[Any, Any, Any], status: int, detail: str, headers: dict[str, str]) -> Response[Any]:
    """Answer with a page, or with problem details where a program asks."""
    if _is_program(request):
        return Response(
            msgspec.json.encode(_problem(status, detail)), status_code=status, media_type=PROBLEM, headers=headers
        )
    page = status if status in PAGES else 404 if status < 500 else 500
    locale = language_of(request.headers.get("accept-language", ""))
    html = render(f"errors/{page}.html", locale, status=status)
    return Response(html, status_code=status, media_type="text/html", headers=headers)


HANDLERS: dict[int | type[Exception], Any] = {
    HTTPException: http_error,
    Refused: refusal,
    Exception: own_error,
}


def _is_program(request: Request[Any, Any, Any]) -> bool:
    accepts = request.headers.get("accept", "")
    return request.url.path.startswith(PROGRAMS) or ("json" in accepts and "html" not in accepts)


def _problem(status: int, detail: str) -> dict[str, Any]:
    return {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status, "detail": detail}
