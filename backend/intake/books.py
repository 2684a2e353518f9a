"""
Books: what is known of what events refer to, as far as it was looked up, and what the accepted ones add to it.

One transaction fills them, judges its events in their order, and writes what was added at the end.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from msgspec import Struct, field

from backend.intake.events import Event, ListPrice, Member, Placement, Product, Upline
from backend.intake.order_body import OrderBody


class KnownMember(Struct, frozen=True, kw_only=True):
    """A member that is there: its row, its market, its day of joining, and that of leaving."""

    id: int
    market: str
    joined: date
    left: date | None = None


class Row(Struct, frozen=True, kw_only=True):
    """Who stands above a member from a day on, as its sponsor or its enroller; of one day the last one holds."""

    since: date
    above: str | None


class LastOrder(Struct, frozen=True, kw_only=True):
    """The last day on which a member has bought anything, and one order of it."""

    day: date
    order: str


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

    `events` has the digests of accepted events that are no orders, `placements` and `enrolments` the rows of each
    member in the order in which they hold, `sold` what a new price could change, `last_orders` by their rows those
    of members who are said to leave.
    """

    members: dict[str, KnownMember] = field(default_factory=dict)
    events: dict[str, str] = field(default_factory=dict)
    placements: dict[str, list[Row]] = field(default_factory=dict)
    enrolments: dict[str, list[Row]] = field(default_factory=dict)
    last_orders: dict[int, LastOrder] = field(default_factory=dict)
    products: dict[str, Mapping[str, int]] = field(default_factory=dict)
    prices: dict[str, list[ListPrice]] = field(default_factory=dict)
    sold: list[Sold] = field(default_factory=list)
    next_id: int = 0

    def add_member(self, event: Member) -> None:
        """Let a member be there, as the next row."""
        self.members[event.member] = KnownMember(id=self.next_id, market=event.market, joined=event.joined)
        self.placements[event.member] = [Row(since=event.joined, above=event.sponsor)]
        self.enrolments[event.member] = [Row(since=event.joined, above=event.enroller)]
        self.next_id += 1

    def rows_of(self, kind: type[Upline]) -> dict[str, list[Row]]:
        """Return the rows of each member that placements, or enrolments, have become."""
        return self.placements if kind is Placement else self.enrolments

    def note_order(self, member_id: int, day: date, order: str) -> None:
        """Remember that a member has bought on a day, if that is the last one so far."""
        before = self.last_orders.get(member_id)
        if before is None or before.day < day:
            self.last_orders[member_id] = LastOrder(day=day, order=order)


def placed(rows: Sequence[Row], row: Row) -> list[Row]:
    """Return dated rows with one more, recorded last."""
    return sorted([*rows, row], key=lambda one: one.since)


def members_named(event: Event) -> Iterable[str]:
    """Yield the members that an event names."""
    if type(event) is OrderBody:
        return (event.member,) if event.member else ()
    names = [getattr(event, name, None) for name in ("member", "sponsor", "enroller")]
    return [name for name in names if name]


def products_named(event: Event) -> Iterable[str]:
    """Yield the products that have to be there for an event, or that it is about."""
    if type(event) is OrderBody:
        return [line.product for line in event.lines]
    if isinstance(event, Product):
        return [event.product, *event.parts]
    return [product] if isinstance(product := getattr(event, "product", None), str) else []
