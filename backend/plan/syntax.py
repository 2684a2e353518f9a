"""
Text that is not TOML, mended so far that everything else in it can still be read.

`tomllib` stops at the first mistake. So the text is cut into statements (a header, or a key with its value); each that
does not parse alone yields its finding and is replaced, on its own lines, by a value that is passed over. The rest
keeps its lines and columns, and its own mistakes are found in the same run.
"""

import re
import tomllib
from collections.abc import Iterator
from typing import Any

from msgspec import Struct

from backend.kernel.finding import Finding, Place
from backend.plan.decode import UNREADABLE
from backend.plan.forms import Fault
from backend.plan.source import Source, Spot, index

_PART = r"""(?:[A-Za-z0-9_-]+|"[^"\n]*"|'[^'\n]*')"""
_KEY = rf"{_PART}(?:[ \t]*\.[ \t]*{_PART})*"
_PAIR = re.compile(rf"[ \t]*({_KEY})[ \t]*=")
_COLON = re.compile(r"[ \t]*([A-Za-z_][A-Za-z0-9_-]*)[ \t]*:")
_HEADER = re.compile(rf"[ \t]*(\[\[?)[ \t]*({_KEY})[ \t]*\]{{0,2}}[ \t]*(?:#.*)?$")
_TRIPLE = re.compile(r"\"{3}|'{3}")
_OPENS = re.compile(rf"{_PAIR.pattern}[ \t]*(?:\"{{3}}|'{{3}})")
_AT = re.compile(r" \(at (?:line (\d+), column (\d+)|end of document)\)$")
_BOM = "\ufeff"
_LAST_LINE = 1 << 30


class Mended(Struct, frozen=True, kw_only=True):
    """The values of a text, the places of its keys and values, and what was wrong with it as TOML."""

    values: dict[str, Any]
    source: Source
    findings: list[Finding]


def mend(text: str | bytes, name: str) -> Mended:
    """Return what can be read of a text, and findings of encoding and TOML with their lines and columns."""
    text, findings = _decoded(text, name)
    if not text.strip():
        where = Place(source=name, line=1, column=1)
        empty = Finding(
            code="file-empty",
            place=where,
            message="The file holds no plan.",
            remedy="Start from manifest/plans/stairstep.toml.",
        )
        return Mended(values={}, source=index("", name), findings=[*findings, empty])
    values = _parsed(text)
    if isinstance(values, dict):
        return Mended(values=values, source=index(text, name), findings=findings)
    return _mended(text.replace("\r\n", "\n"), name, findings)


def _decoded(text: str | bytes, name: str) -> tuple[str, list[Finding]]:
    findings = []
    if isinstance(text, bytes):
        raw = text
        text = raw.decode("utf-8", "replace")
        try:
            raw.decode("utf-8")
        except UnicodeDecodeError as error:
            before = raw[: error.start].decode()
            spot = (before.count("\n") + 1, len(before) - before.rfind("\n"))
            fault = Fault("not-utf8", f"Byte 0x{raw[error.start]:02X} is not UTF-8.", "Save the file as UTF-8.")
            findings.append(Source(name=name, text="").at(spot, fault))
    if text.startswith(_BOM):
        fault = Fault("byte-order-mark", "The file begins with a byte order mark.", 'Save it as UTF-8 without "BOM".')
        findings.append(Source(name=name, text="").at((1, 1), fault))
    return text.removeprefix(_BOM), findings


def _parsed(text: str) -> dict[str, Any] | tuple[Spot, str]:
    try:
        return tomllib.loads(text)
    except RecursionError:
        return (1, 1), "Arrays and tables are nested too deep"
    except ValueError as error:
        words = str(error)
    found = _AT.search(words)
    spot = (int(found[1]), int(found[2])) if found and found[1] else (_LAST_LINE, 1)
    return spot, _AT.sub("", words)


def _mended(text: str, name: str, findings: list[Finding]) -> Mended:
    found = dict.fromkeys(findings)
    lines = text.split("\n")
    broken = False
    for start, end in list(_statements(lines)):
        if broken and _is_rest(lines[start:end]):
            lines[start:end] = [""] * (end - start)
        else:
            broken = _mend_statement(lines, start, end, name, found)
    for _ in range(len(lines)):
        values = _parsed("\n".join(lines))
        if isinstance(values, dict):
            return Mended(values=values, source=index("\n".join(lines), name), findings=list(found))
        _mend_conflict(lines, values, name, found)
    raise AssertionError("every statement that conflicts is taken out, so at the latest an empty text parses")


def _statements(lines: list[str]) -> Iterator[tuple[int, int]]:
    start, quoted = 0, False
    last_quote = max((number for number, line in enumerate(lines) if _TRIPLE.search(line)), default=-1)
    for number, line in enumerate(lines):
        # A text that is never closed, or in which another text opens, lacks its closing quotes: it ends here.
        unclosed = number > last_quote or _OPENS.match(line)
        begins = any(form.match(line) for form in (_PAIR, _HEADER, _COLON))
        if number > start and begins and (not quoted or unclosed):
            yield start, number
            start, quoted = number, False
        quoted ^= len(_TRIPLE.findall(line)) % 2 == 1
    yield start, len(lines)


def _is_rest(statement: list[str]) -> bool:
    """Tell whether lines close what they did not open: the rest of a table that began in the statement before."""
    text = "\n".join(statement)
    return text.count("}") > text.count("{") or text.count("]") > text.count("[")


def _mend_statement(lines: list[str], start: int, end: int, name: str, found: dict[Finding, None]) -> bool:
    """Replace a statement that is not TOML and note why; tell whether it was so."""
    statement = "\n".join(lines[start:end])
    values = _parsed(statement + "\n")
    if isinstance(values, dict):
        return False
    found.update(dict.fromkeys(_twice(index(statement, name), start) or [_syntax(lines, start, end, name, values)]))
    lines[start:end] = [_replacement(lines[start]), *[""] * (end - start - 1)]
    return True


def _replacement(line: str) -> str:
    if header := _HEADER.match(line):
        return f"{header[1]}{header[2]}{']' * len(header[1])}"
    if word := _PAIR.match(line) or _COLON.match(line):
        return f'{word[1]} = "\\u{ord(UNREADABLE):04x}"'
    return ""


def _syntax(lines: list[str], start: int, end: int, name: str, error: tuple[Spot, str]) -> Finding:
    (line, column), words = error
    last = max((number for number in range(start, end) if lines[number].strip()), default=start)
    spot = (start + line, column) if line != _LAST_LINE else (last + 1, len(lines[last].rstrip()) + 1)
    return Source(name=name, text="").at(spot, Fault("toml-syntax", f"{words}.", _remedy(words)))


def _remedy(words: str) -> str:
    remedies = {
        "Invalid value": 'Write a number, a date, [ … ], { … } or a text in quotes: "5 %".',
        "Expected '='": "Write the key, an equals sign and the value.",
        "Unclosed array": "Close the array with ], and put a comma between its items.",
        "Unclosed inline table": "Close the table with }, and put a comma between its entries.",
        "Unterminated string": 'Close the text with its quotation mark (").',
        "Illegal character '\\n'": 'Close the text with its quotation mark (") before the line ends.',
        "Expected newline": "Begin a new line here, or put the text into quotes.",
        "Expected ']'": "Close the header with ].",
        "Invalid initial character": "Close the inline table with } on the same line, or take the last comma away.",
        "Invalid statement": "Begin the line with a key, a [table] or a # comment.",
        "Unescaped": "Write a backslash twice.",
        "Arrays and tables": "Close what is opened here.",
    }
    return next((remedy for start, remedy in remedies.items() if words.startswith(start)), "Write this part as TOML.")


def _twice(source: Source, start: int) -> list[Finding]:
    return [
        source.at(
            (start + line, column),
            Fault(
                "key-twice",
                f'"{path[-1]}" already stands in line {start + first[0]}.',
                "Keep one of the two, or give the later one another day or name.",
            ),
            path,
        )
        for path, (line, column), first in source.twice
    ]


def _mend_conflict(lines: list[str], error: tuple[Spot, str], name: str, found: dict[Finding, None]) -> None:
    source = index("\n".join(lines), name)
    twice = _twice(source, 0)
    for finding in twice:
        _blank(lines, finding.place.line - 1)
    found.update(dict.fromkeys(twice))
    if not twice:
        (line, _), words = error
        line = min(line, len(lines))
        spot = (line, len(lines[line - 1]) - len(lines[line - 1].lstrip()) + 1)
        fault = Fault("toml-conflict", f"{words}.", "Say it once: as a table, as an array of tables or as a key.")
        found[source.at(spot, fault)] = None
        _blank(lines, spot[0] - 1)


def _blank(lines: list[str], inside: int) -> None:
    spans = [span for span in _statements(lines) if span[0] <= inside < span[1]]
    start, end = spans[0]
    if _HEADER.match(lines[start]):
        later = [span[0] for span in _statements(lines) if span[0] > start and _HEADER.match(lines[span[0]])]
        end = later[0] if later else len(lines)
    lines[start:end] = [""] * (end - start)
