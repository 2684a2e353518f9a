"""
A message as it arrives: JSON that holds one thing or a list of them, or nothing that could be read at all.
"""

from typing import Any

import msgspec

from backend.files.noted import Fault
from backend.kernel.finding import Finding, Place, Refused


def decoded(raw: bytes, remedy: str) -> Any:
    """Return what a message says; raises Refused with the remedy where it is not JSON."""
    try:
        return msgspec.json.decode(raw)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise whole(Fault("json-wrong", f"The message is not JSON: {error}.", remedy)) from error


def entries(raw: bytes, *, one: str, many: str, most: int) -> list[Any]:
    """
    Return the entries of a message of one thing, a list, or `{"<many>": [...]}`.

    `one` and `many` are what such a thing is called, such as "an order" and "orders". Raises Refused where the message
    is not JSON, or holds none or more than `most`.
    """
    message = decoded(raw, f"Send {one}, or a list of them.")
    found = message.get(many, [message]) if isinstance(message, dict) else message
    if not isinstance(found, list) or not found:
        remedy = f'Send {{"{many}": [...]}}, a list, or one {one.rsplit(maxsplit=1)[-1]}.'
        raise whole(Fault(f"{many}-none", f"The message holds no {many}.", remedy))
    if len(found) > most:
        raise whole(Fault(f"{many}-many", f"The message holds {len(found)} {many}.", f"Send at most {most} at once."))
    return found


def finding(path: str, fault: Fault) -> Finding:
    """Return a fault as the finding at its place in the message."""
    return Finding(
        code=fault.code, place=Place(source="message", path=path), message=fault.message, remedy=fault.remedy
    )


def whole(fault: Fault) -> Refused:
    """Return what refuses a message as a whole."""
    return Refused([finding("", fault)])
