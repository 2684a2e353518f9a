"""
Numbers: what each explained number is called, and where an outcome holds it.

A number of several of a kind is called by the kind and its own id: `override:unilevel`, `volume:elite`, `mark:silver`.
"""

from collections.abc import Callable
from typing import NamedTuple

from backend.engine.explain.lines import counted, of_scheme, rows_of
from backend.engine.gates.measures import Member
from backend.engine.outcome import Bonus, Entry, State
from backend.kernel.trace import Trace

COLUMNS = {
    "personal": "personal_minor",
    "differential": "differential_minor",
    "override": "override_minor",
    "pool": "pool_minor",
    "production": "production_minor",
    "level": "level_minor",
    "match": "match_minor",
    "multiplier": "multiplier_minor",
    "percent": "percent_bp",
    "paid_percent": "paid_bp",
    "carried_forward": "carried_minor",
}
"""Numbers that an outcome keeps under another name."""

AMOUNTS = (
    "personal_minor",
    "differential_minor",
    "override_minor",
    "pool_minor",
    "bonus_minor",
    "production_minor",
    "level_minor",
    "match_minor",
    "multiplier_minor",
)
"""The amounts that together are a member's total."""

KINDS = {
    "override": (Bonus.OVERRIDE, "overrides"),
    "production": (Bonus.PRODUCTION, "productions"),
    "level": (Bonus.LEVEL, "levels"),
    "pool": (Bonus.POOL, "pools"),
    "match": (Bonus.MATCH, "matches"),
    "multiplier": (Bonus.MULTIPLIER, "multipliers"),
    "one_time": (Bonus.ONE_TIME, "one_times"),
}
"""Bonuses of which a plan may have several: the kind of their lines, and their list in the terms."""

SINGLE = {"fast_start": Bonus.FAST_START, "title_held": Bonus.TITLE_HELD, "retail": Bonus.RETAIL}
PAUSED = (State.HELD_COMPLIANCE, State.HELD_PAYMENT)


class Number(NamedTuple):
    """A number by its kind and, of several of a kind, the id."""

    kind: str
    id: str = ""

    def __str__(self) -> str:
        """`override`, or `override:unilevel`."""
        return f"{self.kind}:{self.id}" if self.id else self.kind


def number_of(trace: Trace) -> Number:
    """Return which number a trace explains."""
    return Number(trace.name, trace.about.get("id", ""))


def value_of(member: Member, number: Number) -> int:
    """Return a number of a member from the outcome; raises KeyError for what is no number of this plan."""
    if number.id:
        return _of_several(member, number)
    if number.kind in COMPUTED:
        return COMPUTED[number.kind](member)
    return member.of(COLUMNS.get(number.kind, number.kind))


def _of_several(member: Member, number: Number) -> int:
    if number.kind in KINDS:
        bonus, listed = KINDS[number.kind]
        ids = [each.id for each in getattr(member.terms, listed)]
        return counted(of_scheme(rows_of(member, bonus), ids.index(number.id)))
    if number.kind == "mark":
        return member.of("marks") >> [mark.id for mark in member.terms.marks].index(number.id) & 1
    at = [volume.id for volume in member.terms.volumes].index(number.id)
    columns = {"volume": member.outcome.named_points, "volume_cv": member.outcome.named_cv}
    return int(columns[number.kind][member.index, at])


def _total(member: Member) -> int:
    return sum(member.of(name) for name in AMOUNTS)


def _held(member: Member) -> int:
    return sum(row.amount_minor for row in rows_of(member) if row.state in PAUSED)


def _cut(member: Member) -> int:
    return sum(row.amount_minor for row in rows_of(member) if row.entry == Entry.CUT)


def _single(bonus: Bonus) -> Callable[[Member], int]:
    return lambda member: counted(rows_of(member, bonus))


def _retail(member: Member) -> int:
    return sum(row.amount_minor for row in rows_of(member, Bonus.RETAIL))


COMPUTED: dict[str, Callable[[Member], int]] = {
    "fast_start": _single(Bonus.FAST_START),
    "title_held": _single(Bonus.TITLE_HELD),
    "one_time": _single(Bonus.ONE_TIME),
    "retail": _retail,
    "total": _total,
    "held": _held,
    "payable": lambda member: _total(member) - _held(member),
    "cut": _cut,
}
"""Numbers that are read from lines."""
