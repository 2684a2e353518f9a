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
    sales = _Sales(checked.plan)
    for path, title, field, _table in _bonuses(checked):
        if not sales.title(title.id) and _pays(getattr(title, field)) and not checked.is_broken(path):
            message = f'"{title.id}" can be reached without any sale, and "{field}" would pay for it.'
            fault = Fault("pay-without-sales", message, "Ask for a volume or a step on every way to the title.")
            yield checked.source.key((*path, field), fault)


def sales_before_amounts(checked: Checked) -> Iterator[Finding]:
    """An amount that is set in the plan, once or for each share of a pool, takes sales on every way to it."""
    plan, sales = checked.plan, _Sales(checked.plan)
    amounts: list[tuple[Path, str, Since[Any] | None, Since[Requirement] | None]] = [
        *((("one_times", at), "amount", each.amount, each.requires) for at, each in enumerate(plan.one_times)),
        *((("pools", at), "set_amount", each.set_amount, each.requires) for at, each in enumerate(plan.pools)),
    ]
    for path, field, amount, requires in amounts:
        paid = amount is not None and _pays(amount) and not checked.is_broken(path)
        if paid and not sales.asked(requires):
            message = "It can be met without any sale, and the amount would be paid for it."
            fault = Fault("pay-without-sales", message, "Ask for a volume or a step on every way to it.")
            yield checked.source.key((*path, field), fault)


def _pays(values: Since[Any]) -> bool:
    amounts = [value.amount_minor if isinstance(value, Money) else value for _, _, value in values.every()]
    return any(amounts)


class _Sales:
    """
    What can be had without any sale: steps, titles and marks, each also by way of others that can.

    `free` grows from what asks for no sale by itself; so what needs itself in a circle alone is never among it.
    """

    def __init__(self, plan: Document) -> None:
        self.plan = plan
        self.free: set[tuple[str, str]] = set()
        asked = list(self._asked())
        while found := {fact for fact, requires in asked if fact not in self.free and not self.asked(requires)}:
            self.free |= found

    def _asked(self) -> Iterator[tuple[tuple[str, str], Since[Any] | None]]:
        """Yield each mark, step and title with what is asked for it; the first step and title ask for nothing."""
        plan = self.plan
        yield from ((("mark", mark.id), mark.requires) for mark in plan.marks)
        for what, entries in (("step", plan.steps), ("title", plan.titles)):
            yield from (((what, each.id), each.requires) for each in entries if each.requires or each is entries[0])
        yield from ((("step", step.id), step.fast_track) for step in plan.steps if step.fast_track)

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
            return ("mark", mark) not in self.free
        if condition.measure in {"step", "legs_with_step"}:
            return self.from_on("step", getattr(condition, "leg_step", None) or condition.at_least)
        if condition.measure in {"title", "legs_with_title"}:
            return self.from_on("title", getattr(condition, "leg_title", None) or condition.at_least)
        return True

    def from_on(self, what: str, name: str) -> bool:
        """Tell whether a step or title and all above it take sales."""
        entries = self.plan.steps if what == "step" else self.plan.titles
        names = [each.id for each in entries]
        found = names[names.index(name) :] if name in names else []
        return not any((what, each) in self.free for each in found)

    def title(self, name: str) -> bool:
        """Tell whether a title takes sales."""
        return ("title", name) not in self.free
