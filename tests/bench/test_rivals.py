"""
The rivals of the benchmark compute what Handrail computes, and a rival that computes anything else is found.
"""

import os
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import numpy as np
import pytest
from msgspec.structs import replace

from backend.kernel.finding import Refused
from backend.plan.terms import Failing, Stays, Terms
from tests.bench.engine import PLAN, at_least, at_most, default_terms
from tests.bench.rivals.c_program import COMPILERS, CProgram, compiled, compiler
from tests.bench.rivals.company import SHAPES, Company, company_of, read, snapshot_of, written
from tests.bench.rivals.foreign import Foreign
from tests.bench.rivals.handrail import Handrail, WholePlan, footprint
from tests.bench.rivals.plain import Plain
from tests.bench.rivals.postgresql import PostgreSQL
from tests.bench.rivals.results import Engine, Results, differences, digest
from tests.bench.rivals.rounds import Different, Timed
from tests.bench.rivals.said import sayable

TERMS = default_terms()
ROOT = PLAN.parents[2]
Maker = Callable[[Company, Terms], Engine]


def _one_basis_point_less(terms: Terms) -> Terms:
    override = terms.overrides[0]
    first, *others = override.rates_bp[0]
    return replace(terms, overrides=(replace(override, rates_bp=((first - 1, *others),)),))


def _other_percent(terms: Terms) -> Terms:
    return replace(terms, steps=(*terms.steps[:-1], replace(terms.steps[-1], percent_bp=2499)))


def _easier_step(terms: Terms) -> Terms:
    return replace(terms, steps=(terms.steps[0], replace(terms.steps[1], requirement=terms.active), *terms.steps[2:]))


def _longer_window(terms: Terms) -> Terms:
    return replace(terms, maintenance=replace(terms.maintenance, window_periods=4))


FAULTS = {
    "override_minor": _one_basis_point_less,
    "differential_minor": _other_percent,
    "step": _easier_step,
    "title": _longer_window,
}
"""A change of the plan, by a column in which it shows."""


@pytest.fixture(scope="module")
def makers(tmp_path_factory: pytest.TempPathFactory, server_dsn: str) -> Iterator[dict[str, Maker]]:
    """Yield what makes each engine for a company under terms; that in C where there is a compiler."""
    folder = tmp_path_factory.mktemp("libraries")
    with ExitStack() as held:
        found: dict[str, Maker] = {
            "subset": lambda company, terms: Handrail(snapshot_of(company, terms), terms),
            "plain": Plain,
            "sql": lambda company, terms: held.enter_context(PostgreSQL(company, terms, server_dsn)),
        }
        if "CC" in os.environ or any(map(shutil.which, COMPILERS)):
            found["c"] = lambda company, terms: CProgram(company, compiled(terms, folder))
        yield found


def _found(engine: Engine) -> Results:
    assert engine.settle() >= 0
    return engine.results()


def _whole(company: Company) -> Results:
    return _found(WholePlan(snapshot_of(company, TERMS), TERMS))


@pytest.mark.parametrize("shape", SHAPES)
def test_all_engines_find_the_same(shape: str, makers: dict[str, Maker]) -> None:
    """Every rival, and the subset of stages, says of each member what the whole plan says: of few and of many."""
    for size, seed in ((1, 1), (2, 2), (70, 3), (300, 4)):
        company = company_of(shape, size, seed)
        expected = _whole(company)
        found = {name: differences(expected, _found(made(company, TERMS))) for name, made in makers.items()}
        assert {name: [] for name in makers} == found


def test_engines_agree_where_there_is_something_to_find(makers: dict[str, Maker]) -> None:
    """In a company of some thousands everything occurs: every step and title, groups that broke away, overrides."""
    company = company_of("random", 4000, 5)
    expected = _whole(company)
    assert list(range(len(TERMS.steps))) == np.unique(expected["step"]).tolist()
    assert list(range(len(TERMS.titles))) == np.unique(expected["title"]).tolist()
    assert all(np.count_nonzero(expected[name]) > 5 for name in ("differential_minor", "override_minor", "broken_away"))
    for made in makers.values():
        assert digest(expected) == digest(_found(made(company, TERMS)))


@pytest.mark.parametrize("column", FAULTS)
def test_a_planted_difference_is_found(column: str, makers: dict[str, Maker]) -> None:
    """A rival that works under another rule is found out, in the column where the rule shows."""
    company = company_of("random", 4000, 5)
    expected, other = _whole(company), FAULTS[column](TERMS)
    for made in makers.values():
        sentences = differences(expected, _found(made(company, other)))
        assert any(sentence.startswith(f"{column} of ") for sentence in sentences)


def test_rounds_end_at_a_difference() -> None:
    """No time is printed of an engine that found something else than the first one."""
    company = company_of("random", 200, 1)
    engines = {"right": Plain(company, TERMS), "wrong": Plain(company, _easier_step(TERMS))}
    timed = Timed(engines)
    timed.warm("right")
    with pytest.raises(Different, match="wrong: step of "):
        timed.turn("right", "wrong")


def test_an_engine_from_outside_reads_and_writes_files(tmp_path: Path) -> None:
    """Plain Python, run as any command with two folders, finds the same."""
    company = company_of("random", 300, 4)
    command = f"env PYTHONPATH={ROOT} {sys.executable} -m tests.bench.rivals.plain"
    assert [] == differences(_whole(company), _found(Foreign(company, TERMS, command, tmp_path)))


def test_companies_are_the_same_everywhere(tmp_path: Path) -> None:
    """A seed draws the same bytes on every machine, and files give back what was written."""
    company = company_of("random", 1000, 7)
    assert "4159adb51d666d346eb972ce199fd8b927ad413baa4ac10c793dcaddccb2f0fb" == company.digest()
    written(company, TERMS, tmp_path)
    again, terms = read(tmp_path)
    assert (company.digest(), TERMS) == (again.digest(), terms)


@pytest.mark.parametrize("shape", SHAPES)
def test_members_stand_breadth_first(shape: str) -> None:
    """Everybody stands behind the own sponsor, in that sponsor's legs; a chain is a line and a star is flat."""
    company = company_of(shape, 500, 3)
    member, sponsor = np.arange(1, 500), company.sponsor[1:]
    first, end = company.first_leg[sponsor], company.first_leg[sponsor] + company.leg_count[sponsor]
    assert ((sponsor < member) & (first <= member) & (member < end)).all()
    assert {"chain": 499, "star": 1}.get(shape, company.levels().max()) == company.levels().max()


def test_no_rival_says_a_plan_that_it_does_not_know() -> None:
    """A rule that the rivals have no words for is noticed, whatever it is, before anything is measured."""
    changes = (
        {"unqualified": Failing.FORFEIT},
        {"breakaway": replace(TERMS.breakaway, stays=Stays.FOR_GOOD)},
        {"overrides": (replace(TERMS.overrides[0], first_only=True),)},
        {"differential": replace(TERMS.differential, from_level=2)},
        {"elsewhere": {1: TERMS}},
    )
    assert sayable(TERMS)
    assert [False] * len(changes) == [sayable(replace(TERMS, **change)) for change in changes]


def test_a_missing_compiler_is_a_finding(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who has no compiler reads what to do about it."""
    monkeypatch.delenv("CC", raising=False)
    monkeypatch.setenv("PATH", "")
    with pytest.raises(Refused, match=r"compiler-missing: .*--rivals sql plain"):
        compiler()


def test_bars_and_bytes(capsys: pytest.CaptureFixture[str]) -> None:
    """A figure on its bar reaches it, one beyond misses it; the sheet's bytes are counted."""
    assert [True, False] == [at_most("this", 1.5, 1.5), at_most("that", 1.51, 1.5)]
    assert [True, False] == [at_least("this", 200, 200), at_least("that", 199.9, 200)]
    assert at_most("of few", 9, 1.5, holds=False)
    assert 2 == capsys.readouterr().out.count("MISSED")
    taken = footprint(snapshot_of(company_of("star", 100, 1), TERMS), TERMS)
    assert taken.snapshot > 8 < taken.sheet <= taken.peak
