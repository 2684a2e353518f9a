"""
A CSV file as columns of text, read strictly: what a lenient reader would swallow is a finding here.

A mark of byte order, CRLF, empty lines and columns in any order are merely unusual and read as they are meant. A line
break inside quotes is taken only where it cannot be a forgotten quote, because a lenient reader that meets a forgotten
quote makes one row of three.
"""

import csv
from array import array
from collections.abc import Iterator, Sequence

from msgspec import Struct

from backend.files.lines import Lines
from backend.files.noted import Fault, Noted, nearest, refuse_if_any

BYTE_ORDER_MARK = "\ufeff".encode()
OTHER_SEPARATORS = {";": "semicolon", "\t": "tab", "|": "vertical bar"}
MOST_LINES_OF_A_CELL = 10
QUOTE = '"'

CELLS_AT_ONCE = 100_000
MOST_ALIKE = 1_000_000
"""A column keeps each text once, as long as it has no more texts than these."""


class Column(Struct, frozen=True, kw_only=True):
    """A column that a sheet may have: its name, whether it must be there, and what a cell says when it is not."""

    name: str
    required: bool = False
    default: str = ""


class Sheet(Struct, frozen=True, kw_only=True):
    """
    The rows of a file, column by column, each with the line that it began on; columns that are absent hold defaults.

    `broken` are the rows that had too few or too many cells: their text counts as known, but never as data.
    """

    noted: Noted
    header: tuple[str, ...]
    columns: dict[str, list[str]]
    lines: Sequence[int]
    raw: Lines
    broken: list[list[str]]

    def __len__(self) -> int:
        """Count the rows."""
        return len(self.lines)

    def note(self, row: int, name: str, fault: Fault) -> None:
        """Note a fault of one cell, with the line and the character at which the cell begins."""
        line = self.lines[row]
        at = self.header.index(name) if name in self.header else 0
        self.noted.add(fault, line=line, column=_character(self.raw[line - 1], at), path=name)

    def let_go(self, *names: str) -> None:
        """Forget the text of columns that have been read."""
        for name in names:
            del self.columns[name]

    def broken_cells(self, name: str) -> set[str]:
        """Return what broken rows hold in a column, so that nobody is told that such a member is unknown."""
        if name not in self.header:
            return set()
        at = self.header.index(name)
        return {cells[at].strip() for cells in self.broken if at < len(cells)}


def read_sheet(data: bytes, noted: Noted, columns: Sequence[Column]) -> Sheet:
    """
    Read a CSV file into columns; faults of single rows are noted, and the rest of the file is read on.

    Raises Refused where nothing can be read on: another encoding, another separator, no header, a doubled or missing
    column.
    """
    raw = _lines(data, noted)
    first = 1 if raw[0].strip().lower() == "sep=," else 0
    header = _header(raw, first, noted, columns)
    lines = array("q")
    rows = _Rows(len(header))
    broken: list[list[str]] = []
    for line, cells in _records(raw, first + 1):
        if isinstance(cells, Fault):
            broken.append(raw[line - 1].replace(QUOTE, "").split(","))
            noted.add(cells, line=line, column=raw[line - 1].find(QUOTE) + 1)
        elif len(cells) == len(header) or _trimmed(cells, len(header)):
            lines.append(line)
            rows.add(cells)
        else:
            broken.append(cells)
            noted.add(_miscounted(len(cells), len(header)), line=line)
    filled = {column.name: [column.default] * len(lines) for column in columns if column.name not in header}
    filled |= dict(zip(header, rows.columns(), strict=True))
    return Sheet(noted=noted, header=header, columns=filled, lines=lines, raw=raw, broken=broken)


class _Rows:
    """Rows on their way into columns: a text that stands in many cells of a column is kept once."""

    def __init__(self, width: int) -> None:
        self._flat: list[str] = []
        self._columns: list[list[str]] = [[] for _ in range(width)]
        self._known: list[dict[str, str]] = [{} for _ in range(width)]

    def add(self, cells: list[str]) -> None:
        self._flat.extend(cells)
        if len(self._flat) >= CELLS_AT_ONCE:
            self._pour()

    def columns(self) -> list[list[str]]:
        self._pour()
        return self._columns

    def _pour(self) -> None:
        width = len(self._columns)
        for at, (column, known) in enumerate(zip(self._columns, self._known, strict=True)):
            if len(known) > MOST_ALIKE:
                known.clear()
            cells = self._flat[at::width]
            column.extend(map(known.setdefault, cells, cells))
        self._flat.clear()


def _lines(data: bytes, noted: Noted) -> Lines:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        noted.add(Fault("not-utf-8", "The file is written in UTF-16.", "Save it as CSV in UTF-8."), line=1)
    elif b"\0" in data:
        line = data.count(b"\n", 0, data.index(b"\0")) + 1
        noted.add(Fault("nul-byte", "The line holds a NUL byte.", "Export the file again as CSV in UTF-8."), line=line)
    refuse_if_any(noted)
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as wrong:
        noted.add(_undecoded(data, wrong.start), line=data.count(b"\n", 0, wrong.start) + 1)
        refuse_if_any(noted)
        raise
    return Lines(data.removeprefix(BYTE_ORDER_MARK))


def _undecoded(data: bytes, at: int) -> Fault:
    byte = data[at]
    likely = bytes([byte]).decode("windows-1252", errors="replace")
    return Fault(
        "not-utf-8",
        f'The byte 0x{byte:02X} is not UTF-8; in Windows-1252, which is likely, it is "{likely}".',
        "Save the file as CSV in UTF-8.",
    )


def _header(raw: Lines, first: int, noted: Noted, columns: Sequence[Column]) -> tuple[str, ...]:
    """Return the names of the columns; raises Refused with all that is wrong about them."""
    known = [column.name for column in columns]
    if not raw.anything(first):
        remedy = f"Its first line names the columns: {','.join(known)}."
        noted.add(Fault("file-empty", "The file is empty.", remedy), line=1)
        refuse_if_any(noted)
    _, cells = next(_records(raw, first))
    if isinstance(cells, Fault):
        noted.add(cells, line=first + 1)
        cells = known
    names = [cell.strip().lower() for cell in cells]
    while names and not names[-1]:
        names.pop()
    if not set(names) & set(known):
        noted.add(_unheaded(raw[first], known), line=first + 1)
    else:
        _check_names(names, noted, columns, line=first + 1)
    refuse_if_any(noted)
    return tuple(names)


def _unheaded(line: str, known: list[str]) -> Fault:
    for separator, name in OTHER_SEPARATORS.items():
        if {cell.strip().strip(QUOTE).lower() for cell in line.split(separator)} & set(known):
            return Fault(
                "separator-wrong",
                f"The cells are separated by a {name}.",
                "Export the file with a comma between the cells, and with points in numbers.",
            )
    remedy = f"Let the first line name the columns: {','.join(known)}."
    return Fault("header-missing", "The first line names none of the columns.", remedy)


def _check_names(names: list[str], noted: Noted, columns: Sequence[Column], *, line: int) -> None:
    known = [column.name for column in columns]
    for at, name in enumerate(names):
        if name in names[:at]:
            fault = Fault("column-doubled", f'The column "{name}" stands twice.', "Keep one of them.")
        elif name not in known:
            remedy = f"The columns are {', '.join(known)}.{nearest(name, known)}"
            fault = Fault("column-unknown", f'"{name}" is no column of this file.', remedy)
        else:
            continue
        noted.add(fault, line=line, column=sum(len(one) + 1 for one in names[:at]) + 1, path=name)
    for column in columns:
        if column.required and column.name not in names:
            fault = Fault("column-missing", f'The column "{column.name}" is missing.', "Add it to the first line.")
            noted.add(fault, line=line, path=column.name)


def _records(raw: Lines, start: int) -> Iterator[tuple[int, list[str] | Fault]]:
    """Yield each record's line, counted from one, and its cells; empty lines and lines of commas are passed over."""
    behind = start
    for first, block in raw.blocks(start):
        for at, line in enumerate(block, start=first + 1):
            if at <= behind:
                continue
            if QUOTE not in line:
                if line.strip(", \t"):
                    yield at, line.split(",")
                continue
            cells, lines = _quoted(raw, at - 1)
            yield at, cells
            behind = at - 1 + lines


def _quoted(raw: Lines, at: int) -> tuple[list[str] | Fault, int]:
    """Return the cells of a record with quotes and how many lines it takes; a Fault where its quotes do not pair."""
    for lines in range(1, MOST_LINES_OF_A_CELL + 1):
        part = raw.part(at, at + lines)
        if len(part) < lines:
            break
        try:
            cells = next(csv.reader(["\n".join(part)], strict=True))
        except csv.Error as wrong:
            if "unexpected end" in str(wrong):
                continue
            break
        if any("," in cell.partition("\n")[2] for cell in cells):
            break
        return [" ".join(cell.split("\n")) for cell in cells], lines
    return (
        Fault(
            "quote-unclosed",
            "A quote that opens on this line is not closed where the cell ends.",
            'Close it; a quote that belongs to the text is doubled ("").',
        ),
        1,
    )


def _trimmed(cells: list[str], width: int) -> bool:
    if len(cells) < width or any(cell.strip() for cell in cells[width:]):
        return False
    del cells[width:]
    return True


def _miscounted(found: int, width: int) -> Fault:
    few = found < width
    remedy = "Add the empty ones." if few else "Put quotes around a cell that holds a comma, or take the rest away."
    cells = "1 cell" if found == 1 else f"{found} cells"
    return Fault(f"cells-too-{'few' if few else 'many'}", f"The line has {cells}, the header {width}.", remedy)


def _character(line: str, cell: int) -> int:
    """Return the character, counted from one, at which a cell of a line begins."""
    at, inside = 0, False
    for position, character in enumerate(line):
        if at == cell:
            return position + 1
        inside ^= character == QUOTE
        at += character == "," and not inside
    return len(line) + 1 if at == cell else 1
