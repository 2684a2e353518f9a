"""
`facts.csv`: what the company states of its members, each fact from a day on until it is stated anew.
"""

from datetime import date

from msgspec import Struct

from backend.engine.outcome import State
from backend.engine.snapshot import UNSTATED
from backend.files import cells
from backend.files.members import Members
from backend.files.noted import Fault, Nearest, Noted, nearest
from backend.files.sheet import Column, Sheet, read_sheet

COLUMNS = tuple(Column(name=name, required=True) for name in ("member", "from", "fact", "value"))

YES_NO = {"yes": 1, "no": 0}
NONE = "none"
PAUSES = {"compliance": int(State.HELD_COMPLIANCE), "payment": int(State.HELD_PAYMENT), NONE: int(State.PAYABLE)}
OR_UNSTATED = {NONE: UNSTATED}
"""The company states nothing any more: the plan's own rule decides."""

WORDS = {
    **dict.fromkeys(("training", "fees_paid", "cleared", "foster", "closed", "let_through"), YES_NO),
    **dict.fromkeys(("active", "qualified"), YES_NO | OR_UNSTATED),
    **dict.fromkeys(("customer_share", "verified_share", "percent_held"), OR_UNSTATED),
    "paused": PAUSES,
}
"""The facts, each with the words that its value may have, and what the engine counts for them."""

PERCENTS = ("customer_share", "verified_share", "percent_held")
"""The value of these is a percent, or none."""


class Statements(Struct, frozen=True, kw_only=True):
    """
    The rows of `facts.csv`, column by column, in the order of the file; `value` as `engine.periods.stated` counts it.
    """

    member: tuple[str, ...] = ()
    since: tuple[date, ...] = ()
    fact: tuple[str, ...] = ()
    value: tuple[int, ...] = ()

    def __len__(self) -> int:
        """Count the statements."""
        return len(self.member)


def facts_noted(data: bytes, noted: Noted) -> tuple[Statements, Sheet]:
    """Read `facts.csv`, noting what is wrong with its rows; raises Refused only where it cannot be read at all."""
    sheet = read_sheet(data, noted, COLUMNS)
    fact = cells.column(sheet, "fact", fact_of, instead="")
    statements = Statements(
        member=tuple(cells.ids(sheet, "member", required=True)),
        since=tuple(cells.column(sheet, "from", cells.day, instead=date.min)),
        fact=tuple(fact),
        value=tuple(_values(sheet, fact)),
    )
    _check_doubled(sheet, statements)
    return statements, sheet


def check_members(sheet: Sheet, statements: Statements, members: Members, half_known: frozenset[str]) -> None:
    """Note each statement of an unknown member, and each that begins before its member joined."""
    joined = dict(zip(members.member, members.joined, strict=True))
    near = Nearest(members.member)
    for row, (code, since) in enumerate(zip(statements.member, statements.since, strict=True)):
        joined_on = joined.get(code)
        if joined_on is None:
            if code and code not in half_known:
                remedy = f"Add the member or mend the id.{near.to(code)}"
                sheet.note(row, "member", Fault("member-unknown", f'No member bears the id "{code}".', remedy))
        elif date.min < since < joined_on:
            message = f'The fact begins on {since}, before "{code}" joined on {joined_on}.'
            sheet.note(row, "from", Fault("fact-early", message, "Mend the day, or the day of joining."))


def fact_of(text: str) -> str | Fault:
    """Read the name of a fact."""
    found = text.lower()
    if found not in WORDS:
        remedy = f"The facts are {', '.join(WORDS)}.{nearest(found, list(WORDS))}"
        return Fault("fact-unknown", f'"{text}" is no fact.', remedy)
    return found


def _values(sheet: Sheet, facts: list[str]) -> list[int]:
    """Read each value as its fact asks; where the fact is unknown nothing can be said of the value."""
    values: list[int] = []
    for row, (fact, text) in enumerate(zip(facts, sheet.columns["value"], strict=True)):
        found = value_of(fact, text.strip(" ")) if fact else 0
        if isinstance(found, Fault):
            sheet.note(row, "value", found)
        values.append(0 if isinstance(found, Fault) else found)
    return values


def value_of(fact: str, text: str) -> int | Fault:
    """Read the value that a fact may have, as the engine counts it."""
    known = WORDS[fact].get(text.lower())
    if known is not None:
        return known
    if fact in PERCENTS:
        return cells.percent(text)
    *others, last = WORDS[fact]
    return Fault("value-wrong", f'"{text}" is no value of {fact}.', f"Write {', '.join(others)} or {last}.")


def _check_doubled(sheet: Sheet, statements: Statements) -> None:
    """Note each second statement of the same fact of a member on the same day, whatever it says."""
    rows: dict[tuple[str, str, date], int] = {}
    for row, key in enumerate(zip(statements.member, statements.fact, statements.since, strict=True)):
        first = rows.setdefault(key, row) if all(key[:2]) and key[2] > date.min else row
        if first != row:
            message = f'"{key[1]}" of "{key[0]}" on {key[2]} stands already on line {sheet.lines[first]}.'
            sheet.note(row, "fact", Fault("fact-doubled", message, "Keep one of the two, or mend the day."))
