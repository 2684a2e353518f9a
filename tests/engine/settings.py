"""
Every setting of a plan, and a plan in which one of them is misread wherever it stands.
"""

from collections.abc import Iterator
from enum import IntEnum
from typing import Any

from msgspec import Struct
from msgspec.structs import FieldInfo, fields, replace

from backend.plan import terms as said
from backend.plan.terms import (
    Condition,
    GroupVolume,
    Ladder,
    LateOrders,
    Leavers,
    Market,
    Measure,
    Requirement,
    Returns,
    Terms,
    VolumeNumber,
)

LABELS = (
    "id",
    "name",
    "clause",
    "plan",
    "on",
    "own_pv_limit_clause",
    "returns_clause",
    "late_orders_clause",
    "leavers_clause",
    "currency",
)
ONE_RULE = ("pause", "ladder", "breakaway", "maintenance", "personal", "differential", "fast_start", "title_held")
"""What stands once in every plan: each of its own fields is misread, and it is never taken out."""

NOT_THE_ENGINES = (
    (Market, "return_days"),
    (Terms, "returns"),
    (Terms, "late_orders"),
    (Terms, "leavers"),
    (Terms, "year_begins_month"),
    (Terms, "products"),
    (GroupVolume, "periods"),
    (Ladder, "never_lost"),
    (Condition, "measure"),
)
"""What a snapshot is made with, before or after a run; and what no condition can be misread as without more words."""

IMPOSSIBLE = Requirement(any_of=((Condition(measure=Measure.PV, at_least=10**9),),))
MORE = {
    "own_pv_limit": 4000,
    "band_from": 4000,
    "rounding_minor": 4,
    "minor_per_point": 5,
    "within_days": 40,
    "at_least": 1000,
}
"""By how much a number is misread; by 1 otherwise."""


def _settings() -> Iterator[tuple[type[Struct], str]]:
    for name in said.__all__:
        kind = getattr(said, name)
        if isinstance(kind, type) and issubclass(kind, Struct):
            fields = [field for field in kind.__struct_fields__ if field not in LABELS + ONE_RULE]
            yield from ((kind, field) for field in fields if (kind, field) not in NOT_THE_ENGINES)


SETTINGS = tuple(_settings())
"""Each kind of struct in the terms with each of its fields that an engine reads."""

NO_WORDS = (Returns, LateOrders, Leavers, VolumeNumber)
"""What a snapshot is made with, before or after a run; and volumes, whose numbers go on with those of a plan."""

WORDS = tuple(
    kind
    for kind in (getattr(said, name) for name in said.__all__)
    if isinstance(kind, type) and issubclass(kind, IntEnum) and kind not in NO_WORDS
)
"""Each kind of words, such as the measures, of which a setting that an engine reads is one."""


def said_in(part: Any) -> Iterator[tuple[type[Struct], FieldInfo, Any]]:
    """Yield each setting of a part of the terms, and of anything in it, with what it says."""
    if isinstance(part, Struct):
        for field in fields(part):
            value = getattr(part, field.name)
            yield type(part), field, value
            yield from said_in(value)
    elif isinstance(part, tuple | dict):
        for each in part.values() if isinstance(part, dict) else part:
            yield from said_in(each)


def default_of(field: FieldInfo) -> Any:
    """Return what a field says where terms say nothing; where they must say something, what is equal to nothing."""
    return field.default_factory() if callable(field.default_factory) else field.default


def misread(value: Any, owner: type[Struct], field: str) -> Any:
    """Return terms in which a field of every such struct says another thing."""
    if isinstance(value, tuple):
        return tuple(misread(each, owner, field) for each in value)
    if isinstance(value, dict):
        return {key: misread(each, owner, field) for key, each in value.items()}
    if not isinstance(value, Struct):
        return value
    within = {name: misread(getattr(value, name), owner, field) for name in value.__struct_fields__}
    found = replace(value, **within)
    return replace(found, **{field: other(field, getattr(value, field))}) if type(value) is owner else found


def other(field: str, value: Any) -> Any:
    """Return another value of the same kind: the next word, a larger number, a list without its first, an open gate."""
    if isinstance(value, bool):
        return not value
    if isinstance(value, IntEnum):
        kinds = list(type(value))
        return kinds[(kinds.index(value) + 1) % len(kinds)]
    if isinstance(value, int):
        return value + MORE.get(field, 1)
    return _another_part(field, value)


def _another_part(field: str, value: Any) -> Any:
    if isinstance(value, Requirement):
        return IMPOSSIBLE if not value.any_of else Requirement()
    if field == "any_of" or isinstance(value, dict):
        return type(value)()
    if isinstance(value, tuple):
        return larger(value) if value and not isinstance(value[0], Struct) else _without_first(field, value)
    return Requirement() if value is None and field in {"fast_track", "requalify"} else None


def larger(value: Any) -> Any:
    """Return nested lists of numbers with each a bit larger."""
    return tuple(map(larger, value)) if isinstance(value, tuple) else value + 50


def _without_first(field: str, value: tuple[Any, ...]) -> tuple[Any, ...]:
    """Return a list without its first; of steps and titles, which all others count on, with the first one thrice."""
    return value[:1] * len(value) if field in {"steps", "titles", "markets", "volumes", "marks"} else value[1:]
