"""
Wire: how a web process and the worker speak: a length in four bytes, then JSON.

Over their local socket the messages stand as they are here; from afar each is sealed (`live.seal`).
"""

import asyncio
import hashlib
import os
import stat
from pathlib import Path
from typing import Literal, TypeVar

import msgspec
from msgspec import Raw, Struct

T = TypeVar("T")

LENGTH_BYTES = 4
MOST_BYTES = 4 * 1024 * 1024
NOTHING = b"null"
PATH_BYTES = 100
"""A socket's path may have 107 bytes on Linux, 103 elsewhere."""


class Question(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """
    What is asked about a member, as the method of `flows.ports.Engine` is called, and of what: a number, a leg.
    """

    asked: Literal["explain", "changes", "breakaway"]
    member: str
    of: str = ""


class Answer(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the method returns, as JSON; NOTHING where the worker knows no such member, or nothing yet."""

    found: Raw


class Garbled(Exception):
    """The other end speaks another language: a length beyond all measure, or no such message."""


async def receive(reader: asyncio.StreamReader, kind: type[T], *, most_bytes: int = MOST_BYTES) -> T | None:
    """Return the next message, None where the other end has hung up; raises Garbled and OSError."""
    try:
        length = int.from_bytes(await reader.readexactly(LENGTH_BYTES), "big")
        if length > most_bytes:
            raise Garbled(f"a message of {length} bytes")
        return msgspec.json.decode(await reader.readexactly(length), type=kind)
    except asyncio.IncompleteReadError:
        return None
    except msgspec.MsgspecError as error:
        raise Garbled(str(error)) from error


async def send(writer: asyncio.StreamWriter, message: Struct) -> None:
    """Send a message; raises OSError."""
    body = msgspec.json.encode(message)
    writer.write(len(body).to_bytes(LENGTH_BYTES, "big") + body)
    await writer.drain()


def desk_path(data_folder: Path) -> Path:
    """Return where the worker's socket of a data folder stands: inside, or below /tmp where the path is too long."""
    inside = data_folder.resolve() / "desk" / "socket"
    if len(os.fsencode(inside)) <= PATH_BYTES:
        return inside
    digest = hashlib.sha256(os.fsencode(data_folder.resolve())).hexdigest()[:12]
    return Path("/tmp") / f"handrail-desk-{os.geteuid()}-{digest}" / "socket"  # noqa: S108 - owner and mode are checked


def is_private(folder: Path) -> bool:
    """Return whether a folder is this user's own, and closed to others."""
    facts = folder.lstat()
    return stat.S_ISDIR(facts.st_mode) and facts.st_uid == os.geteuid() and not facts.st_mode & 0o077
