"""
Laws: what holds of every outcome, whatever the plan and the network. Asked on every run, before anyone sees a number.
"""

from collections.abc import Callable

from backend.engine.outcome import Outcome
from backend.engine.snapshot import Snapshot
from backend.plan.terms import Terms

LAWS: tuple[tuple[str, Callable[..., bool]], ...] = ()


class LawBroken(Exception):
    """An outcome broke a law, so the engine or its input is wrong; carries a sentence for each, and nothing is paid."""

    def __init__(self, sentences: list[str]) -> None:
        """Keep the sentences."""
        self.sentences = sentences
        super().__init__("\n".join(sentences))


def broken_laws(snapshot: Snapshot, terms: Terms, outcome: Outcome) -> list[str]:
    """Return a sentence for each law that the outcome breaks; none, where all is well."""
    return []
