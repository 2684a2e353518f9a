"""
Seal: how a web process and a worker on another machine know each other: by the product's secret, which is never sent.

Each connection has one question and one answer. The worker begins with a number used once, the question brings
another; both are sealed with them, so that nothing recorded is of use again, nothing is changed on the way, and neither
end takes a stranger for the other. It is no cover: whoever reads the network reads the answers.
"""

import asyncio
import hmac
import secrets
from typing import Literal
from urllib.parse import urlsplit

import msgspec
from msgspec import Raw, Struct

from backend.live.wire import Answer, Garbled, Question, receive, send

NONCE_BYTES = 32
STRANGERS_BYTES = 16 * 1024
"""Whoever has not shown yet that it knows the secret may send so much."""


class Far(Struct, frozen=True, kw_only=True):
    """A desk at an address of a network, and the key that both ends derive from the product's secret."""

    host: str
    port: int
    key: bytes


class Challenge(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the worker says first."""

    nonce: bytes


class Sealed(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A question or an answer with its seal, and of a question the asker's own number used once."""

    said: Raw
    seal: bytes
    nonce: bytes = b""


def far(address: str | None, secret: str, *, host: str = "") -> Far | None:
    """Return the desk at an address such as tcp://worker:8090, or at another host of that port; None without one."""
    if address is None:
        return None
    parts = urlsplit(address)
    assert parts.hostname is not None and parts.port is not None, "settings have checked it"
    key = hmac.digest(secret.encode(), b"handrail desk", "sha256")
    return Far(host=host or parts.hostname, port=parts.port, key=key)


async def ask(desk: Far, question: Question) -> Answer | None:
    """Return the answer of a worker that knows the key, None where it hangs up; raises Garbled and OSError."""
    reader, writer = await asyncio.open_connection(desk.host, desk.port)
    try:
        challenge = await receive(reader, Challenge)
        if challenge is None:
            return None
        nonces = challenge.nonce + (own := secrets.token_bytes(NONCE_BYTES))
        body = msgspec.json.encode(question)
        await send(writer, Sealed(said=Raw(body), seal=_seal(desk.key, "question", nonces, body), nonce=own))
        answer = await receive(reader, Sealed)
        if answer is None:
            return None
        return msgspec.json.decode(_known(desk.key, "answer", nonces, answer), type=Answer)
    finally:
        writer.close()


async def challenged(
    key: bytes, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
) -> tuple[Question, bytes] | None:
    """Return what somebody asks who knows the key, and both numbers; None on hanging up; raises Garbled and OSError."""
    own = secrets.token_bytes(NONCE_BYTES)
    await send(writer, Challenge(nonce=own))
    sealed = await receive(reader, Sealed, most_bytes=STRANGERS_BYTES)
    if sealed is None:
        return None
    body = _known(key, "question", own + sealed.nonce, sealed)
    try:
        return msgspec.json.decode(body, type=Question), own + sealed.nonce
    except msgspec.MsgspecError as error:
        raise Garbled(str(error)) from error


async def reply(key: bytes, nonces: bytes, writer: asyncio.StreamWriter, answer: Answer) -> None:
    """Send an answer to whoever asked with these numbers; raises OSError."""
    body = msgspec.json.encode(answer)
    await send(writer, Sealed(said=Raw(body), seal=_seal(key, "answer", nonces, body)))


def _known(key: bytes, what: Literal["question", "answer"], nonces: bytes, sealed: Sealed) -> bytes:
    """Return what was said, where its seal is right; else raises Garbled."""
    body = bytes(sealed.said)
    if len(nonces) != 2 * NONCE_BYTES or not hmac.compare_digest(_seal(key, what, nonces, body), sealed.seal):
        raise Garbled(f"the {what}'s seal is wrong: both ends need the same HANDRAIL_SECRET")
    return body


def _seal(key: bytes, what: Literal["question", "answer"], nonces: bytes, body: bytes) -> bytes:
    return hmac.digest(key, what.encode() + b"\n" + nonces + body, "sha256")
