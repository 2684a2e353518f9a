"""
Checks of amounts: rates that add up to less than everything, periods and days in range, money in one currency.
"""

# ruff: noqa: D401 - the docstring of a check is the rule that it checks

from collections.abc import Iterator
from typing import Any

from backend.kernel.dated import Since
from backend.kernel.finding import Finding
from backend.kernel.points import BASIS, percent_text
from backend.plan.checks import multipliers
from backend.plan.checks.overrides import most_paid, tables_of
from backend.plan.document import Market
from backend.plan.forms import FINE, Fault, since_key
from backend.plan.source import Path
from backend.plan.today import Checked, Today, Written

RANGES = {
    ("fast_start", "within_days"): (1, 730, "days"),
    ("levels", "within_days"): (1, 730, "days"),
    ("one_times", "within_days"): (1, 730, "days"),
    ("title_held", "successive_periods"): (1, 60, "periods"),
    ("title_held", "clawback_periods"): (1, 60, "periods"),
}
LONGEST_RETURN_DAYS = 365


def whole_below_everything(today: Today) -> Iterator[Finding]:
    """The highest step and all that is paid on the same CV beside it together pay less than the whole CV."""
    steps = [today.on(step.value.percent, *step.path, "percent") for step in today.steps()]
    top = max((step.value for step in steps if step), default=0)
    beside = list(_beside(today))
    kinds = {"steps": top} | {kind: sum(rate for each, rate, _ in beside if each == kind) for kind, _, _ in beside}
    for rate, highest in multipliers.shares_of_cv(today, dict(kinds)):
        kinds["multipliers"] = kinds.get("multipliers", 0) + rate
        beside.append(("multipliers", rate, highest.path))
    whole = sum(kinds.values())
    if beside and whole >= BASIS:
        made = ", ".join(f"{kind} {percent_text(rate)}" for kind, rate in kinds.items())
        message = f"The plan would pay {percent_text(whole)} of the CV: {made}."
        fault = Fault("payout-over", message, "Lower rates until the whole stays below 100 %.")
        yield today.finding(beside[0][2], fault)


def _beside(today: Today) -> Iterator[tuple[str, int, Path]]:
    plan = today.plan
    for at, override in enumerate(plan.overrides):
        rows = tables_of(today, Written(override, ("overrides", at)))
        if rows:
            yield "generations", -(-max(most_paid(override, row.value) for row in rows) // FINE), rows[0].path
    for at, pool in enumerate(plan.pools):
        share = today.on(pool.share, "pools", at, "share")
        if share:
            yield "pools", share.value, share.path
    for at, level in enumerate(plan.levels):
        rates = today.on(level.rates, "levels", at, "rates")
        if rates and level.or_differential == "no":
            yield "levels", sum(rates.value), rates.path


def periods_in_range(today: Today) -> Iterator[Finding]:
    """Days since joining and periods of a title held lie where a bonus can be measured by them."""
    for (table, field), (least, most, unit) in RANGES.items():
        found = getattr(today.plan, table)
        rules = list(enumerate(found)) if isinstance(found, tuple) else [("", found)] if found else []
        for at, rule in rules:
            path = (table, field) if at == "" else (table, at, field)
            value = today.on(getattr(rule, field), *path)
            if value and not least <= value.value <= most:
                message = f"{value.value} {unit} is none that a bonus can be measured by."
                fault = Fault(f"{unit}-range", message, f"Write {least} to {most} {unit}.")
                yield today.finding(value.path, fault)


def limit_counts_something(today: Today) -> Iterator[Finding]:
    """A limit on own purchases lets some of them count."""
    rule = today.plan.own_purchases
    found = today.on(rule.counted_up_to, "own_purchases", "counted_up_to") if rule else None
    if found and found.value == 0:
        message = "A limit of 0 reads as if no own order counted, or as if there were no limit."
        yield today.finding(found.path, Fault("limit-zero", message, 'Write "none" for no limit, or some points.'))


def markets_fit(today: Today) -> Iterator[Finding]:
    """There is a market, its point is worth something, and its return window is at most a year."""
    markets = today.markets()
    if not markets and not today.is_broken(("markets",)):
        message = f"On {today.day} the plan has no market."
        yield today.finding(("markets",), Fault("markets-empty", message, "Add one; the first is the fallback."))
    for market in markets:
        value = today.on(market.value.point_value, *market.path, "point_value")
        if value and value.value.amount_minor == 0:
            message = f'In "{market.value.id}" a point is worth nothing, so nothing would be paid.'
            yield today.finding(value.path, Fault("point-worthless", message, 'Write what a point is worth: "1 USD".'))
        factor = today.on(market.value.cv_per_point, *market.path, "cv_per_point")
        if factor and factor.value == 0:
            message = f'In "{market.value.id}" a point of PV is no CV, so nothing would be paid.'
            yield today.finding(factor.path, Fault("point-worthless", message, "Write what a point is in CV: 1."))
        window = today.on(market.value.return_days, *market.path, "return_days")
        if window and window.value > LONGEST_RETURN_DAYS:
            message = f"Volume would stay provisional for {window.value} days."
            fault = Fault("days-range", message, f"Write 0 to {LONGEST_RETURN_DAYS} days.")
            yield today.finding(window.path, fault)
        yield from _rounding(today, market)


def _rounding(today: Today, market: Written[Market]) -> Iterator[Finding]:
    value = today.on(market.value.point_value, *market.path, "point_value")
    rounded = today.on(market.value.rounded_to, *market.path, "rounded_to")
    if rounded and rounded.value.amount_minor == 0:
        fault = Fault("rounding-zero", "Nothing is a multiple of 0.", "Write the least amount that is paid.")
        yield today.finding(rounded.path, fault)
    elif rounded and value and rounded.value.currency != value.value.currency:
        stands = f"{value.value.currency} in {today.line(value.path)}"
        message = f"Lines are rounded in {rounded.value.currency}, and a point of this market is {stands}."
        fault = Fault("currency-other", message, f"Write the amount in {value.value.currency}.")
        yield today.finding(rounded.path, fault)


def something_may_come_back(checked: Checked) -> Iterator[Finding]:
    """Who earned gives back for what returns only where some market lets orders come back at all."""
    rule = checked.plan.returns
    if rule is None or rule.count != "at the rate that was paid" or checked.is_broken(("markets",)):
        return
    windows = [
        (("markets", at, "return_days", since_key(day, own)), days)
        for at, market in enumerate(checked.plan.markets)
        for day, own, days in market.return_days.every()
    ]
    if windows and not any(days for _, days in windows):
        message = f"Nothing ever comes back: return_days is 0 from {checked.line(windows[0][0])} on, in every market."
        remedy = "Write in how many days an order may come back, or leave out what a return does."
        yield checked.finding(("returns", "count"), Fault("returns-never", message, remedy))


def some_market_weighs(today: Today) -> Iterator[Finding]:
    """Some market weighs in the pools."""
    markets = today.markets()
    weights = [today.on(market.value.pool_weight, *market.path, "pool_weight") for market in markets]
    given = [weight for weight in weights if weight]
    if given and len(given) == len(markets) and not any(weight.value for weight in given):
        fault = Fault("pool-weightless", "No market weighs anything in the pool.", "Give one a weight of 1 or more.")
        yield today.finding(given[0].path, fault)


def one_currency_for_bonuses(today: Today) -> Iterator[Finding]:
    """Amounts that the plan sets are named in the currency of the first market, the plan's own."""
    home = [today.on(market.value.point_value, *market.path, "point_value") for market in today.markets()[:1]]
    for found in _named(today):
        if home and home[0] and found.value.currency != home[0].value.currency:
            stands = f"{home[0].value.currency} in {today.line(home[0].path)}"
            message = f"The amount is in {found.value.currency}, and a point of the first market is {stands}."
            fault = Fault("currency-other", message, f"Write the amount in {home[0].value.currency}.")
            yield today.finding(found.path, fault)


def _named(today: Today) -> Iterator[Written[Any]]:
    """Yield every amount that the plan sets and that holds today, with its place."""
    for values, path in _amounts(today):
        if found := today.on(values, *path):
            yield found
    for at, level in enumerate(today.plan.levels):
        if products := today.on(level.products, "levels", at, "products"):
            for number, each in enumerate(products.value):
                for place, amount in enumerate(each.amounts):
                    yield Written(amount, (*products.path, number, "amounts", place))


def _amounts(today: Today) -> Iterator[tuple[Since[Any] | None, Path]]:
    plan = today.plan
    for title in today.titles():
        yield title.value.held_bonus, (*title.path, "held_bonus")
        yield title.value.fast_start, (*title.path, "fast_start")
    for at, one_time in enumerate(plan.one_times):
        yield one_time.amount, ("one_times", at, "amount")
    for at, pool in enumerate(plan.pools):
        yield pool.set_amount, ("pools", at, "set_amount")
    for at, cap in enumerate(plan.caps):
        yield cap.per_member, ("caps", at, "per_member")
