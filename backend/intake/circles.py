"""
Circles: whether dated placements let a member stand above itself on any day.
"""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from datetime import date

from backend.intake.books import Row, placed


def circle_with(placements: Mapping[str, Sequence[Row]], member: str, row: Row) -> tuple[str, ...]:
    """
    Return the members of a circle that a further placement would close on some day, or nothing.

    `placements` holds the rows of everybody who is above the new sponsor on any day.
    """
    rows = {**placements, member: placed(placements.get(member, ()), row)}
    return next((found for day in _days(rows, member, row) if (found := _circle(rows, member, day))), ())


def circles_of(placements: Mapping[str, Sequence[Row]], members: Sequence[str]) -> set[str]:
    """Return who of these members, and of those above them, is in a circle on any day."""
    found: set[str] = set()
    for member in members:
        for row in placements.get(member, ()):
            for day in _days(placements, member, row):
                found.update(_circle(placements, member, day))
    return found


def sponsor_on(rows: Sequence[Row], day: date) -> str | None:
    """Return who sponsors on a day; before the first row has begun it holds already."""
    if not rows:
        return None
    return rows[bisect_right(rows, max(day, rows[0].since), key=lambda one: one.since) - 1].sponsor


def _days(placements: Mapping[str, Sequence[Row]], member: str, row: Row) -> list[date]:
    """Return the days on which something changes above a member while a row of it holds, its first one included."""
    rows = placements[member]
    later = [one.since for one in rows if one.since > row.since]
    first = date.min if rows[0].since == row.since else row.since
    until = min(later, default=date.max)
    days, seen, above = {max(first, row.since)}, {member}, [row.sponsor]
    while above:
        one = above.pop()
        if one is None or one in seen:
            continue
        seen.add(one)
        moves = placements.get(one, ())
        days.update(each.since for each in moves[1:] if first <= each.since < until)
        above.extend(each.sponsor for each in moves)
    if first == date.min:
        days.add(date.min)
    return sorted(days)


def _circle(placements: Mapping[str, Sequence[Row]], member: str, day: date) -> tuple[str, ...]:
    """Return the members from one up to itself on a day; nothing where the line ends at a top."""
    path, seen = [member], {member}
    one = sponsor_on(placements.get(member, ()), day)
    while one is not None and one not in seen:
        path.append(one)
        seen.add(one)
        one = sponsor_on(placements.get(one, ()), day)
    return tuple(path) if one == member else ()
