"""
The signature of a shop's message, as the Standard Webhooks scheme writes it: HMAC-SHA256 over `id.timestamp.body`.

Both ends read this page: the shop (in the demo, the ticker) signs, the intake verifies. No clock is read here; the
caller says what time it is.
"""

import base64
import hmac
from collections.abc import Mapping
from enum import StrEnum

KEY_HEADER = "handrail-key"
"""Which shop key signed; its secret is looked up by it."""

ID_HEADER = "webhook-id"
TIMESTAMP_HEADER = "webhook-timestamp"
SIGNATURE_HEADER = "webhook-signature"
HEADERS = (KEY_HEADER, ID_HEADER, TIMESTAMP_HEADER, SIGNATURE_HEADER)
VERSION = "v1"
TOLERANCE_SECONDS = 300
"""How far a message's clock and ours may lie apart before the message counts as replayed."""

MOST_SIGNATURES = 10
"""A message may carry several signatures while a secret is changed; more than these are not looked at."""


class Verdict(StrEnum):
    """What a verification found; anything but GENUINE refuses the message."""

    GENUINE = "genuine"
    MISSING = "missing"
    STALE = "stale"
    FORGED = "forged"


def signed(body: bytes, *, key: str, secret: bytes, message_id: str, timestamp: int) -> dict[str, str]:
    """Return the headers that make a body genuine; the timestamp is in unix seconds of the real clock."""
    mac = base64.b64encode(_mac(secret, f"{message_id}.{timestamp}.".encode() + body)).decode()
    return {
        KEY_HEADER: key,
        ID_HEADER: message_id,
        TIMESTAMP_HEADER: str(timestamp),
        SIGNATURE_HEADER: f"{VERSION},{mac}",
    }


def verified(body: bytes, headers: Mapping[str, str], *, secret: bytes, now: int) -> Verdict:
    """
    Say whether a body is genuine: all headers there, the clock within five minutes, one signature right.

    Header names are in lower case; `now` is in unix seconds. Signatures are compared in constant time.
    """
    message_id, timestamp = headers.get(ID_HEADER, ""), headers.get(TIMESTAMP_HEADER, "")
    signatures = headers.get(SIGNATURE_HEADER, "")
    if not (message_id and timestamp and signatures):
        return Verdict.MISSING
    if not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) <= 12):
        return Verdict.FORGED
    if abs(now - int(timestamp)) > TOLERANCE_SECONDS:
        return Verdict.STALE
    expected = _mac(secret, f"{message_id}.{timestamp}.".encode() + body)
    given = signatures.split(" ")[:MOST_SIGNATURES]
    return Verdict.GENUINE if any(_same(expected, one) for one in given) else Verdict.FORGED


def _mac(secret: bytes, content: bytes) -> bytes:
    return hmac.digest(secret, content, "sha256")


def _same(expected: bytes, signature: str) -> bool:
    version, _, text = signature.partition(",")
    try:
        given = base64.b64decode(text, validate=True)
    except ValueError:
        return False
    return version == VERSION and hmac.compare_digest(expected, given)
