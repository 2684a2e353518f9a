"""
The published examples as cases: a file read, each case with its months, and what cannot be read said as a sentence.
"""

import json
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from msgspec import Struct

FACTS = frozenset(
    [
        "id",
        "sponsor",
        "pv",
        "bv",
        "country",
        "type",
        "title",
        "percent_held",
        "qualified",
        "given_qualified",
        "accumulated_before",
        "active",
        "is_group_total",
        "personal_pv",
        "foster",
        "new",
        "customer_share",
        "verified_share",
        "pv_assumed",
    ]
)
"""The complete list of facts about a member."""


class Unreadable(Exception):
    """A case that says something nobody here understands; the message is a sentence."""


class Case(Struct, frozen=True, kw_only=True):
    """One example: the plan and day, a list of members for each successive month, and what is expected of whom."""

    id: str
    plan: str
    market: str
    on: date
    months: tuple[tuple[Mapping[str, Any], ...], ...]
    monthly: bool
    """The expected values are lists, one value a month."""
    expected: Mapping[str, Mapping[str, Any]]


def read(file: Path) -> Iterator[tuple[str, str, Case | str]]:
    """Yield the id, the plan and the case of each example in a file; a sentence where one cannot be read."""
    try:
        whole = json.loads(file.read_text(encoding="utf-8"), parse_float=Decimal)
    except (OSError, ValueError) as wrong:
        yield file.name, "", f"The file cannot be read: {wrong}."
        return
    about: Mapping[str, Any] = whole if isinstance(whole, dict) else {"cases": whole}
    for number, raw in enumerate(about.get("cases", ()), start=1):
        id_, plan = _text(raw, "id") or f"case {number}", _text(raw, "plan") or _text(about, "plan")
        try:
            yield id_, plan, _case(raw, id_, plan)
        except Unreadable as wrong:
            yield id_, plan, str(wrong)


def _text(raw: Any, name: str) -> str:
    return str(raw.get(name) or "") if isinstance(raw, Mapping) else ""


def _case(raw: Any, id_: str, plan: str) -> Case:
    months = raw.get("months") if isinstance(raw, Mapping) else None
    lists = [raw.get("members")] if months is None and isinstance(raw, Mapping) else months
    if not isinstance(lists, list) or not lists or not all(isinstance(each, list) for each in lists):
        raise Unreadable('The case has neither "members" nor "months".')
    for members in lists:
        _look_at(members)
    expected = raw.get("expected")
    if not isinstance(expected, dict) or not all(isinstance(names, dict) for names in expected.values()):
        raise Unreadable("The case does not say what is expected of whom.")
    return Case(
        id=id_,
        plan=plan,
        market=_text(raw, "market"),
        on=_day(_text(raw, "on")),
        months=tuple(tuple(members) for members in lists),
        monthly=months is not None,
        expected=expected,
    )


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Unreadable(f'"{text}" is not a day that the plan could hold on.') from None


def _look_at(members: list[Any]) -> None:
    """Raise Unreadable for a member without an id or with an unknown fact, and for a sponsor who is not there."""
    ids = [_text(member, "id") for member in members]
    if not all(ids) or len(set(ids)) < len(ids):
        raise Unreadable("Members lack an id, or two bear the same.")
    for member in members:
        if unknown := sorted(set(member) - FACTS):
            raise Unreadable(f'{member["id"]} has a fact of no known name: "{unknown[0]}".')
        if member.get("sponsor") is not None and member["sponsor"] not in ids:
            raise Unreadable(f"{member['id']} has a sponsor who is not there: {member['sponsor']}.")
