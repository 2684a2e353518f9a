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
from backend.plan.checks import (
    amounts,
    bonuses,
    breakaway,
    circles,
    days,
    differential,
    guarantees,
    held,
    ladder,
    levels,
    multipliers,
    overrides,
    passing_up,
    pauses,
    pools,
    references,
    regions,
    rewards,
    titles,
    volumes,
    words,
)
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
    volumes.names_free,
    volumes.marks_not_too_many,
    volumes.something_counts,
    volumes.levels_in_range,
    ladder.unpaid_has_gates,
    breakaway.title_when_kept,
    titles.maintenance_used,
    titles.requalify_after_loss,
    differential.nothing_idle,
    differential.own_sales_are_paid,
    differential.deductions_agree,
    differential.year_has_a_month,
    overrides.rates_or_rows,
    overrides.marks_fit,
    overrides.differences_have_rows,
    overrides.distances_lie_below,
    guarantees.guarantees_fit,
    guarantees.bands_whole,
    passing_up.first_amounts_fit,
    pools.one_source,
    pools.fund_counts_once,
    pools.fosters_are_of_legs,
    levels.rates_or_products,
    levels.alone_on_first_orders,
    levels.alone_with_no_other,
    rewards.not_too_many,
    rewards.better_of_two,
    rewards.bonuses_exist,
    rewards.caps_limit,
    multipliers.rate_or_rows,
    multipliers.none_multiplies_another,
    rewards.caps_before_matches,
    bonuses.bonuses_paid,
    bonuses.tables_used,
    bonuses.sales_before_bonuses,
    bonuses.sales_before_amounts,
    amounts.something_may_come_back,
)

DAILY: tuple[Callable[[Today], Iterator[Finding]], ...] = (
    references.named_exist,
    references.first_is_everybodys,
    circles.measures_in_place,
    circles.volumes_in_place,
    circles.facts_in_no_circle,
    circles.titles_need_no_higher,
    volumes.windows_have_periods,
    volumes.limits_leave_something,
    volumes.exclusions_once,
    volumes.legs_asked_not_too_much,
    volumes.history_fits,
    ladder.begins_at_nothing,
    ladder.every_step_asks,
    ladder.percents_ascend,
    ladder.volumes_ascend,
    ladder.fast_track_counts,
    ladder.promise_kept,
    breakaway.nothing_needs_it,
    breakaway.above_foot,
    breakaway.title_fits,
    breakaway.title_can_be_lost,
    titles.begin_for_everybody,
    titles.not_too_many,
    titles.every_title_asks,
    titles.ascend,
    titles.keep_no_stricter,
    titles.generations_have_rates,
    titles.generations_ascend,
    titles.maintenance_fits,
    differential.one_line_fits,
    differential.levels_in_range,
    differential.promise_can_be_kept,
    differential.shares_mean_something,
    differential.margin_below_price,
    overrides.rates_given,
    overrides.rows_of_one_kind,
    overrides.promise_kept,
    overrides.depth_opens,
    overrides.distances_descend,
    overrides.lowest_title_says_something,
    guarantees.guarantees_have_rates,
    guarantees.bands_fit,
    passing_up.first_amounts_pass,
    pauses.holds_something,
    pools.split_has_its_settings,
    pools.points_are_given,
    pools.legs_look_back,
    pools.tiers_ascend,
    pools.units_ascend,
    levels.products_given,
    rewards.rates_given,
    rewards.brackets_ascend,
    rewards.caps_leave_something,
    multipliers.rows_of_one_kind,
    multipliers.something_is_paid,
    held.instalments_in_range,
    held.loss_is_possible,
    amounts.whole_below_everything,
    amounts.periods_in_range,
    amounts.limit_counts_something,
    amounts.markets_fit,
    amounts.some_market_weighs,
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
    days = {document.begins}
    for _, part in parts(document):
        if isinstance(part, Since):
            days.update(day for day, _, _ in part.every())
        days.update(day for day in (getattr(part, "begins", None), getattr(part, "ends", None)) if day)
    return sorted(
        day for day in days - {date.min} if document.begins <= day and (not document.ends or day < document.ends)
    )
