"""
Shares of a pool: what each way of splitting it counts for one member, before anyone asks who may have a share at all.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from backend.engine.columns.compiled import kernel
from backend.engine.columns.numbered import cv_of
from backend.engine.columns.regions import by_market
from backend.engine.columns.sheet import Columns
from backend.engine.periods.history import periods_held
from backend.engine.snapshot import Flags, Indexes, Ints, Snapshot
from backend.plan.terms import Fosters, Pool, Split, Terms


class Case(NamedTuple):
    """A pool, and what its shares are counted from."""

    snapshot: Snapshot
    terms: Terms
    columns: Columns
    scheme: int

    @property
    def pool(self) -> Pool:
        """The pool as the terms name it."""
        return self.terms.pools[self.scheme]


def by_points(case: Case, who: Indexes) -> Ints:
    """Count (the title's points + `leg_points` × legs broken away) × the market's weight."""
    of_titles = by_market(case.terms, lambda there: [title.pool_points for title in there.titles])
    market = case.snapshot.market[who]
    of_leg = by_market(case.terms, lambda there: there.pools[case.scheme].leg_points)[market]
    weight = np.array([market.pool_weight for market in case.terms.markets], dtype=np.int64)
    points: Ints = of_titles[market, case.columns.title[who]] + of_leg * case.columns.legs_broken_away[who]
    return points * weight[market]


def equal(case: Case, who: Indexes) -> Ints:  # noqa: ARG001 - as all are called
    """Count one for everybody."""
    return np.ones(who.size, dtype=np.int64)


def by_volume(case: Case, who: Indexes) -> Ints:
    """Count the CV of the pool's volume in hundredths, never less than zero."""
    return np.maximum(cv_of(case.columns, case.pool.volume)[who], 0)


def by_leg_tiers(case: Case, who: Indexes) -> Ints:
    """
    Count, for each leg that counts, points by tiers of the CV of its leader's volume.

    A tier gives its points for each whole `per` of the CV that lies within it; what does not fill one gives none.
    """
    snapshot = case.snapshot
    leg, _ = _counting(case)
    sponsor = snapshot.sponsor[leg]
    volume = np.maximum(cv_of(case.columns, case.pool.volume)[leg], 0)
    tiers = by_market(case.terms, lambda there: there.pools[case.scheme].tiers)[snapshot.market[sponsor]]
    points, lower = np.zeros_like(volume), np.zeros_like(volume)
    for up_to, each, per in np.moveaxis(tiers, (1, 2), (0, 1)):
        upper = np.where(up_to > 0, up_to, np.maximum(volume, lower))
        points += np.maximum(np.minimum(volume, upper) - lower, 0) // per * each
        lower = upper
    return _added_up(snapshot, sponsor, points)[who]


def by_leg_units(case: Case, who: Indexes) -> Ints:
    """Count the periods of all legs that count, times the units that so many legs give."""
    snapshot = case.snapshot
    leg, held = _counting(case)
    sponsor = snapshot.sponsor[leg]
    legs, periods = (_added_up(snapshot, sponsor, each)[who] for each in (np.ones_like(held), held))
    rows = by_market(case.terms, lambda there: there.pools[case.scheme].units)[snapshot.market[who]]
    units = np.zeros_like(legs)
    for least, each in np.moveaxis(rows, (1, 2), (0, 1)):
        units = np.where(legs >= least, each, units)
    return units * periods


SPLITS: dict[Split, Callable[[Case, Indexes], Ints]] = {
    Split.POINTS: by_points,
    Split.EQUAL: equal,
    Split.VOLUME: by_volume,
    Split.LEG_TIERS: by_leg_tiers,
    Split.LEG_UNITS: by_leg_units,
}


def _counting(case: Case) -> tuple[Indexes, Ints]:
    """
    Return the legs that count, and in how many of the last periods each leg's leader had the pool's mark.

    A leg counts whose leader had it in `leg_periods` of the last `periods`, this one included, as the sponsor's market
    asks; legs sponsored in another's place count, count not, or count alone, as the pool says.
    """
    snapshot, pool = case.snapshot, case.pool
    asked = by_market(
        case.terms, lambda there: (there.pools[case.scheme].periods, there.pools[case.scheme].leg_periods)
    )
    periods, least = asked[snapshot.market[snapshot.sponsor]].T
    held = np.empty(len(snapshot.members), dtype=np.int64)
    _held(snapshot.marks_before[:, pool.mark], case.columns.mark(pool.mark), periods, held)
    counts = (snapshot.sponsor >= 0) & (held >= least) & _of_fosters(snapshot, pool.fosters)
    leg = np.flatnonzero(counts).astype(np.int32)
    return leg, held[leg]


def _of_fosters(snapshot: Snapshot, fosters: Fosters) -> Flags:
    if fosters == Fosters.COUNTED:
        return np.ones_like(snapshot.foster)
    wanted: Flags = snapshot.foster == (fosters == Fosters.ALONE)
    return wanted


@kernel
def _held(history: Ints, now: Flags, periods: Ints, held: Ints) -> None:
    for i in range(held.size):
        held[i] = periods_held(history[i], now[i], periods[i])


def _added_up(snapshot: Snapshot, sponsor: Indexes, values: Ints) -> Ints:
    total = np.zeros(len(snapshot.members), dtype=np.int64)
    np.add.at(total, sponsor, values)
    return total
