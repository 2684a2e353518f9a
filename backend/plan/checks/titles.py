"""
Checks of titles: they begin for everybody, they ascend, they can be kept, and they open no deeper than there are rates.
"""

# ruff: noqa: D401 - the docstring of a check is the rule that it checks

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from backend.kernel.dated import Since
from backend.kernel.finding import Finding
from backend.plan.checks.ladder import makes_up
from backend.plan.checks.overrides import tables_of
from backend.plan.checks.walk import bound, only_way
from backend.plan.document.ladder import Title
from backend.plan.forms import Fault
from backend.plan.today import Checked, Today, Written

LONGEST_WINDOW = 36
MOST_TITLES = 31
"""Which of a title's two bonuses were paid is carried in two bits of 64."""


def begin_for_everybody(today: Today) -> Iterator[Finding]:
    """The first title asks for nothing, neither to earn nor to keep it: everybody begins with it."""
    titles = today.titles()
    if not titles and not today.is_broken(("titles",)):
        message = f"On {today.day} the plan has no title."
        yield today.finding(("titles",), Fault("titles-empty", message, "Add [[titles]], the first for everybody."))
    for first in titles[:1]:
        for field, values in _asked(first.value):
            found = today.on(values, *first.path, field)
            if found:
                message = "The first title asks for something, so who does not meet it has no title."
                fault = Fault("title-start", message, f'Take "{field}" out, or put a title for everybody first.')
                yield today.finding(found.path, fault)


def _asked(title: Title) -> tuple[tuple[str, Since[Any] | None], ...]:
    return ("requires", title.requires), ("requalify", title.requalify), ("keep", title.keep)


def not_too_many(today: Today) -> Iterator[Finding]:
    """A plan has at most 31 titles on one day."""
    for title in today.titles()[MOST_TITLES : MOST_TITLES + 1]:
        message = f"On {today.day} the plan has more than {MOST_TITLES} titles; this is one too many."
        yield today.finding(title.path, Fault("titles-many", message, "End titles that nobody earns any more."))


def every_title_asks(today: Today) -> Iterator[Finding]:
    """Every title above the first asks for something."""
    for title in today.titles()[1:]:
        if title.value.requires is None and not today.is_broken(title.path):
            message = f'On {today.day} the title "{title.value.id}" asks for nothing, so everybody would hold it.'
            remedy = 'Add requires = { … = { all_of = [{ measure = "step", at_least = "…" }] } }.'
            yield today.finding(title.path, Fault("title-free", message, remedy))


def ascend(today: Today) -> Iterator[Finding]:
    """A higher title asks for more than the one below: for no less of anything, or for more legs in its place."""
    for lower, higher in pairwise(today.titles()):
        below = only_way(today.requirement(lower.value.requires, *lower.path, "requires"))
        above = only_way(today.requirement(higher.value.requires, *higher.path, "requires"))
        shared = {
            key: (bound(today, above[key].value), bound(today, below[key].value)) for key in above if key in below
        }
        if any(None in pair for pair in shared.values()) or makes_up(today, above, below):
            continue
        for key, (most, least) in shared.items():
            if (most or 0) < (least or 0):
                where = today.line(below[key].path)
                message = f'"{higher.value.id}" asks for less than the title below it does in {where}.'
                path = (*above[key].path, "at_least")
                yield today.finding(path, Fault("title-order", message, "Let titles ascend, or change their order."))
        if above and len(shared) == len(above) and all(most == least for most, least in shared.values()):
            message = f'"{higher.value.id}" asks for no more than the title below it, in {today.line(lower.path)}.'
            path = (*higher.path, "requires")
            yield today.finding(path, Fault("title-same", message, "Ask for more, or drop one of the two titles."))


def keep_no_stricter(today: Today) -> Iterator[Finding]:
    """Keeping a title asks for no more than earning it does; else it would be missed in the month that earned it."""
    for title in today.titles():
        earns = only_way(today.requirement(title.value.requires, *title.path, "requires"))
        keeps = only_way(today.requirement(title.value.keep, *title.path, "keep"))
        for key in keeps:
            least = bound(today, earns[key].value) if key in earns else None
            most = bound(today, keeps[key].value)
            if least is not None and most is not None and least < most:
                where = today.line(earns[key].path)
                message = f'Keeping "{title.value.id}" asks for more than earning it does in {where}.'
                path = (*keeps[key].path, "at_least")
                yield today.finding(path, Fault("keep-stricter", message, "Ask for the same or less."))


def generations_have_rates(today: Today) -> Iterator[Finding]:
    """A title opens no more generations of overrides than there are rates, where the last one does not go on."""
    for number, override in enumerate(today.plan.overrides):
        written = Written(override, ("overrides", number))
        rows = tables_of(today, written)
        if override.depth != "by title" or override.deeper == "last rate" or not all(row.value for row in rows):
            continue
        longest = max(rows, key=lambda row: len(row.value), default=None)
        for title in today.titles() if longest and not today.is_broken(written.path) else ():
            opened = today.on(title.value.generations, *title.path, "generations")
            if longest and opened and opened.value > len(longest.value):
                stand = f"{len(longest.value)} rates stand in {today.line(longest.path)}"
                message = f'"{title.value.id}" opens {opened.value} generations, and {stand}.'
                yield today.finding(opened.path, Fault("generations-deep", message, "Add rates, or open fewer."))


def generations_ascend(today: Today) -> Iterator[Finding]:
    """A higher title opens no fewer generations than the one below."""
    for lower, higher in pairwise(today.titles()):
        below = today.on(lower.value.generations, *lower.path, "generations")
        above = today.on(higher.value.generations, *higher.path, "generations")
        if below and above and above.value < below.value:
            stands = f"{below.value} in {today.line(below.path)}"
            message = f'"{higher.value.id}" opens {above.value} generations, and the title below {stands}.'
            yield today.finding(above.path, Fault("generations-order", message, "Let a promotion take nothing away."))


def maintenance_used(checked: Checked) -> Iterator[Finding]:
    """A plan has a rule of maintenance exactly where some title asks for something to be kept."""
    plan = checked.plan
    if any(len(path) == 1 or path[0] == "titles" for path in checked.broken if path):
        return
    kept = [(("titles", number), title) for number, title in enumerate(plan.titles) if title.keep is not None]
    if plan.maintenance is None:
        for path, title in kept[:1]:
            message = f'"{title.id}" asks for something to be kept, and no [maintenance] says when it is lost.'
            fault = Fault("maintenance-missing", message, 'Add [maintenance], or take "keep" out.')
            yield checked.source.key((*path, "keep"), fault)
    elif not kept:
        message = "No title asks for anything to be kept, so none is ever lost."
        fault = Fault("maintenance-idle", message, 'Give a title "keep", or take [maintenance] out.')
        yield checked.finding(("maintenance",), fault)


def requalify_after_loss(checked: Checked) -> Iterator[Finding]:
    """What earns a title again is said of titles that can be lost."""
    for number, title in enumerate(checked.plan.titles):
        path = ("titles", number)
        if title.requalify is not None and title.keep is None and not checked.is_broken(path):
            message = f'"{title.id}", in {checked.line(path)}, asks for nothing to be kept, so it is never lost.'
            fault = Fault("requalify-idle", message, 'Add "keep", or take "requalify" out.')
            yield checked.source.key((*path, "requalify"), fault)


def maintenance_fits(today: Today) -> Iterator[Finding]:
    """The window has at least one period and not more than three years; grace is shorter than the window."""
    table = today.plan.maintenance
    if table is None:
        return
    window = today.on(table.window_periods, "maintenance", "window_periods")
    grace = today.on(table.grace_periods, "maintenance", "grace_periods")
    if window and not 1 <= window.value <= LONGEST_WINDOW:
        message = f"A window of {window.value} periods is none that a title can be measured by."
        yield today.finding(window.path, Fault("window-range", message, f"Write 1 to {LONGEST_WINDOW} periods."))
    elif window and grace and grace.value >= window.value:
        stands = f"{window.value} in {today.line(window.path)}"
        message = f"{grace.value} periods of grace are no fewer than the window: {stands}. No title would ever fall."
        yield today.finding(grace.path, Fault("grace-window", message, "Shorten the grace, or lengthen the window."))
    locked = today.on(table.locked_periods, "maintenance", "locked_periods")
    if locked and locked.value > LONGEST_WINDOW:
        message = f"A title that no miss counts against for {locked.value} periods is never lost."
        yield today.finding(locked.path, Fault("window-range", message, f"Write at most {LONGEST_WINDOW} periods."))
