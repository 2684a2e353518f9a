"""
Checks of level bonuses, production bonuses, matches, one-time bonuses and caps.
"""

# ruff: noqa: D401 - the docstring of a check is the rule that it checks

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from backend.kernel.finding import Finding
from backend.kernel.points import percent_text, points_text
from backend.plan.checks.walk import whole
from backend.plan.document import Document
from backend.plan.forms import Fault
from backend.plan.source import Path
from backend.plan.today import Checked, Today, Written

MOST_GATES = 61
"""The gates of all bonuses together are bits of one whole number, beside that of the differential."""

GATED = ("overrides", "productions", "levels", "pools", "matches", "multipliers", "one_times")
TABLES = {
    "override": "overrides",
    "pool": "pools",
    "fast start": "fast_start",
    "title held": "title_held",
    "production": "productions",
    "level": "levels",
    "one time": "one_times",
    "multiplier": "multipliers",
}
EMPTY = {
    "matches": ("match-empty", "Nothing is matched."),
    "multipliers": ("multiplier-empty", "Nothing is multiplied."),
}
"""What must name a bonus, and what is found where it names none."""


def _entries(checked: Checked, name: str) -> Iterator[Written[Any]]:
    for number, entry in enumerate(getattr(checked.plan, name)):
        if not checked.is_broken((name, number)):
            yield Written(entry, (name, number))


def not_too_many(checked: Checked) -> Iterator[Finding]:
    """A plan has at most 61 overrides, pools and other bonuses with a gate, one-time bonuses included."""
    places: list[Path] = [(name, at) for name in GATED for at, _ in enumerate(getattr(checked.plan, name))]
    for path in places[MOST_GATES : MOST_GATES + 1]:
        message = f"The plan has more than {MOST_GATES} bonuses with a gate of their own; this is one too many."
        yield checked.finding(path, Fault("bonuses-many", message, "Take out bonuses that nobody is paid any more."))


def rates_given(today: Today) -> Iterator[Finding]:
    """A level bonus and a match have a rate for at least one level."""
    for name in ("levels", "matches"):
        for entry in _entries(today, name):
            rates = today.on(entry.value.rates, *entry.path, "rates")
            if rates and not rates.value:
                fault = Fault("rates-empty", "There is no level.", 'Write a rate, as ["5 %"].')
                yield today.finding(rates.path, fault)


def brackets_ascend(today: Today) -> Iterator[Finding]:
    """Brackets of a production bonus ascend, in volume and in rate."""
    for entry in _entries(today, "productions"):
        found = today.on(entry.value.brackets, *entry.path, "brackets")
        if found and not found.value:
            fault = Fault("brackets-empty", "There is no bracket.", 'Write { at_least = 1000, rate = "2 %" }.')
            yield today.finding(found.path, fault)
        for at, (low, high) in enumerate(pairwise(found.value)) if found else ():
            path: Path = (*found.path, at + 1) if found else ()
            where = today.line((*path[:-1], at))
            if high.at_least <= low.at_least:
                message = (
                    f"It begins no higher than the bracket of {where}, from {points_text(low.at_least)} points on."
                )
                yield today.finding((*path, "at_least"), Fault("brackets-order", message, "Let brackets ascend."))
            elif high.rate <= low.rate:
                message = f"It pays no more than the bracket of {where}: {percent_text(low.rate)}."
                yield today.finding((*path, "rate"), Fault("brackets-order", message, "Let rates ascend."))


def better_of_two(checked: Checked) -> Iterator[Finding]:
    """A level bonus that is paid where it is higher than the differential needs a differential that pays."""
    plan = checked.plan
    for entry in _entries(checked, "levels"):
        if entry.value.or_differential == "yes" and plan.differential.pays == "no":
            where = checked.line(("differential", "pays"))
            message = f"There is no differential to be the higher of two: {where} says that it pays nothing."
            fault = Fault("differential-absent", message, 'Write or_differential = "no".')
            yield checked.finding((*entry.path, "or_differential"), fault)


def bonuses_exist(checked: Checked) -> Iterator[Finding]:
    """A match, multiplier or cap names bonuses that the plan pays, each once; all but a cap name at least one."""
    if any(len(path) == 1 for path in checked.broken):
        return
    for name in ("matches", "multipliers", "caps"):
        for entry in _entries(checked, name):
            bonuses = entry.value.bonuses
            if not bonuses and name in EMPTY:
                fault = Fault(*EMPTY[name], 'Write bonuses = ["override"].')
                yield checked.finding((*entry.path, "bonuses"), fault)
            for at, bonus in enumerate(bonuses):
                path = (*entry.path, "bonuses", at)
                if bonus in bonuses[:at]:
                    where = checked.line((*entry.path, "bonuses", bonuses.index(bonus)))
                    fault = Fault("bonus-twice", f'"{bonus}" already stands in {where}.', "Name it once.")
                    yield checked.finding(path, fault)
                elif not _pays(checked.plan, bonus):
                    message = f'The plan pays no bonus "{bonus}".'
                    yield checked.finding(path, Fault("bonus-absent", message, "Take it out, or add the bonus."))


def _pays(plan: Document, bonus: str) -> bool:
    if bonus in TABLES:
        return bool(getattr(plan, TABLES[bonus]))
    return (plan.personal if bonus == "personal" else plan.differential).pays == "yes"


def caps_limit(checked: Checked) -> Iterator[Finding]:
    """A cap limits what one member is paid, what all are paid, or both."""
    for entry in _entries(checked, "caps"):
        if entry.value.per_member is None and entry.value.share is None:
            message = f'"{entry.value.id}" limits nothing.'
            fault = Fault("cap-open", message, 'Add per_member = { … = "5000 USD" }, or share = { … = "40 %" }.')
            yield checked.finding(entry.path, fault)


def caps_before_matches(checked: Checked) -> Iterator[Finding]:
    """A cap that cuts before anything is matched names its bonuses, and the plan has a match."""
    for entry in _entries(checked, "caps"):
        path = (*entry.path, "cuts")
        if entry.value.cuts != "before matches":
            continue
        if not entry.value.bonuses:
            message = f'"{entry.value.id}", in {checked.line(entry.path)}, names no bonus and so caps matches as well.'
            fault = Fault("cap-on-matches", message, 'Name the bonuses that it cuts, or write cuts = "last".')
            yield checked.finding(path, fault)
        if not checked.plan.matches and whole(checked, "matches"):
            fault = Fault("match-absent", "The plan matches nothing.", 'Write cuts = "last", or add a match.')
            yield checked.finding(path, fault)


def caps_leave_something(today: Today) -> Iterator[Finding]:
    """A cap lets something through; a limit of nothing reads as none at all."""
    for entry in _entries(today, "caps"):
        most = today.on(entry.value.per_member, *entry.path, "per_member")
        share = today.on(entry.value.share, *entry.path, "share")
        for found, left in ((most, most and most.value.amount_minor), (share, share and share.value)):
            if found and left == 0:
                message = "A cap of 0 reads as if nothing were paid, or as if there were no limit."
                yield today.finding(found.path, Fault("limit-zero", message, "Write more than 0, or take it out."))
