"""
The demo's shop as the intake sees it: signed messages over one kept connection, sent again until they are answered.
"""

import asyncio
import time
from http.client import HTTPConnection, HTTPException

import msgspec
from msgspec import Struct

from backend.demo.replay import Placed
from backend.kernel.signature import signed

PATH = "/intake/orders"
TIMEOUT_SECONDS = 20
FIRST_WAIT_SECONDS = 0.2
LONGEST_WAIT_SECONDS = 5.0
ANSWERED = {200, 207}
AGAIN = {408, 425, 429}


class ShopRefused(Exception):
    """The intake refuses the shop as a whole: its key, its signature or the form of its message."""


class Answer(Struct, frozen=True, kw_only=True):
    """What became of one order: accepted, repeated or refused; other fields of the answer are not read."""

    order: str
    status: str


class Shop:
    """One shop at one address; not for use by two tasks at once."""

    def __init__(self, *, host: str, port: int, key: str, secret: bytes) -> None:
        """Remember the address and the key; the connection opens with the first message."""
        self.key = key
        self.secret = secret
        self.connection = HTTPConnection(host, port, timeout=TIMEOUT_SECONDS)

    async def post(self, orders: list[Placed]) -> list[Answer]:
        """
        Post orders in one message, and again under the same id until the intake answers.

        A silent, restarting or overloaded server is waited for, at most five seconds between two tries. Raises
        ShopRefused when the message will never be taken.
        """
        body = msgspec.json.encode({"orders": orders})
        message_id = f"shop-{orders[0].order}-{len(orders)}"
        wait = FIRST_WAIT_SECONDS
        while True:
            status, text = await asyncio.to_thread(self._send, body, message_id)
            if status in ANSWERED:
                return _answers(text)
            if 400 <= status < 500 and status not in AGAIN:
                raise ShopRefused(f"the intake answered {status}: {text.decode(errors='replace')[:500]}")
            await asyncio.sleep(wait)
            wait = min(2 * wait, LONGEST_WAIT_SECONDS)

    def _send(self, body: bytes, message_id: str) -> tuple[int, bytes]:
        """Send once and return status and text; status 0 where nobody answered."""
        headers = signed(body, key=self.key, secret=self.secret, message_id=message_id, timestamp=int(time.time()))
        try:
            self.connection.request("POST", PATH, body, {"content-type": "application/json", **headers})
            response = self.connection.getresponse()
            return response.status, response.read()
        except (OSError, HTTPException) as away:
            self.connection.close()
            return 0, str(away).encode()


def _answers(text: bytes) -> list[Answer]:
    """Read the answers, whether the intake gives them as a list, as `results`, or one alone."""
    found = msgspec.json.decode(text)
    if isinstance(found, dict):
        found = found.get("results", [found])
    return msgspec.convert(found, list[Answer])
