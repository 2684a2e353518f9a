"""
`members.csv`: who is there, who sponsors whom, and what each brings from before the first period.
"""

from collections.abc import Sequence
from datetime import date

from msgspec import Struct

from backend.files import cells
from backend.files.noted import Fault, Nearest, Noted, refuse_if_any
from backend.files.sheet import Column, Sheet, read_sheet
from backend.network.tree import circles

COLUMNS = (
    Column(name="member", required=True),
    Column(name="sponsor", required=True),
    Column(name="enroller"),
    Column(name="name"),
    Column(name="joined", required=True),
    Column(name="market"),
    Column(name="title"),
    Column(name="held", default="0"),
    Column(name="missed", default="0"),
    Column(name="training", default="no"),
    Column(name="left"),
)

STAYS = date.max
"""Stands where no day of leaving is said."""


class Members(Struct, frozen=True, kw_only=True):
    """
    The rows of `members.csv`, column by column, in the order of the file.

    `sponsor` is empty at the top of a tree, `enroller` is never empty but there. An empty `market` or `title` is left
    to the plan. `held` and `missed` are successive periods before the first one. `left` is the day of leaving, None for
    who has not left. `line` is the line of the file.
    """

    member: list[str]
    sponsor: list[str]
    enroller: list[str]
    name: list[str]
    joined: list[date]
    market: list[str]
    title: list[str]
    held: list[int]
    missed: list[int]
    training: list[bool]
    left: list[date | None]
    line: Sequence[int]

    def __len__(self) -> int:
        """Count the members."""
        return len(self.member)


def read_members(data: bytes, source: str = "members.csv") -> Members:
    """Read `members.csv`; raises Refused with every finding by line and column."""
    noted = Noted(source)
    members = members_noted(data, noted)[0]
    refuse_if_any(noted)
    return members


def members_noted(data: bytes, noted: Noted) -> tuple[Members, Sheet]:
    """Read `members.csv`, noting what is wrong with its rows; raises Refused only where it cannot be read at all."""
    sheet = read_sheet(data, noted, COLUMNS)
    if not (len(sheet) or sheet.broken):
        noted.add(Fault("members-none", "The file names no member.", "Add a row for each member."), line=1)
    member = cells.ids(sheet, "member", required=True)
    sponsor = cells.ids(sheet, "sponsor", required=False)
    enroller = cells.ids(sheet, "enroller", required=False)
    names = cells.column(sheet, "name", cells.name, instead="")
    members = Members(
        member=member,
        sponsor=sponsor,
        enroller=[one or above for one, above in zip(enroller, sponsor, strict=True)],
        name=[one or code for one, code in zip(names, member, strict=True)],
        joined=cells.column(sheet, "joined", cells.day, instead=date.min),
        market=[text.strip() for text in sheet.columns["market"]],
        title=[text.strip() for text in sheet.columns["title"]],
        held=cells.column(sheet, "held", cells.count, instead=0),
        missed=cells.column(sheet, "missed", cells.count, instead=0),
        training=cells.column(sheet, "training", cells.training, instead=False),
        left=[None if day == STAYS else day for day in cells.column(sheet, "left", _left, instead=STAYS)],
        line=sheet.lines,
    )
    rows = _rows_by_id(sheet, members)
    _check_known(sheet, "sponsor", rows)
    _check_known(sheet, "enroller", rows)
    _check_enrollers(sheet, members)
    _check_loops(sheet, members, rows)
    _check_left(sheet, members)
    return members, sheet


def _left(text: str) -> date | Fault:
    """Read a day of leaving; nothing is that the member stays."""
    return cells.day(text) if text else STAYS


def _rows_by_id(sheet: Sheet, members: Members) -> dict[str, int]:
    """Return the row of each id, the first where an id stands twice, which is noted."""
    rows: dict[str, int] = {}
    for row, code in enumerate(members.member):
        first = rows.setdefault(code, row) if code else row
        if first != row:
            message = f'The member "{code}" stands already on line {sheet.lines[first]}.'
            sheet.note(row, "member", Fault("member-doubled", message, "Keep one of the two, or mend the id."))
    return rows


def _check_known(sheet: Sheet, name: str, rows: dict[str, int]) -> None:
    half_known = sheet.broken_cells("member")
    near = Nearest(list(rows))
    for row, code in enumerate(sheet.columns[name]):
        if code and code not in rows and code not in half_known:
            remedy = f"Add the member, mend the id, or leave it empty.{near.to(code)}"
            sheet.note(row, name, Fault(f"{name}-unknown", f'No member bears the id "{code}".', remedy))


def _check_enrollers(sheet: Sheet, members: Members) -> None:
    for row, (code, enroller) in enumerate(zip(members.member, sheet.columns["enroller"], strict=True)):
        if enroller and code == enroller:
            fault = Fault("enroller-self", f'"{code}" is named as its own enroller.', "Name who enrolled the member.")
            sheet.note(row, "enroller", fault)


def _check_loops(sheet: Sheet, members: Members, rows: dict[str, int]) -> None:
    """Note each cycle of sponsors, and of enrollers, once, whole, at its member that comes first in the file."""
    for loop in circles([rows.get(code, -1) for code in members.sponsor], members.member):
        message = f"Sponsors run in a circle: {_line(members, loop)} (each is sponsored by the next)."
        fault = Fault("sponsor-cycle", message, "Mend the sponsor of one of them; the top has an empty sponsor.")
        sheet.note(min(loop), "sponsor", fault)
    for loop in circles([rows.get(code, -1) for code in members.enroller], members.member):
        if len(loop) > 1 and any(members.enroller[row] != members.sponsor[row] for row in loop):
            message = f"Enrollers run in a circle: {_line(members, loop)} (each is enrolled by the next)."
            fault = Fault("enroller-cycle", message, "Mend the enroller of one of them; it is else the sponsor.")
            sheet.note(min(loop), "enroller", fault)


def _line(members: Members, loop: list[int]) -> str:
    """Name the members of a cycle from the first one of the file on, back to it."""
    start = loop.index(min(loop))
    path = [members.member[row] for row in [*loop[start:], *loop[: start + 1]]]
    shown = path if len(path) <= 20 else [*path[:10], f"… {len(path) - 20} more …", *path[-10:]]
    return " > ".join(shown)


def _check_left(sheet: Sheet, members: Members) -> None:
    for row, (joined, left) in enumerate(zip(members.joined, members.left, strict=True)):
        if left is not None and left < joined:
            message = f'"{members.member[row]}" leaves on {left}, before joining on {joined}.'
            sheet.note(row, "left", Fault("left-early", message, "Mend the day, or the day of joining."))
