"""
Checks of the entries of a market's own: the market exists, there is a general value beside it, and only numbers differ.

The engine walks one tree of conditions for all markets, with each market's numbers; so these are all the checks that a
market's own values need, and every daily check is run for each market besides.
"""

# ruff: noqa: D401 - the docstring of a check is the rule that it checks

from collections.abc import Iterator
from datetime import date
from typing import Any

from msgspec import Struct
from msgspec.structs import fields

from backend.kernel.dated import Since
from backend.kernel.finding import Finding
from backend.kernel.money import Money
from backend.plan.document.gates import Condition, Exclusion, Requirement
from backend.plan.document.paying import RateRow
from backend.plan.document.rewards import MultiplierRow
from backend.plan.forms import Fault, since_key
from backend.plan.nearest import one_of
from backend.plan.source import Path
from backend.plan.today import Checked, parts

SHARED = {("caps", "share"), ("volumes", "periods")}
"""A cap on the whole company's payout, and the window of a volume, which is carried for everybody alike."""


def markets_known(checked: Checked) -> Iterator[Finding]:
    """The market of an entry is one of the plan's."""
    known = [market.id for market in checked.plan.markets]
    for path, _, day, market in _entries(checked):
        if market not in known and not checked.is_broken(("markets",)):
            fault = Fault("market-unknown", f'The plan has no market "{market}".', one_of(market, known))
            yield checked.source.key((*path, since_key(day, market)), fault)


def general_first(checked: Checked) -> Iterator[Finding]:
    """A market's entry stands beside a general one that holds on its day, or before."""
    for path, values, day, market in _entries(checked):
        if not values.entries or values.entries[0][0] > day:
            message = f'For "{market}" a value holds from {day} on, and none yet for members elsewhere.'
            fault = Fault("region-alone", message, f"Add what holds everywhere, under a day no later than {day}.")
            yield checked.source.key((*path, since_key(day, market)), fault)


def where_markets_differ(checked: Checked) -> Iterator[Finding]:
    """What is one for the whole company, and what stands in a market's own table, has no entry of a market."""
    for path, _, day, market in _entries(checked):
        if path[0] == "markets" or (path[0], path[-1]) in SHARED or _is_shared_fund(checked, path):
            message = f'"{path[-1]}" is the same for everybody here, so "{market}" cannot have another one.'
            fault = Fault("region-misplaced", message, "Take the entry out, or change the general one.")
            yield checked.source.key((*path, since_key(day, market)), fault)


def _is_shared_fund(checked: Checked, path: Path) -> bool:
    number = path[1] if len(path) > 1 else None
    shares = path[0] == "pools" and path[-1] == "share" and isinstance(number, int)
    return shares and isinstance(number, int) and checked.plan.pools[number].fund != "market"


def only_numbers_differ(checked: Checked) -> Iterator[Finding]:
    """A market's value has the shape of the general one: the same measures in the same order, lists of one length."""
    for path, values, day, market in _entries(checked):
        for since in _days(values, day, market):
            beside = [begins for begins, _ in values.entries if begins <= since]
            if beside and not _alike(values.on(since), values.on(since, market)):
                stands = checked.line((*path, since_key(beside[-1])))
                message = f'For "{market}" more than numbers differ from the general value in {stands}.'
                remedy = "Keep the same measures in the same order, lists as long, words and ids as they are."
                yield checked.finding((*path, since_key(day, market)), Fault("region-shape", message, remedy))
                break


def _entries(checked: Checked) -> Iterator[tuple[Path, Since[Any], date, str]]:
    for path, part in parts(checked.plan):
        if isinstance(part, Since) and not checked.is_broken(path):
            yield from ((path, part, day, market) for day, market, _ in part.every() if market)


def _days(values: Since[Any], day: date, market: str) -> list[date]:
    """Return the days on which a market's entry begins to stand beside another general one."""
    until = min((begins for begins, where, _ in values.every() if where == market and begins > day), default=date.max)
    return [day, *(begins for begins, _ in values.entries if day < begins < until)]


def _alike(general: Any, own: Any) -> bool:
    if _is_number(general) or _is_number(own):
        return _is_number(general, or_none=True) and _is_number(own, or_none=True)
    if isinstance(general, Requirement) and isinstance(own, Requirement):
        return _alike(general.ways, own.ways)
    if isinstance(general, tuple) and isinstance(own, tuple):
        return len(general) == len(own) and all(map(_alike, general, own))
    if isinstance(general, Struct) and type(general) is type(own):
        return all(_alike(getattr(general, name), getattr(own, name)) for name in _varying(general)) and all(
            getattr(general, name) == getattr(own, name) for name in _fixed(general)
        )
    return bool(general == own)


def _is_number(value: Any, *, or_none: bool = False) -> bool:
    return isinstance(value, int | Money) or (or_none and value is None)


def _varying(value: Struct) -> list[str]:
    """Return the fields whose numbers may differ: rates of a row, every number of a bracket, a tier or units."""
    if isinstance(value, RateRow | MultiplierRow):
        return ["rates" if isinstance(value, RateRow) else "rate"]
    return [] if isinstance(value, Condition | Exclusion) else [each.name for each in fields(value)]


def _fixed(value: Struct) -> list[str]:
    """Return the fields that must be the same: all of a gate but its threshold and its clause."""
    free = {"clause", "at_least"} if isinstance(value, Condition) else {"clause", *_varying(value)}
    return [each.name for each in fields(value) if each.name not in free]
