"""
The plan document: a company's plan as one file says it, every value with the day it begins and the clause it follows.

The structs are the file's form: a field is a TOML key, a `Since` is a table of days, and `forms` says how each value is
written. Reading is in `reading`, what makes no sense in `check`, and the terms of one day in `resolve`. A document that
`reading` hands out has no finding left.
"""

import hashlib
from typing import Literal

import msgspec
from msgspec import Struct

from backend.kernel.dated import Since
from backend.plan.document.gates import GroupVolume, Mark
from backend.plan.document.ladder import Breakaway, Ladder, Maintenance, Step, Title
from backend.plan.document.paying import (
    Active,
    Differential,
    LateOrders,
    Leaving,
    Override,
    OwnPurchases,
    Pause,
    Personal,
    Production,
    Retail,
    Returns,
    Rounding,
)
from backend.plan.document.rewards import Cap, FastStart, LevelBonus, Match, Multiplier, OneTime, Pool, TitleHeld
from backend.plan.document.values import Amount, Count, Day, Id, Points, Text

SCHEMA = "handrail/plan/1"


class Market(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A market; the first is also the one of members who name none."""

    id: Id
    name: Text
    clause: Text
    begins: Day | None = None
    ends: Day | None = None
    point_value: Since[Amount]
    cv_per_point: Since[Points] | None = None
    rounded_to: Since[Amount] | None = None
    return_days: Since[Count]
    pool_weight: Since[Count] | None = None


class Document(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The whole plan. It holds from `begins` up to, not including, `ends`."""

    schema: Literal["handrail/plan/1"]
    name: Id
    title: Text
    company: Text | None = None
    period: Literal["month"]
    year_begins_month: Count = 1
    begins: Day
    ends: Day | None = None
    clauses: dict[str, Text]
    rounding: Rounding
    own_purchases: OwnPurchases | None = None
    returns: Returns | None = None
    late_orders: LateOrders | None = None
    leaving: Leaving | None = None
    pause: Pause | None = None
    active: Active
    volumes: tuple[GroupVolume, ...] = ()
    marks: tuple[Mark, ...] = ()
    steps: tuple[Step, ...]
    ladder: Ladder | None = None
    personal: Personal
    retail: Retail | None = None
    differential: Differential
    breakaway: Breakaway | None = None
    titles: tuple[Title, ...]
    maintenance: Maintenance | None = None
    overrides: tuple[Override, ...] = ()
    productions: tuple[Production, ...] = ()
    levels: tuple[LevelBonus, ...] = ()
    pools: tuple[Pool, ...] = ()
    matches: tuple[Match, ...] = ()
    multipliers: tuple[Multiplier, ...] = ()
    fast_start: FastStart | None = None
    one_times: tuple[OneTime, ...] = ()
    title_held: TitleHeld | None = None
    caps: tuple[Cap, ...] = ()
    markets: tuple[Market, ...]


def digest(document: Document) -> str:
    """Return what tells two plans apart by content, whatever the layout of the file: 16 hex digits of SHA-256."""
    plain = msgspec.json.encode(msgspec.to_builtins(document, order="sorted"))
    return hashlib.sha256(plain).hexdigest()[:16]
