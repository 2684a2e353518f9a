"""
The desk answers another machine that knows the product's secret, and nobody else; nobody else can answer for it.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import msgspec
import pytest
from msgspec import Raw

from backend.flows.ports import EngineAway
from backend.live.desk import Desk
from backend.live.seal import STRANGERS_BYTES, Challenge, Far, Sealed, far
from backend.live.wire import LENGTH_BYTES, Question, receive, send
from backend.worker.desk import answering_afar
from tests.fleet import free_port
from tests.live.test_desk import TRACES, found

SECRET = "a secret of the tests, long enough"
QUESTION = Question(asked="explain", member="AMARA")


def at(port: int, secret: str = SECRET) -> Far:
    """Return the desk at a port of this machine, for whoever knows a secret."""
    there = far(f"tcp://127.0.0.1:{port}", secret)
    assert there is not None
    return there


class Wire:
    """A cable that remembers what went over it, and may change some of it."""

    def __init__(self, port: int, *, spoilt: str = "") -> None:
        """Lead to a port; `spoilt` is the direction in which a name and a number are changed."""
        self.port = free_port()
        self.asked = b""
        self._to, self._spoilt = port, spoilt

    @asynccontextmanager
    async def laid(self) -> AsyncIterator[None]:
        """Carry words while the block runs."""
        async with await asyncio.start_server(self._carry, "127.0.0.1", self.port):
            yield

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        inner_reader, inner_writer = await asyncio.open_connection("127.0.0.1", self._to)
        challenge = await receive(inner_reader, Challenge)
        assert challenge is not None
        await send(writer, challenge)
        for direction, source, target in (("question", reader, inner_writer), ("answer", inner_reader, writer)):
            sealed = await receive(source, Sealed)
            if sealed is None:
                break
            if direction == "question":
                self.asked = msgspec.json.encode(sealed)
            words = bytes(sealed.said)
            if direction == self._spoilt:
                words = words.replace(b"AMARA", b"AMARO").replace(b"624050", b"624051")
            await send(target, Sealed(said=Raw(words), seal=sealed.seal, nonce=sealed.nonce))
        inner_writer.close()
        writer.close()


async def hung_up_on(port: int, words: bytes) -> bool:
    """Say something to a desk instead of a sealed question; return whether nothing comes back."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    assert await receive(reader, Challenge) is not None
    writer.write(words)
    try:
        return await asyncio.wait_for(reader.read(), 2) == b""
    except ConnectionError:
        return True
    finally:
        writer.close()


def framed(body: bytes) -> bytes:
    """Write a message as the wire does."""
    return len(body).to_bytes(LENGTH_BYTES, "big") + body


async def test_whoever_knows_the_secret_is_answered_whole() -> None:
    """Twenty that ask at once each have the traces as they were; who asks for nobody hears that there is nothing."""
    async with answering_afar(at(port := free_port()), found):
        answers = await asyncio.gather(*(Desk(at(port)).explain("AMARA") for _ in range(20)))
        with pytest.raises(EngineAway):
            await Desk(at(port)).explain("NOBODY")
    assert [TRACES] * 20 == answers


async def test_without_an_address_nobody_is_answered_and_no_worker_keeps_anybody_waiting() -> None:
    """It is off by default; where it is on and the worker is gone, the engine is away."""
    port = free_port()
    async with answering_afar(far(None, SECRET), found):
        with pytest.raises(EngineAway):
            await Desk(at(port)).explain("AMARA")


async def test_a_stranger_is_answered_by_nobody_and_answers_nobody() -> None:
    """With another secret neither a question nor an answer passes; without any, the worker hangs up and goes on."""
    asked = []

    async def heard(question: Question) -> object:
        asked.append(question)
        return await found(question)

    async with answering_afar(at(port := free_port()), heard):
        with pytest.raises(EngineAway):
            await Desk(at(port, "another secret of the same length")).explain("AMARA")
        bare = msgspec.json.encode(QUESTION)
        unsealed = msgspec.json.encode(Sealed(said=Raw(bare), seal=b"", nonce=bytes(32)))
        for words in (framed(bare), framed(unsealed), (STRANGERS_BYTES + 1).to_bytes(LENGTH_BYTES, "big"), b"\xff" * 9):
            assert await hung_up_on(port, words)
        assert [] == asked
        assert TRACES == await Desk(at(port)).explain("AMARA")


async def test_what_was_recorded_is_of_no_use_and_what_was_changed_is_refused() -> None:
    """A question that was heard on the way cannot be asked again; a changed question or answer is nobody's."""
    async with answering_afar(at(port := free_port()), found):
        wire = Wire(port)
        async with wire.laid():
            assert TRACES == await Desk(at(wire.port)).explain("AMARA")
        assert await hung_up_on(port, framed(wire.asked))
        for spoilt in ("question", "answer"):
            changing = Wire(port, spoilt=spoilt)
            async with changing.laid():
                with pytest.raises(EngineAway):
                    await Desk(at(changing.port)).explain("AMARA")
