"""
Stairs: where each step of a plan is drawn, and how much of it is filled. The product's sign, as plain geometry.

Heights follow the percents. The steps up to the present one are full; the next one fills with the way already gone to
it. What every possible end of the period reaches is tinted, what only some reach is dashed; a notch says what keeps the
title. The rail above is lit as far as the member has come. All lengths are whole units of the drawing, 360 wide.
"""

from msgspec import Struct

from backend.forecast.standing import Check, Standing
from backend.plan.needs import volume_needed
from backend.plan.terms import Terms

WIDTH = 360
GROUND = 178
"""Where the steps stand, counted from the top."""
FOOT = 12
"""Height of a step of no percent."""
RISE = 108
"""What the highest percent adds to that."""
GAP = 2
RAIL = 40
"""How far the rail runs above the steps."""
WHOLE = 1000
"""A fraction is so many thousandths."""


class Tread(Struct, frozen=True, kw_only=True):
    """A step as drawn: its box, how much of it is filled, and the band of where it may be filled to."""

    index: int
    percent_bp: int
    needs_points: int
    state: str
    """`gone`, `here` or `ahead`."""
    x: int
    middle: int
    width: int
    top: int
    height: int
    filled: int
    band_low: int
    band_high: int


class Notch(Struct, frozen=True, kw_only=True):
    """Where the volume or step lies that keeps the title."""

    x: int
    y: int
    width: int
    met: bool


class Stairs(Struct, frozen=True, kw_only=True):
    """The whole drawing: the steps, the rail and its lit part as points of a line, and the notch."""

    treads: tuple[Tread, ...]
    rail: str
    lit: str
    lit_end: tuple[int, int]
    notch: Notch | None
    way_bp: int
    """The way gone from the present step to the next, basis points."""


def stairs(terms: Terms, standing: Standing) -> Stairs:
    """Draw a plan's steps for a member's standing."""
    needs = [volume_needed(step.requirement, terms) for step in terms.steps]
    ways = [way(needs, index, standing.gv_points, standing.step) for index in range(len(needs))]
    treads = tuple(_tread(terms, needs, ways, index, standing) for index in range(len(needs)))
    ahead = ways[standing.step + 1] if standing.step + 1 < len(ways) else 0
    tops = [(tread.middle, tread.top - RAIL) for tread in treads]
    end = _between(tops[standing.step], tops[min(standing.step + 1, len(tops) - 1)], ahead)
    return Stairs(
        treads=treads,
        rail=_line(tops),
        lit=_line([*tops[: standing.step + 1], end]),
        lit_end=end,
        notch=_notch(treads, needs, standing.keeping.checks),
        way_bp=ahead * 10,
    )


def way(needs: list[int], index: int, gv_points: int, step: int) -> int:
    """Return how much of the way from the step below a volume has gone, in thousandths; a reached step is whole."""
    if index <= step:
        return WHOLE
    below, above = needs[index - 1], needs[index]
    return max(0, min(WHOLE, (gv_points - below) * WHOLE // (above - below))) if above > below else 0


def _tread(terms: Terms, needs: list[int], ways: list[int], index: int, standing: Standing) -> Tread:
    """Place one step."""
    start, stop = index * WIDTH // len(needs), (index + 1) * WIDTH // len(needs) - GAP
    height = _height(terms, index)
    states = {standing.step: "here"}
    band = standing.projected_gv if index > standing.step else None
    return Tread(
        index=index,
        percent_bp=terms.steps[index].percent_bp,
        needs_points=needs[index],
        state=states.get(index, "gone" if index < standing.step else "ahead"),
        x=start,
        middle=(start + stop) // 2,
        width=stop - start,
        top=GROUND - height,
        height=height,
        filled=height * ways[index] // WHOLE,
        band_low=height * way(needs, index, band.low, standing.step) // WHOLE if band else 0,
        band_high=height * way(needs, index, band.high, standing.step) // WHOLE if band else 0,
    )


def _height(terms: Terms, index: int) -> int:
    """Return a step's height by its percent."""
    highest = max(step.percent_bp for step in terms.steps) or 1
    return FOOT + RISE * terms.steps[index].percent_bp // highest


def _notch(treads: tuple[Tread, ...], needs: list[int], checks: tuple[Check, ...]) -> Notch | None:
    """Find the notch: the step that keeps the title, or the place of the GV that does; none where neither is asked."""
    for check in checks:
        if check.measure == "step" and 0 < check.at_least < len(treads):
            tread = treads[check.at_least]
            return Notch(x=tread.x, y=tread.top, width=tread.width, met=check.met)
        if check.measure == "gv":
            index = next((at for at, need in enumerate(needs) if need >= check.at_least), len(needs) - 1)
            tread, gone = treads[index], way(needs, index, check.at_least, -1)
            return Notch(x=tread.x, y=GROUND - tread.height * gone // WHOLE, width=tread.width, met=check.met)
    return None


def _between(start: tuple[int, int], end: tuple[int, int], thousandths: int) -> tuple[int, int]:
    """Return the point that lies so far on the way from start to end."""
    return (
        start[0] + (end[0] - start[0]) * thousandths // WHOLE,
        start[1] + (end[1] - start[1]) * thousandths // WHOLE,
    )


def _line(points: list[tuple[int, int]]) -> str:
    """Write points as SVG does."""
    return " ".join(f"{x},{y}" for x, y in points)
