"""
From the facts of an example to a snapshot: customers merged into their members, totals of legs split, clocks filled.
"""

from collections.abc import Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import numpy as np
from msgspec import Struct
from msgspec.structs import replace

from backend.engine.periods.assemble import STATED, Roll, Volumes, snapshot_of
from backend.engine.periods.history import slots_of, width
from backend.engine.snapshot import Carried, Snapshot
from backend.kernel.points import HUNDREDTHS
from backend.plan.terms import GroupVolume, Terms, Window
from tests.published.cases import Unreadable

LONG_AGO = 365
"""Days since joining of everybody: no published example is about joining."""

SHARE = 10_000
"""A share of 1 in basis points, and of 1 percent in hundredths of it."""


LARGEST = 10**15
"""The most that a volume may be, in hundredths of a point; the columns have room for fifty times as much."""


class Person(Struct, frozen=True, kw_only=True):
    """A member of a case who is no customer, volumes in hundredths of a point."""

    id: str
    sponsor: str | None
    market: int
    own_pv: int
    own_cv: int
    customer_pv: int = 0
    customer_cv: int = 0
    customers: int = 0
    new: bool = False
    stated: Mapping[str, int] = {}
    title: str = ""
    accumulated: int = 0


def hundredths(number: Any, scale: int = HUNDREDTHS) -> int:
    """Return a number of the file as hundredths, or in another scale; what is finer goes up from the half."""
    try:
        found = int((Decimal(number) * scale).quantize(Decimal(1), ROUND_HALF_UP))
    except (ArithmeticError, TypeError, ValueError):
        raise Unreadable(f'"{number}" stands where a number is wanted.') from None
    if abs(found) > LARGEST:
        raise Unreadable(f"{number} is more than anybody buys.")
    return found


def snapshot(
    people: Sequence[Person], terms: Terms, *, period: str, carried: Mapping[str, Carried], titles: Mapping[str, str]
) -> Snapshot:
    """Return the snapshot of a month; what a case says was there before it comes on top of what is carried."""
    ids = [person.id for person in people]
    roll = Roll(
        ids=ids,
        sponsors=[person.sponsor for person in people],
        enrollers=[person.sponsor for person in people],
        market=np.array([person.market for person in people], np.int32),
        days_since_joining=np.full(len(ids), LONG_AGO, np.int32),
        training=np.ones(len(ids), np.bool_),
        stated={name: _stated(people, name) for name in STATED},
    )
    brought = {person.id: _brought(person, terms, carried.get(person.id, Carried()), titles) for person in people}
    return snapshot_of(period=period, roll=roll, volumes=_volumes(people), carried=brought, terms=terms)


def _stated(people: Sequence[Person], name: str) -> np.ndarray:
    otherwise = STATED[name]
    kind = np.bool_ if isinstance(otherwise, bool) else np.int32
    return np.array([person.stated.get(name, otherwise) for person in people], kind)


def _volumes(people: Sequence[Person]) -> Volumes:
    def column(name: str) -> np.ndarray:
        return np.array([getattr(person, name) for person in people], np.int64)

    new = np.array([person.new for person in people], np.int64)
    return Volumes(
        members=[person.id for person in people],
        own_pv=column("own_pv"),
        customer_pv=column("customer_pv"),
        own_cv=column("own_cv"),
        customer_cv=column("customer_cv"),
        provisional_pv=np.zeros(len(people), np.int64),
        first_pv=new * column("own_pv"),
        first_cv=new * column("own_cv"),
    )


def _brought(person: Person, terms: Terms, before: Carried, titles: Mapping[str, str]) -> Carried:
    if person.title:
        at = _title(person.title, terms, titles)
        before = replace(before, title=at, best_title=max(at, before.best_title), held=max(1, before.held))
    if not person.accumulated:
        return before
    volumes = list(before.volumes) or [0] * width(terms)
    for volume, slots in zip(terms.volumes, slots_of(terms), strict=True):
        if _adds_up(volume):
            volumes[slots.first] = person.accumulated
            ratio = terms.markets[person.market].cv_per_point
            volumes[slots.first + slots.held] = person.accumulated * ratio // HUNDREDTHS
    return replace(before, volumes=tuple(volumes))


def _adds_up(volume: GroupVolume) -> bool:
    return volume.window == Window.LIFETIME and volume.legs


def _title(name: str, terms: Terms, titles: Mapping[str, str]) -> int:
    wanted = titles.get(name, name).casefold()
    for at, title in enumerate(terms.titles):
        if wanted in {title.id.casefold(), title.name.casefold()}:
            return at
    raise Unreadable(f'The plan has no title "{name}".')


def people_of(
    members: Sequence[Mapping[str, Any]], terms: Terms, market: str, means: Mapping[str, str]
) -> list[Person]:
    """
    Return the people of a month in the order of the case.

    A customer's volume is the personal volume of the nearest member above who is none, and whoever stands below a
    customer stands below that member. Of a leg's total the volume of those listed below comes off first, then the own
    part, and what is left stands on a closed position below. `means` says what a plan understands by a fact.
    """
    index = {each.id: at for at, each in enumerate(terms.markets)}
    home = index.get(market, 0)
    facts = {member["id"]: member for member in members}
    at = {id_: index.get(str(member.get("country") or market), home) for id_, member in facts.items()}
    volumes = {id_: _volume(member, terms, at[id_]) for id_, member in facts.items()}
    buyers = [id_ for id_, member in facts.items() if _is_customer(member)]
    found: list[Person] = []
    for id_, member in facts.items():
        if id_ in buyers:
            continue
        bought = [volumes[buyer] for buyer in buyers if _above(facts, buyer) == id_]
        own, rest = _split(member, facts, volumes)
        person = Person(
            id=id_,
            sponsor=_above(facts, id_),
            market=at[id_],
            own_pv=own[0],
            own_cv=own[1],
            customer_pv=sum(pv for pv, _ in bought),
            customer_cv=sum(cv for _, cv in bought),
            new=bool(member.get("new")),
            stated=_facts_stated(member, means) | {"customers": sum(pv > 0 for pv, _ in bought)},
            title=str(member.get("title") or ""),
            accumulated=hundredths(member.get("accumulated_before") or 0),
        )
        found += [person, *_closed(person, rest)]
    return found


def _is_customer(member: Mapping[str, Any]) -> bool:
    if member.get("type") not in {None, "customer"}:
        raise Unreadable(f'{member["id"]} is of a type that nobody knows: "{member["type"]}".')
    return member.get("type") == "customer"


def _above(facts: Mapping[str, Mapping[str, Any]], id_: str) -> str | None:
    """Return the nearest member above who is no customer."""
    above = facts[id_].get("sponsor")
    while above is not None and _is_customer(facts[above]):
        above = facts[above].get("sponsor")
    return above


def _volume(member: Mapping[str, Any], terms: Terms, market: int) -> tuple[int, int]:
    pv = hundredths(member.get("pv") or 0)
    if member.get("bv") is not None:
        return pv, hundredths(member["bv"])
    return pv, pv * terms.markets[market].cv_per_point // HUNDREDTHS


def _split(
    member: Mapping[str, Any], facts: Mapping[str, Mapping[str, Any]], volumes: Mapping[str, tuple[int, int]]
) -> tuple[tuple[int, int], tuple[int, int]]:
    """
    Return a member's own volume, and what of a leg's total stands on nobody who is listed.

    A total that is less than what is listed below can only be that of the group without those.
    """
    if not member.get("is_group_total"):
        return volumes[member["id"]], (0, 0)
    below = [_whole(each, facts, volumes) for each in facts if facts[each].get("sponsor") == member["id"]]
    pv, cv = (volumes[member["id"]][part] - sum(each[part] for each in below) for part in (0, 1))
    if pv < 0 or cv < 0:
        pv, cv = volumes[member["id"]]
    if member.get("personal_pv") is None:
        return (pv, cv), (0, 0)
    own_pv = hundredths(member["personal_pv"])
    own_cv = cv * own_pv // pv if pv else 0
    return (own_pv, own_cv), (pv - own_pv, cv - own_cv)


def _whole(id_: str, facts: Mapping[str, Mapping[str, Any]], volumes: Mapping[str, tuple[int, int]]) -> tuple[int, int]:
    if facts[id_].get("is_group_total"):
        return volumes[id_]
    below = [_whole(each, facts, volumes) for each in facts if facts[each].get("sponsor") == id_]
    return volumes[id_][0] + sum(pv for pv, _ in below), volumes[id_][1] + sum(cv for _, cv in below)


def _facts_stated(member: Mapping[str, Any], means: Mapping[str, str]) -> dict[str, int]:
    columns = {
        "foster": ("foster", 1),
        "qualified": (means.get("qualified", "qualified"), 1),
        "given_qualified": (means.get("given_qualified", "granted"), 1),
        "active": ("active_stated", 1),
        "percent_held": ("percent_held_bp", HUNDREDTHS),
        "customer_share": ("customer_share_bp", SHARE),
        "verified_share": ("verified_share_bp", SHARE),
    }
    given = [(column, member[fact], scale) for fact, (column, scale) in columns.items() if member.get(fact) is not None]
    return {column: hundredths(value, scale) for column, value, scale in given}


def _closed(person: Person, rest: tuple[int, int]) -> list[Person]:
    if rest == (0, 0):
        return []
    below = f"{person.id} (the rest of the leg)"
    stated = {"closed": 1}
    return [Person(id=below, sponsor=person.id, market=person.market, own_pv=rest[0], own_cv=rest[1], stated=stated)]
