"""
Checks of level bonuses: rates or amounts, amounts of products each once, and first orders that pay a bonus alone.
"""

# ruff: noqa: D401 - the docstring of a check is the rule that it checks

from collections.abc import Iterator

from backend.kernel.finding import Finding
from backend.plan.document.rewards import LevelBonus
from backend.plan.forms import Fault
from backend.plan.source import Path
from backend.plan.today import Checked, Today, Written

ALONE = "not paid on it"


def _levels(checked: Checked) -> Iterator[Written[LevelBonus]]:
    for number, level in enumerate(checked.plan.levels):
        if not checked.is_broken(("levels", number)):
            yield Written(level, ("levels", number))


def rates_or_products(checked: Checked) -> Iterator[Finding]:
    """A level bonus has rates by level or amounts for products, not both."""
    for level in _levels(checked):
        value, path = level.value, level.path
        if value.rates is None and value.products is None:
            message = f'"{value.id}" has neither rates nor amounts for products.'
            fault = Fault("rates-missing", message, 'Add rates = { … = ["5 %"] }, or products with amounts.')
            yield checked.finding(path, fault)
        if value.rates is not None and value.products is not None:
            message = f"Rates already stand in {checked.line((*path, 'rates'))}."
            yield checked.source.key((*path, "products"), Fault("rates-both", message, "Keep one of the two."))


def products_given(today: Today) -> Iterator[Finding]:
    """There is a product, each stands once, and a unit of it pays something on at least one level."""
    for level in _levels(today):
        found = today.on(level.value.products, *level.path, "products")
        if found and not found.value:
            remedy = 'Write { product = "…", amounts = ["5 USD"] }.'
            yield today.finding(found.path, Fault("products-empty", "There is no product.", remedy))
        first: dict[str, Path] = {}
        for at, each in enumerate(found.value) if found else ():
            path: Path = (*found.path, at) if found else ()
            if first.setdefault(each.product, path) != path:
                message = f'Amounts for "{each.product}" already stand in {today.line(first[each.product])}.'
                fault = Fault("product-twice", message, "Write all its amounts in one place.")
                yield today.finding((*path, "product"), fault)
            if not any(amount.amount_minor for amount in each.amounts):
                message = f'A unit of "{each.product}" pays nothing on any level.'
                fault = Fault("amounts-empty", message, 'Write an amount, as ["5 USD"], or take the product out.')
                yield today.finding((*path, "amounts"), fault)


def alone_on_first_orders(checked: Checked) -> Iterator[Finding]:
    """A bonus that first orders pay alone is paid on first orders, and these are the buyer's, not the sponsor's."""
    for level in _levels(checked):
        if level.value.other_bonuses != ALONE:
            continue
        path: Path = (*level.path, "other_bonuses")
        if level.value.orders != "first":
            message = f'"{level.value.id}", in {checked.line(level.path)}, is paid on all orders.'
            fault = Fault("alone-on-all", message, 'Write orders = "first", or leave other bonuses "paid too".')
            yield checked.finding(path, fault)
        if checked.plan.personal.first_orders == "sponsor":
            where = checked.line(("personal", "first_orders"))
            message = f"First orders are paid as the sponsor's own by {where}; that would be another bonus on them."
            yield checked.finding(path, Fault("alone-at-sponsor", message, "Keep one of the two rules."))


def alone_with_no_other(checked: Checked) -> Iterator[Finding]:
    """Where one bonus is paid on first orders alone, no other is paid on them beside it, unless alone as well."""
    first = [level for level in _levels(checked) if level.value.orders == "first"]
    alone = [level for level in first if level.value.other_bonuses == ALONE]
    for level in first:
        if alone and level.value.other_bonuses != ALONE:
            where = checked.line((*alone[0].path, "other_bonuses"))
            message = f'"{alone[0].value.id}" leaves first orders to no other bonus, by {where}.'
            remedy = f'Write other_bonuses = "{ALONE}" here too, or take it out there.'
            fault = Fault("alone-with-others", message, remedy)
            yield checked.finding((*level.path, "orders"), fault)
