"""
Shares of a pool: what each way of splitting it counts for one member, before anyone asks who may have a share at all.
"""

from collections.abc import Callable

import numpy as np

from backend.engine.columns.compiled import kernel
from backend.engine.columns.numbered import cv_of
from backend.engine.columns.regions import by_market
from backend.engine.columns.sheet import Columns
from backend.engine.periods.history import periods_held
from backend.engine.snapshot import Flags, Indexes, Ints, Snapshot
from backend.plan.terms import Fosters, Split, Terms


def by_points(snapshot: Snapshot, terms: Terms, columns: Columns, scheme: int) -> Ints:
    """Count (the title's points + `leg_points` × legs broken away) × the market's weight."""
    of_titles = by_market(terms, lambda there: [title.pool_points for title in there.titles])
    of_leg = by_market(terms, lambda there: there.pools[scheme].leg_points)[snapshot.market]
    weight = np.array([market.pool_weight for market in terms.markets], dtype=np.int64)
    points: Ints = of_titles[snapshot.market, columns.title] + of_leg * columns.legs_broken_away
    return points * weight[snapshot.market]


def equal(snapshot: Snapshot, terms: Terms, columns: Columns, scheme: int) -> Ints:  # noqa: ARG001 - as all are called
    """Count one for everybody."""
    return np.ones(len(snapshot.members), dtype=np.int64)


def by_volume(snapshot: Snapshot, terms: Terms, columns: Columns, scheme: int) -> Ints:  # noqa: ARG001 - as all are called
    """Count the CV of the pool's volume in hundredths, never less than zero."""
    return np.maximum(cv_of(columns, terms.pools[scheme].volume), 0)


def by_leg_tiers(snapshot: Snapshot, terms: Terms, columns: Columns, scheme: int) -> Ints:
    """
    Count, for each leg that counts, points by tiers of the CV of its leader's volume.

    A tier gives its points for each whole `per` of the CV that lies within it; what does not fill one gives none.
    """
    leg, _ = _counting(snapshot, terms, columns, scheme)
    sponsor = snapshot.sponsor[leg]
    volume = np.maximum(cv_of(columns, terms.pools[scheme].volume)[leg], 0)
    tiers = by_market(terms, lambda there: there.pools[scheme].tiers)[snapshot.market[sponsor]]
    points, lower = np.zeros_like(volume), np.zeros_like(volume)
    for up_to, each, per in np.moveaxis(tiers, (1, 2), (0, 1)):
        upper = np.where(up_to > 0, up_to, np.maximum(volume, lower))
        points += np.maximum(np.minimum(volume, upper) - lower, 0) // per * each
        lower = upper
    return _added_up(snapshot, sponsor, points)


def by_leg_units(snapshot: Snapshot, terms: Terms, columns: Columns, scheme: int) -> Ints:
    """Count the periods of all legs that count, times the units that so many legs give."""
    leg, held = _counting(snapshot, terms, columns, scheme)
    sponsor = snapshot.sponsor[leg]
    legs, periods = _added_up(snapshot, sponsor, np.ones_like(held)), _added_up(snapshot, sponsor, held)
    rows = by_market(terms, lambda there: there.pools[scheme].units)[snapshot.market]
    units = np.zeros_like(legs)
    for least, each in np.moveaxis(rows, (1, 2), (0, 1)):
        units = np.where(legs >= least, each, units)
    return units * periods


SPLITS: dict[Split, Callable[[Snapshot, Terms, Columns, int], Ints]] = {
    Split.POINTS: by_points,
    Split.EQUAL: equal,
    Split.VOLUME: by_volume,
    Split.LEG_TIERS: by_leg_tiers,
    Split.LEG_UNITS: by_leg_units,
}


def _counting(snapshot: Snapshot, terms: Terms, columns: Columns, scheme: int) -> tuple[Indexes, Ints]:
    """
    Return the legs that count, and in how many of the last periods each leg's leader had the pool's mark.

    A leg counts whose leader had it in `leg_periods` of the last `periods`, this one included, as the sponsor's market
    asks; legs sponsored in another's place count, count not, or count alone, as the pool says.
    """
    asked = by_market(terms, lambda there: (there.pools[scheme].periods, there.pools[scheme].leg_periods))
    periods, least = asked[snapshot.market[snapshot.sponsor]].T
    mark = terms.pools[scheme].mark
    held = np.empty(len(snapshot.members), dtype=np.int64)
    _held(snapshot.marks_before[:, mark], columns.mark(mark), periods, held)
    counts = (snapshot.sponsor >= 0) & (held >= least) & _of_fosters(snapshot, terms.pools[scheme].fosters)
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
