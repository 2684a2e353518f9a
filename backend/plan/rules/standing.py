"""
What a member is, as it is said: volumes and activity, marks, the ladder, breakaway, titles and how they are kept.
"""

from collections.abc import Iterator

from backend.plan.rules.gates import exclusion_said, label, mark_said, requirement_said
from backend.plan.rules.said import (
    Count,
    MonthOfYear,
    Percent,
    Word,
    count,
    months,
    ordinal,
    points_said,
    say,
    sentences,
    written,
)
from backend.plan.rules.sheet import Rule, Table, gate
from backend.plan.terms import (
    Failing,
    FallsTo,
    GroupVolume,
    LateOrders,
    Leavers,
    Returns,
    Stays,
    Terms,
    Title,
    Unpaid,
    Window,
)

FAILING = {
    Failing.COMPRESS_UP: say("Others are not paid; those above measure against what is paid below."),
    Failing.FORFEIT: say("Others are not paid, and nobody above gains by it."),
    Failing.OWN_SALES_ONLY: say("Others are paid on own sales only."),
    Failing.PASS_UP: say("What others would have earned goes to the nearest active member above."),
    Failing.CARRY_FORWARD: say("What others earn is held, and paid in the next month of activity."),
}
CLOSES = {
    (True, True): say("Its volume leaves the GV above, and the difference on it ends."),
    (True, False): say("Its volume leaves the GV above; the difference on it goes on."),
    (False, True): say("Its volume still counts in the GV above; the difference on it ends."),
}
RETURNED = {
    Returns.LOWER_THE_PERIOD: say("What comes back lowers the month in which it comes back."),
    Returns.RECOVERED: say(
        "What comes back of an earlier month's order lowers that month, and who earned on it gives back the pay."
    ),
}

UNPAID = {
    Unpaid.LOWER_STEP: written("Paid at %(step)s: %(asked)s; others at the highest step below that may be paid."),
    Unpaid.AS_INACTIVE: written("Paid at %(step)s: %(asked)s; others as if not active."),
}


LATE = {
    LateOrders.OPEN_PERIOD: say("An order that arrives after its month was closed counts in the open month."),
    LateOrders.OWN_PERIOD: say(
        "An order that arrives after its month was closed counts in its own month; what it changes is adjusted in the"
        " open one."
    ),
}
LEAVERS = {
    Leavers.MOVE_UP: say("When a member leaves, the legs move up to the sponsor from that day on."),
    Leavers.STAY: say("When a member leaves, the legs stay in place under the closed position."),
}


PAUSES = (
    say("While fees are outstanding pay is computed and held; nothing of it is lost."),
    say("While compliance has not cleared a member pay is computed and held; nothing of it is lost."),
)


def volume_rules(terms: Terms) -> Iterator[Rule]:
    """Say what counts as PV and GV, what returns, late orders and leavers do, who is active, and what pauses."""
    limit = terms.own_pv_limit
    own = say("at most %(points)s of own orders count", points=points_said(limit))
    at_most = own if limit else say("no limit on own orders")
    yield Rule(say("PV: own orders and those of own customers; %(limit)s.", limit=at_most), terms.own_pv_limit_clause)
    if terms.returns_clause:
        yield Rule(RETURNED[terms.returns], terms.returns_clause)
    if terms.late_orders_clause:
        yield Rule(LATE[terms.late_orders], terms.late_orders_clause)
    if terms.leavers_clause:
        yield Rule(LEAVERS[terms.leavers], terms.leavers_clause)
    closes = terms.breakaway.closes_volume and not terms.breakaway.never
    less = say("GV: PV and that of all legs, less the legs that broke away.")
    yield Rule(less, terms.breakaway.clause) if closes else Rule(say("GV: PV and that of all legs."))
    asked = say("Active in a month: %(asked)s.", asked=requirement_said(terms.active, terms))
    active = sentences([asked, FAILING[terms.unqualified]]) if terms.active.any_of else say("All are active.")
    yield Rule(active, terms.active.clause)
    for paused, said in zip((terms.pause.while_unpaid, terms.pause.while_uncleared), PAUSES, strict=True):
        if paused:
            yield Rule(said, terms.pause.clause)


def named_volume_rules(terms: Terms) -> Iterator[Rule]:
    """Say what each volume counts that the plan names itself."""
    for volume in terms.volumes:
        yield Rule(say("%(name)s: %(rule)s.", name=volume.name, rule=_counted(volume, terms)), volume.clause)


def _counted(volume: GroupVolume, terms: Terms) -> Word:
    counted: Word = (
        say("PV and the volume of all legs") if volume.own else say("the volume of all legs, without own PV")
    )
    counted = counted if volume.legs else say("PV alone")
    if volume.from_level > 1:
        level = Count(volume.from_level)
        counted = say("the volume of all legs from level %(level)s down, the frontline being level 1", level=level)
    for each in volume.less:
        counted = say("%(volume)s, less %(left)s", volume=counted, left=exclusion_said(each, terms))
    if volume.leg_limit:
        most = points_said(volume.leg_limit)
        counted = say("%(volume)s; of one leg at most %(points)s", volume=counted, points=most)
    counted = _over(volume, counted, terms)
    if volume.only_with_mark >= 0:
        mark = mark_said(terms, volume.only_with_mark)
        counted = say("%(volume)s, of months with %(mark)s", volume=counted, mark=mark)
    return counted


def _over(volume: GroupVolume, counted: Word, terms: Terms) -> Word:
    match volume.window:
        case Window.LAST:
            return say("%(volume)s; over the last %(count)s months", volume=counted, count=Count(volume.periods))
        case Window.YEAR:
            month = MonthOfYear(terms.year_begins_month)
            return say("%(volume)s; since the year began in %(month)s", volume=counted, month=month)
        case Window.LIFETIME:
            return say("%(volume)s; over all time", volume=counted)
    return counted


def mark_rules(terms: Terms) -> Iterator[Rule]:
    """Say what each mark asks for."""
    for mark in terms.marks:
        asked = requirement_said(mark.requirement, terms)
        stated = say("as the company says; else %(asked)s", asked=asked) if mark.stated else asked
        yield Rule(say("%(name)s: %(rule)s.", name=mark.name, rule=stated), mark.clause)


def ladder_parts(terms: Terms) -> Iterator[Rule | Table]:
    """Draw the ladder from its foot, what each step pays and asks for; then say what settles a step beside that."""
    rules = rung_rules(terms)
    rows = [(step.id, Percent(step.percent_bp), rule.said) for step, rule in zip(terms.steps, rules, strict=True)]
    yield Table((say("step"), say("percent"), say("asks for")), tuple(rows), tuple(rule.clause for rule in rules))
    yield from _beside(terms)


def _beside(terms: Terms) -> Iterator[Rule]:
    ladder = terms.ladder
    at_once = written("Fast track to %(step)s, at once: %(asked)s.")
    later = written("Fast track to %(step)s, from the next month on: %(asked)s.")
    for step in terms.steps:
        if step.fast_track:
            asked = requirement_said(step.fast_track, terms)
            text = at_once if ladder.fast_track_at_once else later
            yield Rule(say(text, step=label(step), asked=asked), step.fast_track.clause)
    yield from _paid(terms)
    if ladder.never_lost:
        yield Rule(say("A step once reached is never lost."), ladder.clause)
    if ladder.frontline_floor:
        yield Rule(say("Nobody stands below the highest step of the own frontline."), ladder.clause)
    if ladder.stated:
        yield Rule(say("Where the company states a member's percent, that is the percent."), ladder.clause)


def _paid(terms: Terms) -> Iterator[Rule]:
    for step in terms.steps:
        if step.paid.any_of:
            asked = requirement_said(step.paid, terms)
            yield Rule(say(UNPAID[terms.ladder.unpaid], step=label(step), asked=asked), step.paid.clause)


def rung_rules(terms: Terms) -> tuple[Rule, ...]:
    """Say what each step asks for, from the ladder's foot."""
    return tuple(Rule(requirement_said(step.requirement, terms), step.clause) for step in terms.steps)


def breakaway_rules(terms: Terms) -> Iterator[Rule]:
    """Say when a leg breaks away, for how long, and what that closes."""
    found = terms.breakaway
    if not found.never:
        asked = requirement_said(found.requirement, terms)
        breaks = say("A leg breaks away when its leader has %(asked)s; %(stays)s.", asked=asked, stays=_stays(terms))
        yield Rule(sentences([breaks, CLOSES[found.closes_volume, found.closes_differential]]), found.clause)


def _stays(terms: Terms) -> Word:
    found = terms.breakaway
    if found.stays is Stays.PERIOD:
        return say("each month decides anew")
    if found.stays is Stays.FOR_GOOD:
        return say("it stays so for good")
    if found.title >= len(terms.titles):
        return say("it stays so while its leader keeps a title")
    return say("it stays so while its leader keeps the title %(title)s", title=terms.titles[found.title].name)


def title_rules(terms: Terms) -> Iterator[Rule]:
    """Say what earns each title, what earns it again, and what keeps it; a plan of one title has none to tell of."""
    for title in terms.titles if len(terms.titles) > 1 else ():
        yield from _title(title, terms)


def _title(title: Title, terms: Terms) -> Iterator[Rule]:
    asked = requirement_said(title.requirement, terms)
    yield Rule(say("%(name)s: %(rule)s.", name=title.name, rule=asked), title.requirement.clause)
    if title.requalify:
        yield from gate(written("earned again by: %(asked)s."), title.requalify, terms)
    yield from gate(written("kept by: %(asked)s."), title.keep, terms)


def upkeep_rules(terms: Terms) -> Iterator[Rule]:
    """Say how a title is lost: the window, grace, and what remains."""
    found = terms.maintenance
    if len(terms.titles) == 1:
        return
    if not found.window_periods:
        yield Rule(say("A title once earned is never lost."))
        return
    down = found.falls_to is FallsTo.ONE_DOWN
    falls = say("It falls by one title, or to the one achieved.") if down else say("It falls to the title achieved.")
    said: list[Word] = [say("%(rule)s.", rule=_takes(terms)), falls]
    if found.locked_periods:
        said.append(say("In the first %(months)s with a title no miss counts.", months=months(found.locked_periods)))
    yield Rule(sentences(said), found.clause)


def _takes(terms: Terms) -> Word:
    window, grace = terms.maintenance.window_periods, terms.maintenance.grace_periods
    takes: Word = count(
        "A title falls when what keeps it is missed once in a row",
        "A title falls when what keeps it is missed %(count)s times in a row",
        window,
    )
    if grace:
        takes = count(
            "%(rule)s; the first miss is grace", "%(rule)s; the first %(count)s misses are grace", grace, rule=takes
        )
    if grace + 1 < window:
        takes = say("%(rule)s, and from the %(place)s on the title is at risk", rule=takes, place=ordinal(grace))
    return takes
