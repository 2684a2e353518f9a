"""
Stream: an open page's news as server-sent events, ready bytes made once.

A stream carries state, not deltas: whoever comes out of a tunnel is right after one message. Named events are signs to
the page's scripts; an unnamed one is HTML that htmx puts in place.
"""

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

from litestar import Request
from litestar.response import Stream

from backend.http.region import Region, changed, partial
from backend.live.hub import COMPANY, Hub

__all__ = ["COMPANY", "stream"]

HEARTBEAT_SECONDS = 15
RETRY_MS = 2000
RETURN_MS = 300
"""A server that stops asks its phones to come back at once: another one, or its successor, is there."""

CROWDED_MS = 120_000
"""A stream that gave way to a newer one of the same member comes back late, or the two would chase each other."""

HERE = f"event: here\nretry: {RETRY_MS}\ndata:\n\n".encode()
PULSE = b": still here\n\n"
CLOSING = f"event: closing\nretry: {RETURN_MS}\ndata:\n\n".encode()
CROWDED = f"event: closing\nretry: {CROWDED_MS}\ndata:\n\n".encode()

Drawn = Callable[[], Awaitable[tuple[int, tuple[Region, ...]]]]


def stream(request: Request[Any, Any, Any], topic: str, drawn: Drawn) -> Stream:
    """Answer with a page's news; the request says itself which revision the page shows already."""
    hub: Hub = request.app.state.hub
    seen = request.headers.get("last-event-id", "")
    headers = {"cache-control": "no-store", "x-accel-buffering": "no"}
    return Stream(events(hub, topic, drawn, seen), media_type="text/event-stream", headers=headers)


async def events(hub: Hub, topic: str, drawn: Drawn, seen: str) -> AsyncIterator[bytes]:
    """
    Yield the present state, then each change, with a pulse between; ends by itself when the server stops.

    The subscription begins before the first reading, so that nothing falls between, and is closed without awaiting:
    after a disconnect every await is cancelled again.
    """
    subscription = hub.subscribe(topic)
    sent: dict[str, str] = {}
    try:
        revision, regions = await drawn()
        news = changed(regions, sent)
        yield HERE if str(revision) == seen else message(revision, news)
        while subscription.open:
            if not await subscription.wait(HEARTBEAT_SECONDS):
                yield PULSE
                continue
            revision, regions = await drawn()
            if news := changed(regions, sent):
                yield message(revision, news)
        yield CLOSING if hub.stopping else CROWDED
    finally:
        subscription.close()


def message(revision: int, news: list[Region]) -> bytes:
    """Write regions as one event: rows of a list whole, blocks from the inside."""
    html = "".join(partial(region) for region in news)
    lines = "".join(f"data: {line}\n" for line in html.splitlines() if line.strip())
    return f"id: {revision}\nretry: {RETRY_MS}\n{lines}\n".encode()
