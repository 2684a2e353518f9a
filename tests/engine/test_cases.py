"""
The cases: pages that a plan designer writes and reads, one a stage, each case a small company and what comes of it.

`cases/plan.toml` is the plan of all cases. A page or a case may add to it, as a plan file is written, and change
single terms by their path, where a number is a place in a list: `"pools.0.share_bp" = 100`. Such terms are whole
numbers: hundredths, basis points, places in the plan's lists; what is one of a few words is written as such. What is
expected is written in the notation of `tests.notation`: volumes in points, steps and titles by their ids, flags as the
list of those who have them.
"""

from datetime import date
from enum import IntEnum
from functools import cache, reduce
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
import pytest
from msgspec.structs import FieldInfo

from backend.engine.outcome import Bonus, Outcome, Upkeep
from backend.engine.pipeline import STAGES, run
from backend.engine.snapshot import Snapshot
from backend.kernel.points import Rounding
from backend.plan.reading import read_plan
from backend.plan.resolve import terms_on
from backend.plan.terms import (
    Against,
    Charged,
    Counting,
    Failing,
    FallsTo,
    Groups,
    Line,
    Measure,
    RatesBy,
    Split,
    Stays,
    Terms,
    Unpaid,
    VolumeNumber,
)
from tests.engine.settings import SETTINGS, WORDS, default_of, said_in
from tests.lines import breakage_text, lines_text
from tests.notation import company, counts, points, words
from tests.people import PLAN, plan

APART = ("plan", "adjustments")
"""The plan of the cases, and the page of whole months (tests/files/test_returns.py)."""

PAGES = sorted(path for path in (Path(__file__).parent / "cases").glob("*.toml") if path.stem not in APART)
VOLUMES = ("pv", "cv", "gv", "group_cv", "tgv", "side_volume")
NAMED = "volume."
PAID = ("since_paid.", "held_paid.")
"""What a title has paid for being held, by its id: periods since the last payment, and the amount so far."""
COUNTS = (
    "enrolled_active",
    "legs_selling",
    "legs_broken_away",
    "held",
    "missed",
    "bonuses",
    "instalments",
    "one_times",
)
FLAGS = ("active", "earns", "broken_away")
PAYS = {
    "personal": (Bonus.PERSONAL, Bonus.RETAIL),
    "compression": (Bonus.PERSONAL, Bonus.DIFFERENTIAL),
    "differential": (Bonus.DIFFERENTIAL,),
    "overrides": (Bonus.OVERRIDE,),
    "guarantees": (Bonus.OVERRIDE,),
    "pools": (Bonus.POOL,),
    "bonuses": (Bonus.FAST_START, Bonus.TITLE_HELD, Bonus.ONE_TIME),
    "productions": (Bonus.PRODUCTION,),
    "levels": (Bonus.LEVEL, Bonus.DIFFERENTIAL),
    "matches": (Bonus.MATCH,),
    "multipliers": (Bonus.MULTIPLIER,),
    "limits": tuple(Bonus),
    "holds": tuple(Bonus),
}


class Case(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One case: a company in the notation's words, terms that differ from the page's plan, and what comes of it."""

    name: str
    tree: str
    expect: dict[str, str | list[str]]
    terms: dict[str, Any] = {}
    plan: str = ""
    period: str = ""
    own: str = ""
    customers: str = ""
    own_cv: str = ""
    customer_cv: str = ""
    first: str = ""
    first_cv: str = ""
    units: str = ""
    first_units: str = ""
    enrolled: str = ""
    joined: str = ""
    trained: str = ""
    market: str = ""
    carried: str = ""
    earlier_marks: str = ""
    earlier_volumes: str = ""
    held_paid: str = ""
    foster: str = ""
    closed: str = ""
    granted: str = ""
    owing: str = ""
    uncleared: str = ""
    said_active: str = ""
    said_qualified: str = ""
    sold: str = ""
    verified: str = ""
    percent_held: str = ""
    bought: str = ""
    paused: str = ""


CHOICES = {
    "against": Against,
    "by": RatesBy,
    "charged": Charged,
    "counting": Counting,
    "falls_to": FallsTo,
    "groups": Groups,
    "line": Line,
    "measure": Measure,
    "rounding": Rounding,
    "split": Split,
    "stays": Stays,
    "unpaid": Unpaid,
    "unqualified": Failing,
    "volume": VolumeNumber,
}
"""Terms that are one of a few words, which a case writes as such: `"overrides.0.counting" = "uses one"`."""


class Page(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A page of cases: the stage's rule in words, what all its cases add to the plan or change in it, and its cases."""

    rule: str
    cases: list[Case]
    plan: str = ""
    terms: dict[str, Any] = {}


OF_THE_PLAN = ("name", "expect", "terms", "plan")
"""What of a case is not said about its company."""


class Found(NamedTuple):
    """A case that has been computed."""

    snapshot: Snapshot
    terms: Terms
    outcome: Outcome


def _all_cases() -> list[Any]:
    return [
        pytest.param(path.stem, page, case, id=f"{path.stem}: {case.name}")
        for path in PAGES
        for page in (msgspec.toml.decode(path.read_bytes(), type=Page),)
        for case in page.cases
    ]


@pytest.mark.parametrize(("stage", "page", "case"), _all_cases())
def test_the_engine_says_what_the_page_says(stage: str, page: Page, case: Case) -> None:
    """
    What the engine makes of a case's company is what the case expects.
    """
    terms = _terms(page, case)
    words_of = {name: getattr(case, name) for name in case.__struct_fields__ if name not in OF_THE_PLAN}
    snapshot = company(terms, words_of.pop("tree"), **words_of)

    outcome = run(snapshot, terms)

    found = Found(snapshot, terms, outcome)
    assert case.expect == {name: _in_words(name, stage, found, expected) for name, expected in case.expect.items()}


def test_every_stage_has_its_page() -> None:
    """
    There is a page of cases for each stage of the pipeline, and one for the guarantees of overrides.
    """
    stages = {Path(str(stage.__globals__["__file__"])).stem for stage in STAGES}
    assert {*stages, "guarantees"} == {path.stem for path in PAGES}


def test_every_setting_is_worked_in_some_case() -> None:
    """
    No setting of a plan stands in every case as it does where a plan says nothing; what has no default stands in one.
    """
    worked = {(kind, field.name) for kind, field, value in _all_said() if value != default_of(field)}
    assert [setting for setting in SETTINGS if setting not in worked] == []


def test_every_word_of_a_setting_is_worked_in_some_case() -> None:
    """
    Where a setting is one of a few words, such as a measure or what becomes of the unqualified, each stands in a case.
    """
    worked = {repr(value) for _, _, value in _all_said() if isinstance(value, IntEnum)}
    assert [repr(word) for kind in WORDS for word in kind if repr(word) not in worked] == []


@cache
def _all_said() -> list[tuple[type[msgspec.Struct], FieldInfo, Any]]:
    return [said for found in _all_cases() for said in said_in(_terms(*found.values[1:]))]


def _terms(page: Page, case: Case) -> Terms:
    """Return the plan with what the page and the case add to it, and their terms in place of every market's."""
    written = msgspec.to_builtins(_read(page.plan + case.plan))
    for path, value in (page.terms | case.terms).items():
        *outer, last = path.split(".")
        for place in (written, *written["elsewhere"].values()):
            inside = reduce(lambda found, name: found[int(name) if name.isdigit() else name], outer, place)
            inside[last] = _chosen(last, value)
    return msgspec.convert(written, Terms)


def _chosen(name: str, value: Any) -> Any:
    """Return what a case says of a term, a new thing each time, with words in place of which the terms have numbers."""
    if isinstance(value, dict):
        return {inner: _chosen(inner, each) for inner, each in value.items()}
    if isinstance(value, list):
        return [_chosen(name, each) for each in value]
    if isinstance(value, str) and name in CHOICES:
        return int(CHOICES[name][value.upper().replace(" ", "_")])
    return value


@cache
def _read(added: str) -> Terms:
    if not added:
        return plan()
    return terms_on(read_plan(PLAN.read_text() + added, PLAN.name), date(2026, 10, 31))


def _in_words(name: str, stage: str, found: Found, expected: str | list[str]) -> str | list[str]:
    """Return a column in the words of the case, for the members that it names; or the stage's lines."""
    if name == "breakage":
        return breakage_text(found.snapshot, found.terms, found.outcome, PAYS[stage])
    if isinstance(expected, list):
        return lines_text(found.snapshot, found.terms, found.outcome, PAYS[stage])
    column = dict(zip(found.snapshot.members, _column(name, found), strict=True))
    if name in FLAGS:
        return " ".join(sorted(who for who, flag in column.items() if flag))
    read = points if _in_hundredths(name) else counts if name in COUNTS or name.startswith(PAID[0]) else words
    said = {who: _said(name, column[who], found.terms) for who in words(expected)}
    same = read(expected) == {who: column[who] if read is not words else word for who, word in said.items()}
    return expected if same else "; ".join(f"{who} {word}" for who, word in said.items())


def _column(name: str, found: Found) -> list[int]:
    """Return a column of the outcome, or of a volume or a title that the plan names, as in `volume.bracket`."""
    if name.startswith(PAID):
        title = [title.id for title in found.terms.titles].index(name.partition(".")[2])
        return found.outcome.held_paid[:, 2 * title + name.startswith(PAID[1])].tolist()
    if not name.startswith(NAMED):
        return getattr(found.outcome, name).tolist()
    at = [volume.id for volume in found.terms.volumes].index(name.removeprefix(NAMED))
    return found.outcome.named_points[:, at].tolist()


def _said(name: str, value: int, terms: Terms) -> str:
    if name in ("step", "paid_step"):
        return terms.steps[value].id if value >= 0 else "none"
    if name in ("title", "achieved_title"):
        return terms.titles[value].id
    if name == "upkeep":
        return Upkeep(value).name.lower()
    return f"{value / 100:.2f}" if _in_hundredths(name) else str(value)


def _in_hundredths(name: str) -> bool:
    return name in VOLUMES or name.endswith("_minor") or name.startswith((NAMED, PAID[1]))
