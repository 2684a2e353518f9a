"""
A drop: the CSV files that a company lays down, as events; every mistake of all files at its line.

Each file is one kind, known by its name. A row is read as the same event at the door would be; what rows of one file
say of each other is looked at here, what is there already when they are taken.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from msgspec import Struct

from backend.files import cells
from backend.files.facts import COLUMNS as FACT_COLUMNS
from backend.files.members import COLUMNS as MEMBER_COLUMNS
from backend.files.noted import Fault, Noted, refuse_if_any
from backend.files.orders import COLUMNS as ORDER_COLUMNS
from backend.files.products import products as units_of
from backend.files.sheet import Column, Sheet, read_sheet
from backend.intake.events import Event, Leaving, Member, key_of
from backend.intake.order_body import read_body
from backend.intake.reading import read_event
from backend.kernel.finding import Finding, Place, Refused


def _columns(*names: str, needed: Sequence[str]) -> tuple[Column, ...]:
    return tuple(Column(name=name, required=name in needed) for name in names)


FILES: Mapping[str, tuple[str, tuple[Column, ...]]] = {
    "members.csv": ("member", MEMBER_COLUMNS),
    "placements.csv": (
        "placement",
        _columns("member", "sponsor", "from", "correction", needed=("member", "sponsor", "from")),
    ),
    "customers.csv": (
        "customer",
        _columns(
            "customer", "member", "name", "type", "from", "correction", needed=("customer", "member", "type", "from")
        ),
    ),
    "products.csv": ("product", _columns("product", "name", "parts", needed=("product",))),
    "prices.csv": ("price", _columns("product", "market", "from", "pv", "cv", needed=("product", "from", "pv", "cv"))),
    "facts.csv": ("fact", (*FACT_COLUMNS, Column(name="correction"))),
    "orders.csv": ("order", ORDER_COLUMNS),
}
"""The files of a drop in the order in which they are taken, each with the kind of its rows."""


class Dropped(Struct, frozen=True, kw_only=True):
    """An event of a file, and the line that it stands on."""

    event: Event
    place: Place


def read_drop(files: Mapping[str, bytes], zone: ZoneInfo) -> list[Dropped]:
    """
    Read files by their names; raises Refused with every finding of all of them, by line and column.

    A file that is none of a drop's is a finding too: its name is mistyped more often than not.
    """
    noted = {name: Noted(name) for name in files}
    dropped: list[Dropped] = []
    for name in FILES:
        if name in files:
            dropped += _read_file(name, files[name], noted[name], zone)
    for name in files:
        if name not in FILES:
            remedy = f"A drop has {', '.join(FILES)}."
            noted[name].add(Fault("file-unknown", f'"{name}" is no file of a drop.', remedy), line=1)
    refuse_if_any(*noted.values())
    return dropped


def _read_file(name: str, data: bytes, noted: Noted, zone: ZoneInfo) -> list[Dropped]:
    kind, columns = FILES[name]
    try:
        sheet = read_sheet(data, noted, columns)
    except Refused:
        return []
    dropped: list[Dropped] = []
    for row in range(len(sheet)):
        for event in _row(kind, sheet, row, zone):
            place = Place(source=name, line=sheet.lines[row])
            dropped.append(Dropped(event=event, place=place))
    _note_doubled(sheet, dropped)
    if kind == "member":
        _note_circles(sheet, dropped)
    return dropped


def _row(kind: str, sheet: Sheet, row: int, zone: ZoneInfo) -> Iterator[Event]:
    """Read a row as the event that it is; what is wrong with it is noted at its cell."""
    given: dict[str, Any] = {
        name: text for name in sheet.header if (text := _cell(sheet, name, row)) or name in NEEDED[kind]
    }
    left = given.pop("left", "") if kind == "member" else ""
    faults = list(_units(given, "parts" if kind == "product" else "products"))
    if kind == "order":
        given = _without_volumes(given)
    event, found = read_body(given, zone) if kind == "order" else read_event(kind, given)
    for path, fault in [*faults, *found]:
        sheet.note(row, path.partition(".")[0].partition("[")[0], fault)
    if event is None or faults:
        return
    yield event
    if left and isinstance(event, Member):
        yield from _left(sheet, row, event, left)


IDS = {"order", "member", "sponsor", "enroller", "customer", "returns", "product"}
NEEDED = {
    kind: {column.name for column in columns if column.required and column.name != "sponsor"}
    for kind, columns in FILES.values()
}
"""Cells that are read even where they are empty, so that it is noted that they are."""


def _cell(sheet: Sheet, name: str, row: int) -> str:
    """Return a cell's text; blanks around it are passed over, but not around an id."""
    text = sheet.columns[name][row]
    return text if name in IDS else text.lower().strip(" ") if name == "kind" else text.strip(" ")


def _without_volumes(given: dict[str, Any]) -> dict[str, Any]:
    """Return an order without volumes: its products are lines then, and a cancellation needs none."""
    if given.get("pv") or given.get("cv") or not (given.get("products") or given.get("kind") == "cancellation"):
        return given
    lines = [{"product": product, "units": units} for product, units in given.get("products", {}).items()]
    rest = {name: value for name, value in given.items() if name not in {"pv", "cv", "products"}}
    return {**rest, **({"lines": lines} if lines else {})}


def _units(given: dict[str, Any], name: str) -> Iterator[tuple[str, Fault]]:
    """Put units by product in the place of a cell such as `KIT:2 SHAKE:1`."""
    if name in given:
        found = units_of(given.pop(name))
        if isinstance(found, Fault):
            yield name, found
        else:
            given[name] = dict(found)


def _left(sheet: Sheet, row: int, member: Member, text: str) -> Iterator[Event]:
    """Yield that a member left, where its row says so."""
    day: date | Fault = cells.day(text)
    if isinstance(day, date) and day < member.joined:
        message = f'"{member.member}" leaves on {day}, before joining on {member.joined}.'
        day = Fault("left-early", message, "Mend the day, or the day of joining.")
    if isinstance(day, Fault):
        sheet.note(row, "left", day)
    else:
        yield Leaving(member=member.member, on=day)


def _note_doubled(sheet: Sheet, dropped: Sequence[Dropped]) -> None:
    """Note each second row of one key: which of the two holds cannot be known."""
    first: dict[str, int] = {}
    rows = {line: row for row, line in enumerate(sheet.lines)}
    for one in dropped:
        line = first.setdefault(key_of(one.event), one.place.line)
        if line != one.place.line:
            message = f"The same stands already on line {line}."
            fault = Fault("row-doubled", message, "Keep one of the two, or mend what tells them apart.")
            sheet.note(rows[one.place.line], sheet.header[0], fault)


def _note_circles(sheet: Sheet, dropped: Sequence[Dropped]) -> None:
    """Note each circle of sponsors, and of enrollers, within a file once: its members would wait for each other."""
    members = [(one.event, one.place.line) for one in dropped if isinstance(one.event, Member)]
    rows = {line: row for row, line in enumerate(sheet.lines)}
    lines = {member.member: line for member, line in members}
    sponsors = {member.member: member.sponsor for member, _ in members}
    for name, up in (("sponsor", sponsors), ("enroller", {member.member: member.enroller for member, _ in members})):
        for circle in _circles(up):
            if name == "enroller" and all(up[one] == sponsors[one] for one in circle):
                continue
            message = f"The members' {name}s run in a circle: {' > '.join([*circle[:10], circle[0]])}."
            fault = Fault(f"{name}-cycle", message, f"Mend the {name} of one of them.")
            sheet.note(rows[lines[circle[0]]], name, fault)


def _circles(up: Mapping[str, str | None]) -> Iterator[list[str]]:
    """Yield each circle once, from its member that comes first."""
    seen: set[str] = set()
    for start in up:
        path: dict[str, None] = {}
        at: str | None = start
        while at is not None and at not in seen and at not in path:
            path[at] = None
            at = up.get(at)
        if at in path:
            line = list(path)
            yield line[line.index(at) :]
        seen.update(path)


def at_line(finding: Finding, place: Place) -> Finding:
    """Return a finding about an event where its row stands."""
    path = finding.place.path
    where = Place(source=place.source, line=place.line, path=path)
    return Finding(code=finding.code, place=where, message=finding.message, remedy=finding.remedy)
