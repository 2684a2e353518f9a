"""
Circles: whether those who are named above each other let a member stand above itself on any day.

Sponsors and enrollers are two such lines, each with dated rows, and one way to look at both.
"""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from datetime import date
from typing import NamedTuple

from backend.intake.books import Row, placed


class Circle(NamedTuple):
    """Members each of whom stands under the next on a day, and the last under the first; `date.min` is before all."""

    day: date
    members: tuple[str, ...]


def circle_with(lines: Mapping[str, Sequence[Row]], member: str, row: Row) -> Circle | None:
    """
    Return the first circle that a further row of a member would close on some day; it begins with the member.

    `lines` holds the rows of everybody who is above the one newly named on any day.
    """
    rows = {**lines, member: placed(lines.get(member, ()), row)}
    for day in _days(rows, member, row):
        if found := _circle(rows, member, day):
            return Circle(day, found)
    return None


def circles_of(lines: Mapping[str, Sequence[Row]], members: Sequence[str]) -> set[str]:
    """Return who of these members, and of those above them, is in a circle on any day."""
    found: set[str] = set()
    for member in members:
        for row in lines.get(member, ()):
            for day in _days(lines, member, row):
                found.update(_circle(lines, member, day))
    return found


def above_on(rows: Sequence[Row], day: date) -> str | None:
    """Return who stands above on a day; before the first row has begun it holds already."""
    if not rows:
        return None
    return rows[bisect_right(rows, max(day, rows[0].since), key=lambda one: one.since) - 1].above


def _days(lines: Mapping[str, Sequence[Row]], member: str, row: Row) -> list[date]:
    """Return the days on which something changes above a member while a row of it holds, its first one included."""
    rows = lines[member]
    later = [one.since for one in rows if one.since > row.since]
    first = date.min if rows[0].since == row.since else row.since
    until = min(later, default=date.max)
    days, seen, above = {max(first, row.since)}, {member}, [row.above]
    while above:
        one = above.pop()
        if one is None or one in seen:
            continue
        seen.add(one)
        moves = lines.get(one, ())
        days.update(each.since for each in moves[1:] if first <= each.since < until)
        above.extend(each.above for each in moves)
    if first == date.min:
        days.add(date.min)
    return sorted(days)


def _circle(lines: Mapping[str, Sequence[Row]], member: str, day: date) -> tuple[str, ...]:
    """Return the members from one up to itself on a day; nothing where the line ends at a top."""
    path, seen = [member], {member}
    one = above_on(lines.get(member, ()), day)
    while one is not None and one not in seen:
        path.append(one)
        seen.add(one)
        one = above_on(lines.get(one, ()), day)
    return tuple(path) if one == member else ()
