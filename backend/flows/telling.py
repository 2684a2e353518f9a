"""
Telling: how what became of an event is answered.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from backend.intake.events import Event, Member, Price, Product, corrected, key_of, kind_of, shown_key
from backend.intake.order_body import OrderBody
from backend.intake.verdict import Told, found
from backend.kernel.finding import Finding


def told_twice(told: Sequence[Told | Event]) -> list[tuple[Told | Event, bool]]:
    """Return with each event whether the same came before it in its message."""
    seen: set[str] = set()
    pairs: list[tuple[Told | Event, bool]] = []
    for one in told:
        key = "" if type(one) is Told else key_of(one)
        pairs.append((one, key in seen))
        seen.add(key)
    return pairs


def keys_of(event: Event) -> list[str]:
    """Return the keys of accepted events that have to be looked up for one: its own, and the one that it corrects."""
    if isinstance(event, OrderBody):
        return []
    correction = getattr(event, "correction", 0)
    base = getattr(event, "base_key", "")
    return [event.key, *([corrected(base, correction - 1)] if correction else [])]


def told(event: Event, status: str, findings: Sequence[Finding] = ()) -> Told:
    """Answer an event by the key that its sender knows."""
    return Told(kind=kind_of(event), key=shown_key(event), status=status, findings=tuple(findings))


def changed(event: Event) -> Told:
    """Refuse a key that was told before with another content, by name."""
    if isinstance(event, OrderBody):
        message = f'The order "{event.order}" was sent before with another content.'
        remedy = "Give a new order a new id; change an accepted one by a return."
        return told(event, "refused", [found("key-reused", "order", message, remedy)])
    message = f'"{event.key}" was told before with another content.'
    return told(event, "refused", [found("key-reused", "", message, UNCORRECTED.get(type(event), CORRECTED))])


CORRECTED = "Send what has changed as a correction, or as a further event of a later day."
UNCORRECTED: Mapping[type[Any], str] = {
    Member: "A member joins once: send placements, enrolments, facts or a leaving for what has changed.",
    Product: "Send further prices by themselves; a bundle of other parts is another product.",
    Price: "Let another price begin on a later day; what was sold keeps its volume.",
}
"""What to do about what is told once, and has no corrections."""
