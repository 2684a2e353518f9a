"""
Cells into values: every kind of cell has one written form, held to before any number is parsed.

Python itself reads `１２` and `1_000` as numbers and `20261005` as a date; a file of money must not.
"""

import re
import unicodedata
from collections.abc import Callable
from datetime import date, datetime, time
from typing import TypeVar
from zoneinfo import ZoneInfo

from backend.files.noted import Fault
from backend.files.sheet import MOST_ALIKE, Sheet
from backend.kernel.points import BASIS, HUNDREDTHS

T = TypeVar("T")

ID = re.compile(r"[!-~]{1,64}")
POINTS = re.compile(r"[0-9]{1,7}(\.[0-9]{1,2})?")
COUNT = re.compile(r"[0-9]{1,4}")
PERCENT = re.compile(r"([0-9]{1,3})(?:\.([0-9]{1,2}))? ?%")
DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
INSTANT = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,6})?)?(Z|[+-][0-9]{2}:[0-9]{2})"
)
TRAINING = {"yes": True, "no": False, "true": True, "false": False, "1": True, "0": False, "": False}
YEARS = ("1900", "2199")
NOON = time(12)
MOST_ID = 64
MOST_NAME = 200
JOINERS = "\u200c\u200d"
"""Letters of Persian and of Indian names need these two; other invisible characters only hide something."""


def column(sheet: Sheet, name: str, read: Callable[[str], T | Fault], *, instead: T) -> list[T]:
    """Read a column; a cell that is not as it should be is noted, and `instead` stands in its place."""
    known: dict[str, T] = {}
    values: list[T] = []
    for row, text in enumerate(sheet.columns[name]):
        value = known.get(text)
        if value is None:
            found = read(text.strip(" "))
            if isinstance(found, Fault):
                sheet.note(row, name, found)
                value = instead
            else:
                value = known[text] = found
                if len(known) > MOST_ALIKE:
                    known.clear()
        values.append(value)
    return values


def ids(sheet: Sheet, name: str, *, required: bool) -> list[str]:
    """Read a column of ids; one without blanks and invisible characters is taken as it stands."""
    texts = sheet.columns[name]
    for row, text in enumerate(texts):
        if not ID.fullmatch(text) and (required or text):
            found = code(text)
            if isinstance(found, Fault):
                sheet.note(row, name, found)
    return texts


def code(text: str) -> str | Fault:
    """Read an id: up to 64 characters, none of them a blank, invisible, or another way of writing a plain one."""
    return text if ID.fullmatch(text) else _why_not_id(text) or text


def points(text: str) -> int | Fault:
    """Read points as `120.5` into hundredths."""
    if not POINTS.fullmatch(text):
        return _why_not_points(text)
    whole, _, fraction = text.partition(".")
    return int(whole) * HUNDREDTHS + int(fraction.ljust(2, "0"))


def count(text: str) -> int | Fault:
    """Read a number of periods; nothing is none."""
    if text and not COUNT.fullmatch(text):
        return Fault("count-wrong", f'"{text}" is not a number of periods.', "Write it in digits, such as 3.")
    return int(text or "0")


def percent(text: str) -> int | Fault:
    """Read a percent as `70 %` into basis points, at most all of it."""
    found = PERCENT.fullmatch(text)
    basis_points = int(found[1]) * HUNDREDTHS + int((found[2] or "").ljust(2, "0")) if found else BASIS + 1
    if basis_points > BASIS:
        remedy = "Write it with its sign, at most two decimals, from 0 to 100: 70 % or 12.5 %."
        return Fault("percent-wrong", f'"{text}" is not a percent.', remedy)
    return basis_points


def day(text: str) -> date | Fault:
    """Read a day as `2026-10-05`."""
    if not DATE.fullmatch(text):
        return Fault("date-wrong", f'"{text}" is not a date.', "Write year, month and day: 2026-10-05.")
    if not YEARS[0] <= text[:4] <= YEARS[1]:
        return Fault("date-far", f"{text} lies outside of {YEARS[0]} to {YEARS[1]}.", "Mend the year.")
    try:
        return date.fromisoformat(text)
    except ValueError:
        return Fault("date-wrong", f"{text} does not exist in the calendar.", "Mend the day.")


def instants(zone: ZoneInfo) -> Callable[[str], datetime | Fault]:
    """Return a reader of instants with an offset; a plain date is noon of the company's zone."""

    def read(text: str) -> datetime | Fault:
        if DATE.fullmatch(text):
            found = day(text)
            return found if isinstance(found, Fault) else datetime.combine(found, NOON, zone)
        if not INSTANT.fullmatch(text):
            return _why_not_instant(text)
        if isinstance(found := day(text[:10]), Fault):
            return found
        try:
            return datetime.fromisoformat(text)
        except ValueError:
            return Fault("instant-wrong", f"{text} does not exist on the clock.", "Mend the time.")

    return read


def training(text: str) -> bool | Fault:
    """Read yes or no; nothing is no."""
    found = TRAINING.get(text.lower())
    if found is None:
        return Fault("training-wrong", f'"{text}" says neither yes nor no.', "Write yes or no.")
    return found


def name(text: str) -> str | Fault:
    """Read a name in any script, as Unicode composes it; control and hiding characters are refused."""
    hidden = [one for one in text if unicodedata.category(one) in {"Cc", "Cf", "Co", "Cn", "Cs"} and one not in JOINERS]
    if hidden:
        return Fault(
            "name-hidden", f"The name holds an invisible character (U+{ord(hidden[0]):04X}).", "Type the name again."
        )
    if len(text) > MOST_NAME:
        return Fault("name-long", f"The name has {len(text)} characters.", f"Keep it within {MOST_NAME}.")
    return unicodedata.normalize("NFC", text)


def _why_not_id(text: str) -> Fault | None:
    """Say what is wrong about an id that is not plain ASCII; None for one in another script that shows as it is."""
    if not text.strip():
        return Fault("id-empty", "The id is empty.", "Every row needs one.")
    if len(text) > MOST_ID:
        return Fault("id-long", f"The id has {len(text)} characters.", f"Keep it within {MOST_ID}.")
    odd = next((one for one in text if one.isspace() or not one.isprintable()), "")
    if odd:
        shown = "a blank" if odd == " " else f"an invisible character (U+{ord(odd):04X})"
        return Fault("id-hidden", f"The id {text!a} holds {shown}.", "Write the id without it.")
    plain = unicodedata.normalize("NFKC", text)
    if plain != text:
        return Fault("id-confusable", f'"{text}" looks like "{plain}" and is written otherwise.', f'Write "{plain}".')
    return None


def _why_not_points(text: str) -> Fault:
    remedy = "Write digits with a point before at most two decimals: 1000 or 120.50."
    plain = unicodedata.normalize("NFKC", text)
    reasons = [
        (not text, "points-empty", "The volume is empty."),
        (plain != text, "points-digits", f'"{text}" is written in other digits than 0 to 9.'),
        (text.startswith(("-", "\u2212")), "points-negative", f"{text} is negative."),
        ("," in text, "points-separator", f'"{text}" has a comma, which may part thousands or decimals.'),
        ("_" in text, "points-separator", f'"{text}" has an underscore between its digits.'),
        ("e" in text.lower(), "points-exponent", f'"{text}" is written with an exponent, or is no number.'),
        (bool(re.fullmatch(r"[0-9]*\.[0-9]{3,}", text)), "points-decimals", f"{text} has more than two decimals."),
        (bool(re.fullmatch(r"[0-9]{8,}(\.[0-9]{0,2})?", text)), "points-large", f"{text} is ten million or more."),
    ]
    for holds, code, message in reasons:
        if holds:
            if code == "points-negative":
                remedy = "A return is a row of its own: kind return, with the points that come back."
            return Fault(code, message, remedy)
    return Fault("points-wrong", f'"{text}" is not a number of points.', remedy)


def _why_not_instant(text: str) -> Fault:
    remedy = "Write 2026-10-05, or 2026-10-05T14:22:00+02:00 with the offset from UTC."
    if INSTANT.fullmatch(text + "Z"):
        return Fault("instant-naive", f"{text} has no offset: it is another instant in every zone.", remedy)
    return Fault("instant-wrong", f'"{text}" is not an instant.', remedy)
