"""
What makes no sense in a plan although every part of it can be read: the list of checks, and how they are run.

A check is a small function that yields findings. Some look at the document as it is written; the others look at each
day on which something begins, so that a change of next year is checked today.
"""

from collections.abc import Callable, Iterator
from datetime import date
from itertools import product

from backend.kernel.dated import Since
from backend.kernel.finding import Finding
from backend.plan.checks import amounts, days, ladder, references, regions, titles, words
from backend.plan.document import Document
from backend.plan.source import Path, Source
from backend.plan.today import Checked, Today, parts

ONCE: tuple[Callable[[Checked], Iterator[Finding]], ...] = (
    words.clauses_known,
    words.clauses_used,
    words.ids_once,
    words.requirements_whole,
    words.conditions_once,
    words.conditions_bite,
    words.own_volume_below_group,
    days.plan_lasts,
    days.entries_last,
    days.values_from_the_start,
    days.values_within,
    regions.markets_known,
    regions.general_first,
    regions.where_markets_differ,
    regions.only_numbers_differ,
    amounts.bonuses_paid,
    amounts.tables_used,
    amounts.sales_before_bonuses,
)

DAILY: tuple[Callable[[Today], Iterator[Finding]], ...] = (
    references.steps_exist,
    references.titles_exist,
    references.measures_in_place,
    ladder.begins_at_nothing,
    ladder.every_step_asks,
    ladder.percents_ascend,
    ladder.volumes_ascend,
    ladder.promise_kept,
    ladder.breakaway_above_foot,
    ladder.breakaway_title_fits,
    titles.begin_for_everybody,
    titles.not_too_many,
    titles.every_title_asks,
    titles.ascend,
    titles.keep_no_stricter,
    titles.generations_have_rates,
    titles.generations_ascend,
    titles.maintenance_fits,
    amounts.override_rates_fit,
    amounts.whole_below_everything,
    amounts.periods_in_range,
    amounts.limit_counts_something,
    amounts.markets_fit,
    amounts.one_currency_for_bonuses,
)


def check(document: Document, source: Source, *, broken: set[Path], mentioned: set[str]) -> Iterator[Finding]:
    """Yield what makes no sense, each mistake once, with its place; parts under a broken path are passed over."""
    seen: set[tuple[str, Path]] = set()
    whole = Checked(plan=document, source=source, broken=broken, mentioned=mentioned)
    found = [finding for each in ONCE for finding in each(whole)]
    for day, market in product(_days(document), ("", *_regions(document))):
        today = Today(plan=document, source=source, broken=broken, mentioned=mentioned, day=day, market=market)
        found += [finding for each in DAILY for finding in each(today)]
    for finding in found:
        mark = (finding.code, (finding.place.line, finding.place.column))
        if mark not in seen:
            seen.add(mark)
            yield finding


def _regions(document: Document) -> list[str]:
    dated = [part for _, part in parts(document) if isinstance(part, Since)]
    return sorted({market for values in dated for market, _ in values.elsewhere})


def _days(document: Document) -> list[date]:
    days = {document.begins} - {date.min}
    for _, part in parts(document):
        if isinstance(part, Since):
            days.update(day for day, _, _ in part.every())
        days.update(day for day in (getattr(part, "begins", None), getattr(part, "ends", None)) if day)
    return sorted(day for day in days if document.begins <= day and (not document.ends or day < document.ends))
