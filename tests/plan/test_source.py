"""
Places: each key and value of a TOML text has its line and column, however the text nests them.
"""

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from backend.plan import source
from tests.plan.carets import spot_of, without
from tests.plan.plans import PLANS


def leaves(value: Any, path: source.Path = ()) -> Iterator[source.Path]:
    """Yield the path of every key and item of a parsed text."""
    inner: list[tuple[str | int, Any]] = []
    if isinstance(value, dict):
        inner = list(value.items())
    elif isinstance(value, list):
        inner = list(enumerate(value))
    for name, each in inner:
        yield (*path, name)
        yield from leaves(each, (*path, name))


@pytest.mark.parametrize(
    ("marked", "path"),
    [
        ("a = ‸1", ("a",)),
        ("\"a b\".'c.d' = ‸1", ("a b", "c.d")),
        ("[t.u]\n  v = ‸1", ("t", "u", "v")),
        ("a = [[{ b = 1 }], [{ b = 2 }, { b = ‸3 }]]", ("a", 1, 1, "b")),
        ("a = [\n  # a note\n  1,\n\n  ‸2,\n]", ("a", 1)),
        ("a = { x = 1, y = [{ z = 1 }, ‸{ z = 2 }] }", ("a", "y", 1)),
        ("[[s]]\nk = 1\n[[s]]\nk = 2\n[s.t.2026-01-01]\nv = ‸3", ("s", 1, "t", "2026-01-01", "v")),
        ("[[s]]\n[[s.u]]\nk = 1\n[[s.u]]\nk = ‸2", ("s", 0, "u", 1, "k")),
        ('t = "Čaj 茶"\nü = { k = "é", l = ‸2 }'.replace("ü", "u"), ("u", "l")),
        ('t = """\nlong = 1\n"""\nk = ‸2', ("k",)),
    ],
)
def test_a_value_has_its_line_and_column(marked: str, path: source.Path) -> None:
    """A value nested in tables, arrays and inline tables is found where it stands, counted in characters."""
    text = without(marked)
    tomllib.loads(text)
    assert spot_of(marked) == source.index(text, "x.toml").values[path]


@pytest.mark.parametrize("plan", PLANS, ids=lambda path: path.name)
def test_every_key_and_item_of_the_plans_has_a_place(plan: Path) -> None:
    """What tomllib reads and what tree-sitter places are the same paths, in every plan that ships."""
    text = plan.read_text()
    places = source.index(text, plan.name)
    assert set(leaves(tomllib.loads(text))) == set(places.values) - {()}
    assert [] == places.twice


@pytest.mark.parametrize(
    ("marked", "first"),
    [
        ("a = 1\n‸a = 2", 1),
        ("a = { b = 1, ‸b = 2 }", 1),
        ('a = { 2026-01-01 = 1, ‸"2026-01-01" = 2 }', 1),
        ("[t]\n[u]\n[‸t]\nk = 1", 1),
        ("[t.u]\n[t]\nu.v = 1\nu.‸v = 2", 3),
    ],
)
def test_a_key_that_stands_twice_is_placed_at_the_second(marked: str, first: int) -> None:
    """A repeated key is known with both of its places; a table opened by its child is no repetition."""
    found = source.index(without(marked), "x.toml").twice
    assert [(spot_of(marked), first)] == [(second, begun[0]) for _, second, begun in found]


def test_a_path_without_a_place_of_its_own_has_its_surroundings() -> None:
    """What is missing is placed at the table in which it is missing."""
    places = source.index("[a]\nb = { c = 1 }", "x.toml")
    assert 2 == places.line(("a", "b", "missing"))
    assert 1 == places.line(("elsewhere",))
