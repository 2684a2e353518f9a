"""
Where the legs of leavers stand: under the nearest upline who stays, whole chains of leavers passed over.
"""

from hypothesis import given, settings
from hypothesis import strategies as st

from backend.network.leaving import moved_up
from backend.network.tree import mistakes

LINE = ["A", "B", "C", "D"]


def stands(sponsors: list[str | None], *gone: str) -> list[str | None]:
    """Return under whom A, B, C, D stand once some have left."""
    return moved_up(LINE, sponsors, [code in gone for code in LINE])


def test_a_chain_of_leavers_is_passed_over() -> None:
    """D stands under A when B and C have left; C, who has left, keeps a place below whoever stays above."""
    assert [None, "A", "A", "A"] == stands([None, "A", "B", "C"], "B", "C")


def test_no_leg_hangs_loose() -> None:
    """Where everybody above has left, the legs stand under the top of their line."""
    assert [None, "A", "A", "A"] == stands([None, "A", "B", "C"], "A", "B", "C")
    assert [None, "A", None, "C"] == stands([None, "A", None, "C"], "A", "C")


def test_a_circle_of_leavers_stays_for_the_finding() -> None:
    """Sponsors in a circle are left as they are, and the walk ends."""
    assert ["B", "A", "A", "C"] == stands(["B", "A", "A", "C"], "A", "B", "C")


@settings(deadline=None, max_examples=200)
@given(st.data())
def test_as_walked_by_hand(data: st.DataObject) -> None:
    """Each stands under the first upline who has not left, else under the top; no circle and no unknown sponsor."""
    size = data.draw(st.integers(1, 12))
    ids = [f"M{at}" for at in range(size)]
    sponsors = [
        ids[data.draw(st.integers(0, at - 1))] if at and data.draw(st.booleans()) else None for at in range(size)
    ]
    gone = data.draw(st.lists(st.booleans(), min_size=size, max_size=size))
    above, left = dict(zip(ids, sponsors, strict=True)), dict(zip(ids, gone, strict=True))

    def walked(code: str) -> str | None:
        at = above[code]
        while at is not None and left[at] and above[at] is not None:
            at = above[at]
        return at

    found = moved_up(ids, sponsors, gone)
    assert [walked(code) for code in ids] == found
    assert [] == mistakes(ids, found)
