"""
The default plan's rules said in the rivals' languages: whatever is a number or a condition comes from the terms.

A rival is a program for this one plan, as somebody would write it who needs no other. So each states its way through
the tree itself, and gets conditions and tables from here; no number is typed twice.
"""

from collections.abc import Sequence
from typing import Any

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from backend.kernel.points import Rounding
from backend.plan.terms import (
    Breakaway,
    FastStart,
    Maintenance,
    Measure,
    Override,
    Requirement,
    Step,
    Terms,
    Title,
    TitleHeld,
    VolumeNumber,
)

NAMES = {
    Measure.PV: "pv",
    Measure.GV: "gv",
    Measure.SIDE_VOLUME: "side_volume",
    Measure.ENROLLED_ACTIVE: "enrolled_active",
    Measure.TRAINING: "training",
    Measure.STEP: "step",
    Measure.LEGS_BROKEN_AWAY: "legs_broken_away",
    Measure.LEGS_WITH_VOLUME: "legs_selling",
}
"""What the rivals call what a condition looks at."""


class Language(Struct, frozen=True, kw_only=True):
    """How a language joins conditions, and chooses the first value whose condition holds."""

    both: str
    either: str
    same: str
    true: str
    case: str
    otherwise: str
    begin: str = "("

    def requirement(self, asked: Requirement) -> str:
        """Return an expression that is true where a requirement holds."""
        ways = [f" {self.both} ".join(f"{NAMES[c.measure]} >= {c.at_least}" for c in way) for way in asked.any_of]
        return "(" + f" {self.either} ".join(f"({way})" for way in ways) + ")" if ways else self.true

    def first(self, pairs: Sequence[tuple[str, object]], otherwise: object) -> str:
        """Return an expression for the value of the first condition that holds."""
        cases = " ".join(self.case.format(condition=condition, value=value) for condition, value in pairs)
        return f"{self.begin}{cases} {self.otherwise.format(value=otherwise)})"

    def highest(self, asked: Sequence[Requirement]) -> str:
        """Return an expression for the highest of some requirements that holds; 0 where none does."""
        pairs = [(self.requirement(each), at) for at, each in enumerate(asked)]
        return self.first(pairs[:0:-1], 0)


C = Language(both="&&", either="||", same="==", true="1", case="{condition} ? {value} :", otherwise="{value}")
SQL = Language(
    both="AND",
    either="OR",
    same="=",
    true="true",
    case="WHEN {condition} THEN {value}",
    otherwise="ELSE {value} END",
    begin="(CASE ",
)
PYTHON = Language(
    both="and", either="or", same="==", true="True", case="{value} if {condition} else", otherwise="{value}"
)


class Said(Struct, frozen=True, kw_only=True):
    """The rules of the plan: expressions in one language over `NAMES`, and numbers."""

    active: str
    step: str
    achieved: str
    kept: str
    """Whether the upkeep of `title_before` is met by its volumes."""
    breaks: str
    gate: str
    own_pv_limit: int
    leg_volume: int
    """Total volume from which a leg counts in `legs_selling`."""
    breakaway_title: int
    window_periods: int
    lowest_title: int
    percents_bp: tuple[int, ...]
    """By step."""
    generations: tuple[int, ...]
    """By title."""
    rates_bp: tuple[int, ...]
    """By generation, the first one first."""
    minor_per_point: tuple[int, ...]
    """By market."""

    def numbers(self) -> dict[str, Any]:
        """Return all rules by name."""
        return {name: getattr(self, name) for name in self.__struct_fields__}


def said(terms: Terms, language: Language) -> Said:
    """Return the rules in a language. Asserts that the plan asks nothing else of volume, standing and these bonuses."""
    assert sayable(terms), "the rivals know the default plan only, and it has a rule that they do not say"
    override = terms.overrides[0]
    kept = [(f"title_before {language.same} {at}", language.requirement(t.keep)) for at, t in enumerate(terms.titles)]
    return Said(
        active=language.requirement(terms.active),
        step=language.highest([step.requirement for step in terms.steps]),
        achieved=language.highest([title.requirement for title in terms.titles]),
        kept=language.first(kept[1:], language.true),
        breaks=language.requirement(terms.breakaway.requirement),
        gate=language.requirement(override.gate),
        own_pv_limit=terms.own_pv_limit,
        leg_volume=_leg_volumes(terms).pop(),
        breakaway_title=terms.breakaway.title,
        window_periods=terms.maintenance.window_periods,
        lowest_title=override.lowest_title,
        percents_bp=tuple(step.percent_bp for step in terms.steps),
        generations=tuple(title.generations for title in terms.titles),
        rates_bp=override.rates_bp[0],
        minor_per_point=tuple(market.minor_per_point for market in terms.markets),
    )


def sayable(terms: Terms) -> bool:
    """Say whether the plan, but for bonuses that are not compared, has only rules that the rivals know."""
    compared = _compared(terms)
    asked = [condition for requirement in _requirements(terms) for way in requirement.any_of for condition in way]
    percents = [step.percent_bp for step in terms.steps]
    return (
        _known(compared) == compared
        and {condition.measure for condition in asked} <= set(NAMES)
        and all(condition.at_least > 0 for condition in asked)
        and all(title.keep.any_of for title in terms.titles[1:])
        and len(_leg_volumes(terms)) == 1
        and len(set(percents)) == len(percents)
        and terms.own_pv_limit > 0 < terms.maintenance.window_periods
        and all(market.rounding_minor == 1 for market in terms.markets)
    )


def _requirements(terms: Terms) -> list[Requirement]:
    steps, titles = [step.requirement for step in terms.steps], terms.titles
    of_titles = [each for title in titles for each in (title.requirement, title.keep)]
    return [terms.active, terms.breakaway.requirement, terms.overrides[0].gate, *steps, *of_titles]


def _leg_volumes(terms: Terms) -> set[int]:
    """Return the total volumes that legs are asked for; -1 stands for a question of another kind."""
    return {
        c.of if c.volume == VolumeNumber.TOTAL and not c.reach and not c.fosters else -1
        for requirement in _requirements(terms)
        for way in requirement.any_of
        for c in way
        if c.measure == Measure.LEGS_WITH_VOLUME
    }


def _compared(terms: Terms) -> Terms:
    """Return terms without clauses, and without the bonuses that are not compared."""
    plain = msgspec.convert(_without_clauses(msgspec.to_builtins(terms)), Terms)
    nothing = {"pools": (), "fast_start": FastStart(within_days=0), "title_held": TitleHeld(successive_periods=0)}
    titles = [replace(t, pool_points=0, held_bonus_minor=0, fast_start_minor=0) for t in plain.titles]
    return replace(plain, titles=tuple(titles), **nothing)


def _without_clauses(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _without_clauses(part) for name, part in value.items() if not str(name).endswith("clause")}
    return [_without_clauses(part) for part in value] if isinstance(value, list | tuple) else value


def _known(terms: Terms) -> Terms:
    """Return terms with nothing but what the rivals say: each part anew, from the fields that they read."""
    override, breakaway, upkeep = terms.overrides[0], terms.breakaway, terms.maintenance
    rates: dict[str, Any] = {"rates_bp": override.rates_bp[:1], "depth_by_title": True}
    of_titles = ("id", "name", "requirement", "keep", "generations")
    return Terms(
        **_only(terms, "plan", "on", "active", "own_pv_limit", "markets"),
        rounding=Rounding.TRUNCATE,
        steps=tuple(Step(**_only(step, "id", "name", "percent_bp", "requirement")) for step in terms.steps),
        breakaway=Breakaway(**_only(breakaway, "requirement", "title")),
        titles=tuple(Title(**_only(title, *of_titles)) for title in terms.titles),
        maintenance=Maintenance(**_only(upkeep, "window_periods", "grace_periods")),
        overrides=(Override(**_only(override, "id", "name", "lowest_title", "gate"), **rates),),
    )


def _only(part: Struct, *names: str) -> dict[str, Any]:
    return {name: getattr(part, name) for name in names}
