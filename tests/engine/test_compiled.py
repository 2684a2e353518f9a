"""
Compiled kernels: one rounding rule, rates as arguments, and a cache that another rule never finds.
"""

import os
import subprocess
import sys
from fractions import Fraction
from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.engine.columns import compiled
from backend.engine.outcome import Bonus
from backend.engine.pipeline import run
from backend.engine.tiny import run_tiny
from backend.kernel.points import Rounding
from backend.kernel.points import divided as plain
from backend.plan.terms import Terms
from tests.lines import lines_text
from tests.notation import company
from tests.people import plan


@settings(deadline=None)
@given(st.integers(-(2**62), 2**62), st.integers(1, 10**6), st.sampled_from(Rounding))
def test_kernels_round_as_the_one_rule_does(numerator: int, denominator: int, mode: Rounding) -> None:
    """
    What kernels call is `kernel.points.divided`, compiled: the same whole number up to the room of 64 bits.
    """
    assert plain(numerator, denominator, mode) == compiled.divided(numerator, denominator, int(mode))
    assert abs(Fraction(numerator, denominator) - compiled.divided(numerator, denominator, int(mode))) < 1


def test_a_rate_that_changes_is_paid_at_once() -> None:
    """
    Rates are arguments: a compiled kernel pays the terms that it is given, not those it was compiled with.
    """
    snapshot = company(plan(), "A", own="A 200")
    written = msgspec.to_builtins(plan())
    written["steps"][1]["percent_bp"] = 700
    other = msgspec.convert(written, Terms)

    paid = [lines_text(snapshot, terms, run(snapshot, terms), [Bonus.PERSONAL]) for terms in (plan(), other)]

    assert [["A personal 5 % of 200 = 10.00"], ["A personal 7 % of 200 = 14.00"]] == paid


def test_the_cache_bears_the_digest_of_the_rules() -> None:
    """
    Kernels of other sources lie in another folder, unless an operator names one.
    """
    assert compiled.sources_digest() in compiled.cache_in_use().name or "NUMBA_CACHE_DIR" in os.environ


def test_another_rule_has_another_digest(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """
    One changed letter in the rounding rule changes the digest.
    """
    before = compiled.sources_digest()
    changed = tmp_path / "points.py"
    changed.write_text(Path(compiled.points.__file__).read_text() + "\n")
    monkeypatch.setattr(compiled.points, "__file__", str(changed))

    assert before != compiled.sources_digest()


def test_the_tiny_company_pays_every_line_kernel() -> None:
    """
    The company that compiles the engine has lines of the kinds that kernels write.
    """
    assert {Bonus.PERSONAL, Bonus.DIFFERENTIAL, Bonus.OVERRIDE} <= {Bonus(bonus) for bonus in run_tiny().lines.bonus}


def test_warm_compiles_the_engine_for_the_next_process(tmp_path: Path) -> None:
    """
    `handrail warm` fills the cache that it names, and says so.
    """
    handrail = [sys.executable, "-m", "backend", "warm"]
    environment = {**os.environ, "NUMBA_CACHE_DIR": str(tmp_path)}

    said = subprocess.run(handrail, env=environment, capture_output=True, text=True, check=True)

    assert "The engine is compiled" in said.stdout
    assert {"_leaves_first", "_climb", "_price", "_point"} <= {
        path.name.split("-")[0].split(".")[1] for path in tmp_path.rglob("*.nbi")
    }


def test_a_user_without_a_home_computes_all_the_same(tmp_path: Path) -> None:
    """
    Where no folder takes what is compiled, the engine compiles for the process alone, and says so.
    """
    closed = tmp_path / "file"
    closed.write_text("")
    environment = {**os.environ, "NUMBA_CACHE_DIR": str(closed / "below")}

    words = [sys.executable, "-m", "backend", "warm"]
    said = subprocess.run(words, env=environment, capture_output=True, text=True, check=True)

    assert "for this process only" in said.stdout
