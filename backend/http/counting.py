"""
Counting: each answer by its route and status, and how long it took to begin.

A route is written as the site map writes it, never as it was asked: what a person asks for may hold a sign-in token.
"""

import time

from litestar.middleware import ASGIMiddleware
from litestar.types import ASGIApp, Message, Receive, Scope, Send

from backend.metrics.figures import Figures

BEGAN = "handrail_began"
NOWHERE = "none"
"""The route of what no route answers."""


class Counting(ASGIMiddleware):
    """Notes when a request began, before anything else is done for it."""

    async def handle(self, scope: Scope, receive: Receive, send: Send, next_app: ASGIApp) -> None:
        """Pass the request on."""
        scope["state"][BEGAN] = time.perf_counter()
        await next_app(scope, receive, send)


async def count(message: Message, scope: Scope) -> None:
    """Count an answer as it begins; a stream is counted once, however long it stays open."""
    if message["type"] != "http.response.start":
        return
    figures: Figures = scope["litestar_app"].state.figures
    began = scope.get("state", {}).get(BEGAN)
    figures.answered(
        method=str(scope.get("method", "")),
        route=scope.get("path_template") or NOWHERE,
        status=message["status"],
        seconds=None if began is None else time.perf_counter() - began,
    )
