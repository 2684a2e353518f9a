"""
How much a plan may hold: the engine keeps marks, gates, titles and questions about legs as bits of one number each.
"""

from collections.abc import Callable
from pathlib import Path

import pytest

from backend.plan.reading import findings_of

SOUND = (Path(__file__).parent / "sound.toml").read_text()
ASKED = "{ 2026-01-01 = { all_of = [{ measure = %s }] } }"


def marks(count: int) -> str:
    """Return so many marks, each of another name."""
    return "".join(_table("marks", at, requires=ASKED % '"gv", at_least = 100') for at in range(count))


def bonuses(count: int) -> str:
    """Return so many level bonuses; the plan has an override and a pool already."""
    return "".join(_table("levels", at, rates='{ 2026-01-01 = ["0.1 %"] }') for at in range(count))


def questions(count: int) -> str:
    """Return marks that together ask so many different things of legs; the plan asks two already."""
    legs = '"legs_with_volume", at_least = 1, leg_volume = %d'
    ways = [f"[{{ measure = {legs % (1000 + at)} }}]" for at in range(count)]
    return _table("marks", 0, requires=f"{{ 2026-01-01 = {{ any_of = [{', '.join(ways)}] }} }}")


def titles(count: int) -> str:
    """Return so many titles above the plan's three, each asking for more than the one below."""
    asked = [ASKED % f'"tgv", at_least = {5000 + at}' for at in range(count)]
    return "".join(_table("titles", at, requires=each) for at, each in enumerate(asked))


def _table(name: str, at: int, **fields: str) -> str:
    lines = [f'id = "n{at}"', f'name = "Number {at}"', 'clause = "3"', *(f"{key} = {fields[key]}" for key in fields)]
    return "\n".join(["", f"[[{name}]]", *lines, ""])


@pytest.mark.parametrize(
    ("added", "most", "code"),
    [
        (marks, 62, "marks-many"),
        (bonuses, 59, "bonuses-many"),
        (questions, 59, "legs-many"),
        (titles, 28, "titles-many"),
    ],
)
def test_one_more_than_the_most_is_named(added: Callable[[int], str], most: int, code: str) -> None:
    """As many as fit are accepted; with one more there is one finding."""
    assert [] == findings_of(SOUND + added(most), "plan.toml")
    assert [code] == [finding.code for finding in findings_of(SOUND + added(most + 1), "plan.toml")]


@pytest.mark.parametrize(
    ("table", "code"), [("steps", "ladder-empty"), ("titles", "titles-empty"), ("markets", "markets-empty")]
)
def test_a_plan_without_any_is_refused(table: str, code: str) -> None:
    """A plan whose steps, titles or markets have all ended says on which day it has none."""
    parts = SOUND.replace(f"[[{table}]]", f"[[{table}]]\nends = 2026-12-31")
    found = [each for each in findings_of(parts, "plan.toml") if each.code == code]
    assert ["2026-12-31" in each.message for each in found] == [True]
