"""
A company as its files, read together: members, orders and stated facts, with every finding of all of them at once.
"""

from collections.abc import Callable, Sequence
from typing import TypeVar
from zoneinfo import ZoneInfo

from msgspec import Struct

from backend.files import facts as stated
from backend.files.facts import Statements, facts_noted
from backend.files.members import Members, members_noted
from backend.files.noted import Fault, Noted, nearest, refuse_if_any
from backend.files.orders import Orders, check_members, orders_noted
from backend.files.sheet import Sheet
from backend.kernel.finding import Refused
from backend.plan.terms import Terms

T = TypeVar("T")


class Company(Struct, frozen=True, kw_only=True):
    """The members and the orders of a company, and what it states of its members, free of findings."""

    members: Members
    orders: Orders
    facts: Statements = Statements()


def read_company(
    members: bytes,
    orders: bytes,
    facts: bytes | None = None,
    *,
    zone: ZoneInfo,
    terms: Terms | None = None,
    sources: tuple[str, str, str] = ("members.csv", "orders.csv", "facts.csv"),
) -> Company:
    """
    Read a company's files; raises Refused with every finding of all of them, by line and column.

    With a plan's terms, each title and market must be one of the plan. An empty market is the plan's first. Without
    facts the company states nothing.
    """
    of_members, of_orders, of_facts = (Noted(source) for source in sources)
    read_members = _read(lambda: members_noted(members, of_members))
    read_orders = _read(lambda: orders_noted(orders, of_orders, zone))
    read_facts = _read(lambda: facts_noted(facts, of_facts)) if facts is not None else None
    if read_members and terms:
        _check_words(read_members[1], "title", [title.id for title in terms.titles])
        _check_words(read_members[1], "market", [market.id for market in terms.markets])
    half_known = frozenset(read_members[1].broken_cells("member")) if read_members else frozenset()
    if read_members and read_orders:
        check_members(read_orders[1], read_orders[0], zone=zone, members=read_members[0], half_known=half_known)
    if read_members and read_facts:
        stated.check_members(read_facts[1], read_facts[0], read_members[0], half_known)
    refuse_if_any(of_members, of_orders, of_facts)
    assert read_members, "a file that cannot be read has findings"
    assert read_orders, "a file that cannot be read has findings"
    facts_read = read_facts[0] if read_facts else Statements()
    return Company(members=read_members[0], orders=read_orders[0], facts=facts_read)


def _read(read: Callable[[], T]) -> T | None:
    """Read a file; None where it cannot be read at all, and then it is noted why."""
    try:
        return read()
    except Refused:
        return None


def _check_words(sheet: Sheet, name: str, known: Sequence[str]) -> None:
    """Note each title or market that the plan does not have; an empty one is left to the plan."""
    words = set(known) | {""}
    for row, text in enumerate(sheet.columns[name]):
        if text.strip() not in words:
            remedy = f"The plan has {', '.join(known)}.{nearest(text.strip(), list(known))}"
            sheet.note(row, name, Fault(f"{name}-unknown", f'"{text.strip()}" is no {name} of the plan.', remedy))
