"""
A company as two files, read together: members and orders, with every finding of both at once.
"""

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from msgspec import Struct

from backend.files.members import Members, members_noted
from backend.files.noted import Fault, Noted, nearest, refuse_if_any
from backend.files.orders import Orders, check_members, orders_noted
from backend.files.sheet import Sheet
from backend.kernel.finding import Refused
from backend.plan.terms import Terms


class Company(Struct, frozen=True, kw_only=True):
    """The members and the orders of a company, free of findings."""

    members: Members
    orders: Orders


def read_company(
    members: bytes,
    orders: bytes,
    *,
    zone: ZoneInfo,
    terms: Terms | None = None,
    sources: tuple[str, str] = ("members.csv", "orders.csv"),
) -> Company:
    """
    Read a company's two files; raises Refused with every finding of both, by line and column.

    With a plan's terms, each title and market must be one of the plan. An empty market is the plan's first.
    """
    about_members, about_orders = Noted(sources[0]), Noted(sources[1])
    read_members = _read(about_members, members)
    read_orders = _read_orders(about_orders, orders, zone)
    if read_members and terms:
        _check_words(read_members[1], "title", [title.id for title in terms.titles])
        _check_words(read_members[1], "market", [market.id for market in terms.markets])
    if read_members and read_orders:
        half_known = frozenset(read_members[1].broken_cells("member"))
        check_members(read_orders[1], read_orders[0], zone=zone, members=read_members[0], half_known=half_known)
    refuse_if_any(about_members, about_orders)
    assert read_members, "a file that cannot be read has findings"
    assert read_orders, "a file that cannot be read has findings"
    return Company(members=read_members[0], orders=read_orders[0])


def _read(noted: Noted, data: bytes) -> tuple[Members, Sheet] | None:
    """Read the members; None where they cannot be read at all, and then it is noted why."""
    try:
        return members_noted(data, noted)
    except Refused:
        return None


def _read_orders(noted: Noted, data: bytes, zone: ZoneInfo) -> tuple[Orders, Sheet] | None:
    """Read the orders; None where they cannot be read at all, and then it is noted why."""
    try:
        return orders_noted(data, noted, zone)
    except Refused:
        return None


def _check_words(sheet: Sheet, name: str, known: Sequence[str]) -> None:
    """Note each title or market that the plan does not have; an empty one is left to the plan."""
    words = set(known) | {""}
    for row, text in enumerate(sheet.columns[name]):
        if text.strip() not in words:
            remedy = f"The plan has {', '.join(known)}.{nearest(text.strip(), list(known))}"
            sheet.note(row, name, Fault(f"{name}-unknown", f'"{text.strip()}" is no {name} of the plan.', remedy))
