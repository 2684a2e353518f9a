"""
Lines of an order: each a product with its units, and what one unit brings where the shop says so.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from msgspec import Struct

from backend.files import cells
from backend.files.noted import Fault, nearest
from backend.files.products import MOST_UNITS

FIELDS = ("product", "units", "pv", "cv")
SHAPE = 'Write a list of products with their units: [{"product": "KIT", "units": 2}].'


class Line(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """
    Units of a product, and what one of them brings where the shop says it; hundredths of a point.

    Where it does not, the price of the member's market on the day of the order holds.
    """

    product: str
    units: int
    pv_points: int | None = None
    cv_points: int | None = None


def line_faults(value: Any) -> Iterator[tuple[str, Fault]]:
    """Yield what is wrong about the lines of an order, each at its place; none at all is no mistake."""
    if value is not None and not isinstance(value, list):
        yield "lines", Fault("lines-wrong", "lines is not a list.", SHAPE)
        return
    seen: set[str] = set()
    for at, line in enumerate(value or []):
        if not isinstance(line, dict):
            yield f"lines[{at}]", Fault("lines-wrong", "This is not a line.", SHAPE)
            continue
        yield from ((f"lines[{at}].{name}", fault) for name, fault in _faults(line))
        product = line.get("product")
        if isinstance(product, str) and product in seen:
            yield f"lines[{at}].product", Fault("products-doubled", f'"{product}" stands twice.', "Add up its units.")
        seen.add(product if isinstance(product, str) else "")


def read_lines(lines: Sequence[dict[str, Any]]) -> "tuple[Line, ...]":
    """Return lines that have no faults, in the order of their products."""
    return tuple(sorted((_line(line) for line in lines if not list(line_faults([line]))), key=lambda one: one.product))


def _faults(line: dict[str, Any]) -> Iterator[tuple[str, Fault]]:
    for name in line:
        if name not in FIELDS:
            yield (
                name,
                Fault("field-unknown", f'A line has no field "{name}".', f"Leave it out.{nearest(name, list(FIELDS))}"),
            )
    product, units = line.get("product"), line.get("units")
    if isinstance(found := cells.code(product) if isinstance(product, str) else _no_text("product"), Fault):
        yield "product", found
    if type(units) is not int or not 0 < units <= MOST_UNITS:
        yield (
            "units",
            Fault("units-wrong", "This is no number of units.", f"Write a whole number from 1 to {MOST_UNITS}."),
        )
    for name in ("pv", "cv"):
        value = line.get(name)
        if value is not None:
            points = cells.points(value) if isinstance(value, str) else _no_text(name)
            yield from [(name, points)] if isinstance(points, Fault) else []
    if (line.get("pv") is None) != (line.get("cv") is None):
        yield "pv", Fault("line-half", "A line says both of its volumes, or none.", "Give pv and cv of one unit.")


def _no_text(name: str) -> Fault:
    return Fault("field-no-text", f"{name} is not text.", 'Write it as text in quotes, volumes too: "35.50".')


def _line(line: dict[str, Any]) -> Line:
    volumes = [None if line.get(name) is None else cells.points(line[name]) for name in ("pv", "cv")]
    pv, cv = (one if isinstance(one, int) else None for one in volumes)
    return Line(product=line["product"], units=line["units"], pv_points=pv, cv_points=cv)
