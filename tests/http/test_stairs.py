"""
Stairs: the drawing says what the numbers say.
"""

import pytest

from backend.forecast.standing import Check, Range
from backend.http.stairs import GROUND, RAIL, WIDTH, stairs, way
from backend.plan.needs import volume_needed
from tests.http import cast


def test_heights_follow_the_percents() -> None:
    """A step of a higher percent is higher, the whole is as wide as the drawing, and all of it stands on the ground."""
    treads = stairs(cast.terms(), cast.standing()).treads
    heights = [tread.height for tread in treads]
    assert sorted(set(heights)) == heights
    assert {GROUND} == {tread.top + tread.height for tread in treads}
    assert WIDTH >= treads[-1].x + treads[-1].width > WIDTH - 5


def test_reached_steps_are_full_and_the_next_one_fills() -> None:
    """On 16 % with 6,240.5 of the 4,000 to 8,000 GV that lie before 20 %, the next step is filled to 56 %."""
    drawing = stairs(cast.terms(), cast.standing())
    assert ["gone"] * 4 + ["here"] + ["ahead"] * 2 == [tread.state for tread in drawing.treads]
    assert all(tread.filled == tread.height for tread in drawing.treads[:5])
    assert drawing.treads[5].height * 560 // 1000 == drawing.treads[5].filled
    assert 0 == drawing.treads[6].filled
    assert 5600 == drawing.way_bp


@pytest.mark.parametrize(
    ("gv", "thousandths"),
    [(0, 0), (400_000, 0), (600_000, 500), (799_999, 999), (800_000, 1000), (990_000, 1000), (-5000, 0)],
)
def test_a_way_lies_between_nothing_and_whole(gv: int, thousandths: int) -> None:
    """A way counts from the step below, on the line it is whole, and a negative volume has gone none of it."""
    needs = [volume_needed(step.requirement, cast.terms()) for step in cast.terms().steps]
    assert thousandths == way(needs, 5, gv, 4)


def test_the_band_says_where_the_month_may_end() -> None:
    """The band of a step ahead lies between the ways of the lowest and the highest possible GV."""
    tread = stairs(
        cast.terms(), cast.standing(projected_gv=Range(low=600_000, middle=1, high=700_000, past_periods=3))
    ).treads[5]
    assert (tread.height * 500 // 1000, tread.height * 750 // 1000) == (tread.band_low, tread.band_high)
    without = stairs(cast.terms(), cast.standing(projected_gv=None)).treads
    assert {0} == {tread.band_high for tread in without}


def test_the_rail_is_lit_as_far_as_the_member_has_come() -> None:
    """The rail runs above every step; its lit part ends between the present step and the next."""
    drawing = stairs(cast.terms(), cast.standing())
    here, ahead = drawing.treads[4], drawing.treads[5]
    assert len(drawing.treads) == len(drawing.rail.split())
    assert here.middle < drawing.lit_end[0] < ahead.middle
    assert ahead.top - RAIL < drawing.lit_end[1] < here.top - RAIL


def test_the_highest_step_has_nothing_ahead() -> None:
    """Who stands on the highest step has a rail that is lit to its end."""
    drawing = stairs(cast.terms(), cast.standing(step=6, gv_points=2_000_000, next_step=None))
    assert drawing.rail == " ".join(drawing.lit.split()[:7])
    assert (drawing.treads[6].middle, drawing.treads[6].top - RAIL) == drawing.lit_end


@pytest.mark.parametrize(
    ("check", "index"),
    [(Check(measure="gv", have=0, at_least=150_000), 3), (Check(measure="step", have=4, at_least=3), 3)],
)
def test_the_notch_marks_what_keeps_the_title(check: Check, index: int) -> None:
    """A volume or a step that keeps the title is marked where it lies: here at the top of the fourth step."""
    keeping = cast.standing().keeping
    standing = cast.standing(
        keeping=type(keeping)(state="met", checks=(check,), missed_periods=0, window_periods=3, grace_periods=1)
    )
    drawing = stairs(cast.terms(), standing)
    assert drawing.notch is not None
    assert (drawing.treads[index].x, drawing.treads[index].top) == (drawing.notch.x, drawing.notch.y)
