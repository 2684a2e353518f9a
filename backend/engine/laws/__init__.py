"""
Laws: what holds of every outcome, whatever the plan and the network. Asked on every run, before anyone sees a number.
"""

from collections.abc import Callable

from backend.engine.laws import of_lines, of_volume
from backend.engine.laws.of_lines import Case
from backend.engine.outcome import Outcome
from backend.engine.snapshot import Snapshot
from backend.plan.terms import Terms


class LawBroken(Exception):
    """An outcome broke a law, so the engine or its input is wrong; carries a sentence for each, and nothing is paid."""

    def __init__(self, sentences: list[str]) -> None:
        """Keep the sentences."""
        self.sentences = sentences
        super().__init__("\n".join(sentences))


def broken_laws(snapshot: Snapshot, terms: Terms, outcome: Outcome) -> list[str]:
    """Return a sentence for each law that the outcome breaks; none, where all is well. O(n + lines)."""
    case = Case(snapshot, terms, outcome)
    return [sentence for sentence, holds in LAWS if not holds(case)]


LAWS: tuple[tuple[str, Callable[[Case], bool]], ...] = (
    ("GV of roots and broken-away members adds up to all PV.", of_volume.nothing_lost),
    ("Lines add up to every earner's total of every bonus.", of_lines.lines_add_up),
    (
        "What is carried forward is what was, and what is held until the member is active.",
        of_lines.carried_adds_up,
    ),
    (
        "Personal and differential rates, and what is left of them, add up to the highest percent on the path.",
        of_volume.rates_reach_the_highest,
    ),
    ("Pool shares add up to the fund.", of_lines.pools_add_up),
    ("What a guarantee takes is what it gives.", of_lines.guarantees_add_up),
    ("Nobody is paid who is not active.", of_lines.only_the_active_are_paid),
    ("Without sales nothing is paid.", of_lines.no_pay_without_sales),
    ("Nobody earns from an upline or a crossline.", of_volume.earned_from_below),
    ("A group has at most one earner a generation.", of_lines.one_earner_a_generation),
    (
        "An amount is negative only as a recovery, as the paying side of a guarantee, or as what a cap takes.",
        of_lines.negative_only_where_it_may,
    ),
)
