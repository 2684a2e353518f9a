"""
Check a correction of the network: all that is wrong about it, at once.
"""

from datetime import date

from tortoise.connection import get_connection

from backend.intake.books import Row
from backend.intake.circles import Circle, circle_with
from backend.intake.events import Enrolment, Placement
from backend.kernel.finding import Finding, Place
from backend.network.correction import Correction, Enrolled, Leave, Move
from backend.store.company import company
from backend.store.network import Person, person_on
from backend.store.uplines import last_orders, lines_above

SHOWN = 6
"""How many members of a long circle are named."""


async def check_correction(correction: Correction) -> list[Finding]:
    """
    Return why a correction cannot be recorded: unknown or not yet joined members, self, circles, and nothing to change.

    A circle of sponsors or enrollers is looked for on every day on which the correction would hold. Nobody leaves on a
    day on which, or before one on which, that member has bought.
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
            same = member is not None and member.sponsor == correction.to
            return [*await _above(correction, "sponsor"), *([_nothing(correction.member)] if same else [])]
        case Enrolled():
            same = member is not None and member.enroller == correction.to
            return [*await _above(correction, "enroller"), *([_nothing(correction.member)] if same else [])]
        case Leave():
            same = member is not None and member.left_on == correction.on
            return [*await _bought(correction), *([_nothing(correction.member)] if same else [])]


async def _above(correction: Move | Enrolled, what: str) -> list[Finding]:
    """Return what is wrong about the new sponsor or enroller, or else the circle that would run through it."""
    found = await _of_other(correction, what)
    circle = await _circle(correction) if correction.to and not found else None
    return [*found, *([_in_circle(correction, circle, what)] if circle else [])]


async def _of_other(correction: Move | Enrolled, what: str) -> list[Finding]:
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


async def _circle(correction: Move | Enrolled) -> Circle | None:
    kind = Placement if isinstance(correction, Move) else Enrolment
    named = [one for one in (correction.member, correction.to) if one]
    lines = await lines_above(get_connection("default"), kind, named)
    return circle_with(lines, correction.member, Row(since=correction.since, above=correction.to))


def _in_circle(correction: Move | Enrolled, circle: Circle, what: str) -> Finding:
    names = [*circle.members, circle.members[0]]
    shown = names if len(names) <= SHOWN else [*names[: SHOWN - 1], f"… {len(names) - SHOWN} more", names[-1]]
    when = f"On {circle.day}" if circle.day > date.min else f"Before {correction.since}"
    each = "sponsored" if what == "sponsor" else "enrolled"
    message = f"{when} {what}s would run in a circle: {' > '.join(shown)} (each is {each} by the next)."
    own = "downline" if what == "sponsor" else "line of enrolments"
    return _finding(f"{what}-circle", message, f"Name {_a(what)} from outside of the own {own}.", correction.member)


def _a(what: str) -> str:
    return f"an {what}" if what == "enroller" else f"a {what}"


async def _bought(leave: Leave) -> list[Finding]:
    """Return that a member has bought on the day of leaving, or later: it had not left then."""
    row = await company()
    if leave.on is None or row is None:
        return []
    found = (await last_orders(get_connection("default"), [leave.member], row.zone.key)).values()
    return [
        _finding(
            "order-after-leaving",
            f'"{leave.member}" has bought on {last.day}, by the order "{last.order}", and had not left then.',
            f"Name a day after {last.day}.",
            leave.member,
        )
        for last in found
        if last.day >= leave.on
    ]


def _unknown(what: str, code: str) -> Finding:
    return _finding(f"{what}-unknown", f'No member bears the id "{code}".', "Mend the id.", code)


def _nothing(code: str) -> Finding:
    return _finding("nothing-changes", f'"{code}" stands so on that day already.', "There is nothing to do.", code)


def _finding(code: str, message: str, remedy: str, path: str) -> Finding:
    return Finding(code=code, place=Place(source="network", path=path), message=message, remedy=remedy)
