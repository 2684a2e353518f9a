"""
What the periods of a calculation owe for earlier ones: returns that the plan recovers, and corrections.

A closed period keeps its posting and what it handed on. The period that comes to know more pays the difference.
"""

from collections.abc import Callable, Iterable, Mapping

from backend.engine.periods.adjustments import Adjustment, Posting, adjustments, settled
from backend.kernel.period import Period

Due = Callable[[Period, Period], Posting]
"""What a period comes to with all that is known at the end of another one."""


class Settling:
    """
    The earlier periods of a calculation: what has been posted for each so far.

    Periods are told of in their order: first what one adjusts, then that it is over. `saved` are the postings of
    closed periods; what these have posted stands, whatever they come to now.
    """

    def __init__(self, saved: Mapping[Period, Posting], due: Due) -> None:
        """Begin with no period behind."""
        self._saved, self._due = saved, due
        self._over: set[Period] = set()
        self._posted: dict[Period, Posting] = {}
        self._unsettled: set[Period] = set()

    def adjusted(self, period: Period, touched: Iterable[Period]) -> tuple[Adjustment, ...]:
        """
        Return what a period posts for those before it, of which `touched` are known to have changed in it.

        An open period settles all that is not settled yet; a closed one has posted what it has posted.
        """
        self._unsettled.update(self._over.intersection(touched))
        if period in self._saved:
            found = self._saved[period].adjustments
            self._unsettled.update(each for each in self._over if str(each) in {one.period for one in found})
        else:
            found = tuple(line for past in sorted(self._unsettled) for line in self._owed(past, period))
            self._unsettled.clear()
        for past in self._over:
            mine = [line for line in found if line.period == str(past)]
            if mine:
                self._posted[past] = settled(self._so_far(past), mine)
        return found

    def close(self, period: Period) -> None:
        """Say that a period is over; one whose posting was saved is compared with it by the next open one."""
        self._over.add(period)
        if period in self._saved:
            self._unsettled.add(period)

    def _owed(self, past: Period, period: Period) -> tuple[Adjustment, ...]:
        return adjustments(self._so_far(past), self._due(past, period))

    def _so_far(self, past: Period) -> Posting:
        """Return what was posted for a period: what was saved of it, or what it came to at its own end."""
        if past not in self._posted:
            self._posted[past] = self._saved[past] if past in self._saved else self._due(past, past)
        return self._posted[past]
