"""
Holds, explained: what a member's lines of one kind add up to, what is held and why, carried forward and released.
"""

from collections.abc import Callable, Iterator, Sequence

from backend.engine.explain.lines import Row, bare, line, rows_of, set_apart
from backend.engine.explain.numbers import PAUSED, Number, value_of
from backend.engine.explain.parts import SHOWN, minor, money, reason
from backend.engine.gates.measures import Member
from backend.engine.outcome import Bonus, Entry, State
from backend.kernel.trace import Trace

Drawn = Callable[[Member, Row], Trace]


def explained(member: Member) -> Iterator[Trace]:
    """Yield what is held of the total, what of it may be paid, and what is carried forward."""
    held = [row for row in rows_of(member) if row.state in PAUSED]
    parts = [minor("held_on", value, bonus=bonus, state=state) for (bonus, state), value in _sums(held).items()]
    yield money(member, "held", parts)
    total = value_of(member, Number("total"))
    sums = [minor("total", total)]
    if held:
        state = State(held[0].state).name.lower()
        sums += [
            minor("held", -sum(part.value for part in parts), state=state),
            reason("paused", rule=_rule(member), state=state),
        ]
    yield money(member, "payable", sums)
    yield _carried(member)


def _rule(member: Member) -> str:
    """Return the clause by which the plan itself pauses; empty where the company states the pause."""
    return "" if member.of("paused") else member.terms.pause.clause


def kind(member: Member, found: Sequence[Row], drawn: Drawn = line) -> list[Trace]:
    """Return the lines of one kind of bonus, with cuts and releases, and what of them counts in no total."""
    return [*_lines(member, found, drawn), *set_apart(found)]


def _lines(member: Member, found: Sequence[Row], drawn: Drawn) -> list[Trace]:
    """Return the largest lines as their stage draws them, and the others bare: they are gathered into one part."""
    ranked = sorted(range(len(found)), key=lambda at: (-abs(found[at].amount_minor), at))
    shown = set(ranked[:SHOWN])
    return [drawn_or_bare(member, row, drawn) if at in shown else bare(member, row) for at, row in enumerate(found)]


def by_level(member: Member, found: Sequence[Row], drawn: Drawn = line) -> list[Trace]:
    """Return lines added up level by level, the largest of a level first; as they are where they are of one level."""
    levels = sorted({row.generation for row in found if row.entry == Entry.EARNED})
    if len(levels) < 2:
        return kind(member, found, drawn)
    parts = []
    for level in levels:
        lines = [row for row in found if row.entry == Entry.EARNED and row.generation == level]
        ranked = sorted(lines, key=lambda row: -abs(row.amount_minor))
        about = {"level": str(level), "count": str(len(lines))}
        parts.append(money(member, "of_level", _lines(member, ranked, drawn), **about))
    return [*parts, *_lines(member, [row for row in found if row.entry != Entry.EARNED], drawn), *set_apart(found)]


def rest(member: Member, found: Sequence[Row]) -> list[Trace]:
    """Return those lines of a kind that belong to no single bonus of it: what caps cut and what is released."""
    chosen = [row for row in found if row.entry in (Entry.CUT, Entry.RELEASED)]
    return kind(member, chosen)


def drawn_or_bare(member: Member, row: Row, drawn: Drawn) -> Trace:
    """Return a line as its stage draws it; what a cap cuts and what is released have no base and no rate."""
    if row.entry == Entry.CUT:
        cut = bare(member, row)
        about = cut.about | {"cap": member.terms.caps[row.scheme].name}
        return Trace(name="cut", value=cut.value, unit="minor", rule=member.terms.caps[row.scheme].clause, about=about)
    return bare(member, row) if row.entry == Entry.RELEASED else drawn(member, row)


def _sums(found: Sequence[Row]) -> dict[tuple[str, str], int]:
    """Return what lines add up to by bonus and state."""
    sums: dict[tuple[str, str], int] = {}
    for row in found:
        key = (Bonus(row.bonus).name.lower(), State(row.state).name.lower())
        sums[key] = sums.get(key, 0) + row.amount_minor
    return sums


def _carried(member: Member) -> Trace:
    """Return what was carried in, what is held until the member is active again, less what is released now."""
    found = rows_of(member)
    parts = [minor("carried_in", member.of("carried_minor_before"))]
    held = [row for row in found if row.state == State.HELD_ACTIVITY]
    parts += [minor("carried_on", value, bonus=bonus) for (bonus, _), value in _sums(held).items()]
    released = sum(row.amount_minor for row in found if row.entry == Entry.RELEASED)
    if released:
        parts.append(minor("released", -released))
    return money(member, "carried_forward", parts)
