"""
Histories: what a small company tells over some months, in an order in which each event finds what it needs.

Drawn from a seed, each in a namespace of its own, so that many lie in one database. Whoever takes the same events
shuffled, doubled and cut anywhere must end in the same state (`states`).
"""

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from random import Random

from msgspec.structs import replace

from backend.intake.events import (
    Customer,
    Enrolment,
    Event,
    Fact,
    Leaving,
    ListPrice,
    Member,
    Placement,
    Price,
    Product,
)
from backend.intake.lines import Line
from backend.intake.order_body import OrderBody

BEGUN = date(2026, 1, 5)
LAST = date(2026, 9, 15)
"""Nobody buys after it; what comes back does so within two months."""
MARKETS = ("US", "EU")
PLACED = list[tuple[date, str | None]]


class History:
    """One company's story while it is drawn: `events` in an order in which all of them are accepted at once."""

    def __init__(self, seed: int, space: str) -> None:
        """Draw a whole story."""
        self.random = Random(seed)
        self.space = space
        self.events: list[Event] = []
        self.joined: dict[str, date] = {}
        self.rows: dict[str, PLACED] = {}
        self.enrolled: dict[str, PLACED] = {}
        self.left: dict[str, date | None] = {}
        self.bought: dict[str, date] = {}
        self.corrections: dict[str, int] = {}
        self.orders = 0
        self._products()
        for _ in range(self.random.randint(3, 6)):
            self._member()
        others = [self._enrolment, self._leaving]
        for _ in range(self.random.randint(6, 12)):
            self.random.choice([self._order, self._order, self._order, self._placement, self._told, *others])()
        if self.random.random() < 0.5:
            self._change_of_places()
        for code, day in self.left.items():
            if day is not None and code in self.bought and day <= self.bought[code]:
                self._leave(code, self.random.choice([None, self.bought[code] + timedelta(days=1)]))

    def _code(self, name: str) -> str:
        return f"{self.space}-{name}"

    def _day(self, after: date, before: date = LAST) -> date:
        return after + timedelta(days=self.random.randint(0, max((before - after).days, 0)))

    def _products(self) -> None:
        kit, oil, box = self._code("KIT"), self._code("OIL"), self._code("BOX")
        for product in (kit, oil):
            prices = [
                ListPrice(market=market, since=since, pv_points=self._points(), cv_points=self._points())
                for market in ("", *MARKETS)
                for since in (date(2025, 1, 1), self._day(BEGUN))
            ]
            self.events.append(Product(product=product, name=product, prices=tuple(prices)))
        self.events.append(Product(product=box, name="Box", parts={kit: self.random.randint(1, 3), oil: 1}))
        late = ListPrice(market="EU", since=LAST + timedelta(days=9), pv_points=1_00, cv_points=1_00)
        self.events.append(Price(product=kit, price=late))

    def _points(self) -> int:
        return self.random.randint(1_00, 200_00)

    def _member(self) -> None:
        code = self._code(f"M{len(self.joined)}")
        above = self.random.choice(list(self.joined)) if self.joined else None
        joined = self._day(self.joined[above] if above else BEGUN, date(2026, 4, 1))
        enroller = self.random.choice(list(self.joined)) if above else None
        market = self.random.choice(MARKETS)
        self.joined[code], self.rows[code], self.enrolled[code] = joined, [(joined, above)], [(joined, enroller)]
        self.events.append(
            Member(member=code, sponsor=above, enroller=enroller, name=code, joined=joined, market=market)
        )

    def _placement(self) -> None:
        """Move a member, or correct where it was placed on a day; what closes a circle on any day is taken back."""
        code, sponsor, since = self._above(self.rows)
        self._place(code, sponsor, since)
        if is_circular(self.rows):
            self._place(code, None, since)

    def _above(self, rows: dict[str, PLACED]) -> tuple[str, str | None, date]:
        """Draw a member, another one or nobody, and a day on which something was said of the member, or any other."""
        code = self.random.choice(list(rows))
        other = self.random.choice([None, *(one for one in rows if one != code)])
        return code, other, self.random.choice([row[0] for row in rows[code]] + [self._day(self.joined[code])] * 2)

    def _place(self, code: str, sponsor: str | None, since: date) -> None:
        self.rows[code] = with_row(self.rows[code], since, sponsor)
        one = Placement(member=code, sponsor=sponsor, since=since)
        first = 1 if since == self.joined[code] else 0
        self.events.append(replace(one, correction=self._next(one.base_key, first)))

    def _enrolment(self) -> None:
        """Name another enroller from a day on; what closes a circle on any day is taken back."""
        code, enroller, since = self._above(self.enrolled)
        self._enrol(code, enroller, since)
        if is_circular(self.enrolled):
            self._enrol(code, None, since)

    def _enrol(self, code: str, enroller: str | None, since: date) -> None:
        self.enrolled[code] = with_row(self.enrolled[code], since, enroller)
        one = Enrolment(member=code, enroller=enroller, since=since)
        self.events.append(replace(one, correction=self._next(one.base_key)))

    def _leaving(self) -> None:
        code = self.random.choice(list(self.joined))
        self._leave(code, self._day(self.joined[code]))

    def _leave(self, code: str, day: date | None) -> None:
        """Let somebody leave; where an order is not older, the end of the history says it otherwise."""
        self.left[code] = day
        one = Leaving(member=code, on=day)
        self.events.append(replace(one, correction=self._next(one.base_key)))

    def _next(self, key: str, first: int = 0) -> int:
        self.corrections[key] = self.corrections.get(key, first - 1) + 1
        return self.corrections[key]

    def _change_of_places(self) -> None:
        """Let a member and its sponsor change places on one day, by way of the top."""
        below = [code for code, rows in self.rows.items() if rows[-1][1] is not None]
        if not below:
            return
        code = self.random.choice(below)
        day = max(row[0] for rows in self.rows.values() for row in rows) + timedelta(days=1)
        sponsor = self.rows[code][-1][1]
        assert sponsor, "a member below somebody has a sponsor"
        self._place(code, self.rows[sponsor][-1][1], day)
        self._place(sponsor, code, day)

    def _told(self) -> None:
        code = self.random.choice(list(self.joined))
        day = self._day(self.joined[code])
        one: Customer | Fact = self.random.choice(
            [
                Fact(member=code, fact="fees_paid", value=self.random.randint(0, 1), since=day),
                Customer(
                    customer=self._code("C1"),
                    member=code,
                    name="Ann",
                    type=self.random.choice(["retail", "preferred"]),
                    since=day,
                ),
            ]
        )
        self.events.append(replace(one, correction=self._next(one.base_key)))

    def _order(self) -> None:
        """Let somebody buy, and some of it come back, in parts or as a whole."""
        member = self.random.choice(list(self.joined))
        at = datetime.combine(self._day(self.joined[member]), datetime.min.time(), UTC) + timedelta(hours=12)
        customer = self.random.choice([None, self._code("C1")])
        lines = tuple(
            Line(product=self._code(product), units=self.random.randint(2, 5), **self._stated())
            for product in sorted(self.random.sample(["BOX", "KIT", "OIL"], self.random.randint(0, 2)))
        )
        pv, cv = (None, None) if lines else (self._points(), self._points())
        order = OrderBody(
            order=self._key("A"),
            kind="order",
            member=member,
            customer=customer,
            placed_at=at,
            pv_points=pv,
            cv_points=cv,
            returns=None,
            lines=lines,
        )
        self.bought[member] = max(at.date(), self.bought.get(member, at.date()))
        self.events.append(order)
        self.events += list(self._back(order))

    def _stated(self) -> dict[str, int]:
        return {"pv_points": self._points(), "cv_points": self._points()} if self.random.random() < 0.3 else {}

    def _key(self, kind: str) -> str:
        self.orders += 1
        return self._code(f"{kind}{self.orders}")

    def _back(self, order: OrderBody) -> Iterator[OrderBody]:
        at = order.placed_at
        for _ in range(self.random.choice([0, 0, 1, 2])):
            at += timedelta(days=self.random.randint(0, 20))
            part = {
                "pv_points": order.pv_points // 3 if order.pv_points else None,
                "cv_points": order.cv_points // 3 if order.cv_points else None,
                "lines": tuple(Line(product=line.product, units=1) for line in order.lines),
            }
            kind = self.random.choice(["return", "refund"])
            yield replace(order, order=self._key("R"), kind=kind, returns=order.order, placed_at=at, **part)
        if self.random.random() < 0.4:
            at += timedelta(days=self.random.randint(0, 20))
            yield OrderBody(
                order=self._key("X"),
                kind="cancellation",
                member=None,
                customer=None,
                placed_at=at,
                pv_points=None,
                cv_points=None,
                returns=order.order,
            )


def with_row(rows: PLACED, since: date, sponsor: str | None) -> PLACED:
    """Return dated placements with another, which replaces one of the same day."""
    return sorted([row for row in rows if row[0] != since] + [(since, sponsor)], key=lambda row: row[0])


def is_circular(rows: dict[str, PLACED]) -> bool:
    """Say whether anybody stands above itself on any day, in the slowest way."""
    days = {row[0] for placed in rows.values() for row in placed} | {date.min}
    return any(_returns(rows, code, day) for day in days for code in rows)


def _returns(rows: dict[str, PLACED], code: str, day: date) -> bool:
    at: str | None = code
    for _ in rows:
        placed = rows[at] if at else []
        begun = [row for row in placed if row[0] <= max(day, placed[0][0])]
        at = begun[-1][1] if begun else None
        if at == code:
            return True
    return False


def shaken(events: Sequence[Event], random: Random) -> list[list[Event]]:
    """Return events doubled here and there, shuffled, and cut into messages anywhere."""
    told = [*events, *random.sample(list(events), random.randint(0, len(events)))]
    random.shuffle(told)
    messages: list[list[Event]] = []
    while told:
        size = random.choice([1, 2, 5, 20, 60])
        messages.append(told[:size])
        told = told[size:]
    return messages
