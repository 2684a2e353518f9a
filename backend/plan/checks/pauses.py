"""
Checks of the pause: it names what it waits for, and something is earned that it can hold.
"""

# ruff: noqa: D401 - the docstring of a check is the rule that it checks

from collections.abc import Iterator

from backend.kernel.finding import Finding
from backend.plan.checks.walk import only_way
from backend.plan.forms import Fault
from backend.plan.today import Today

WAITS_FOR = {"while_fees_are_outstanding": "fees_paid", "while_not_cleared": "cleared"}


def holds_something(today: Today) -> Iterator[Finding]:
    """A pause holds what is earned; who is not active for the same reason earns nothing that it could hold."""
    rule, active = today.plan.pause, today.plan.active
    if rule is None:
        return
    waits = [field for field in WAITS_FOR if getattr(rule, field) == "yes"]
    if not waits:
        fault = Fault("pause-empty", "The pause waits for nothing.", "Say what it waits for, or take it out.")
        yield today.finding(("pause",), fault)
    asked = today.on(active.requires, "active", "requires") if active.requires else None
    by_measure = {subject[0]: condition for subject, condition in only_way(asked).items()} if asked else {}
    for field in waits if active.otherwise != "carry forward" else ():
        condition = by_measure.get(WAITS_FOR[field])
        if condition is not None:
            message = f"Who does not meet {today.line(condition.path)} is not active, and earns nothing to hold."
            yield today.finding(("pause", field), Fault("pause-idle", message, "Ask for it in one of the two places."))
