"""
The forms in which a plan file writes its values, and how each is read exactly.

A form turns what TOML holds into a whole number, a day or a word, or says what is wrong and what to write instead. No
form takes a TOML float: 12.1 has no exact binary value, and money must not depend on the nearest one.
"""

import re
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from msgspec import Struct

from backend.kernel.money import Money
from backend.kernel.points import HUNDREDTHS
from backend.plan.currencies import DECIMALS

_POINTS = r"[0-9]{1,12}(\.[0-9]{1,2})?"
_PERCENT = r"[0-9]{1,3}(\.[0-9]{1,2})? ?%"
_FINE_PERCENT = r"[0-9]{1,3}(\.[0-9]{1,4})? ?%"
_MONEY = r"[0-9]{1,12}(\.[0-9]{1,3})? [A-Z]{3}"
_ID = r"[A-Za-z0-9][A-Za-z0-9_-]{0,39}"
_DAY = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
SINCE_PATTERN = f"^{_DAY}( {_ID})?$"
FINE = 100
"""A fine percent is counted in hundredths of a basis point."""
LARGEST_COUNT = 1_000_000
WHOLE = 100
"""Percent."""
LARGEST_SHOWN = 10**30


class Fault(Struct, frozen=True):
    """What is wrong with one value and what to write instead; the place is added by who knows it."""

    code: str
    message: str
    remedy: str


class Form(Struct, frozen=True, eq=False):
    """How one kind of value is written: its name, how it is read, and its JSON Schema."""

    name: str
    read: Callable[[Any], Any]
    stand_in: Any
    schema: dict[str, Any]


def shown(raw: Any) -> str:
    """Return a raw TOML value as a person would recognise it, cut where it is long."""
    if isinstance(raw, bool):
        return str(raw).lower()
    if isinstance(raw, int) and abs(raw) > LARGEST_SHOWN:
        return "a number of very many digits"
    if isinstance(raw, dict):
        return "a table"
    if isinstance(raw, list):
        return "an array"
    text = f'"{raw}"' if isinstance(raw, str) else str(raw)
    return text if len(text) <= 60 else f"{text[:57]}…"


def _wrong(raw: Any, wanted: str, remedy: str, *, number: bool = True) -> Fault:
    if isinstance(raw, float) and number:
        exact = f"{raw:g}"
        return Fault("number-float", f"{exact} is a float, which is not exact; {wanted} is wanted.", remedy)
    return Fault("type-wrong", f"{shown(raw)} stands where {wanted} is wanted.", remedy)


def read_points(raw: Any) -> int | Fault:
    """Return hundredths of a point from whole points or a decimal string with at most two decimals."""
    remedy = 'Write whole points as 6000 and parts of a point in quotes, as "120.50".'
    if isinstance(raw, int) and not isinstance(raw, bool):
        text = shown(raw)
    elif isinstance(raw, str):
        text = raw
    else:
        return _wrong(raw, "a volume in points", remedy)
    if text.startswith("-"):
        return Fault("number-negative", f"A volume is never negative, and this is {shown(raw)}.", remedy)
    if not re.fullmatch(_POINTS, text, re.ASCII):
        return Fault("points-malformed", f"{shown(raw)} is not a volume in points.", remedy)
    return int(Decimal(text) * HUNDREDTHS)


def read_percent(raw: Any) -> int | Fault:
    """Return basis points from a string such as "12.5 %"; refuses what lies beyond 100 %."""
    return _read_rate(raw, _PERCENT, decimals=2)


def read_fine_percent(raw: Any) -> int | Fault:
    """Return hundredths of a basis point from a string such as "0.0625 %"; refuses what lies beyond 100 %."""
    return _read_rate(raw, _FINE_PERCENT, decimals=4)


def _read_rate(raw: Any, pattern: str, *, decimals: int) -> int | Fault:
    words = {2: "two", 4: "four"}[decimals]
    remedy = f'Write the rate in quotes with its sign, as "12.5 %"; at most {words} decimals, from 0 to 100.'
    if not isinstance(raw, str):
        return _wrong(raw, "a percent", remedy)
    if not re.fullmatch("-?" + pattern, raw, re.ASCII):
        return Fault("percent-malformed", f"{shown(raw)} is not a percent.", remedy)
    rate = Decimal(raw.rstrip("% "))
    if not 0 <= rate <= WHOLE:
        return Fault("percent-range", f"A rate lies between 0 % and 100 %, and this is {raw}.", remedy)
    return int(rate.scaleb(decimals))


def read_count(raw: Any) -> int | Fault:
    """Return a whole number from zero up."""
    remedy = "Write a whole number without quotes, such as 3."
    if isinstance(raw, bool) or not isinstance(raw, int):
        return _wrong(raw, "a whole number", remedy)
    if raw < 0:
        return Fault("number-negative", f"A count is never negative, and this is {shown(raw)}.", remedy)
    if raw > LARGEST_COUNT:
        return Fault("number-large", f"{shown(raw)} is more than any plan counts.", remedy)
    return raw


def read_money(raw: Any) -> Money | Fault:
    """Return money in minor units from a string such as "250 USD" or "0.92 EUR"; the currency is one of ISO 4217."""
    remedy = 'Write the amount and its ISO 4217 code in quotes, as "250 USD" or "0.92 EUR".'
    if not isinstance(raw, str):
        return _wrong(raw, "an amount of money", remedy)
    if raw.startswith("-"):
        return Fault("number-negative", f"An amount in a plan is never negative, and this is {shown(raw)}.", remedy)
    amount, _, currency = raw.rpartition(" ")
    if re.fullmatch(_POINTS + r" [A-Za-z]+", raw, re.ASCII) and currency not in DECIMALS:
        return Fault("currency-unknown", f"{currency} is no active currency of ISO 4217.", remedy)
    if not re.fullmatch(_MONEY, raw, re.ASCII):
        return Fault("money-malformed", f"{shown(raw)} is not an amount of money.", remedy)
    minor = Decimal(amount).scaleb(DECIMALS[currency])
    if minor != int(minor):
        unit = Decimal(1).scaleb(-DECIMALS[currency])
        return Fault("money-malformed", f"{raw} is finer than {unit:f} {currency}, the least that can be paid.", remedy)
    return Money(amount_minor=int(minor), currency=currency)


def read_day(raw: Any) -> date | Fault:
    """Return a day from a TOML date, or from the same day as text, which is how keys hold it."""
    remedy = "Write the day as 2026-01-31, without quotes and without a time."
    if isinstance(raw, date) and not isinstance(raw, datetime):
        return raw
    if not isinstance(raw, str):
        return _wrong(raw, "a day", remedy, number=False)
    try:
        return date.fromisoformat(raw if re.fullmatch(_DAY, raw, re.ASCII) else "")
    except ValueError:
        return Fault("day-malformed", f"{shown(raw)} is not a day of the calendar.", remedy)


def read_since(raw: str) -> tuple[date, str] | Fault:
    """Return the day of a key and its market: `2026-01-31` holds everywhere, "2026-01-31 EU" for members of EU."""
    day, space, market = raw.partition(" ")
    if not space:
        begins = read_day(raw)
        return begins if isinstance(begins, Fault) else (begins, "")
    begins, where = read_day(day), read_id(market)
    if isinstance(begins, Fault):
        return begins
    return where if isinstance(where, Fault) else (begins, where)


def since_key(day: date, market: str = "") -> str:
    """Return the key under which a value stands that holds from a day on, in a market where one is named."""
    return f"{day.isoformat()} {market}" if market else day.isoformat()


def read_text(raw: Any) -> str | Fault:
    """Return words; empty ones say nothing and are refused."""
    remedy = "Write it as words in quotes."
    if not isinstance(raw, str):
        return _wrong(raw, "a text", remedy, number=False)
    if not raw.strip():
        return Fault("text-empty", "The text is empty.", remedy)
    text = " ".join(raw.split())
    if not text.isprintable():
        return Fault("text-malformed", "The text holds characters that cannot be printed.", "Take them out.")
    return text


def read_id(raw: Any) -> str | Fault:
    """Return a name that other parts of the plan, orders and exports can refer to."""
    remedy = 'Use letters, digits, "-" and "_", at most 40 of them, such as "manager".'
    if not isinstance(raw, str):
        return _wrong(raw, "an id", remedy, number=False)
    if not re.fullmatch(_ID, raw, re.ASCII):
        return Fault("id-malformed", f"{shown(raw)} cannot be an id.", remedy)
    return raw


POINTS = Form(
    "points",
    read_points,
    0,
    {"anyOf": [{"type": "integer", "minimum": 0}, {"type": "string", "pattern": f"^{_POINTS}$"}]},
)
FINE_PERCENT = Form("percent", read_fine_percent, 0, {"type": "string", "pattern": f"^{_FINE_PERCENT}$"})
PERCENT = Form("percent", read_percent, 0, {"type": "string", "pattern": f"^{_PERCENT}$"})
COUNT = Form("count", read_count, 0, {"type": "integer", "minimum": 0, "maximum": LARGEST_COUNT})
MONEY = Form("money", read_money, Money(amount_minor=0, currency=""), {"type": "string", "pattern": f"^{_MONEY}$"})
DAY = Form("day", read_day, date.min, {"type": "string", "format": "date", "pattern": f"^{_DAY}$"})
TEXT = Form("text", read_text, "", {"type": "string", "minLength": 1})
ID = Form("id", read_id, "", {"type": "string", "pattern": f"^{_ID}$"})
