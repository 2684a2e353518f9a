"""
Leaving: where the legs stand of members who have left.

The placements themselves never move; who has left keeps its own place, and a leg stands under the nearest upline who
has not left. Where nobody above is left, it stands under the top of its line: no leg ever hangs loose.
"""

from collections.abc import Sequence


def moved_up(ids: Sequence[str], sponsors: Sequence[str | None], gone: Sequence[bool]) -> list[str | None]:
    """
    Return under whom each row stands, once the legs of all who are gone have moved up; None at a top.

    Nothing recurses, and each line is walked once; sponsors that run in a circle of leavers stay as they are, for
    `tree.mistakes` to name.
    """
    left = {code for code, is_gone in zip(ids, gone, strict=True) if is_gone}
    above = {code: sponsor for code, sponsor in zip(ids, sponsors, strict=True) if code in left}
    instead: dict[str, str] = {}
    for code in above:
        _settle(code, above, instead)
    return [None if sponsor is None else instead.get(sponsor, sponsor) for sponsor in sponsors]


def _settle(code: str, above: dict[str, str | None], instead: dict[str, str]) -> None:
    """Note under whom the legs stand of a leaver, and of all leavers in a row above."""
    path: dict[str, None] = {}
    at = code
    while at in above and at not in instead and at not in path:
        path[at] = None
        at = above[at] or at
    found = instead.get(at, at)
    if found in path and above[found] is not None:
        return
    instead.update(dict.fromkeys(path, found))
