"""
Events: members, customers, placements, enrolments, leaving, stated facts, products and prices, as they were said.

Each has a key, and a key has one effect. The key is made of what the event is about, so that two sources that tell the
same thing tell it under one key; what was said otherwise before is changed by a `correction`, counted from one, which
waits for the one before it. Orders and what takes them back stand in `order_body`.
"""

from collections.abc import Mapping
from datetime import date
from hashlib import sha256
from typing import Any

import msgspec
from msgspec import Struct

from backend.intake.order_body import OrderBody

MOST_KEY = 88
"""Longer keys are hashed: with a word before it a key has to fit where lacks are written."""


def _key(kind: str, *parts: object) -> str:
    """Return `kind:part:part`, or a hash of it where that is long."""
    whole = ":".join(str(part) for part in (kind, *parts))
    return whole if len(whole) <= MOST_KEY else f"{kind}:{sha256(whole.encode()).hexdigest()}"


class Member(Struct, frozen=True, kw_only=True, tag="member", tag_field="kind"):
    """Who joined, on which day, under whom and brought by whom; both empty at the top. A member joins once."""

    member: str
    sponsor: str | None
    enroller: str | None
    name: str
    joined: date
    market: str = ""
    title: str = ""
    held: int = 0
    missed: int = 0
    training: bool = False

    @property
    def key(self) -> str:
        """`member:M7`."""
        return _key("member", self.member)


class Customer(Struct, frozen=True, kw_only=True, tag="customer", tag_field="kind"):
    """Whose customer somebody is, retail or preferred, from a day on."""

    customer: str
    member: str
    name: str
    type: str
    since: date
    correction: int = 0

    @property
    def base_key(self) -> str:
        """`customer:C1`."""
        return _key("customer", self.customer)

    @property
    def key(self) -> str:
        """The same, with the number of a correction behind it."""
        return corrected(self.base_key, self.correction)


class Placement(Struct, frozen=True, kw_only=True, tag="placement", tag_field="kind"):
    """Under whom a member stands from a day on; None at the top."""

    member: str
    sponsor: str | None
    since: date
    correction: int = 0

    @property
    def above(self) -> str | None:
        """The sponsor."""
        return self.sponsor

    @property
    def base_key(self) -> str:
        """`placement:M7:2026-10-01`."""
        return _key("placement", self.member, self.since)

    @property
    def key(self) -> str:
        """The same, with the number of a correction behind it."""
        return corrected(self.base_key, self.correction)


class Enrolment(Struct, frozen=True, kw_only=True, tag="enrolment", tag_field="kind"):
    """Who is named as a member's enroller from a day on."""

    member: str
    enroller: str | None
    since: date
    correction: int = 0

    @property
    def above(self) -> str | None:
        """The enroller."""
        return self.enroller

    @property
    def base_key(self) -> str:
        """`enrolment:M7:2026-10-01`."""
        return _key("enrolment", self.member, self.since)

    @property
    def key(self) -> str:
        """The same, with the number of a correction behind it."""
        return corrected(self.base_key, self.correction)


class Leaving(Struct, frozen=True, kw_only=True, tag="leaving", tag_field="kind"):
    """On which day a member leaves; a correction without a day takes it back."""

    member: str
    on: date | None
    correction: int = 0

    @property
    def base_key(self) -> str:
        """`leaving:M7`."""
        return _key("leaving", self.member)

    @property
    def key(self) -> str:
        """The same, with the number of a correction behind it."""
        return corrected(self.base_key, self.correction)


class Fact(Struct, frozen=True, kw_only=True, tag="fact", tag_field="kind"):
    """What the company states of a member from a day on; `value` as `files.facts` reads it."""

    member: str
    fact: str
    value: int
    since: date
    correction: int = 0

    @property
    def base_key(self) -> str:
        """`fact:M7:active:2026-10-01`."""
        return _key("fact", self.member, self.fact, self.since)

    @property
    def key(self) -> str:
        """The same, with the number of a correction behind it."""
        return corrected(self.base_key, self.correction)


class ListPrice(Struct, frozen=True, kw_only=True):
    """What one unit brings in a market from a day on; hundredths of a point. An empty market is all others."""

    market: str
    since: date
    pv_points: int
    cv_points: int


class Product(Struct, frozen=True, kw_only=True, tag="product", tag_field="kind"):
    """A product with its prices so far; with `parts` (units by product) it is a bundle."""

    product: str
    name: str
    parts: Mapping[str, int] = {}
    prices: tuple[ListPrice, ...] = ()

    @property
    def key(self) -> str:
        """`product:KIT`."""
        return _key("product", self.product)


class Price(Struct, frozen=True, kw_only=True, tag="price", tag_field="kind"):
    """A further price of a product."""

    product: str
    price: ListPrice

    @property
    def key(self) -> str:
        """`price:KIT:US:2026-10-01`."""
        return _key("price", self.product, self.price.market, self.price.since)


Upline = Placement | Enrolment
UPLINES: tuple[type[Upline], ...] = (Placement, Enrolment)
Correctable = Customer | Placement | Enrolment | Leaving | Fact
Event = Member | Customer | Placement | Enrolment | Leaving | Fact | Product | Price | OrderBody

STRUCTS: Mapping[str, Any] = {
    **{one.__name__.lower(): one for one in (Member, Customer, Placement, Enrolment, Leaving, Fact, Product, Price)},
    **dict.fromkeys(("order", "return", "refund", "cancellation"), OrderBody),
}
"""The struct of each kind."""


def corrected(base: str, correction: int) -> str:
    """Return the key of the n-th correction of what a key said; of none, the key itself."""
    return f"{base}:{correction}" if correction else base


def kind_of(event: Event) -> str:
    """Return the kind of an event, as it is written in JSON."""
    return event.kind if isinstance(event, OrderBody) else type(event).__name__.lower()


def key_of(event: Event) -> str:
    """Return what an event is held under; a shop's own ids of orders are kept apart from all other keys."""
    return f"order {event.order}" if isinstance(event, OrderBody) else event.key


def shown_key(event: Event) -> str:
    """Return the key by which whoever sent an event knows it."""
    return event.order if isinstance(event, OrderBody) else event.key


def digest_of(event: Event) -> str:
    """Return the SHA-256 of what was said, in one canonical form."""
    if isinstance(event, OrderBody):
        return event.digest()
    return sha256(msgspec.json.encode(event, order="sorted")).hexdigest()


def written(event: Event) -> str:
    """Return an event as JSON text, from which `read_back` makes it again."""
    return msgspec.json.encode(event).decode()


def read_back(kind: str, body: str) -> Event:
    """Return an event that was kept as text."""
    found: Event = msgspec.json.decode(body, type=STRUCTS[kind])
    return found
