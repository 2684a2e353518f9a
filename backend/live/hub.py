"""
Hub: what the worker announces, handed to the open streams of this process.

Streams of a member wait on the member's topic, the company's page on the empty one. News say only that there is
something to read; whoever wakes reads the present state, so that no order of messages can ever be wrong. Nothing here
awaits when it cleans up: a stream whose phone is gone has every await cancelled.
"""

import asyncio
from collections.abc import Callable

import msgspec
import structlog
from msgspec import Struct

COMPANY = ""
"""The topic of the company's own page: no member bears an empty code."""

EVERYBODY = "*"
MOST_STREAMS = 8
"""So many streams may one member have open; phones that vanished without a word are the oldest, and go first."""

MOST_COMPANY_STREAMS = 200

log = structlog.get_logger()


class News(Struct, frozen=True, kw_only=True):
    """What an announcement says: whose pages have changed at a revision; `*` is everybody."""

    revision: int
    members: tuple[str, ...]


class Subscription:
    """One open stream's ear."""

    def __init__(self, hub: "Hub", topic: str) -> None:
        """Belong to a hub, which hears when it closes."""
        self.topic = topic
        self.open = True
        self._hub = hub
        self._stirred = asyncio.Event()

    async def wait(self, seconds: float) -> bool:
        """Return True as soon as there is news, False when the time is up or the stream has to end."""
        try:
            async with asyncio.timeout(seconds):
                await self._stirred.wait()
        except TimeoutError:
            return False
        if self.open:
            self._stirred.clear()
        return self.open

    def stir(self) -> None:
        """Say that there is news; several before the next wait are one."""
        self._stirred.set()

    def end(self) -> None:
        """Ask the stream to end."""
        self.open = False
        self._stirred.set()

    def close(self) -> None:
        """Leave the hub; a second time does nothing."""
        self.open = False
        self._hub.forget(self)


class Hub:
    """The open streams of this process by topic; for one event loop."""

    def __init__(self, expect: Callable[[int], None] | None = None) -> None:
        """Begin without streams; `expect` hears first which revision is announced, 0 where one may have been missed."""
        self.stopping = False
        self._expect = expect or (lambda _: None)
        self._streams: dict[str, list[Subscription]] = {}

    def subscribe(self, topic: str) -> Subscription:
        """Open a stream's ear; where a topic has too many, its oldest stream is asked to end."""
        subscription = Subscription(self, topic)
        if self.stopping:
            subscription.end()
            return subscription
        streams = self._streams.setdefault(topic, [])
        streams.append(subscription)
        if len(streams) > (MOST_COMPANY_STREAMS if topic == COMPANY else MOST_STREAMS):
            streams.pop(0).end()
        return subscription

    def announce(self, topic: str) -> None:
        """Wake the streams of one topic, or with `*` all of them."""
        if topic == EVERYBODY:
            self._stir_all()
        for subscription in self._streams.get(topic, ()):
            subscription.stir()

    def announce_all(self) -> None:
        """Wake everybody, as after a silence in which something may have been missed."""
        self._expect(0)
        self._stir_all()

    def _stir_all(self) -> None:
        for streams in self._streams.values():
            for subscription in streams:
                subscription.stir()

    def hear(self, payload: str) -> None:
        """Pass on an announcement of the worker; one that cannot be read wakes everybody, since it meant somebody."""
        try:
            news = msgspec.json.decode(payload, type=News)
        except msgspec.MsgspecError as error:
            log.warning("announcement-unreadable", error=str(error))
            self.announce_all()
            return
        self._expect(news.revision)
        for topic in news.members:
            self.announce(topic)

    def forget(self, subscription: Subscription) -> None:
        """Take a stream out; one that was taken out before stays out."""
        streams = self._streams.get(subscription.topic, [])
        if subscription in streams:
            streams.remove(subscription)
        if not streams:
            self._streams.pop(subscription.topic, None)

    def count(self) -> int:
        """Return how many streams are open."""
        return sum(len(streams) for streams in self._streams.values())

    def stop(self) -> None:
        """Ask every stream to end, and each that comes later; may be asked twice."""
        self.stopping = True
        for streams in self._streams.values():
            for subscription in streams:
                subscription.end()
