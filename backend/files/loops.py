"""
Circles among sponsors: found in one pass without recursion, so that a line of any depth is no trouble.
"""

from collections.abc import Sequence


def loops(sponsor: Sequence[int]) -> list[list[int]]:
    """Return each circle once, as the rows on it in the order of sponsoring; `sponsor` is a row or -1 at the top."""
    seen_by = [-1] * len(sponsor)
    found = []
    for start in range(len(sponsor)):
        at = start
        while at >= 0 and seen_by[at] < 0:
            seen_by[at] = start
            at = sponsor[at]
        if at >= 0 and seen_by[at] == start:
            found.append(_circle(sponsor, at))
    return found


def _circle(sponsor: Sequence[int], start: int) -> list[int]:
    circle = [start]
    while (at := sponsor[circle[-1]]) != start:
        circle.append(at)
    return circle
