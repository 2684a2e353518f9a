"""
Checks of titles: they begin for everybody, they ascend, they can be kept, and they open no deeper than there are rates.
"""

# ruff: noqa: D401 - the docstring of a check is the rule that it checks

from collections.abc import Iterator
from itertools import pairwise

from backend.kernel.finding import Finding
from backend.plan.document.gates import Condition, FactCondition, MarkCondition, StepCondition, TitleCondition
from backend.plan.forms import Fault
from backend.plan.today import Today, Written, only_way

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
        for field, values in (("requires", first.value.requires), ("keep", first.value.keep)):
            found = today.on(values, *first.path, field)
            if found:
                message = "The first title asks for something, so who does not meet it has no title."
                fault = Fault("title-start", message, f'Take "{field}" out, or put a title for everybody first.')
                yield today.finding(found.path, fault)


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
    """A higher title asks for no less than the one below on any measure of both, and for more on some measure."""
    for lower, higher in pairwise(today.titles()):
        below = only_way(today.requirement(lower.value.requires, *lower.path, "requires"))
        above = only_way(today.requirement(higher.value.requires, *higher.path, "requires"))
        shared = [name for name in above if name in below and not isinstance(above[name].value, FactCondition)]
        for name in shared:
            if _bound(today, above[name]) < _bound(today, below[name]):
                message = (
                    f'"{higher.value.id}" asks for less than the title below it does in {today.line(below[name].path)}.'
                )
                path = (*above[name].path, "at_least")
                yield today.finding(path, Fault("title-order", message, "Let titles ascend, or change their order."))
        if (
            above
            and set(above) <= set(below)
            and all(_bound(today, above[n]) == _bound(today, below[n]) for n in above)
        ):
            message = f'"{higher.value.id}" asks for no more than the title below it, in {today.line(lower.path)}.'
            path = (*higher.path, "requires")
            yield today.finding(path, Fault("title-same", message, "Ask for more, or drop one of the two titles."))


def _bound(today: Today, condition: Written[Condition]) -> tuple[int, ...]:
    value = condition.value
    if isinstance(value, FactCondition | MarkCondition):
        return (1,)
    if isinstance(value, TitleCondition):
        rank = today.title_rank(value.at_least)
        return () if rank is None else (rank,)
    if isinstance(value, StepCondition):
        rank = today.step_rank(value.at_least)
        return () if rank is None else (rank,)
    return (value.at_least,)


def keep_no_stricter(today: Today) -> Iterator[Finding]:
    """Keeping a title asks for no more than earning it does; else it would be missed in the month that earned it."""
    for title in today.titles():
        earns = only_way(today.requirement(title.value.requires, *title.path, "requires"))
        keeps = only_way(today.requirement(title.value.keep, *title.path, "keep"))
        for name in keeps:
            if name in earns and () < _bound(today, earns[name]) < _bound(today, keeps[name]):
                message = (
                    f'Keeping "{title.value.id}" asks for more than earning it does in {today.line(earns[name].path)}.'
                )
                path = (*keeps[name].path, "at_least")
                yield today.finding(path, Fault("keep-stricter", message, "Ask for the same or less."))


def generations_have_rates(today: Today) -> Iterator[Finding]:
    """A title opens no more generations of overrides than there are rates."""
    given = [today.on(each.rates, "overrides", at, "rates") for at, each in enumerate(today.plan.overrides)]
    rates = next((each for each in given if each), None)
    for title in today.titles():
        opened = today.on(title.value.generations, *title.path, "generations")
        if rates and rates.value and opened and opened.value > len(rates.value):
            stand = f"{len(rates.value)} rates stand in {today.line(rates.path)}"
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
