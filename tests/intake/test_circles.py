"""
Dated placements never close a circle on any day, and those that only close one alone go in together.
"""

from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from backend.intake.books import Books, KnownMember, Row, placed
from backend.intake.circles import circle_with, circles_of
from backend.intake.events import Placement
from backend.intake.network import judge_placement, place_together
from backend.intake.verdict import Accept, Wait
from tests.histories import is_circular

DAY = date(2026, 1, 1)
NAMES = "ABCDE"


def day(number: int) -> date:
    """Return a day by its number."""
    return DAY + timedelta(days=number)


def books(**sponsors: str | None) -> Books:
    """Return books of members who joined on one day, each under a sponsor."""
    members = {name: KnownMember(id=at, market="", joined=DAY) for at, name in enumerate(sponsors)}
    rows = {name: [Row(since=DAY, sponsor=sponsor)] for name, sponsor in sponsors.items()}
    return Books(members=members, placements=rows)


def test_a_circle_of_a_later_day_counts() -> None:
    """A move that is fine today closes a circle next month, when somebody above has moved below."""
    rows = {"A": [Row(since=DAY, sponsor=None), Row(since=day(30), sponsor="C")], "B": [Row(since=DAY, sponsor=None)]}
    rows["C"] = [Row(since=DAY, sponsor="B")]

    assert () == circle_with(rows, "B", Row(since=day(40), sponsor=None))
    assert {"A", "B", "C"} == set(circle_with(rows, "B", Row(since=day(10), sponsor="A")))
    until = {**rows, "B": [*rows["B"], Row(since=day(30), sponsor=None)]}
    assert () == circle_with(until, "B", Row(since=day(10), sponsor="A"))


def test_a_first_placement_holds_before_its_day() -> None:
    """Who joined later stands where the first placement says, also for those who were placed below before that."""
    rows = {"A": [Row(since=day(50), sponsor="B")], "B": [Row(since=day(60), sponsor=None)]}
    assert circle_with(rows, "B", Row(since=day(60), sponsor="A"))


def test_placements_that_need_each_other_go_in_together() -> None:
    """A placement that was corrected before it could ever hold: neither goes in alone, both do at once."""
    there = books(A=None, B="A", C="B")
    wrong = Placement(member="A", sponsor="C", since=day(5))
    right = Placement(member="A", sponsor=None, since=day(5), correction=1)

    assert isinstance(judge_placement(wrong, there), Wait)
    assert isinstance(judge_placement(right, there), Wait)
    assert [] == place_together([wrong], there)
    assert [wrong, right] == place_together([wrong, right], there)


MOVES = st.lists(
    st.tuples(st.sampled_from(NAMES), st.sampled_from([None, *NAMES]), st.integers(1, 6)),
    max_size=8,
    unique_by=(lambda one: (one[0], one[2])),
)


@settings(deadline=None, max_examples=300)
@given(moves=MOVES)
def test_what_is_placed_is_never_circular(moves: list[tuple[str, str | None, int]]) -> None:
    """Judged one by one, and what waits together: the rows never hold a circle, as the slowest way sees it."""
    there = books(A=None, B="A", C="B", D="B", E=None)
    waiting: list[Placement] = []
    for member, sponsor, number in moves:
        event = Placement(member=member, sponsor=sponsor, since=day(number))
        if member == sponsor:
            continue
        before = dict(there.placements)
        verdict = judge_placement(event, there)
        rows = {**before, member: placed(before[member], Row(since=event.since, sponsor=sponsor))}
        assert isinstance(verdict, Accept) == (not is_circular(plain(rows)))
        waiting += [event] if isinstance(verdict, Wait) else []
    place_together(waiting, there)
    assert not is_circular(plain(there.placements))
    assert set() == circles_of(there.placements, list(NAMES))


def plain(rows: dict[str, list[Row]]) -> dict[str, list[tuple[date, str | None]]]:
    """Return placements as pairs."""
    return {name: [(row.since, row.sponsor) for row in placed_rows] for name, placed_rows in rows.items()}
