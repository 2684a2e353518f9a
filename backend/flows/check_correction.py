"""
Check a correction of the network: all that is wrong about it, at once.
"""

from datetime import date

from backend.kernel.finding import Finding, Place
from backend.network.correction import Correction, Enrolled, Leave, Move
from backend.store.network import Person, days_of_moves, line_above, next_placement, person_on

SHOWN = 6
"""How many members of a long circle are named."""


async def check_correction(correction: Correction) -> list[Finding]:
    """
    Return why a correction cannot be recorded: unknown or not yet joined members, self, circles, and nothing to change.

    A circle is looked for on the day of the correction and on each later day on which anybody moves, until the member
    is placed anew.
    """
    day = correction.on if isinstance(correction, Leave) else correction.since
    member = await person_on(correction.member, day or date.max)
    if member is None:
        return [_unknown("member", correction.member), *await _about(correction, None)]
    found = await _about(correction, member)
    if day is not None and day < member.joined_on:
        message = f'"{member.code}" joined on {member.joined_on}, after {day}.'
        found.append(_finding("member-not-joined", message, "Name that day or a later one.", member.code))
    return found


async def _about(correction: Correction, member: Person | None) -> list[Finding]:
    match correction:
        case Move():
            found = await _of_other(correction, "sponsor")
            circle = await _circle(correction) if correction.to and not found else None
            same = member is not None and member.sponsor == correction.to
            return [*found, *([circle] if circle else []), *([_nothing(correction.member)] if same else [])]
        case Enrolled():
            same = member is not None and member.enroller == correction.to
            return [*await _of_other(correction, "enroller"), *([_nothing(correction.member)] if same else [])]
        case Leave():
            same = member is not None and member.left_on == correction.on
            return [_nothing(correction.member)] if same else []


async def _of_other(correction: Move | Enrolled, what: str) -> list[Finding]:
    """Return what is wrong about the new sponsor or enroller."""
    if correction.to is None:
        return []
    if correction.to == correction.member:
        message = f'"{correction.member}" would be its own {what}.'
        return [_finding(f"{what}-self", message, f"Name another {what}.", correction.member)]
    other = await person_on(correction.to, correction.since)
    if other is None:
        return [_unknown(what, correction.to)]
    found: list[Finding] = []
    if other.joined_on > correction.since:
        message = f'The {what} "{other.code}" joined on {other.joined_on}, after {correction.since}.'
        found.append(_finding(f"{what}-not-joined", message, "Name that day or a later one.", other.code))
    if other.left_on is not None and other.left_on <= correction.since:
        message = f'The {what} "{other.code}" has left on {other.left_on}.'
        found.append(_finding(f"{what}-left", message, f"Name a {what} who has not left.", other.code))
    return found


async def _circle(move: Move) -> Finding | None:
    assert move.to is not None, "who stands at the top closes no circle"
    until = await next_placement(move.member, move.since)
    for day in [move.since, *await days_of_moves(move.since, until)]:
        line = await line_above(move.to, day)
        if move.member in line:
            names = [move.member, *line[: line.index(move.member) + 1]]
            shown = names if len(names) <= SHOWN else [*names[: SHOWN - 1], f"… {len(names) - SHOWN} more", names[-1]]
            message = f"On {day} sponsors would run in a circle: {' > '.join(shown)} (each is sponsored by the next)."
            return _finding("sponsor-circle", message, "Name a sponsor from outside of the own downline.", move.member)
    return None


def _unknown(what: str, code: str) -> Finding:
    return _finding(f"{what}-unknown", f'No member bears the id "{code}".', "Mend the id.", code)


def _nothing(code: str) -> Finding:
    return _finding("nothing-changes", f'"{code}" stands so on that day already.', "There is nothing to do.", code)


def _finding(code: str, message: str, remedy: str, path: str) -> Finding:
    return Finding(code=code, place=Place(source="network", path=path), message=message, remedy=remedy)
