"""
A standing cast: a small company whose people the tests know by name, large enough for every bonus.

IRIS is the root and a senior leader. MALIK and NORA lead groups that have broken away; OMAR stands between, on the
ladder; TESS has not sold, and whoever stands below her is passed over her. UMA joined this month. The plan is that of
the engine's cases.
"""

from datetime import date
from functools import cache
from pathlib import Path

from backend.engine.snapshot import Snapshot
from backend.plan.reading import read_plan
from backend.plan.resolve import terms_on
from backend.plan.terms import Terms
from tests.notation import company

PLAN = Path(__file__).parent / "engine" / "cases" / "plan.toml"

TREE = """
IRIS > MALIK OMAR TESS;
MALIK > NORA PEDRO;
NORA > QUINN RUTH;
OMAR > SAM UMA;
TESS > VERA
"""


@cache
def plan() -> Terms:
    """Return the terms of the cases' plan."""
    return terms_on(read_plan(PLAN.read_text(), PLAN.name), date(2026, 10, 31))


def cast() -> Snapshot:
    """Return the company in a month in which everybody but TESS sells."""
    return company(
        plan(),
        TREE,
        own="IRIS 150; MALIK 200; NORA 300; OMAR 120; PEDRO 80; QUINN 400; RUTH 350; SAM 90; UMA 60; VERA 500",
        customers="IRIS 300; MALIK 700; NORA 120; OMAR 140; QUINN 60; SAM 45.50; VERA 20",
        carried="IRIS senior held 4; MALIK leader held 2; NORA leader held 1 missed 1; OMAR seller held 2",
        joined="UMA 12; QUINN 60",
        trained="IRIS MALIK NORA QUINN",
    )
