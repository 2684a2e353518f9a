"""
Dated placements never close a circle on any day, and those that only close one alone go in together.
"""

from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from backend.intake.books import Books, KnownMember, Row, placed
from backend.intake.circles import Circle, circle_with, circles_of
from backend.intake.events import UPLINES, Enrolment, Placement, Upline
from backend.intake.network import judge_upline, place_together
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
    placements, enrolments = (
        {name: [Row(since=DAY, above=sponsor)] for name, sponsor in sponsors.items()} for _ in range(2)
    )
    return Books(members=members, placements=placements, enrolments=enrolments)


def test_a_circle_of_a_later_day_counts() -> None:
    """A move that is fine today closes a circle next month, when somebody above has moved below."""
    rows = {"A": [Row(since=DAY, above=None), Row(since=day(30), above="C")], "B": [Row(since=DAY, above=None)]}
    rows["C"] = [Row(since=DAY, above="B")]

    assert None is circle_with(rows, "B", Row(since=day(40), above=None))
    assert Circle(day(30), ("B", "A", "C")) == circle_with(rows, "B", Row(since=day(10), above="A"))
    until = {**rows, "B": [*rows["B"], Row(since=day(30), above=None)]}
    assert None is circle_with(until, "B", Row(since=day(10), above="A"))


def test_a_first_placement_holds_before_its_day() -> None:
    """Who joined later stands where the first placement says, also for those who were placed below before that."""
    rows = {"A": [Row(since=day(50), above="B")], "B": [Row(since=day(60), above=None)]}
    assert circle_with(rows, "B", Row(since=day(60), above="A"))


def test_placements_that_need_each_other_go_in_together() -> None:
    """A placement that was corrected before it could ever hold: neither goes in alone, both do at once."""
    there = books(A=None, B="A", C="B")
    wrong = Placement(member="A", sponsor="C", since=day(5))
    right = Placement(member="A", sponsor=None, since=day(5), correction=1)

    assert isinstance(judge_upline(wrong, there), Wait)
    assert isinstance(judge_upline(right, there), Wait)
    assert [] == place_together(Placement, [wrong], there)
    assert [wrong, right] == place_together(Placement, [wrong, right], there)


MOVES = st.lists(
    st.tuples(st.sampled_from(NAMES), st.sampled_from([None, *NAMES]), st.integers(1, 6)),
    max_size=8,
    unique_by=(lambda one: (one[0], one[2])),
)


@settings(deadline=None, max_examples=300)
@given(moves=MOVES, kind=st.sampled_from(UPLINES))
def test_nobody_is_ever_above_itself(moves: list[tuple[str, str | None, int]], kind: type[Upline]) -> None:
    """Sponsors and enrollers alike: judged one by one, and what waits together, the rows never hold a circle."""
    there = books(A=None, B="A", C="B", D="B", E=None)
    waiting: list[Upline] = []
    for member, above, number in moves:
        event = upline(kind, member, above, day(number))
        if member == above:
            continue
        before = dict(there.rows_of(kind))
        verdict = judge_upline(event, there)
        rows = {**before, member: placed(before[member], Row(since=event.since, above=above))}
        assert isinstance(verdict, Accept) == (not is_circular(plain(rows)))
        waiting += [event] if isinstance(verdict, Wait) else []
    place_together(kind, waiting, there)
    assert not is_circular(plain(there.rows_of(kind)))
    assert set() == circles_of(there.rows_of(kind), list(NAMES))


def upline(kind: type[Upline], member: str, above: str | None, since: date) -> Upline:
    """Return a placement or an enrolment."""
    if kind is Placement:
        return Placement(member=member, sponsor=above, since=since)
    return Enrolment(member=member, enroller=above, since=since)


def plain(rows: dict[str, list[Row]]) -> dict[str, list[tuple[date, str | None]]]:
    """Return placements as pairs."""
    return {name: [(row.since, row.above) for row in placed_rows] for name, placed_rows in rows.items()}
