"""
What a member is, in words: volumes and activity, marks, the ladder, breakaway, titles and how they are kept.
"""

from collections.abc import Iterator

from backend.kernel.points import percent_text
from backend.plan.phrases import (
    exclusion_words,
    label,
    mark_words,
    points_words,
    requirement_words,
)
from backend.plan.terms import Failing, FallsTo, GroupVolume, Stays, Terms, Title, Window
from backend.plan.text.layout import gate, months, ordinal, rule, table

MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)
FAILING = {
    Failing.COMPRESS_UP: "Others are not paid; those above measure against what is paid below.",
    Failing.FORFEIT: "Others are not paid, and nobody above gains by it.",
    Failing.OWN_SALES_ONLY: "Others are paid on own sales only.",
    Failing.PASS_UP: "What others would have earned goes to the nearest active member above.",
    Failing.CARRY_FORWARD: "What others earn is held, and paid in the next month of activity.",
}
CLOSES = {
    (True, True): "Its volume leaves the GV above, and the difference on it ends.",
    (True, False): "Its volume leaves the GV above; the difference on it goes on.",
    (False, True): "Its volume still counts in the GV above; the difference on it ends.",
}


def volume_lines(terms: Terms) -> list[str]:
    """Say what counts as PV and GV, and who is active."""
    limit = (
        f"at most {points_words(terms.own_pv_limit)} of own orders count"
        if terms.own_pv_limit
        else "no limit on own orders"
    )
    breakaway = terms.breakaway
    less = "" if breakaway.never or not breakaway.closes_volume else ", less the legs that broke away"
    asked = requirement_words(terms.active, terms)
    active = f"Active in a month: {asked}. {FAILING[terms.unqualified]}" if terms.active.any_of else "All are active."
    return [
        rule(f"PV: own orders and those of own customers; {limit}.", terms.own_pv_limit_clause),
        rule(f"GV: PV and that of all legs{less}.", breakaway.clause if less else ""),
        rule(active, terms.active.clause),
    ]


def named_volume_lines(terms: Terms) -> list[str]:
    """Say what each volume counts that the plan names itself."""
    return [rule(f"{volume.name}: {_counted(volume, terms)}.", volume.clause) for volume in terms.volumes]


def _counted(volume: GroupVolume, terms: Terms) -> str:
    counted = "PV and the volume of all legs" if volume.own else "the volume of all legs, without own PV"
    less = "".join(f", less {exclusion_words(each, terms)}" for each in volume.less)
    limit = f"; of one leg at most {points_words(volume.leg_limit)}" if volume.leg_limit else ""
    window = {
        Window.PERIOD: "",
        Window.LAST: f"; over the last {volume.periods} months",
        Window.YEAR: f"; since the year began in {MONTHS[terms.year_begins_month - 1]}",
        Window.LIFETIME: "; over all time",
    }[volume.window]
    only = f", of months with {mark_words(terms, volume.only_with_mark)}" if volume.only_with_mark >= 0 else ""
    return f"{counted if volume.legs else 'PV alone'}{less}{limit}{window}{only}"


def mark_lines(terms: Terms) -> list[str]:
    """Say what each mark asks for."""
    return [
        rule(
            f"{mark.name}: {'as the company says; else ' if mark.stated else ''}"
            f"{requirement_words(mark.requirement, terms)}.",
            mark.clause,
        )
        for mark in terms.marks
    ]


def ladder_lines(terms: Terms) -> list[str]:
    """Draw the ladder, and what settles a step beside it."""
    rows = [("step", "percent", "clause", "asks for")]
    rows += [
        (step.id, percent_text(step.percent_bp), step.clause, requirement_words(step.requirement, terms))
        for step in terms.steps
    ]
    return [*table(rows, right={1}), *_beside(terms)]


def _beside(terms: Terms) -> Iterator[str]:
    ladder = terms.ladder
    counts = "at once" if ladder.fast_track_at_once else "from the next month on"
    for step in terms.steps:
        if step.fast_track:
            asked = requirement_words(step.fast_track, terms)
            yield rule(f"Fast track to {label(step)}, {counts}: {asked}.", step.fast_track.clause)
    if ladder.never_lost:
        yield rule("A step once reached is never lost.", ladder.clause)
    if ladder.frontline_floor:
        yield rule("Nobody stands below the highest step of the own frontline.", ladder.clause)
    if ladder.stated:
        yield rule("Where the company states a member's percent, that is the percent.", ladder.clause)


def breakaway_lines(terms: Terms) -> list[str]:
    """Say when a leg breaks away, for how long, and what that closes."""
    found = terms.breakaway
    if found.never:
        return []
    breaks = f"A leg breaks away when its leader has {requirement_words(found.requirement, terms)}"
    closes = CLOSES[found.closes_volume, found.closes_differential]
    return [rule(f"{breaks}; {_stays(terms)}. {closes}", found.clause)]


def _stays(terms: Terms) -> str:
    if terms.breakaway.stays is Stays.WITH_TITLE:
        title = terms.breakaway.title
        kept = f"the title {terms.titles[title].name}" if title < len(terms.titles) else "a title"
        return f"it stays so while its leader keeps {kept}"
    return "it stays so for good" if terms.breakaway.stays is Stays.FOR_GOOD else "each month decides anew"


def title_lines(terms: Terms) -> list[str]:
    """Say what earns each title and what keeps it; a plan of one title has none to tell of."""
    if len(terms.titles) == 1:
        return []
    return [*(line for title in terms.titles for line in _title(title, terms)), _maintenance(terms)]


def _title(title: Title, terms: Terms) -> list[str]:
    lines = [rule(f"{title.name}: {requirement_words(title.requirement, terms)}.", title.requirement.clause)]
    lines += gate("earned again by", title.requalify, terms) if title.requalify else []
    return lines + gate("kept by", title.keep, terms)


def _maintenance(terms: Terms) -> str:
    found = terms.maintenance
    window, grace = found.window_periods, found.grace_periods
    if not window:
        return rule("A title once earned is never lost.", "")
    times = "once" if window == 1 else f"{window} times"
    takes = f"A title falls when what keeps it is missed {times} in a row"
    first = f"; {'the first miss is' if grace == 1 else f'the first {grace} misses are'} grace" if grace else ""
    risk = f", and from the {ordinal(grace)} on the title is at risk" if grace + 1 < window else ""
    falls = "by one title, or to the one achieved" if found.falls_to is FallsTo.ONE_DOWN else "to the title achieved"
    locked = (
        f" In the first {months(found.locked_periods)} with a title no miss counts." if found.locked_periods else ""
    )
    return rule(f"{takes}{first}{risk}. It falls {falls}.{locked}", found.clause)
