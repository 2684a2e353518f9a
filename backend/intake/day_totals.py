"""
Control totals: what a shop has counted on its days, set against what is here.

A shop counts its orders and returns of a day, and their volumes with returns taken off, and may name their keys. What
was dropped on the way, came twice under two keys, or was dated on another day shows as a difference.
"""

import re
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from msgspec import Struct

from backend.files import cells
from backend.files.noted import Fault, nearest
from backend.intake.message import decoded, finding, whole
from backend.kernel.finding import Refused
from backend.kernel.points import HUNDREDTHS

FIELDS = ("day", "orders", "pv", "cv", "keys")
REQUIRED = FIELDS[:4]
MOST_DAYS = 100
MOST_NUMBER = 10**9
VOLUME = re.compile(r"(-?)([0-9]{1,13})(?:\.([0-9]{1,2}))?")


class Counted(Struct, frozen=True, kw_only=True):
    """What a shop counted on a day: orders and returns, and their volumes in hundredths of a point, returns off."""

    day: date
    orders: int
    pv_points: int
    cv_points: int
    keys: tuple[str, ...] | None = None


class Here(Struct, frozen=True, kw_only=True):
    """What of a shop's day is here: how many, their volumes in hundredths of a point, and their keys."""

    orders: int
    pv_points: int
    cv_points: int
    keys: frozenset[str]


class Difference(Struct, frozen=True, kw_only=True):
    """What a shop counted less what was accepted and what is held: nothing where all has arrived."""

    orders: int
    pv_points: int
    cv_points: int


class Balance(Struct, frozen=True, kw_only=True):
    """
    A shop's day: what it counted, what was accepted, what is held, and what differs.

    `missing` are keys that the shop names and nobody sent, or sent as of another day; `unknown` are keys here that it
    does not name. Both are empty where it names none.
    """

    source: str
    counted: Counted
    accepted: Here
    held: Here
    difference: Difference
    missing: tuple[str, ...]
    unknown: tuple[str, ...]

    @property
    def agrees(self) -> bool:
        """Whether nothing differs; what is held has arrived, and waits."""
        nothing = Difference(orders=0, pv_points=0, cv_points=0)
        return self.difference == nothing and not self.missing and not self.unknown


def balance(source: str, counted: Counted, accepted: Here, held: Here) -> Balance:
    """Set what a shop counted on a day against what is here."""
    here = accepted.keys | held.keys
    named = here if counted.keys is None else frozenset(counted.keys)
    return Balance(
        source=source,
        counted=counted,
        accepted=accepted,
        held=held,
        difference=Difference(
            orders=counted.orders - accepted.orders - held.orders,
            pv_points=counted.pv_points - accepted.pv_points - held.pv_points,
            cv_points=counted.cv_points - accepted.cv_points - held.cv_points,
        ),
        missing=tuple(sorted(named - here)),
        unknown=tuple(sorted(here - named)),
    )


def read_totals(raw: bytes) -> list[Counted]:
    """Read a message of one day's totals, a list, or `{"totals": [...]}`; raises Refused with every mistake in it."""
    entries = _entries(raw)
    findings = [
        finding(f"totals[{number}]" + (f".{path}" if path else ""), fault)
        for number, entry in enumerate(entries)
        for path, fault in _faults(entry)
    ]
    if findings:
        raise Refused(findings)
    return [_counted(entry) for entry in entries]


def _entries(raw: bytes) -> Sequence[Any]:
    message = decoded(raw, "Send the totals of a day, or a list of them.")
    found = message.get("totals", [message]) if isinstance(message, dict) else message
    if not isinstance(found, list) or not 0 < len(found) <= MOST_DAYS:
        remedy = f"Send those of 1 to {MOST_DAYS} days."
        raise whole(Fault("totals-none", "The message holds no totals, or too many.", remedy))
    return found


def _faults(entry: Any) -> Iterator[tuple[str, Fault]]:
    """Yield what is wrong about a day's totals, each at its field."""
    if not isinstance(entry, dict):
        yield "", Fault("totals-wrong", "These are no totals.", "Totals are an object with named fields.")
        return
    for name in [name for name in REQUIRED if entry.get(name) is None]:
        yield name, Fault("field-missing", f"The totals have no {name}.", f"Give {name}.")
    for name, value in entry.items():
        if name not in FIELDS:
            remedy = f"Leave it out.{nearest(name, list(FIELDS))}"
            yield name, Fault("field-unknown", f'Totals have no field "{name}".', remedy)
        elif value is not None and (fault := _fault(name, value)):
            yield name, fault


def _fault(name: str, value: Any) -> Fault | None:
    if name == "orders":
        sound = type(value) is int and 0 <= value <= MOST_NUMBER
        return None if sound else Fault("count-wrong", "orders is no number of orders.", "Count them: 120.")
    if name == "keys":
        sound = isinstance(value, list) and all(isinstance(key, str) and 0 < len(key) <= cells.MOST_ID for key in value)
        return None if sound else Fault("keys-wrong", "keys is no list of ids.", 'Name each order: ["A-1", "A-2"].')
    if not isinstance(value, str):
        return Fault("field-no-text", f"{name} is not text.", 'Write it as text in quotes, volumes too: "35.50".')
    if name == "day":
        found = cells.day(value)
        return found if isinstance(found, Fault) else None
    remedy = "Write digits and at most two decimals, with a minus where returns outweigh: 1250.50."
    return None if VOLUME.fullmatch(value) else Fault("points-wrong", f'"{value}" is no volume.', remedy)


def _counted(entry: dict[str, Any]) -> Counted:
    return Counted(
        day=date.fromisoformat(entry["day"]),
        orders=entry["orders"],
        pv_points=_points(entry["pv"]),
        cv_points=_points(entry["cv"]),
        keys=None if entry.get("keys") is None else tuple(entry["keys"]),
    )


def _points(text: str) -> int:
    """Read points, below nothing too, into hundredths; the text has been looked at before."""
    found = VOLUME.fullmatch(text)
    assert found is not None, "faults were looked for first"
    size = int(found[2]) * HUNDREDTHS + int((found[3] or "").ljust(2, "0"))
    return -size if found[1] else size
