"""
Books: what is known of what events refer to, as far as it was looked up, and what the accepted ones add to it.

One transaction fills them, judges its events in their order, and writes what was added at the end.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from msgspec import Struct, field

from backend.intake.events import Event, ListPrice, Member, Product


class KnownMember(Struct, frozen=True, kw_only=True):
    """A member that is there: its row, its market, and its day of joining."""

    id: int
    market: str
    joined: date


class Row(Struct, frozen=True, kw_only=True):
    """A dated placement; of one day the last one holds."""

    since: date
    sponsor: str | None


class Sold(Struct, frozen=True, kw_only=True):
    """Units that were ordered at a volume each, in a market on a day."""

    product: str
    market: str
    day: date
    pv_points: int
    cv_points: int


class Books(Struct, kw_only=True):
    """
    What is known, by code, key or id; what is not in here was looked up and is not there.

    `events` has the digests of accepted events that are no orders, `placements` the rows of each member in the order in
    which they hold, `stated` the facts by member, name and day, `sold` what a new price could change. `added` is what
    was accepted, in its order.
    """

    members: dict[str, KnownMember] = field(default_factory=dict)
    events: dict[str, str] = field(default_factory=dict)
    placements: dict[str, list[Row]] = field(default_factory=dict)
    products: dict[str, Mapping[str, int]] = field(default_factory=dict)
    prices: dict[str, list[ListPrice]] = field(default_factory=dict)
    sold: list[Sold] = field(default_factory=list)
    added: list[Event] = field(default_factory=list)
    next_id: int = 0

    def add_member(self, event: Member) -> None:
        """Let a member be there, as the next row."""
        self.members[event.member] = KnownMember(id=self.next_id, market=event.market, joined=event.joined)
        self.placements[event.member] = [Row(since=event.joined, sponsor=event.sponsor)]
        self.next_id += 1


def placed(rows: Sequence[Row], row: Row) -> list[Row]:
    """Return dated rows with one more, recorded last."""
    return sorted([*rows, row], key=lambda one: one.since)


def members_named(event: Event) -> Iterable[str]:
    """Yield the members that an event names."""
    names = [getattr(event, name, None) for name in ("member", "sponsor", "enroller")]
    return [name for name in names if name]


def products_named(event: Event) -> Iterable[str]:
    """Yield the products that have to be there for an event, or that it is about."""
    if isinstance(event, Product):
        return [event.product, *event.parts]
    if (lines := getattr(event, "lines", None)) is not None:
        return [line.product for line in lines]
    return [product] if isinstance(product := getattr(event, "product", None), str) else []
