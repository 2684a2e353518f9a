"""
Folding: of a number's very many parts the largest stand on the page, and the others behind one line.
"""

from collections.abc import Sequence

from backend.kernel.trace import Trace

UNFOLDED = 12
"""So many parts are read at once."""

LARGEST = 8
"""How many of those that may be folded stand on the page where there are more parts."""

MANY = ("leg", "line", "match_line", "enrolled", "first_order_of_leg")
"""What there may be very many of, each for one person."""


def folded(parts: Sequence[Trace]) -> tuple[list[Trace], list[Trace]]:
    """Return the parts that are shown and those that are folded away, both in their order."""
    may = [at for at, part in enumerate(parts) if part.name in MANY] if len(parts) > UNFOLDED else []
    away = set(sorted(may, key=lambda at: (-abs(parts[at].value), at))[LARGEST:])
    shown = [part for at, part in enumerate(parts) if at not in away]
    return shown, [parts[at] for at in sorted(away)]
