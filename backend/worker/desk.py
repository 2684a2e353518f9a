"""
Desk: answers web processes over a local socket that only the product's own user can open, and from afar where asked to.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path

import msgspec
import structlog

from backend.kernel.finding import Finding, Place, Refused
from backend.live.seal import Far, challenged, reply
from backend.live.wire import Answer, Garbled, Question, is_private, receive, send

Answering = Callable[[Question], Awaitable[object]]

QUESTION_SECONDS = 5.0
"""Whoever asks from afar says what, and who it is, in so short a time."""

log = structlog.get_logger()


@asynccontextmanager
async def answering(path: Path, found: Answering) -> AsyncIterator[None]:
    """
    Answer questions at a path while the block runs; `found` returns None for what it does not know.

    A socket that a killed worker left is replaced, and one that a successor has put in its place stays. Raises Refused
    where the folder is another user's.
    """
    _make_folder(path.parent)
    path.unlink(missing_ok=True)
    server = await asyncio.start_unix_server(partial(_serve, found), str(path))
    own = path.stat().st_ino
    try:
        yield
    finally:
        server.close()
        if path.exists() and path.stat().st_ino == own:
            path.unlink(missing_ok=True)


@asynccontextmanager
async def answering_afar(far: Far | None, found: Answering) -> AsyncIterator[None]:
    """
    Answer those who know the key at an address of this machine while the block runs; without one nobody is answered.

    Raises OSError where the port is taken, as by a predecessor that has lost its post and not gone yet.
    """
    if far is None:
        yield
        return
    server = await asyncio.start_server(partial(_serve_afar, far.key, found), far.host, far.port)
    try:
        yield
    finally:
        server.close()


async def _serve_afar(key: bytes, found: Answering, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        async with asyncio.timeout(QUESTION_SECONDS):
            asked = await challenged(key, reader, writer)
        if asked is not None:
            question, nonces = asked
            await reply(key, nonces, writer, await _answer(found, question))
    except (OSError, Garbled) as error:
        log.warning("desk-broken-off", error=error)
    finally:
        writer.close()


async def _answer(found: Answering, question: Question) -> Answer:
    return Answer(found=msgspec.Raw(msgspec.json.encode(await found(question))))


async def _serve(found: Answering, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        while (question := await receive(reader, Question)) is not None:
            await send(writer, await _answer(found, question))
    except (OSError, Garbled) as error:
        log.warning("desk-broken-off", error=error)
    finally:
        writer.close()


def _make_folder(folder: Path) -> None:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not is_private(folder):
        finding = Finding(
            code="desk-socket",
            place=Place(source=str(folder)),
            message="This folder belongs to another user or is open to others.",
            remedy="Remove it, or name another folder in HANDRAIL_DATA.",
        )
        raise Refused([finding])
