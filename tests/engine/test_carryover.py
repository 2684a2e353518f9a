"""
What a period hands on: one document, saved and read again, that finds its places under a plan that has changed.
"""

from collections.abc import Mapping

import numpy as np
import pytest
from msgspec.structs import replace

from backend.engine.periods.carryover import Carryover, carryover, carryover_of, read_carryover
from backend.engine.pipeline import run
from backend.engine.snapshot import Carried, Snapshot
from backend.plan.terms import GroupVolume, Mark, OneTime, Requirement, Terms, Window
from tests.notation import company
from tests.people import cast, plan

ANYONE = Requirement()


def _rich(*, marks: tuple[str, ...], volumes: tuple[tuple[str, Window, int], ...], targets: tuple[str, ...]) -> Terms:
    """Return the cases' plan with marks, windows and one-time targets of these names."""
    return replace(
        plan(),
        marks=tuple(Mark(id=name, name=name, requirement=ANYONE) for name in marks),
        volumes=tuple(GroupVolume(id=n, name=n, window=w, periods=p) for n, w, p in volumes),
        one_times=tuple(OneTime(id=n, name=n, requirement=ANYONE, amount_minor=0) for n in targets),
    )


def test_the_same_month_hands_on_the_same_bytes() -> None:
    """
    The document of a computed period is frozen text: it is read again as it was saved, and has one digest.
    """
    saved = carryover_of(cast(), plan(), run(cast(), plan()))

    assert saved == read_carryover(saved.encoded())
    assert 1 == len({carryover_of(cast(), plan(), run(cast(), plan())).digest() for _ in range(2)})


def test_under_the_same_plan_nothing_moves() -> None:
    """
    Members bring what they carried out.
    """
    handed = carryover_of(cast(), plan(), run(cast(), plan()))

    assert handed.members == handed.under(plan())


def test_a_title_that_is_gone_becomes_the_next_lower() -> None:
    """
    Titles, steps and the bonuses paid for titles go by their ids.
    """
    before = carryover("2026-09", plan(), {"A": Carried(title=3, best_title=3, step=2, bonuses=0b11 << 6)})
    fewer = replace(plan(), titles=tuple(title for title in plan().titles if title.id != plan().titles[2].id))

    assert Carried(title=2, best_title=2, step=2, bonuses=0b11 << 4) == before.under(fewer)["A"]


def _remembering() -> Carryover:
    terms = _rich(
        marks=("first", "second"), volumes=(("ever", Window.LIFETIME, 0), ("three", Window.LAST, 3)), targets=("x", "y")
    )
    carried = Carried(marks=(0b1, 0b101), volumes=(100, 90, 7, 6, 70, 60), one_times=0b10)
    return carryover("2026-09", terms, {"A": carried})


def test_marks_and_windows_find_their_new_places() -> None:
    """
    A mark's history and a window's slots follow their names; what is new begins empty, what is gone is dropped.
    """
    after = _rich(
        marks=("second", "new"), volumes=(("three", Window.LAST, 3), ("ever", Window.LIFETIME, 0)), targets=("y",)
    )

    one = _remembering().under(after)["A"]

    assert ((0b101, 0), (7, 6, 70, 60, 100, 90), 0b1) == (one.marks, one.volumes, one.one_times)


@pytest.mark.parametrize(("periods", "slots"), [(2, (7, 70)), (3, (7, 6, 70, 60)), (5, (7, 6, 0, 0, 70, 60, 0, 0))])
def test_a_window_that_changes_its_length_keeps_the_latest_periods(periods: int, slots: tuple[int, ...]) -> None:
    """
    A shorter window forgets the oldest periods, a longer one begins with those that are known.
    """
    after = _rich(marks=(), volumes=(("three", Window.LAST, periods),), targets=())

    assert slots == _remembering().under(after)["A"].volumes


def test_a_window_of_another_kind_begins_anew() -> None:
    """
    The sum of a lifetime says nothing of the last three periods.
    """
    after = _rich(marks=(), volumes=(("ever", Window.LAST, 3),), targets=())

    assert (0, 0, 0, 0) == _remembering().under(after)["A"].volumes


def _month(terms: Terms, own: str, carried: Mapping[str, Carried]) -> Snapshot:
    """Return a month of A alone, with the windows' slots that were carried into it."""
    snapshot = company(terms, "A", own=own)
    slots = [carried["A"].volumes] if carried else snapshot.volumes_before
    return replace(snapshot, volumes_before=np.array(slots, np.int64))


def test_months_from_orders_alone_carry_their_windows_on() -> None:
    """
    Accumulated volume is what all months so far have brought, each handing on to the next.
    """
    terms = _rich(marks=(), volumes=(("ever", Window.LIFETIME, 0), ("two", Window.LAST, 2)), targets=())
    carried, found = dict[str, Carried](), []
    for own in ("A 100", "A 250", "A 40"):
        snapshot = _month(terms, own, carried)
        outcome = run(snapshot, terms)
        found.append(outcome.named_points[0].tolist())
        carried = carryover_of(snapshot, terms, outcome).under(terms)

    assert [[10_000, 10_000], [35_000, 35_000], [39_000, 29_000]] == found


def _takes_back(*, periods: int = 2, without: str = "") -> Terms:
    """Return the cases' plan with lost titles that take back what they have paid, and without one of the titles."""
    titles = tuple(title for title in plan().titles if title.id != without)
    return replace(plan(), titles=titles, title_held=replace(plan().title_held, clawback_periods=periods))


def test_what_titles_have_paid_is_carried_on_until_it_is_taken_back() -> None:
    """
    A month hands on what each title has paid and how long ago; the month that takes it back hands on nothing of it.
    """
    terms = _takes_back()
    paid = company(terms, "A", own="A 1000", carried="A leader held 2")
    taken = company(terms, "A", own="A 500", carried="A leader held 3 missed 2 bonuses 32", held_paid="A leader 0 100")

    carried = [carryover_of(each, terms, run(each, terms)).members["A"].held_paid for each in (paid, taken)]

    assert [(0, 0, 0, 0, 0, 10_000, 0, 0), ()] == carried


@pytest.mark.parametrize(
    ("after", "held_paid"),
    [
        (_takes_back(), (0, 0, 0, 0, 1, 10_000, 3, 30_000)),
        (_takes_back(without="seller"), (0, 0, 1, 10_000, 3, 30_000)),
        (_takes_back(without="leader"), (0, 0, 0, 0, 3, 30_000)),
        (_takes_back(periods=0), ()),
    ],
)
def test_what_titles_have_paid_goes_by_their_ids(after: Terms, held_paid: tuple[int, ...]) -> None:
    """
    It follows each title to its new place, goes with a title that is gone, and is dropped where nothing is taken back.
    """
    before = carryover("2026-09", _takes_back(), {"A": Carried(title=3, held_paid=(0, 0, 0, 0, 1, 10_000, 3, 30_000))})

    assert held_paid == before.under(after)["A"].held_paid
