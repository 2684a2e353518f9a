"""
Checks of overrides: one table of rates, whole and ascending, and settings that fit each other.
"""

# ruff: noqa: D401 - the docstring of a check is the rule that it checks

from collections.abc import Iterator
from itertools import pairwise

from backend.kernel.finding import Finding
from backend.kernel.points import BASIS, percent_text
from backend.plan.document.paying import Override, RateRow
from backend.plan.document.rewards import MultiplierRow
from backend.plan.forms import FINE, Fault
from backend.plan.today import Checked, Today, Written

KINDS = ("title", "step", "legs")
AnyRow = RateRow | MultiplierRow
FIRST = "the first only"
SEEN_ANEW = ("same percent", "same title")
"""Groups that each earner sees in another way."""


def overrides_of(checked: Checked) -> Iterator[Written[Override]]:
    """Yield the overrides that can be read, each with its place."""
    for number, override in enumerate(checked.plan.overrides):
        if not checked.is_broken(("overrides", number)):
            yield Written(override, ("overrides", number))


def tables_of(today: Today, override: Written[Override]) -> list[Written[tuple[int, ...]]]:
    """Return today's rows of rates by generation, each with its place; one row where everybody has the same."""
    rates = today.on(override.value.rates, *override.path, "rates")
    rows = today.on(override.value.rows, *override.path, "rows")
    found = [Written(row.rates, (*rows.path, at, "rates")) for at, row in enumerate(rows.value)] if rows else []
    return ([Written(rates.value, rates.path)] if rates else []) + found


def rates_or_rows(checked: Checked) -> Iterator[Finding]:
    """An override has rates for everybody or rows of rates, not both."""
    for override in overrides_of(checked):
        value, path = override.value, override.path
        if value.rates is None and value.rows is None:
            message = f'"{value.id}" has no rates.'
            fault = Fault("rates-missing", message, 'Add rates = { … = ["5 %"] }, or rows of them.')
            yield checked.finding(path, fault)
        if value.rates is not None and value.rows is not None:
            message = f"The rates for everybody already stand in {checked.line((*path, 'rates'))}."
            yield checked.source.key((*path, "rows"), Fault("rates-both", message, "Keep one of the two."))


def rates_given(today: Today) -> Iterator[Finding]:
    """There is a row, and every row has a rate for at least one generation."""
    for override in overrides_of(today):
        rows = today.on(override.value.rows, *override.path, "rows")
        if rows and not rows.value:
            yield today.finding(rows.path, Fault("rates-empty", "There is no row.", "Write a row of rates."))
        for table in tables_of(today, override):
            if not table.value:
                fault = Fault("rates-empty", "There is no generation.", 'Write a rate, as ["5 %"].')
                yield today.finding(table.path, fault)


def rows_of_one_kind(today: Today) -> Iterator[Finding]:
    """Every row begins from a title, a step or a number of legs, all rows from the same of the three, ascending."""
    for override in overrides_of(today):
        rows = today.on(override.value.rows, *override.path, "rows")
        yield from rows_ascend(today, rows) if rows else ()


def rows_ascend(today: Today, rows: Written[tuple[AnyRow, ...]]) -> Iterator[Finding]:
    """Yield what is wrong with where rows begin: none of the three or several, unlike each other, or not ascending."""
    written = [Written(row, (*rows.path, at)) for at, row in enumerate(rows.value)]
    for row in written:
        if len(_kinds(row.value)) != 1:
            message = "A row begins from a title, from a step or from a number of legs: from one of the three."
            yield today.finding(row.path, Fault("row-kind", message, 'Write title = "…", step = "…" or legs = 2.'))
    for lower, higher in pairwise(written):
        yield from _row_order(today, lower, higher)


def _kinds(row: AnyRow) -> list[str]:
    return [kind for kind in KINDS if getattr(row, kind) is not None]


def _row_order(today: Today, lower: Written[AnyRow], higher: Written[AnyRow]) -> Iterator[Finding]:
    below, above = _kinds(lower.value), _kinds(higher.value)
    if len(below) != 1 or len(above) != 1:
        return
    where = today.line(lower.path)
    if below != above:
        message = f'The row of {where} begins from "{below[0]}", this one from "{above[0]}".'
        yield today.finding(higher.path, Fault("rows-mixed", message, "Let all rows begin from the same."))
        return
    low, high = _rank(today, lower.value), _rank(today, higher.value)
    if low is not None and high is not None and high <= low:
        message = f"It begins no higher than the row of {where}."
        path = (*higher.path, above[0])
        yield today.finding(path, Fault("rows-order", message, "Let rows ascend."))


def _rank(today: Today, row: AnyRow) -> int | None:
    if row.title is not None:
        return today.title_rank(row.title)
    return today.step_rank(row.step) if row.step is not None else row.legs


def promise_kept(today: Today) -> Iterator[Finding]:
    """All generations of an earner's row together pay no more than the plan promises as the override's most."""
    for override in overrides_of(today):
        value = override.value
        promised = today.on(value.at_most, *override.path, "at_most")
        for table in tables_of(today, override) if promised else ():
            paid = most_paid(value, table.value)
            if promised and paid > promised.value:
                limit = f"{percent_text(promised.value, FINE)} in {today.line(promised.path)}"
                message = f"The generations add up to {percent_text(paid, FINE)}, more than the most promised: {limit}."
                yield today.finding(table.path, Fault("rates-over", message, "Lower a rate, or raise the promise."))
        if promised and value.deeper == "last rate" and value.earners != FIRST:
            where = today.line((*override.path, "deeper"))
            message = f"The last rate goes on without end, says {where}, so the generations have no sum."
            fault = Fault("promise-open", message, 'Take the promise out, or write deeper = "nothing".')
            yield today.finding(promised.path, fault)


def most_paid(override: Override, rates: tuple[int, ...]) -> int:
    """
    Return the most that a row's generations pay on one group, a fine percent: their sum, or the highest of them.

    Where generations from the second on are of the first amount, they are so much of the first rate, rounded up.
    """
    if override.beyond_first == "of the first amount" and rates:
        return rates[0] - (-rates[0] * sum(rates[1:]) // (BASIS * FINE))
    return max(rates, default=0) if override.earners == FIRST else sum(rates)


def marks_fit(checked: Checked) -> Iterator[Finding]:
    """An override has a mark exactly where it is paid on groups with a mark."""
    for override in overrides_of(checked):
        value, path = override.value, override.path
        if value.groups == "with mark" and value.mark is None:
            message = f'"{value.id}" is paid on groups with a mark, and no mark is named.'
            fault = Fault("mark-missing", message, 'Add mark = "…".')
            yield checked.finding((*path, "groups"), fault)
        if value.groups != "with mark" and value.mark is not None:
            stands = f'"{value.groups}" in {checked.line((*path, "groups"))}'
            message = f"The groups that are paid on are {stands}, with a mark or without."
            fault = Fault("mark-idle", message, 'Take it out, or write groups = "with mark".')
            yield checked.finding((*path, "mark"), fault)


def depth_opens(today: Today) -> Iterator[Finding]:
    """Where the depth goes by title, some title opens a generation."""
    opened = [today.on(title.value.generations, *title.path, "generations") for title in today.titles()]
    for override in overrides_of(today):
        closed = override.value.depth == "by title" and not any(each and each.value for each in opened)
        if closed and not today.is_broken(("titles",)):
            message = f'On {today.day} no title opens a generation, so "{override.value.id}" would pay nothing.'
            fault = Fault("depth-closed", message, 'Give a title "generations", or write depth = "by rates".')
            yield today.finding((*override.path, "depth"), fault)


def differences_have_rows(checked: Checked) -> Iterator[Finding]:
    """A rate less that of the group's leader needs rates that differ from member to member."""
    for override in overrides_of(checked):
        value, path = override.value, override.path
        if value.least_difference is not None and value.rates is not None and value.rows is None:
            where = checked.line((*path, "rates"))
            message = f"Everybody has the rates of {where}, so the earner's less the leader's is always nothing."
            fault = Fault("difference-flat", message, 'Write "rows" of rates, or take "least_difference" out.')
            yield checked.source.key((*path, "least_difference"), fault)


def distances_descend(today: Today) -> Iterator[Finding]:
    """The farther a leader's title lies below the earner's, the smaller the part of the rate that is paid."""
    for override in overrides_of(today):
        parts = today.on(override.value.distance, *override.path, "distance")
        if parts and not parts.value:
            fault = Fault("distance-empty", "There is no part.", 'Write parts, as ["100 %", "50 %"].')
            yield today.finding(parts.path, fault)
        for at, (near, far) in enumerate(pairwise(parts.value)) if parts else ():
            if parts and far > near:
                where = f"{percent_text(near)} in {today.line((*parts.path, at))}"
                message = f"{percent_text(far)} is more than the part paid one title nearer: {where}."
                fault = Fault("distance-order", message, "Let the parts descend.")
                yield today.finding((*parts.path, at + 1), fault)


def distances_lie_below(checked: Checked) -> Iterator[Finding]:
    """A part for titles below the earner's has groups of lower titles to be paid on."""
    for override in overrides_of(checked):
        value, path = override.value, override.path
        if value.distance is not None and value.groups == "same title":
            where = checked.line((*path, "groups"))
            message = f"No group is of a title below the earner's, says {where}, so all are paid the first part."
            fault = Fault("distance-idle", message, 'Take "distance" out, or write other groups.')
            yield checked.source.key((*path, "distance"), fault)


def lowest_title_says_something(today: Today) -> Iterator[Finding]:
    """The lowest title that earns an override is none that everybody holds."""
    for override in overrides_of(today):
        lowest = today.on(override.value.lowest_title, *override.path, "lowest_title")
        if lowest and today.title_rank(lowest.value) == 0:
            message = f'Everybody holds "{lowest.value}", the first title.'
            fault = Fault("lowest-idle", message, "Name a higher title, or take it out.")
            yield today.finding(lowest.path, fault)
