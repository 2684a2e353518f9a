"""
Taking: the events of one transaction, each judged against what is known; what one brings, others may have waited for.

Everything is judged in memory, against what was looked up, and written at the end. What is held goes in by itself when
what it lacks has come, whoever sent either, and that goes on until nothing more goes in.
"""

from collections import deque
from collections.abc import Iterable, Sequence
from typing import TypeVar

from msgspec.structs import replace

from backend.flows.judge_orders import judge_order
from backend.flows.known_orders import known_orders
from backend.flows.order_rows import Order, Present
from backend.flows.plan_words import unplanned
from backend.flows.read_uplines import read_uplines
from backend.flows.telling import changed, keys_of, told, told_twice
from backend.intake.books import Books, members_named, products_named
from backend.intake.events import (
    UPLINES,
    Correctable,
    Event,
    Leaving,
    Member,
    Price,
    Product,
    Upline,
    digest_of,
    key_of,
)
from backend.intake.leaving import judge_leaving, leave_together
from backend.intake.network import OPENINGS, judge_member, judge_other, judge_upline, place_together
from backend.intake.order_body import OrderBody
from backend.intake.products import bundles_with, judge_price, judge_product
from backend.intake.verdict import Accept, Refuse, Told, Verdict, Wait
from backend.kernel.finding import Finding
from backend.store import intake
from backend.store.adding import Accepted
from backend.store.intake import Held
from backend.store.looking import Looked
from backend.store.orders import Ledger

Waiting = TypeVar("Waiting", bound=Upline | Leaving)


class Taking:
    """
    What became of the events of one transaction so far.

    `added` has what was accepted that is no order, `rows` what orders became, each with who sent it; `went_in` what had
    waited and waits no longer, `refused` what had waited and is wrong; `waiting` what waits, by key, and
    `lacked_before` what it lacked when this transaction began.
    """

    def __init__(self, ledger: Ledger, present: Present, *, anything_held: bool) -> None:
        """Nothing has become of anything yet."""
        self.added: list[tuple[str, Event]] = []
        self.rows: list[tuple[str, Accepted]] = []
        self.went_in: dict[str, Event] = {}
        self.refused: dict[str, tuple[Event, Sequence[Finding]]] = {}
        self.waiting: dict[str, Held] = {}
        self.books = Books()
        self._ledger, self._present, self.anything_held = ledger, present, anything_held
        self._orders: dict[str, Order] = {}
        self._taken: set[str] = set()
        self._looked: dict[str, set[str]] = {}
        self._queue: deque[str] = deque()
        self._came: set[str] = set()
        self._asked: set[str] = set()
        self._waiting_for: dict[str, set[str]] = {}
        self.lacked_before: dict[str, tuple[str, ...]] = {}
        self._fetched: set[str] = set()
        self._noted = 0

    def know(self, looked: Looked) -> None:
        """Take over what was looked up already; it is not asked for again."""
        self.books.members.update(looked.members)
        self._looked = {"member": set(looked.members_named), "order": set(looked.new_orders)}

    async def take(self, sent: Sequence[tuple[str, Event]]) -> list[Told]:
        """Say what becomes of each event, with who sent it; what else went in because of them stands in `went_in`."""
        events = [event for _, event in sent]
        await self._look_up(events)
        if self.anything_held:
            held = await intake.held_by_key(self._ledger.connection, [key_of(event) for event in events])
            await self._look_up([one.event for one in held])
            self._put_back(held)
        begun = [self._begin(event, source) for source, event in sent]
        await self._settle()
        return [one if type(one) is Told else self._end(one, again=again) for one, again in told_twice(begun)]

    async def hear(self, whats: Iterable[str]) -> None:
        """Let in who waited for what has come by another door."""
        self._came.update(whats)
        await self._settle()

    def _begin(self, event: Event, source: str) -> Told | Event:
        """Judge an event; one that was told before, or that waits, is not judged again."""
        key, before = key_of(event), self._digest_before(event)
        if before is None and key in self.waiting:
            before = digest_of(self.waiting[key].event)
            return event if before == digest_of(event) else changed(event)
        if before is not None:
            return told(event, "repeated") if before == digest_of(event) else changed(event)
        verdict = self._judge(event, source)
        if type(verdict) is Refuse:
            return told(event, "refused", verdict.findings)
        if type(verdict) is Wait:
            self._wait(Held(event=event, source=source, held_at=self._present.now, lacks=verdict.lacks))
        self._retry()
        return event

    def _end(self, event: Event, *, again: bool) -> Told:
        """Say what has become of an event that was accepted, or waited, when it came."""
        key = key_of(event)
        if key in self.waiting:
            return replace(told(event, "held"), lacks=self.waiting[key].lacks)
        if key in self.refused:
            return told(event, "refused", self.refused[key][1])
        return told(event, "repeated" if again else "accepted")

    def _digest_before(self, event: Event) -> str | None:
        if isinstance(event, OrderBody):
            return self._orders[event.order].digest if event.order in self._orders else None
        return self.books.events.get(event.key)

    def _judge(self, event: Event, source: str) -> Verdict:
        verdict, rows = self._verdict(event)
        if isinstance(verdict, Accept):
            self.rows += [(source, row) for row in rows]
            self._accept(event, source, verdict.came)
        return verdict

    def _accept(self, event: Event, source: str, came: Iterable[str]) -> None:
        if isinstance(event, OrderBody):
            self._taken.add(event.order)
        else:
            self.books.events[event.key] = digest_of(event)
            self.added.append((source, event))
        for what in came:
            self._came.add(what)
            self._queue.extend(sorted(self._waiting_for.get(what, ())))

    def _verdict(self, event: Event) -> tuple[Verdict, list[Accepted]]:
        match event:
            case OrderBody():
                return judge_order(event, self.books, self._orders, self._present)
            case Member() | Product() | Price() if findings := unplanned(event, self._present.terms):
                return Refuse(findings=tuple(findings)), []
            case Member():
                return judge_member(event, self.books), []
            case Product():
                return judge_product(event, self.books), []
            case Price():
                return judge_price(event, self.books), []
        return self._of_network(event), []

    def _of_network(self, event: Correctable) -> Verdict:
        if isinstance(event, Leaving):
            self._note_orders()
            return judge_leaving(event, self.books)
        return judge_upline(event, self.books) if isinstance(event, UPLINES) else judge_other(event, self.books)

    def _note_orders(self) -> None:
        """Let the books know of orders that were accepted just now, before somebody is let go."""
        for _, row in self.rows[self._noted :]:
            if row.kind == "order":
                self.books.note_order(row.member_id, self._present.calendar.day_of(row.placed_at), row.key)
        self._noted = len(self.rows)

    def _wait(self, held: Held) -> None:
        key = key_of(held.event)
        self.waiting[key] = held
        for what in held.lacks:
            self._waiting_for.setdefault(what, set()).add(key)

    def _put_back(self, held: Iterable[Held]) -> list[str]:
        """Take up events that waited before; return the keys of those that were not taken up yet."""
        fresh = [one for one in held if key_of(one.event) not in self.waiting and key_of(one.event) not in self.went_in]
        fresh = [one for one in fresh if key_of(one.event) not in self.refused]
        for one in fresh:
            self.lacked_before[key_of(one.event)] = one.lacks
            self._wait(one)
        return [key_of(one.event) for one in fresh]

    def _retry(self) -> None:
        """Judge again whoever waits for what has come, until nobody is left to judge."""
        while self._queue:
            key = self._queue.popleft()
            if key in self.waiting:
                self._judge_again(key)

    def _judge_again(self, key: str) -> None:
        held = self.waiting[key]
        verdict = self._judge(held.event, held.source)
        if isinstance(verdict, Wait):
            self._wait(replace(held, lacks=verdict.lacks))
            return
        self._let_go(key)
        if isinstance(verdict, Refuse):
            self.refused[key] = (held.event, verdict.findings)

    def _let_go(self, key: str) -> None:
        held = self.waiting.pop(key)
        for what in held.lacks:
            self._waiting_for[what].discard(key)
        if key in self.lacked_before:
            self.went_in[key] = held.event

    async def _settle(self) -> None:
        """Let in what waited for what has come, in this transaction's events and in the tables, to the last."""
        while True:
            self._retry()
            fresh = self._came - self._asked if self.anything_held else set()
            if fresh:
                self._asked |= fresh
                held = await intake.held_for(self._ledger.connection, sorted(fresh))
                await self._look_up([one.event for one in held])
                self._queue.extend(self._put_back(held))
            elif not await self._let_in_together():
                return

    async def _let_in_together(self) -> bool:
        """Let those in together who only wait for each other; False where that is nobody."""
        able: list[Upline | Leaving] = []
        for kind in UPLINES:
            if waiting := await self._waiting_of(kind):
                able += place_together(kind, waiting, self.books)
        if leaving := await self._waiting_of(Leaving):
            self._note_orders()
            able += leave_together(leaving, self.books)
        for event in able:
            source = self.waiting[event.key].source
            self._let_go(event.key)
            self._accept(event, source, (f"event {event.key}", f"{OPENINGS[type(event)]}{event.member}"))
        return bool(able)

    async def _waiting_of(self, kind: type[Waiting]) -> list[Waiting]:
        """Return the events of a kind that wait: where one does, also all that waited in the tables before."""
        if self.anything_held and kind.__name__ not in self._fetched and self._wait_here(kind):
            self._fetched.add(kind.__name__)
            held = await intake.held_of_kind(self._ledger.connection, kind.__name__.lower())
            await self._look_up([one.event for one in held])
            self._put_back(held)
        return self._wait_here(kind)

    def _wait_here(self, kind: type[Waiting]) -> list[Waiting]:
        return [one.event for one in self.waiting.values() if isinstance(one.event, kind)]

    async def _look_up(self, events: Sequence[Event]) -> None:
        """Read from the tables what events refer to, each thing once."""
        connection, books = self._ledger.connection, self.books
        orders = [event for event in events if type(event) is OrderBody]
        others = [event for event in events if type(event) is not OrderBody] if len(orders) < len(events) else []
        if codes := self._new("member", (name for event in events for name in members_named(event))):
            books.members.update(await intake.members_of(connection, codes))
        if any(isinstance(event, Member) for event in others) and not books.next_id:
            books.next_id = await intake.next_member_id(connection)
        if keys := self._new("event", (key for event in others for key in keys_of(event))):
            books.events.update(await intake.digests_of(connection, keys))
        await self._look_up_orders(orders)
        if products := self._new("product", (name for event in events for name in products_named(event))):
            await self._look_up_products(products)
        await self._look_up_prices([event for event in others if isinstance(event, Price)])
        await read_uplines(connection, others, books, self._present.zone.key)

    def _new(self, kind: str, names: Iterable[str]) -> list[str]:
        """Return the names that were not looked up yet."""
        looked = self._looked.setdefault(kind, set())
        fresh = [name for name in dict.fromkeys(names) if name not in looked]
        looked.update(fresh)
        return fresh

    async def _look_up_orders(self, bodies: Sequence[OrderBody]) -> None:
        """Read the orders that are there already, and more of those that are taken back."""
        backs = self._new("taken back", (body.returns for body in bodies if body.returns))
        keys = self._new("order", [*backs, *(body.order for body in bodies)])
        if keys or backs:
            known = await known_orders(self._ledger, list(dict.fromkeys([*keys, *backs])), backs)
            self._orders.update({key: order for key, order in known.items() if key not in self._taken})

    async def _look_up_products(self, products: Sequence[str], *, bundles: bool = False) -> None:
        shelf = await intake.shelf(self._ledger.connection, products, bundles=bundles)
        for product, parts in shelf.parts.items():
            self.books.products.setdefault(product, parts)
            self.books.prices.setdefault(product, list(shelf.prices[product]))

    async def _look_up_prices(self, prices: Sequence[Price]) -> None:
        """Read what was sold of products that get another price, and of the bundles that hold them."""
        if products := self._new("sold", (event.product for event in prices)):
            await self._look_up_products(products, bundles=True)
            touched = sorted({one for product in products for one in bundles_with(product, self.books.products)})
            first = min(event.price.since for event in prices)
            zone = self._present.zone.key
            self.books.sold += await intake.sold_since(self._ledger.connection, touched, first, zone)
