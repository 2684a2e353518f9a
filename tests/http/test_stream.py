"""
The stream, over a real server: state first, then only what changed, and a clean end.
"""

import re
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import pytest

from tests.http.serving import served

PATIENCE_SECONDS = 10


@contextmanager
def opened(address: str, seen: str = "", path: str = "/today/stream", who: str = "AMARA") -> Iterator[Iterator[str]]:
    """Yield the events of a stream, each as its text."""
    headers = {"cookie": f"handrail={who}"} | ({"last-event-id": seen} if seen else {})
    with httpx.stream("GET", address + path, headers=headers, timeout=PATIENCE_SECONDS) as answer:
        assert "text/event-stream" in answer.headers["content-type"]
        assert "content-encoding" not in answer.headers
        yield _events(answer.iter_text())


def _events(chunks: Iterator[str]) -> Iterator[str]:
    """Cut what arrives into events."""
    waiting = ""
    for chunk in chunks:
        *whole, waiting = (waiting + chunk).split("\n\n")
        yield from whole


def order(address: str, points: int) -> int:
    """Let an order reach Amara's page; return the revision."""
    revision: int = httpx.post(f"{address}/stage/orders", json={"points": points}).json()["revision"]
    return revision


def targets(event: str) -> list[str]:
    """Return the ids of the elements that an event replaces."""
    return re.findall(r"<hx-partial hx-target=\"\[id='([^']+)'\]\"", event)


def test_a_stream_begins_with_the_whole_state(server: str) -> None:
    """Who comes without a revision is sent every region, under the revision's number."""
    with opened(server) as events:
        first = next(events)
    assert first.startswith("id: 7\nretry: ")
    assert ["asof", "keeping", "stairs", "next", "earnings", "legs"] == targets(first)


def test_who_has_the_present_revision_is_sent_nothing(server: str) -> None:
    """A phone that holds the revision hears only that the line stands; then what changes, and nothing else."""
    with opened(server, seen="7") as events:
        assert next(events).startswith("event: here")
        revision = order(server, 10_000)
        change = next(events)
    assert change.startswith(f"id: {revision}\n")
    assert ["asof", "stairs"] == targets(change)
    assert "6,340.5" in change


def test_who_missed_something_is_right_after_one_message(server: str) -> None:
    """After three orders in a tunnel, one message says the present state, whatever was missed."""
    revisions = [order(server, 1_000) for _ in range(3)]
    with opened(server, seen="7") as events:
        first = next(events)
    assert first.startswith(f"id: {revisions[-1]}\n")
    assert 6 == len(targets(first))


def test_every_line_of_an_event_is_data(server: str) -> None:
    """Markup of many lines stays one event: each line is a field."""
    with opened(server) as events:
        lines = next(events).split("\n")
    assert {"id", "retry", "data"} == {line.partition(":")[0] for line in lines}


def test_the_company_has_a_stream_of_its_own(server: str) -> None:
    """The operator's page is streamed whole to who comes new."""
    with opened(server, path="/company/stream", who="company") as events:
        assert ["asof", "totals", "ladder", "payout", "split", "orders"] == targets(next(events))


@pytest.mark.parametrize("signalled", [signal.SIGTERM, signal.SIGINT])
def test_a_server_that_stops_ends_its_streams(signalled: signal.Signals) -> None:
    """Asked to stop, the server tells each phone to come back at once, ends streams cleanly, and is soon gone."""
    with served() as running, opened(running.address, seen="7") as events:
        assert next(events).startswith("event: here")
        began = time.monotonic()
        threading.Timer(0.1, running.process.send_signal, [signalled]).start()
        rest = list(events)
        running.process.wait(PATIENCE_SECONDS)
    assert rest[-1].startswith("event: closing\nretry: 300")
    assert PATIENCE_SECONDS / 2 > time.monotonic() - began
