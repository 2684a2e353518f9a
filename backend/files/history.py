"""
A history from another system: what it computed and paid, a row for each period and member, a column for each bonus.
"""

import re
from collections.abc import Mapping, Sequence

from msgspec import Struct

from backend.files import cells
from backend.files.noted import Fault, Noted, nearest, refuse_if_any
from backend.files.sheet import BYTE_ORDER_MARK, Column, Sheet, read_sheet
from backend.forecast.deviation import Former
from backend.kernel.period import Period

COLUMNS = (
    Column(name="period", required=True),
    Column(name="member", required=True),
    Column(name="title"),
    Column(name="pv", required=True),
    Column(name="gv"),
)
"""All other columns are bonuses of the plan, by the names that lines bear."""

AMOUNT = re.compile(r"(-?)([0-9]{1,12})(?:\.([0-9]{1,4}))?")
BEFORE_ALL = Period(1, 1)


class Words(Struct, frozen=True, kw_only=True):
    """What a history is read by: the plan's titles and bonuses, and the decimals of each member's currency."""

    titles: Sequence[str]
    bonuses: Sequence[str]
    decimals: Mapping[str, int]


History = dict[Period, dict[str, Former]]


def read_history(data: bytes, words: Words, source: str = "history.csv") -> History:
    """Read a history by period and member; raises Refused with every finding, by line and column."""
    noted = Noted(source)
    named = {_folded(name): name for name in words.bonuses}
    bonuses = _others(data)
    sheet = read_sheet(data, noted, [*COLUMNS, *(Column(name=name) for name in bonuses)])
    for name in bonuses:
        if _folded(name) not in named:
            _note_bonus(sheet, name, list(words.bonuses))
    periods = cells.column(sheet, "period", _period, instead=BEFORE_ALL)
    members = cells.ids(sheet, "member", required=True)
    _check_members(sheet, periods, words.decimals)
    titles = [text.strip() for text in sheet.columns["title"]]
    _check_titles(sheet, titles, list(words.titles))
    pv = cells.column(sheet, "pv", _points, instead=0)
    gv = _maybe(sheet, "gv")
    amounts = {named.get(_folded(name), name): _amounts(sheet, name, words.decimals) for name in bonuses}
    refuse_if_any(noted)
    history: History = {}
    for row, (period, member) in enumerate(zip(periods, members, strict=True)):
        paid = {name: column[row] for name, column in amounts.items() if column[row]}
        history.setdefault(period, {})[member] = Former(
            title=titles[row], pv_points=pv[row], gv_points=gv[row], amounts_minor=paid
        )
    return history


def _folded(name: str) -> str:
    return name.lower().replace("_", " ").strip()


def _others(data: bytes) -> list[str]:
    """Return the names of the first line that are not this file's own columns; none where it is no such header."""
    lines = data.removeprefix(BYTE_ORDER_MARK).decode("utf-8", "replace").splitlines() or [""]
    header = lines[1] if lines[0].strip().lower() == "sep=," and len(lines) > 1 else lines[0]
    names = [name.strip().strip('"').lower() for name in header.split(",")]
    own = {column.name for column in COLUMNS}
    return list(dict.fromkeys(name for name in names if name and name not in own)) if own & set(names) else []


def _note_bonus(sheet: Sheet, name: str, bonuses: list[str]) -> None:
    remedy = f"The plan pays {', '.join(bonuses)}.{nearest(name, bonuses)}"
    fault = Fault("bonus-unknown", f'The plan pays nothing that is called "{name}".', remedy)
    column = sum(len(one) + 1 for one in sheet.header[: sheet.header.index(name)]) + 1
    sheet.noted.add(fault, line=1, column=column, path=name)


def _check_members(sheet: Sheet, periods: Sequence[Period], known: Mapping[str, int]) -> None:
    """Note who is nobody here, and each second row of the same period and member."""
    first: dict[tuple[Period, str], int] = {}
    codes = list(known)
    for row, (period, code) in enumerate(zip(periods, sheet.columns["member"], strict=True)):
        if code and code not in known:
            remedy = f"Add the member or mend the id.{nearest(code, codes)}"
            sheet.note(row, "member", Fault("member-unknown", f'No member bears the id "{code}".', remedy))
        elif period != BEFORE_ALL and first.setdefault((period, code), row) != row:
            line = sheet.lines[first[period, code]]
            message = f'{period} of "{code}" stands already on line {line}.'
            sheet.note(row, "member", Fault("history-doubled", message, "Keep one of the two."))


def _check_titles(sheet: Sheet, titles: Sequence[str], known: list[str]) -> None:
    for row, title in enumerate(titles):
        if title and title not in known:
            remedy = f"The plan has {', '.join(known)}.{nearest(title, known)}"
            sheet.note(row, "title", Fault("title-unknown", f'"{title}" is no title of the plan.', remedy))


def _period(text: str) -> Period | Fault:
    try:
        return Period.parse(text)
    except ValueError:
        return Fault("period-wrong", f'"{text}" is not a period.', "Write year and month: 2026-10.")


def _points(text: str) -> int | Fault:
    """Read points, which may be negative where more came back than was bought."""
    found = cells.points(text.removeprefix("-"))
    return -found if isinstance(found, int) and text.startswith("-") else found


def _maybe(sheet: Sheet, name: str) -> list[int | None]:
    """Read points; an empty cell says nothing."""
    said = [bool(text.strip()) for text in sheet.columns[name]]
    values = cells.column(sheet, name, lambda text: _points(text) if text else 0, instead=0)
    return [value if there else None for value, there in zip(values, said, strict=True)]


def _amounts(sheet: Sheet, name: str, decimals: Mapping[str, int]) -> list[int]:
    """Read amounts of money into minor units of each member's currency; an empty cell is nothing."""
    values: list[int] = []
    for row, (text, code) in enumerate(zip(sheet.columns[name], sheet.columns["member"], strict=True)):
        found = _amount(text.strip(), decimals.get(code, 2))
        if isinstance(found, Fault):
            sheet.note(row, name, found)
        values.append(0 if isinstance(found, Fault) else found)
    return values


def _amount(text: str, decimals: int) -> int | Fault:
    if not text:
        return 0
    found = AMOUNT.fullmatch(text)
    if not found:
        remedy = "Write digits with a point before the decimals: 1234.50, or -3.20 for what was taken back."
        return Fault("amount-wrong", f'"{text}" is not an amount of money.', remedy)
    sign, whole, fraction = found[1], found[2], found[3] or ""
    if len(fraction.rstrip("0")) > decimals:
        return Fault("amount-decimals", f"{text} has more than {decimals} decimals.", "Round it as it was paid.")
    minor = int(whole + fraction[:decimals].ljust(decimals, "0"))
    return -minor if sign else minor
