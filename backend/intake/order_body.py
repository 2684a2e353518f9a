"""
What a shop says of an order, and of what takes it back: JSON read strictly, every mistake a finding.

The cells follow the same written forms as `orders.csv`, so that a volume means the same whichever door it came through.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from backend.files import cells
from backend.files.noted import Fault, nearest
from backend.files.products import MOST_UNITS, in_order
from backend.intake.lines import Line, line_faults, read_lines
from backend.kernel.finding import Finding

T = TypeVar("T")

KINDS = ("order", "return", "refund", "cancellation")
BACK = KINDS[1:]
"""These take back an order, or a part of it, and name it in `returns`."""

REQUIRED = ("order", "member", "placed_at")
VOLUMES = ("pv", "cv")
FIELDS = ("order", "kind", "member", "customer", "placed_at", "pv", "cv", "returns", "products", "lines")
NOT_OF_CANCELLATION = ("customer", "pv", "cv", "products", "lines")

ENCODER = msgspec.json.Encoder()


class OrderBody(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """
    An order, or what takes one back, as a shop sent it: volumes in hundredths of a point, never negative.

    A return and a refund carry what comes back and name their order in `returns`; a cancellation takes back what is
    left of it, and says no more. `products` are units by product, in the order of their ids, beside volumes that the
    shop has worked out; with `lines` the volumes follow from them, and `pv_points` and `cv_points` only have to agree.
    `digest` is of what was said, so that the same key with another body is noticed; an instant is the same in every
    offset.
    """

    order: str
    kind: str
    member: str | None
    customer: str | None
    placed_at: datetime
    pv_points: int | None
    cv_points: int | None
    returns: str | None
    products: Mapping[str, int] = {}
    lines: tuple[Line, ...] = ()

    def digest(self) -> str:
        """Return the SHA-256 of what was said, in one canonical form."""
        said = self if self.placed_at.tzinfo is UTC else replace(self, placed_at=self.placed_at.astimezone(UTC))
        return sha256(ENCODER.encode(said)).hexdigest()


class Taken(Struct, frozen=True, kw_only=True):
    """
    What became of one order: `accepted`, `repeated` (the same again: no second effect), `refused` with reasons.

    Or `held` until what it lacks has come.
    """

    order: str
    status: str
    findings: tuple[Finding, ...] = ()
    lacks: tuple[str, ...] = ()


def read_body(entry: Any, zone: ZoneInfo) -> tuple[OrderBody | None, list[tuple[str, Fault]]]:
    """Read one order; None, and all that is wrong with it by field, where it cannot be read."""
    faults = list(_shape_faults(entry))
    return (_body(entry, zone, faults) if isinstance(entry, dict) else None), faults


def _shape_faults(entry: Any) -> Iterator[tuple[str, Fault]]:
    if not isinstance(entry, dict):
        yield "", Fault("order-wrong", "This is not an order.", "An order is an object with named fields.")
        return
    for name in _required(entry):
        if entry.get(name) is None:
            yield name, Fault("field-missing", f"The order has no {name}.", f"Give {name}.")
    for name, value in entry.items():
        if name not in FIELDS:
            remedy = f"Leave it out.{nearest(name, list(FIELDS))}"
            yield name, Fault("field-unknown", f'An order has no field "{name}".', remedy)
        elif name == "products":
            yield from _product_faults(value)
        elif name == "lines":
            yield from line_faults(value)
        elif value is not None and not isinstance(value, str):
            remedy = 'Write it as text in quotes, volumes too: "35.50".'
            yield name, Fault("field-no-text", f"{name} is not text.", remedy)


def _required(entry: dict[str, Any]) -> tuple[str, ...]:
    """Return what an order must say: its volumes only where no lines do, and a cancellation little at all."""
    if entry.get("kind") == "cancellation":
        return ("order", "placed_at", "returns")
    return REQUIRED if entry.get("lines") else (*REQUIRED, *VOLUMES)


def _product_faults(value: Any) -> Iterator[tuple[str, Fault]]:
    """Yield what is wrong about the products of an order, each at its place; none at all is no mistake."""
    remedy = f'Name each product with its units, from 1 to {MOST_UNITS}: {{"KIT": 2}}.'
    if value is not None and not isinstance(value, dict):
        yield "products", Fault("products-wrong", "products does not name units by product.", remedy)
        return
    for product, units in (value or {}).items():
        if isinstance(found := cells.code(product), Fault):
            yield "products", found
        if type(units) is not int or not 0 < units <= MOST_UNITS:
            yield f"products.{product}", Fault("products-wrong", f'"{product}" has no such number of units.', remedy)


def _body(entry: dict[str, Any], zone: ZoneInfo, faults: list[tuple[str, Fault]]) -> OrderBody | None:
    """Read the fields whose shape is right, so that their mistakes are found beside those of the others."""
    misshapen = {name for name, _ in faults}

    def read(name: str, cell: Callable[[str], T | Fault]) -> T | None:
        found = None if name in misshapen else cell(entry.get(name) or "")
        if isinstance(found, Fault):
            faults.append((name, found))
            return None
        return found

    placed_at, order, kind = read("placed_at", cells.instants(zone)), read("order", cells.code), read("kind", _kind)
    pv, cv = (read(name, cells.points) if entry.get(name) is not None else None for name in VOLUMES)
    member, customer, returns = (
        read(name, cells.code) if entry.get(name) or (name == "member" and kind != "cancellation") else None
        for name in ("member", "customer", "returns")
    )
    faults += () if misshapen & {"kind", "returns"} else _mismatches(kind, member, customer, bool(entry.get("returns")))
    faults += _beside_each_other(entry, kind)
    if faults or placed_at is None or order is None or kind is None:
        return None
    return OrderBody(
        order=order,
        kind=kind,
        member=member,
        customer=customer,
        placed_at=placed_at,
        pv_points=pv,
        cv_points=cv,
        returns=returns,
        products=in_order(entry.get("products") or {}),
        lines=read_lines(entry.get("lines") or []),
    )


def _kind(text: str) -> str | Fault:
    kind = text or "order"
    remedy = f"Write {', '.join(KINDS[:-1])} or {KINDS[-1]}."
    return kind if kind in KINDS else Fault("kind-unknown", f'"{kind}" is no kind of order.', remedy)


def _mismatches(
    kind: str | None, member: str | None, customer: str | None, returns: bool
) -> Iterator[tuple[str, Fault]]:
    """Yield what does not go together, of fields that are right by themselves."""
    if kind is not None and (kind in BACK) != returns:
        remedy = "A return, a refund and a cancellation name their order in returns, and only they do."
        yield "returns", Fault("return-half", "Kind and returns do not go together.", remedy)
    if customer is not None and customer == member:
        message = f'"{member}" is named as its own customer.'
        yield "customer", Fault("customer-self", message, "Leave it out for an own purchase.")


def _beside_each_other(entry: dict[str, Any], kind: str | None) -> Iterator[tuple[str, Fault]]:
    """Yield fields that do not stand beside others."""
    if entry.get("lines") and entry.get("products"):
        remedy = "Give lines, or products beside volumes of your own."
        yield "products", Fault("lines-and-products", "The order has both lines and products.", remedy)
    for name in NOT_OF_CANCELLATION if kind == "cancellation" else ():
        if entry.get(name):
            remedy = "Leave it out, or send a return of what comes back."
            yield name, Fault("cancellation-part", "A cancellation takes back all that is left of its order.", remedy)
