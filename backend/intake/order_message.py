"""
A message of orders: one, a list of them, or `{"orders": [...]}`.
"""

from typing import Any
from zoneinfo import ZoneInfo

from backend.files.noted import Fault
from backend.intake.message import entries, finding
from backend.intake.order_body import OrderBody, Taken, read_body
from backend.intake.plain import read_plain
from backend.kernel.finding import Finding

MOST_ORDERS = 1000


def plain_bodies(raw: bytes) -> list[OrderBody] | None:
    """Return the orders of a message of nothing but plain ones; None where it has to be read field by field."""
    plain = read_plain(raw)
    return plain if plain is not None and 0 < len(plain) <= MOST_ORDERS else None


def read_each(raw: bytes, zone: ZoneInfo) -> tuple[list[OrderBody], list[Taken]]:
    """
    Read a message field by field: the orders that can be read, and those refused with all that is wrong in them.

    Raises Refused where the message as a whole is no such thing.
    """
    bodies: list[OrderBody] = []
    refused: list[Taken] = []
    for number, entry in enumerate(entries(raw, one="an order", many="orders", most=MOST_ORDERS)):
        body, faults = read_body(entry, zone)
        if body is None:
            findings = tuple(_finding(number, path, fault) for path, fault in faults)
            refused.append(Taken(order=_named(entry), status="refused", findings=findings))
        else:
            bodies.append(body)
    return bodies, refused


def _named(entry: Any) -> str:
    name = entry.get("order") if isinstance(entry, dict) else None
    return name if isinstance(name, str) else ""


def _finding(number: int, path: str, fault: Fault) -> Finding:
    return finding(f"orders[{number}]" + (f".{path}" if path else ""), fault)
