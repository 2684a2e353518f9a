"""
The tree as columns: breadth first, the same for rows in any order, and every mistake named at once.
"""

from random import Random
from time import perf_counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.kernel.finding import Place, Refused
from backend.network.tree import arrange, mistakes
from tests.notation import tree

LARGE = 100_000


def _arranged(text: str):  # noqa: ANN202 - a tree
    placed = tree(text)
    return arrange(list(placed), list(placed.values()))


def test_members_stand_breadth_first_and_siblings_by_id() -> None:
    """
    Roots come first, then their legs, then theirs; who shares a sponsor stands in the order of the ids.
    """
    assert ("A", "X", "B", "C", "Y", "D", "E") == _arranged("X > Y; A > C B; B > E D").members


def test_legs_lie_side_by_side_behind_their_sponsor() -> None:
    """
    `first_leg` and `leg_count` name the legs, `sponsor` the way back, -1 at a root.
    """
    arranged = _arranged("A > B C; C > D E F; D > G")

    legs = {
        who: arranged.members[first : first + count]
        for who, first, count in zip(arranged.members, arranged.first_leg, arranged.leg_count, strict=True)
    }

    assert {"A": ("B", "C"), "B": (), "C": ("D", "E", "F"), "D": ("G",), "E": (), "F": (), "G": ()} == legs
    assert [-1, 0, 0, 2, 2, 2, 3] == arranged.sponsor.tolist()


def test_order_names_the_row_and_position_the_place() -> None:
    """
    `order` leads from a place to the row it came from, `position` from an id to its place.
    """
    arranged = arrange(["C", "A", "B"], ["B", None, "A"])

    assert [1, 2, 0] == arranged.order.tolist()
    assert {"A": 0, "B": 1, "C": 2} == arranged.position


def test_nobody_makes_an_empty_tree() -> None:
    """
    A company without members is a tree without members.
    """
    assert () == arrange([], []).members


@st.composite
def forests(draw: st.DrawFn) -> dict[str, str | None]:
    """Draw members whose sponsors stand before them, some of them roots."""
    size = draw(st.integers(1, 40))
    names = draw(st.lists(st.text("ABC12é", min_size=1, max_size=4), min_size=size, max_size=size, unique=True))
    ups = [draw(st.integers(-1, index - 1)) for index in range(size)]
    return {name: names[up] if up >= 0 else None for name, up in zip(names, ups, strict=True)}


@given(forests(), st.randoms(use_true_random=False))
def test_the_order_of_rows_never_matters(placed: dict[str, str | None], random: Random) -> None:
    """
    Shuffled rows give the same columns.
    """
    shuffled = list(placed.items())
    random.shuffle(shuffled)

    one = arrange(list(placed), list(placed.values()))
    other = arrange([row[0] for row in shuffled], [row[1] for row in shuffled])

    assert one.members == other.members
    for name in ("sponsor", "first_leg", "leg_count"):
        assert getattr(one, name).tolist() == getattr(other, name).tolist()


@given(forests())
def test_every_member_has_its_sponsor(placed: dict[str, str | None]) -> None:
    """
    The columns say of each member who the sponsor is, and every sponsor stands in front.
    """
    arranged = arrange(list(placed), list(placed.values()))

    up = {
        who: arranged.members[at] if at >= 0 else None
        for who, at in zip(arranged.members, arranged.sponsor, strict=True)
    }

    assert placed == up
    assert bool((arranged.sponsor < np.arange(len(placed))).all())


@pytest.mark.parametrize("shape", ["line", "star"])
def test_a_hundred_thousand_deep_or_wide_is_arranged_at_once(shape: str) -> None:
    """
    A line of 100,000 and a frontline of 100,000 are arranged without recursion, in seconds even on a busy machine.
    """
    ids = [f"{number:06d}" for number in range(LARGE)]
    sponsors = [None, *(ids[:-1] if shape == "line" else [ids[0]] * (LARGE - 1))]
    began = perf_counter()

    arranged = arrange(ids, sponsors)

    assert perf_counter() - began < 5
    assert list(range(LARGE)) == arranged.order.tolist()


def test_a_repeated_id_is_named_with_its_row() -> None:
    """
    The second row of an id is the mistake.
    """
    found = mistakes(["A", "B", "A"], [None, "A", "B"])

    assert [("member-repeated", Place(source="members", line=3))] == [(one.code, one.place) for one in found]


def test_an_unknown_sponsor_is_named() -> None:
    """
    A sponsor that is no member is said by its id.
    """
    (found,) = mistakes(["A", "B"], [None, "Z"])

    assert "sponsor-unknown" == found.code
    assert "'Z'" in found.message


def test_a_circle_is_named_once_from_its_smallest_id() -> None:
    """
    A circle is one mistake, whoever stands below it; its members are named in the order of sponsoring.
    """
    (found,) = mistakes(["C", "A", "B", "D"], ["B", "C", "A", "C"])

    assert "sponsor-circle" == found.code
    assert "circle of 3: 'A' < 'C' < 'B' < 'A'" in found.message


def test_a_member_may_not_sponsor_itself() -> None:
    """
    The smallest circle has one member.
    """
    (found,) = mistakes(["A"], ["A"])

    assert "circle of 1: 'A' < 'A'" in found.message


def test_a_long_circle_is_shortened() -> None:
    """
    Of a circle of 100,000 six are named, and the rest is counted.
    """
    ids = [f"{number:06d}" for number in range(LARGE)]
    (found,) = mistakes(ids, [*ids[1:], ids[0]])

    assert "'000005' < … 99994 more < '000000'" in found.message


def test_all_mistakes_come_at_once() -> None:
    """
    Two circles, an unknown sponsor and a repeated id are four findings of one refusal.
    """
    ids, sponsors = ["A", "B", "C", "D", "E", "A"], ["B", "A", "D", "C", "Z", None]

    with pytest.raises(Refused) as refused:
        arrange(ids, sponsors)

    assert ["member-repeated", "sponsor-circle", "sponsor-circle", "sponsor-unknown"] == sorted(
        finding.code for finding in refused.value.findings
    )


def test_places_say_where_a_row_stands() -> None:
    """
    A file's own lines stand in the findings.
    """
    places = [Place(source="members.csv", line=2), Place(source="members.csv", line=7)]

    (found,) = mistakes(["A", "B"], [None, "Z"], places)

    assert "members.csv:7" == str(found.place)
