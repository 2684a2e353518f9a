"""
The cases: pages that a plan designer writes and reads, one a stage, each case a small company and what comes of it.

`cases/plan.toml` is the plan of all cases. A case may change single terms. What is expected is written in the notation
of `tests.notation`: volumes in points, steps and titles by their ids, flags as the list of those who have them.
"""

from pathlib import Path
from typing import Any, NamedTuple

import msgspec
import pytest

from backend.engine.outcome import Bonus, Outcome, Upkeep
from backend.engine.pipeline import run
from backend.engine.snapshot import Snapshot
from backend.plan.terms import Terms
from tests.notation import company, counts, lines_text, points, words
from tests.people import plan

PAGES = sorted(path for path in (Path(__file__).parent / "cases").glob("*.toml") if path.stem != "plan")
VOLUMES = ("pv", "cv", "gv", "group_cv", "tgv", "side_volume")
COUNTS = ("enrolled_active", "legs_selling", "legs_broken_away", "held", "missed")
FLAGS = ("active", "broken_away")
PAYS = {
    "personal": (Bonus.PERSONAL,),
    "compression": (Bonus.PERSONAL, Bonus.DIFFERENTIAL),
    "differential": (Bonus.DIFFERENTIAL,),
    "overrides": (Bonus.OVERRIDE,),
    "pools": (Bonus.POOL,),
    "bonuses": (Bonus.FAST_START, Bonus.TITLE_HELD),
}


class Case(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One case: a company in the notation's words, terms that differ from the page's plan, and what comes of it."""

    name: str
    tree: str
    expect: dict[str, str | list[str]]
    terms: dict[str, Any] = {}
    own: str = ""
    customers: str = ""
    own_cv: str = ""
    customer_cv: str = ""
    enrolled: str = ""
    joined: str = ""
    trained: str = ""
    market: str = ""
    carried: str = ""


class Page(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A page of cases: the stage's rule in words, and its cases."""

    rule: str
    cases: list[Case]


class Found(NamedTuple):
    """A case that has been computed."""

    snapshot: Snapshot
    terms: Terms
    outcome: Outcome


def _all_cases() -> list[Any]:
    return [
        pytest.param(path.stem, case, id=f"{path.stem}: {case.name}")
        for path in PAGES
        for case in msgspec.toml.decode(path.read_bytes(), type=Page).cases
    ]


@pytest.mark.parametrize(("stage", "case"), _all_cases())
def test_the_engine_says_what_the_page_says(stage: str, case: Case) -> None:
    """
    What the engine makes of a case's company is what the case expects.
    """
    terms = _terms(case)
    words_of = {name: getattr(case, name) for name in case.__struct_fields__ if name not in ("name", "expect", "terms")}
    snapshot = company(terms, words_of.pop("tree"), **words_of)

    outcome = run(snapshot, terms)

    found = Found(snapshot, terms, outcome)
    assert case.expect == {name: _in_words(name, stage, found, expected) for name, expected in case.expect.items()}


def test_every_stage_has_its_page() -> None:
    """
    There is a page of cases for each stage of the pipeline.
    """
    stages = [
        "activity",
        "bonuses",
        "compression",
        "differential",
        "overrides",
        "personal",
        "pools",
        "standing",
        "title",
    ]
    assert [*stages, "volume"] == [path.stem for path in PAGES]


def _terms(case: Case) -> Terms:
    """Return the page's plan with the case's terms in place of its own."""
    written = msgspec.to_builtins(plan())
    for path, value in case.terms.items():
        *outer, last = path.split(".")
        inside = written
        for name in outer:
            inside = inside[name]
        inside[last] = value
    return msgspec.convert(written, Terms)


def _in_words(name: str, stage: str, found: Found, expected: str | list[str]) -> str | list[str]:
    """Return a column in the words of the case, for the members that it names; or the stage's lines."""
    if isinstance(expected, list):
        return lines_text(found.snapshot, found.terms, found.outcome, PAYS[stage])
    column = dict(zip(found.snapshot.members, getattr(found.outcome, name).tolist(), strict=True))
    if name in FLAGS:
        return " ".join(sorted(who for who, flag in column.items() if flag))
    read = points if name in VOLUMES else counts if name in COUNTS else words
    said = {who: _said(name, column[who], found.terms) for who in words(expected)}
    same = read(expected) == {who: column[who] if read is not words else word for who, word in said.items()}
    return expected if same else "; ".join(f"{who} {word}" for who, word in said.items())


def _said(name: str, value: int, terms: Terms) -> str:
    if name in ("step", "paid_step"):
        return terms.steps[value].id if value >= 0 else "none"
    if name in ("title", "achieved_title"):
        return terms.titles[value].id
    if name == "upkeep":
        return Upkeep(value).name.lower()
    return f"{value / 100:.2f}" if name in VOLUMES else str(value)
