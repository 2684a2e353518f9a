"""
What a plan says on one day in one market: which value holds, and which number an id has.
"""

from collections.abc import Iterator
from datetime import date
from typing import Protocol, TypeVar

from msgspec import Struct

from backend.kernel.dated import Since
from backend.kernel.money import Money
from backend.plan.document import Document, Market
from backend.plan.document.ladder import Step, Title
from backend.plan.document.rewards import ProductAmounts
from backend.plan.terms import VolumeNumber

T = TypeVar("T")

VOLUME_NUMBERS = {
    "own": VolumeNumber.OWN,
    "gv": VolumeNumber.GROUP,
    "tgv": VolumeNumber.TOTAL,
    "side_volume": VolumeNumber.SIDE,
}
"""The ids of the volumes that every plan has; no volume of a plan's own bears one of them."""


class Spanned(Protocol):
    """What exists from a day on and until another; either may be open."""

    @property
    def begins(self) -> date | None:
        """The first day."""

    @property
    def ends(self) -> date | None:
        """The first day without it."""


class Lookup(Struct, frozen=True, kw_only=True):
    """One day in one market: the steps, titles and markets that exist, and ids as numbers."""

    day: date
    market: str
    steps: tuple[Step, ...]
    titles: tuple[Title, ...]
    markets: tuple[Market, ...]
    step_index: dict[str, int]
    title_index: dict[str, int]
    mark_index: dict[str, int]
    volume_number: dict[str, int]
    products: tuple[str, ...]
    """The products that pay fixed amounts on any day, in the order of their ids."""

    def on(self, values: Since[T]) -> T:
        """Return the value that holds; a checked document has one on every day."""
        value = values.on(self.day, self.market)
        assert value is not None, "a checked document has a value on every day it holds"
        return value

    def maybe(self, values: Since[T] | None) -> T | None:
        """Return the value that holds; None where there is none."""
        return values.on(self.day, self.market) if values else None

    def number(self, values: Since[int] | Since[int | None] | None, otherwise: int = 0) -> int:
        """Return the number that holds, or another where there is none."""
        value = values.on(self.day, self.market) if values else None
        return otherwise if value is None else value

    def minor(self, values: Since[Money] | None, otherwise: int = 0) -> int:
        """Return an amount in minor units, or another where there is none."""
        value = self.maybe(values)
        return otherwise if value is None else value.amount_minor

    def volume(self, name: str | None, otherwise: VolumeNumber) -> int:
        """Return the number of a volume, or another where none is named."""
        return int(otherwise) if name is None else self.volume_number[name]

    def mark(self, name: str | None, otherwise: int = 0) -> int:
        """Return the index of a mark, or another where none is named."""
        return otherwise if name is None else self.mark_index[name]


def lookup(document: Document, day: date, market: str = "") -> Lookup:
    """Return the look-up of a day, with the values of a market where one is named."""
    steps = tuple(step for step in document.steps if exists(step, day))
    titles = tuple(title for title in document.titles if exists(title, day))
    named = {volume.id: VolumeNumber.NAMED + index for index, volume in enumerate(document.volumes)}
    return Lookup(
        day=day,
        market=market,
        steps=steps,
        titles=titles,
        markets=tuple(each for each in document.markets if exists(each, day)),
        step_index={step.id: index for index, step in enumerate(steps)},
        title_index={title.id: index for index, title in enumerate(titles)},
        mark_index={mark.id: index for index, mark in enumerate(document.marks)},
        volume_number={word: int(number) for word, number in (VOLUME_NUMBERS | named).items()},
        products=tuple(sorted({each.product for each in _products(document)})),
    )


def _products(document: Document) -> Iterator[ProductAmounts]:
    for level in document.levels:
        for _, _, products in level.products.every() if level.products else ():
            yield from products


def exists(entry: Spanned, day: date) -> bool:
    """Tell whether a plan, or a step, title or market of it, exists on a day: from `begins` up to before `ends`."""
    return (entry.begins is None or entry.begins <= day) and (entry.ends is None or day < entry.ends)
