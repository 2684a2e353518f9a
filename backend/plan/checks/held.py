"""
Checks of the bonus for a title held: it comes in few parts, and what its loss brings is said of titles that are lost.
"""

# ruff: noqa: D401 - the docstring of a check is the rule that it checks

from collections.abc import Iterator

from backend.kernel.finding import Finding
from backend.plan.checks.walk import whole
from backend.plan.forms import Fault
from backend.plan.source import Path
from backend.plan.today import Today, Written


def instalments_in_range(today: Today) -> Iterator[Finding]:
    """The bonus of a title held is paid in one to four parts."""
    rule = today.plan.title_held
    parts = today.on(rule.instalments, "title_held", "instalments") if rule else None
    if parts and not 1 <= parts.value <= 4:
        message = f"{parts.value} instalments are more than are carried from period to period, or none."
        yield today.finding(parts.path, Fault("instalments-range", message, "Write 1 to 4."))


def loss_is_possible(today: Today) -> Iterator[Finding]:
    """What an interruption ends, or a loss takes back, is said of titles that can be lost."""
    rule = today.plan.title_held
    paid = _lowest_paid(today)
    if rule is None or paid is None or not whole(today, "titles", "maintenance"):
        return
    titles = today.titles()[paid.value :]
    said_already = today.plan.maintenance is not None and all(title.keep is None for title in today.plan.titles)
    if said_already or any(today.on(title.value.keep, *title.path, "keep") for title in titles):
        return
    message = f'Nothing takes "{titles[0].value.id}", in {today.line(paid.path)}, or any title above it.'
    back = today.on(rule.clawback_periods, "title_held", "clawback_periods")
    places: list[Path] = [back.path] if back else []
    places += [("title_held", "interrupted")] if rule.interrupted == "never pays" else []
    for path in places[:1]:
        yield today.finding(path, Fault("loss-idle", message, 'Give a title "keep", or take it out.'))


def _lowest_paid(today: Today) -> Written[int] | None:
    """Return the rank of the lowest title whose bonus is above nothing, with the place of the bonus."""
    for rank, title in enumerate(today.titles()):
        bonus = today.on(title.value.held_bonus, *title.path, "held_bonus")
        if bonus and bonus.value.amount_minor:
            return Written(rank, bonus.path)
    return None
