"""
Checks of multipliers: a rate for everybody or ascending rows, on bonuses that are no multiplier themselves.
"""

# ruff: noqa: D401 - the docstring of a check is the rule that it checks

from collections.abc import Iterator, Mapping

from backend.kernel.finding import Finding
from backend.kernel.points import BASIS
from backend.plan.checks.overrides import rows_ascend
from backend.plan.document.rewards import Multiplier
from backend.plan.forms import Fault
from backend.plan.today import Checked, Today, Written

ON_CV = {
    "personal": "steps",
    "differential": "steps",
    "override": "generations",
    "pool": "pools",
    "level": "levels",
}
"""The bonuses that are a share of CV, and what of the plan says how much of it they pay."""


def _multipliers(checked: Checked) -> Iterator[Written[Multiplier]]:
    for number, multiplier in enumerate(checked.plan.multipliers):
        if not checked.is_broken(("multipliers", number)):
            yield Written(multiplier, ("multipliers", number))


def rate_or_rows(checked: Checked) -> Iterator[Finding]:
    """A multiplier has one rate for everybody or rows of rates, not both."""
    for found in _multipliers(checked):
        value, path = found.value, found.path
        if value.rate is None and value.rows is None:
            fault = Fault("rates-missing", f'"{value.id}" has no rate.', 'Add rate = { … = "25 %" }, or rows of them.')
            yield checked.finding(path, fault)
        if value.rate is not None and value.rows is not None:
            message = f"The rate for everybody already stands in {checked.line((*path, 'rate'))}."
            yield checked.source.key((*path, "rows"), Fault("rates-both", message, "Keep one of the two."))


def rows_of_one_kind(today: Today) -> Iterator[Finding]:
    """Every row begins from a title, a step or a number of legs, all rows from the same of the three, ascending."""
    for found in _multipliers(today):
        rows = today.on(found.value.rows, *found.path, "rows")
        if rows and not rows.value:
            fault = Fault("rates-empty", "There is no row.", 'Write { title = "…", rate = "25 %" }.')
            yield today.finding(rows.path, fault)
        yield from rows_ascend(today, rows) if rows else ()


def something_is_paid(today: Today) -> Iterator[Finding]:
    """The rate for everybody, or that of some row, is above nothing."""
    for found in _multipliers(today):
        rates = _rates(today, found)
        if rates and not any(rate.value for rate in rates):
            fault = Fault(
                "multiplier-zero", "It multiplies by nothing, so nobody is paid.", "Raise it, or take it out."
            )
            yield today.finding(rates[0].path, fault)


def none_multiplies_another(checked: Checked) -> Iterator[Finding]:
    """A multiplier names no multipliers: each is paid on the bonuses as they are."""
    for found in _multipliers(checked):
        for at, bonus in enumerate(found.value.bonuses):
            if bonus == "multiplier":
                path = (*found.path, "bonuses", at)
                message = f"What {checked.line(found.path)} begins is a multiplier itself; none multiplies another."
                yield checked.finding(path, Fault("multiplier-multiplied", message, "Name the bonuses themselves."))


def shares_of_cv(today: Today, paid_bp: Mapping[str, int]) -> Iterator[tuple[int, Written[int]]]:
    """Yield what each multiplier adds at the most to what the plan pays of CV, basis points, with its highest rate."""
    for found in _multipliers(today):
        rates = _rates(today, found)
        kinds = {ON_CV[bonus] for bonus in found.value.bonuses if bonus in ON_CV}
        base = sum(paid_bp.get(kind, 0) for kind in kinds)
        if rates and base:
            highest = max(rates, key=lambda rate: rate.value)
            yield -(-base * highest.value // BASIS), highest


def _rates(today: Today, found: Written[Multiplier]) -> list[Written[int]]:
    """Return today's rates, each with its place."""
    rate = today.on(found.value.rate, *found.path, "rate")
    rows = today.on(found.value.rows, *found.path, "rows")
    of_rows = [Written(row.rate, (*rows.path, at, "rate")) for at, row in enumerate(rows.value)] if rows else []
    return ([Written(rate.value, rate.path)] if rate else []) + of_rows
