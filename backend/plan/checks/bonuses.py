"""
Checks of bonuses against titles and sales: each has its rule, each rule has its title, and nothing pays without a sale.
"""

# ruff: noqa: D401 - the docstring of a check is the rule that it checks

from collections.abc import Iterator
from typing import Any

from backend.kernel.dated import Since
from backend.kernel.finding import Finding
from backend.kernel.money import Money
from backend.plan.document import Document
from backend.plan.document.gates import Requirement
from backend.plan.document.ladder import Title
from backend.plan.forms import Fault
from backend.plan.source import Path
from backend.plan.today import Checked

BONUSES = {"pool_points": "pools", "fast_start": "fast_start", "held_bonus": "title_held", "generations": "overrides"}
"""What a title brings, and the table that says how it is paid."""

NO_SALE = ("enrolled_active", "training", "customer_share", "verified_share", "fees_paid", "cleared")
"""What can be had without any sale; a share that the company does not state counts as all of it."""


def bonuses_paid(checked: Checked) -> Iterator[Finding]:
    """A title's points, generations or bonus have the table that says how they are paid."""
    if any(len(path) == 1 or path[0] in {"pools", "overrides"} for path in checked.broken if path):
        return
    for path, title, field, table in _bonuses(checked):
        if not _rules(checked.plan)[table]:
            header = {"pools": "pool split by points", "overrides": "override with a depth by title"}
            wanted = header.get(table, f"[{table}] that says when it is paid")
            message = f'"{title.id}" has "{field}", and the plan has no {wanted}.'
            fault = Fault("bonus-rule-missing", message, f'Add one, or take "{field}" out.')
            yield checked.source.key((*path, field), fault)


def _rules(plan: Document) -> dict[str, bool]:
    """Tell of each table whether the plan has one that titles are paid by."""
    return {
        "pools": any(pool.split == "points" for pool in plan.pools),
        "overrides": any(override.depth == "by title" for override in plan.overrides),
        "fast_start": plan.fast_start is not None,
        "title_held": plan.title_held is not None,
    }


def tables_used(checked: Checked) -> Iterator[Finding]:
    """A table of a bonus has a title that is paid by it."""
    given = {table for _, _, _, table in _bonuses(checked)}
    for field, table in BONUSES.items():
        alone = table in {"fast_start", "title_held"} and table not in given
        if alone and _rules(checked.plan)[table] and not checked.is_broken(("titles",)):
            fault = Fault(
                "bonus-idle", f"No title is paid by [{table}].", f'Give a title "{field}", or take [{table}] out.'
            )
            yield checked.finding((table,), fault)


def _bonuses(checked: Checked) -> Iterator[tuple[Path, Title, str, str]]:
    for number, title in enumerate(checked.plan.titles):
        for field, table in BONUSES.items():
            if getattr(title, field) is not None:
                yield ("titles", number), title, field, table


def sales_before_bonuses(checked: Checked) -> Iterator[Finding]:
    """A title that is paid for takes sales, in every way to it: nobody is paid for joining or for enrolling."""
    for path, title, field, _table in _bonuses(checked):
        free = not _Sales(checked.plan).title(title.id, least=False)
        if free and _pays(getattr(title, field)) and not checked.is_broken(path):
            message = f'"{title.id}" can be reached without any sale, and "{field}" would pay for it.'
            fault = Fault("pay-without-sales", message, "Ask for a volume or a step on every way to the title.")
            yield checked.source.key((*path, field), fault)


def sales_before_amounts(checked: Checked) -> Iterator[Finding]:
    """An amount that is set in the plan, once or for each share of a pool, takes sales on every way to it."""
    plan = checked.plan
    amounts: list[tuple[Path, str, Since[Any] | None, Since[Requirement] | None]] = [
        *((("one_times", at), "amount", each.amount, each.requires) for at, each in enumerate(plan.one_times)),
        *((("pools", at), "set_amount", each.set_amount, each.requires) for at, each in enumerate(plan.pools)),
    ]
    for path, field, amount, requires in amounts:
        paid = amount is not None and _pays(amount) and not checked.is_broken(path)
        if paid and not _Sales(plan).asked(requires):
            message = "It can be met without any sale, and the amount would be paid for it."
            fault = Fault("pay-without-sales", message, "Ask for a volume or a step on every way to it.")
            yield checked.source.key((*path, field), fault)


def _pays(values: Since[Any]) -> bool:
    amounts = [value.amount_minor if isinstance(value, Money) else value for _, _, value in values.every()]
    return any(amounts)


class _Sales:
    """Whether what a plan asks for takes sales, also by way of steps, titles and marks; a circle is none of these."""

    def __init__(self, plan: Document) -> None:
        self.plan = plan
        self.seen: set[tuple[str, str]] = set()

    def asked(self, requires: Since[Any] | None) -> bool:
        """Tell whether each way of a requirement, on each day, takes sales; one that asks for nothing does not."""
        asked = [found for _, _, found in (requires.every() if requires else ())]
        ways = [way for found in asked if found for way in found.ways]
        return bool(ways) and None not in asked and all(any(self.condition(each) for each in way) for way in ways)

    def condition(self, condition: Any) -> bool:
        """Tell whether one condition takes sales."""
        if condition.measure in NO_SALE:
            return False
        if condition.measure == "active":
            return self.asked(self.plan.active.requires)
        mark = getattr(condition, "mark", None) or getattr(condition, "leg_mark", None)
        if mark:
            return self.mark(mark)
        if condition.measure in {"step", "legs_with_step"}:
            return self.step(getattr(condition, "leg_step", None) or condition.at_least)
        if condition.measure in {"title", "legs_with_title"}:
            return self.title(getattr(condition, "leg_title", None) or condition.at_least, least=True)
        return True

    def mark(self, name: str) -> bool:
        """Tell whether a mark takes sales."""
        found = [mark.requires for mark in self.plan.marks if mark.id == name]
        return self._once("mark", name) or all(self.asked(each) for each in found)

    def step(self, name: str) -> bool:
        """Tell whether a step and all above it take sales."""
        names = [step.id for step in self.plan.steps]
        found = self.plan.steps[names.index(name) :] if name in names else ()
        asked = [each for step in found for each in (step.requires, step.fast_track)]
        ways = [self.asked(each) for each in asked if each is not None]
        return self._once("step", name) or (name not in names[:1] and all(ways))

    def title(self, name: str, *, least: bool) -> bool:
        """Tell whether a title takes sales, and with `least` all above it."""
        names = [title.id for title in self.plan.titles]
        at = names.index(name) if name in names else len(names)
        found = self.plan.titles[at:] if least else self.plan.titles[at : at + 1]
        known = [title.requires for title in found if title.requires or title is self.plan.titles[0]]
        return self._once("title", name) or all(self.asked(each) for each in known)

    def _once(self, what: str, name: str) -> bool:
        seen = (what, name) in self.seen
        self.seen.add((what, name))
        return seen
