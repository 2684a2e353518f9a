"""
Checks of amounts: rates that add up to less than everything, periods and days in range, money in one currency.
"""

# ruff: noqa: D401 - the docstring of a check is the rule that it checks

from collections.abc import Iterator
from typing import Any

from backend.kernel.dated import Since
from backend.kernel.finding import Finding
from backend.kernel.money import Money
from backend.kernel.points import BASIS, percent_text
from backend.plan.document.ladder import Title
from backend.plan.forms import Fault
from backend.plan.source import Path
from backend.plan.today import Checked, Today

RANGES = {
    ("fast_start", "within_days"): (1, 730, "days"),
    ("title_held", "successive_periods"): (1, 60, "periods"),
}
WITHOUT_SALES = ("enrolled_active", "training")
LONGEST_RETURN_DAYS = 365
BONUSES = (
    ("pool_points", "pools"),
    ("fast_start", "fast_start"),
    ("held_bonus", "title_held"),
    ("generations", "overrides"),
)


def bonuses_paid(checked: Checked) -> Iterator[Finding]:
    """A title's points or bonus has the table that says when it is paid."""
    if any(len(path) == 1 for path in checked.broken):
        return
    for path, title, field, table in _bonuses(checked):
        if not getattr(checked.plan, table):
            message = f'"{title.id}" has "{field}", and the plan has no {_header(table)} that says when it is paid.'
            fault = Fault("bonus-rule-missing", message, f'Add {_header(table)}, or take "{field}" out.')
            yield checked.source.key((*path, field), fault)


def tables_used(checked: Checked) -> Iterator[Finding]:
    """A table of a bonus has a title that is paid by it."""
    given = {table for _, _, _, table in _bonuses(checked)}
    for field, table in BONUSES:
        if getattr(checked.plan, table) and table not in given and not checked.is_broken(("titles",)):
            remedy = f'Give a title "{field}", or take {_header(table)} out.'
            fault = Fault("bonus-idle", f"No title is paid by {_header(table)}.", remedy)
            yield checked.finding((table,), fault)


def _header(table: str) -> str:
    return f"[[{table}]]" if table in {"pools", "overrides"} else f"[{table}]"


def _bonuses(checked: Checked) -> Iterator[tuple[Path, Title, str, str]]:
    for number, title in enumerate(checked.plan.titles):
        for field, table in BONUSES:
            if getattr(title, field) is not None:
                yield ("titles", number), title, field, table


def sales_before_bonuses(checked: Checked) -> Iterator[Finding]:
    """A title that is paid for takes sales, in every way to it: nobody is paid for joining or for enrolling."""
    for path, title, field, _table in _bonuses(checked):
        ways = [way for _, _, asked in (title.requires.every() if title.requires else ()) for way in asked.ways]
        sells = all(any(each.measure not in WITHOUT_SALES for each in way) for way in ways)
        everybody = not ways and title is checked.plan.titles[0]
        if (everybody or not sells) and _pays(getattr(title, field)) and not checked.is_broken(path):
            message = f'"{title.id}" can be reached without any sale, and "{field}" would pay for it.'
            fault = Fault("pay-without-sales", message, "Ask for a volume or a step on every way to the title.")
            yield checked.source.key((*path, field), fault)


def _pays(values: Since[Any]) -> bool:
    amounts = [value.amount_minor if isinstance(value, Money) else value for _, _, value in values.every()]
    return any(amounts)


def override_rates_fit(today: Today) -> Iterator[Finding]:
    """There is a rate for at least one generation, and together they pay no more than the plan promises."""
    for number, table in enumerate(today.plan.overrides):
        rates = today.on(table.rates, "overrides", number, "rates")
        promised = today.on(table.at_most, "overrides", number, "at_most")
        if rates and not rates.value:
            fault = Fault("rates-empty", "There is no generation.", 'Write a rate, as ["5 %"].')
            yield today.finding(rates.path, fault)
        if rates and promised and sum(rates.value) > promised.value:
            limit = f"{percent_text(promised.value)} in {today.line(promised.path)}"
            added = percent_text(sum(rates.value))
            message = f"The generations add up to {added}, more than the most promised: {limit}."
            yield today.finding(rates.path, Fault("rates-over", message, "Lower a rate, or raise the promise."))


def whole_below_everything(today: Today) -> Iterator[Finding]:
    """The highest step, all generations and the pool together pay less than the whole CV."""
    steps = [today.on(step.value.percent, *step.path, "percent") for step in today.steps()]
    overrides = [today.on(each.rates, "overrides", at, "rates") for at, each in enumerate(today.plan.overrides)]
    pools = [today.on(pool.share, "pools", number, "share") for number, pool in enumerate(today.plan.pools)]
    top = max((step.value for step in steps if step), default=0)
    deep = sum(sum(each.value) for each in overrides if each)
    shared = sum(share.value for share in pools if share)
    whole = top + deep + shared
    first = next((each for each in overrides if each), None)
    if first and whole >= BASIS:
        made = f"steps {percent_text(top)}, generations {percent_text(deep)}, pool {percent_text(shared)}"
        message = f"The plan would pay {percent_text(whole)} of the CV: {made}."
        yield today.finding(first.path, Fault("payout-over", message, "Lower rates until the whole stays below 100 %."))


def periods_in_range(today: Today) -> Iterator[Finding]:
    """Days of the fast start and periods of a title held lie where they mean something."""
    for (table, field), (least, most, unit) in RANGES.items():
        rule = getattr(today.plan, table)
        values: Since[int] | None = getattr(rule, field) if rule else None
        found = today.on(values, table, field)
        if found and not least <= found.value <= most:
            message = f"{found.value} {unit} is none that a bonus can be measured by."
            yield today.finding(found.path, Fault(f"{unit}-range", message, f"Write {least} to {most} {unit}."))


def limit_counts_something(today: Today) -> Iterator[Finding]:
    """A limit on own purchases lets some of them count."""
    rule = today.plan.own_purchases
    found = today.on(rule.counted_up_to, "own_purchases", "counted_up_to") if rule else None
    if found and found.value == 0:
        message = "A limit of 0 reads as if no own order counted, or as if there were no limit."
        yield today.finding(found.path, Fault("limit-zero", message, 'Write "none" for no limit, or some points.'))


def markets_fit(today: Today) -> Iterator[Finding]:
    """There is a market, its point is worth something, its return window is at most a year, and some market weighs."""
    markets = today.markets()
    if not markets and not today.is_broken(("markets",)):
        message = f"On {today.day} the plan has no market."
        yield today.finding(("markets",), Fault("markets-empty", message, "Add one; the first is the fallback."))
    for market in markets:
        value = today.on(market.value.point_value, *market.path, "point_value")
        if value and value.value.amount_minor == 0:
            message = f'In "{market.value.id}" a point is worth nothing, so nothing would be paid.'
            yield today.finding(value.path, Fault("point-worthless", message, 'Write what a point is worth: "1 USD".'))
        window = today.on(market.value.return_days, *market.path, "return_days")
        if window and window.value > LONGEST_RETURN_DAYS:
            message = f"Volume would stay provisional for {window.value} days."
            fault = Fault("days-range", message, f"Write 0 to {LONGEST_RETURN_DAYS} days.")
            yield today.finding(window.path, fault)
    weights = [today.on(market.value.pool_weight, *market.path, "pool_weight") for market in markets]
    given = [weight for weight in weights if weight]
    if given and len(given) == len(markets) and not any(weight.value for weight in given):
        fault = Fault("pool-weightless", "No market weighs anything in the pool.", "Give one a weight of 1 or more.")
        yield today.finding(given[0].path, fault)


def one_currency_for_bonuses(today: Today) -> Iterator[Finding]:
    """Bonuses of a title are named in the currency of the first market, the plan's own."""
    home = [today.on(market.value.point_value, *market.path, "point_value") for market in today.markets()[:1]]
    for title in today.titles():
        for field, values in (("held_bonus", title.value.held_bonus), ("fast_start", title.value.fast_start)):
            found = today.on(values, *title.path, field)
            if found and home and home[0] and found.value.currency != home[0].value.currency:
                stands = f"{home[0].value.currency} in {today.line(home[0].path)}"
                message = f"The bonus is in {found.value.currency}, and a point of the first market is {stands}."
                fault = Fault("currency-other", message, f"Write the amount in {home[0].value.currency}.")
                yield today.finding(found.path, fault)
