"""
A shop that posts as fast as it is answered: so many clients at once, each on a connection that it keeps.

Messages are written and signed before the clock runs, so that what is measured is the door and not the shop.
"""

import asyncio
import json
import random
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from itertools import count
from typing import NamedTuple

import uvloop

from backend.kernel.signature import signed

HOST = "127.0.0.1"
SHOP = "till"
KEYS = count(1)


class Posted(NamedTuple):
    """How many orders were accepted in how many seconds, and the milliseconds that each message took, sorted."""

    orders: int
    seconds: float
    taken_ms: list[float]

    @property
    def rate(self) -> float:
        """Accepted orders a second."""
        return self.orders / self.seconds

    @property
    def p99_ms(self) -> float:
        """The milliseconds within which 99 of 100 messages were answered."""
        return self.taken_ms[len(self.taken_ms) * 99 // 100]


def post(ports: Sequence[int], messages: Sequence[bytes], clients: int) -> Posted:
    """Post messages from so many clients, in turn to each port; raises RuntimeError where one is not accepted whole."""
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(_post(ports, messages, clients))


def messages(number: int, orders: int, members: int, secret: bytes) -> list[bytes]:
    """Return signed requests of so many new orders each, by customers of members drawn at random."""
    return [_request(_body(orders, members), secret) for _ in range(number)]


def _body(orders: int, members: int) -> bytes:
    now = datetime.now(UTC).isoformat(timespec="seconds")
    said = [
        {
            "order": f"bench-{next(KEYS)}",
            "member": f"M{random.randrange(members)}",
            "customer": "c1",
            "placed_at": now,
            "pv": "12.50",
            "cv": "11.00",
        }
        for _ in range(orders)
    ]
    return json.dumps(said[0] if orders == 1 else {"orders": said}, separators=(",", ":")).encode()


def _request(body: bytes, secret: bytes) -> bytes:
    headers = signed(body, key=SHOP, secret=secret, message_id=f"m{next(KEYS)}", timestamp=int(time.time()))
    lines = {"host": HOST, "content-length": str(len(body)), "user-agent": "bench"} | headers
    head = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
    return f"POST /intake/orders HTTP/1.1\r\n{head}\r\n".encode() + body


async def _post(ports: Sequence[int], requests: Sequence[bytes], clients: int) -> Posted:
    loop = asyncio.get_running_loop()
    left = iter(requests)
    shops = [
        (await loop.create_connection(lambda: _Client(left), HOST, ports[one % len(ports)]))[1]
        for one in range(clients)
    ]
    began = time.perf_counter()
    for shop in shops:
        shop.send()
    await asyncio.gather(*(shop.done for shop in shops))
    seconds = time.perf_counter() - began
    taken = sorted(ms for shop in shops for ms in shop.taken_ms)
    return Posted(orders=sum(shop.accepted for shop in shops), seconds=seconds, taken_ms=taken)


class _Client(asyncio.Protocol):
    """One connection: sends a message, waits for its whole answer, sends the next."""

    def __init__(self, left: Iterator[bytes]) -> None:
        self.taken_ms: list[float] = []
        self.accepted = 0
        self.done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._left = left
        self._heard = b""
        self._sent = 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport

    def send(self) -> None:
        """Send the next message, or end."""
        request = next(self._left, None)
        if request is None:
            self._transport.close()
            return
        self._sent = time.perf_counter()
        self._transport.write(request)

    def data_received(self, data: bytes) -> None:
        self._heard += data
        head, blank, body = self._heard.partition(b"\r\n\r\n")
        if not blank or len(body) < int(head.lower().partition(b"content-length:")[2].partition(b"\r\n")[0]):
            return
        self.taken_ms.append((time.perf_counter() - self._sent) * 1000)
        self._heard = b""
        if not head.startswith(b"HTTP/1.1 200") or b"refused" in body:
            self.done.set_exception(RuntimeError((head + body).decode()))
            return
        self.accepted += body.count(b'"accepted","findings"')
        self.send()

    def connection_lost(self, _: Exception | None) -> None:
        if not self.done.done():
            self.done.set_result(None)
