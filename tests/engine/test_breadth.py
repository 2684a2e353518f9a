"""The tree from ordinals is the tree from ids, whoever sponsors whom, and circles are told alike."""

from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.engine.columns.breadth import arranged
from backend.kernel.finding import Refused
from backend.network.tree import Tree, arrange

DEEP = 100_000


def both(ids: list[str], up: list[int]) -> tuple[Tree, Tree]:
    """Return the tree from ordinals and the tree from ids."""
    rank = np.empty(len(ids), dtype=np.int32)
    rank[sorted(range(len(ids)), key=ids.__getitem__)] = np.arange(len(ids), dtype=np.int32)
    sponsors = [None if row < 0 else ids[row] for row in up]
    return arranged(ids, np.array(up, dtype=np.int32), rank), arrange(ids, sponsors)


def columns(tree: Tree) -> list[object]:
    """Return all that a tree says, columns with their types."""
    arrays = (tree.order, tree.sponsor, tree.first_leg, tree.leg_count)
    return [tree.members, tree.position, *((column.dtype, column.tolist()) for column in arrays)]


@given(st.lists(st.text(min_size=1, max_size=4), unique=True, max_size=40), st.randoms(use_true_random=False))
@settings(deadline=None)
def test_ordinals_give_the_tree_that_ids_give(ids: list[str], random: Random) -> None:
    """Members, places, legs and their types are equal on any forest, in whatever order its rows stand."""
    turn = random.sample(range(len(ids)), len(ids))
    up = [-1] * len(ids)
    for at, row in enumerate(turn):
        up[row] = turn[random.randrange(at)] if at and random.random() < 0.9 else -1

    one, other = both(ids, up)

    assert columns(other) == columns(one)


@pytest.mark.parametrize("up", [[at - 1 for at in range(DEEP)], [min(0, at - 1) for at in range(DEEP)]])
def test_a_deep_line_and_a_wide_member_are_arranged(up: list[int]) -> None:
    """A line of a hundred thousand and a member with as many legs are arranged as any other."""
    one, other = both([f"M{at}" for at in range(DEEP)], up)

    assert columns(other) == columns(one)


def test_a_circle_is_refused_by_name() -> None:
    """Who sponsors each other is told as the tree from ids tells it, those below them left out."""
    told = []
    for way in (
        lambda: arranged(["A", "B", "C", "D"], np.array([1, 0, 1, -1]), np.arange(4)),
        lambda: arrange(["A", "B", "C", "D"], ["B", "A", "B", None]),
    ):
        with pytest.raises(Refused) as refused:
            way()
        told.append([(one.code, one.message) for one in refused.value.findings])

    assert told[0] == told[1]
    assert [code for code, _ in told[0]] == ["sponsor-circle"]
