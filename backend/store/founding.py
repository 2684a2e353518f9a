"""
Founding a company: members, placements, facts, orders and volume of a whole company, copied into empty tables at once.
"""

from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from datetime import date, datetime
from itertools import islice
from typing import Any

from msgspec import Struct
from tortoise.connection import get_connection

from backend.store.adding import Accepted
from backend.store.database import ORDERS_CHANNEL
from backend.store.network import RECORDED_BY
from backend.store.transactions import transaction

ORDERS_AT_ONCE = 50_000
"""So many orders are copied with their entries before the next ones are looked at."""


class Founder(Struct, frozen=True, kw_only=True):
    """A member to write; sponsor and enroller are row numbers, None at the top."""

    code: str
    name: str
    joined_on: date
    market: str
    training: bool
    left: date | None = None
    sponsor: int | None
    enroller: int | None
    title: str
    held: int
    missed: int


class Statement(Struct, frozen=True, kw_only=True):
    """What is stated of a member, who is a row number, from a day on."""

    member: int
    fact: str
    value: int
    since: date


async def is_founded() -> bool:
    """Tell whether a company is there already."""
    (row,) = await get_connection("default").execute_query_dict("SELECT EXISTS (SELECT 1 FROM company) AS there")
    return bool(row["there"])


async def found(
    *,
    name: str,
    zone: str,
    plan_source: str,
    plan_digest: str,
    members: Sequence[Founder],
    orders: Iterable[Accepted],
    returned: AbstractSet[str],
    facts: Sequence[Statement],
    told: Iterable[tuple[str, str, str]],
    shop: str,
    accepted_at: datetime,
) -> int | None:
    """
    Write a company, all of it or nothing, and return how many orders it has.

    None where a company is there, one founded at the same moment included. Orders are made as they are written, each
    before its returns; `returned` are the keys of those that have any. `told` has key, kind and digest of what its
    files tell beside orders, as a source would tell it later.
    """
    async with transaction() as connection:
        if not await connection.execute_query_dict(COMPANY, [name, zone, plan_source, plan_digest]):
            return None
        async with connection.acquire_connection() as raw:
            await raw.execute(RECORDED_BY, shop)
            await _copy(raw, "member", MEMBER, (_member(at, one) for at, one in enumerate(members)))
            await _copy(
                raw, "placement", PLACEMENT, ((at, one.sponsor, one.joined_on, shop) for at, one in enumerate(members))
            )
            await _copy(raw, "stated_fact", FACT, ((one.member, one.fact, one.value, one.since) for one in facts))
            events = ((*each, shop, accepted_at) for each in told)
            await _copy(raw, "accepted_event", EVENT, events)
            count = await _copy_orders(raw, orders, returned, (shop, accepted_at))
            await raw.execute("SELECT setval(pg_get_serial_sequence('sales_order', 'id'), $1)", max(count, 1))
            await raw.execute(f"ANALYZE {', '.join(LARGE)}")
            await raw.execute("SELECT pg_notify($1, '')", ORDERS_CHANNEL)
    return count


async def _copy_orders(
    raw: Any, orders: Iterable[Accepted], returned: AbstractSet[str], accepted: tuple[str, datetime]
) -> int:
    """Copy orders with their products and entries, some at a time, and return how many there were."""
    count, row_of, coming = 0, dict[str, int](), iter(orders)
    while some := list(islice(coming, ORDERS_AT_ONCE)):
        begin = count + 1
        row_of |= {one.key: row for row, one in enumerate(some, begin) if one.key in returned}
        await _copy(
            raw, "sales_order", ORDER, (_order(row, row_of, accepted, one) for row, one in enumerate(some, begin))
        )
        products = [(row, *each) for row, one in enumerate(some, begin) for each in one.products.items()]
        if products:
            await _copy(raw, "ordered_product", PRODUCT, products)
        await _copy(raw, "volume_entry", ENTRY, (_entry(row, one) for row, one in enumerate(some, begin)))
        count += len(some)
    return count


async def _copy(raw: Any, table: str, columns: Sequence[str], records: Iterable[tuple[Any, ...]]) -> None:
    await raw.copy_records_to_table(table, columns=columns, records=records)


COMPANY = """
INSERT INTO company (id, name, zone, plan_source, plan_digest) VALUES (1, $1, $2, $3, $4)
ON CONFLICT DO NOTHING RETURNING id
"""

MEMBER = (
    "id",
    "code",
    "name",
    "joined_on",
    "market",
    "training",
    "left_on",
    "enroller_id",
    "title_held",
    "title_periods_held",
    "title_periods_missed",
)
EVENT = ("key", "kind", "body_digest", "source", "accepted_at")
PLACEMENT = ("member_id", "sponsor_id", "since", "recorded_by")
ORDER = (
    "id",
    "key",
    "shop",
    "kind",
    "member_id",
    "customer",
    "placed_at",
    "accepted_at",
    "pv_points",
    "cv_points",
    "returns_id",
    "body_digest",
)
FACT = ("member_id", "fact", "value", "since")
PRODUCT = ("order_id", "product", "units")
LARGE = ("member", "placement", "accepted_event", "sales_order", "volume_entry")
"""Tables that the database looks at anew, so that the first questions after an import are planned for their size."""

ENTRY = ("order_id", "member_id", "period", "origin", "own", "at", "pv_points", "cv_points", "firm_at")


def _member(at: int, one: Founder) -> tuple[Any, ...]:
    who = (at, one.code, one.name, one.joined_on, one.market, one.training, one.left, one.enroller)
    return (*who, one.title, one.held, one.missed)


def _order(row: int, row_of: dict[str, int], accepted: tuple[str, datetime], one: Accepted) -> tuple[Any, ...]:
    returns = row_of[one.returns] if one.returns else None
    shop, accepted_at = accepted
    what = (row, one.key, shop, one.kind, one.member_id, one.customer, one.placed_at, accepted_at)
    return (*what, one.pv_points, one.cv_points, returns, one.body_digest)


def _entry(row: int, one: Accepted) -> tuple[Any, ...]:
    sign = -1 if one.kind == "return" else 1
    volume = (sign * one.pv_points, sign * one.cv_points)
    return (row, one.member_id, one.period, one.origin, one.own, one.placed_at, *volume, one.firm_at)
