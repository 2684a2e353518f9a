"""
Products of an order: `KIT:2 SHAKE:1`, each product once with its units, and what of them comes back.
"""

import re
from collections.abc import Mapping
from types import MappingProxyType

from backend.files import cells
from backend.files.noted import Fault

Products = Mapping[str, int]
"""Units by product, in the order of the products' ids."""

NO_PRODUCTS: Products = MappingProxyType({})
UNREAD: Products = MappingProxyType({"": 0})
"""Stands where a cell could not be read, so that no return is told that it returns too much of it."""

UNITS = re.compile(r"[1-9][0-9]{0,3}")
MOST_UNITS = 9999
REMEDY = "Write each product once with its units and a blank between products: KIT:2 SHAKE:1."


def products(text: str) -> Products | Fault:
    """Read a cell of products; an empty one names none."""
    found: dict[str, int] = {}
    for part in text.split():
        product, _, units = part.rpartition(":")
        if not product or not UNITS.fullmatch(units):
            return Fault("products-wrong", f'"{part}" is not a product with its units.', REMEDY)
        if isinstance(fault := cells.code(product), Fault):
            return fault
        if product in found:
            return Fault("products-doubled", f'"{product}" stands twice.', REMEDY)
        found[product] = int(units)
    return in_order(found)


def in_order(found: Mapping[str, int]) -> Products:
    """Return products in the order of their ids, so that the same products are written alike."""
    return dict(sorted(found.items()))


def excess(back: Products, had: Products) -> str:
    """Say of which product more units come back than there were; nothing where none does."""
    return next(
        (
            f'{units} of "{product}" come back, and there were {had.get(product, 0)}'
            for product, units in back.items()
            if units > had.get(product, 0)
        ),
        "",
    )


def added(one: Products, other: Products) -> Products:
    """Return the units of both together."""
    return in_order({product: one.get(product, 0) + other.get(product, 0) for product in {*one, *other}})
