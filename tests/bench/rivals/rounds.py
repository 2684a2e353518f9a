"""
Rounds: engines take turns on one company, each answer is held against the first engine's, and medians are compared.
"""

from collections.abc import Mapping
from statistics import median

from tests.bench.rivals.results import Engine, Results, differences, digest


class Different(Exception):
    """An engine found something else than the first one did; its time means nothing."""


class Timed:
    """Engines by name, the seconds of processor time that each took, and what they all found."""

    def __init__(self, engines: Mapping[str, Engine]) -> None:
        """Keep the engines; the one that computes first says what the others are held against."""
        self._engines = engines
        self.names = tuple(engines)
        self._took: dict[str, list[float]] = {name: [] for name in engines}
        self.expected: Results = {}
        self.digest = ""

    def turn(self, *names: str) -> None:
        """Let engines compute once more, one after the other. Raises Different where one finds something else."""
        for name in names:
            self._took[name].append(self._engines[name].settle())
            self._hold(name, self._engines[name].results())

    def warm(self, *names: str) -> None:
        """Let engines compute without counting it, so that whatever compiles does so now. Raises Different."""
        for name in names:
            self._engines[name].settle()
            self._hold(name, self._engines[name].results())

    def seconds(self, name: str) -> float:
        """Return the median of what an engine took."""
        return median(self._took[name])

    def _hold(self, name: str, found: Results) -> None:
        if not self.expected:
            self.expected, self.digest = found, digest(found)
        if differing := differences(self.expected, found):
            raise Different(f"{name}: {'; '.join(differing)}")
