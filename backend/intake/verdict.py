"""
Verdicts: what becomes of an event, once it is held against what is known already.
"""

from collections.abc import Sequence
from typing import final

from msgspec import Struct

from backend.kernel.finding import Finding, Place


class Accept(Struct, frozen=True, kw_only=True):
    """It has its effect; `came` is what others may have waited for, as `member M7`."""

    came: tuple[str, ...] = ()


class Wait(Struct, frozen=True, kw_only=True):
    """It is held until what it lacks has come."""

    lacks: tuple[str, ...]


class Refuse(Struct, frozen=True, kw_only=True):
    """It cannot be, and these are all the reasons."""

    findings: tuple[Finding, ...]


Verdict = Accept | Wait | Refuse


def found(code: str, path: str, message: str, remedy: str) -> Finding:
    """Return a finding about a field of an event."""
    return Finding(code=code, place=Place(source="message", path=path), message=message, remedy=remedy)


def verdict(lacks: Sequence[str], findings: Sequence[Finding], came: Sequence[str] = ()) -> Verdict:
    """Return what follows: what is wrong already is refused, what lacks something waits, the rest is accepted."""
    if findings:
        return Refuse(findings=tuple(findings))
    if lacks:
        return Wait(lacks=tuple(sorted(set(lacks))))
    return Accept(came=tuple(came))


@final
class Told(Struct, frozen=True, kw_only=True):
    """
    What became of one event of a message, and why.

    `status` is `accepted`, `repeated` (the same again: no second effect), `held` until what it `lacks` has come, or
    `refused`. `key` is an order's own id, and for other events what they are about.
    """

    kind: str
    key: str
    status: str
    findings: tuple[Finding, ...] = ()
    lacks: tuple[str, ...] = ()
