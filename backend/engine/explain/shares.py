"""
Shares of a pool, explained: the fund, what a member's own shares are made of, and how many there are in all.
"""

from collections.abc import Iterator

from backend.engine.columns.numbered import cv_of
from backend.engine.explain.lines import Row
from backend.engine.explain.parts import minor, volume_name
from backend.engine.gates.measures import Member
from backend.engine.periods.history import periods_held
from backend.kernel.points import BASIS, HUNDREDTHS, divided, percent_text, points_text
from backend.kernel.trace import Trace
from backend.plan.terms import Fosters, Pool, Split


def fund(member: Member, row: Row) -> Iterator[Trace]:
    """Yield the fund in the member's currency, and the CV that it is a share of; a set amount a share has none."""
    if row.rate_bp:
        market = member.terms.markets[member.of("market")]
        whole = HUNDREDTHS * BASIS * market.rounding_minor
        points = row.base_cv * row.rate_bp * market.minor_per_point
        amount = divided(points, whole, member.terms.rounding) * market.rounding_minor
        yield minor("fund", amount, base=points_text(row.base_cv), rate=percent_text(row.rate_bp))


def shares(member: Member, row: Row) -> Iterator[Trace]:
    """Yield the member's own shares with what they are made of, and all shares."""
    pool = member.terms.pools[row.scheme]
    unit = "points" if pool.split == Split.VOLUME else "count"
    parts = tuple(_made_of(member, pool))
    exact = bool(parts) and sum(part.value for part in parts) == row.part
    about = {"volume": volume_name(member.terms, pool.volume)} if pool.split == Split.VOLUME else {}
    yield Trace(name="own_shares", value=row.part, unit=unit, about=about, parts=parts if exact else (), adds_up=exact)
    if row.whole > 1:
        yield Trace(name="all_shares", value=row.whole, unit=unit)


def _made_of(member: Member, pool: Pool) -> Iterator[Trace]:
    if pool.split == Split.POINTS:
        yield from _of_points(member, pool)
    elif pool.split == Split.LEG_TIERS:
        for leg, _ in _counting(member, pool):
            yield _of_tiers(leg, pool)
    elif pool.split == Split.LEG_UNITS:
        counting = _counting(member, pool)
        units = max(((legs, each) for legs, each in pool.units if legs <= len(counting)), default=(0, 0))[1]
        for leg, held in counting:
            about = {"member": leg.id, "units": str(units), "periods": str(held)}
            yield Trace(name="leg", value=units * held, unit="count", about=about)


def _of_points(member: Member, pool: Pool) -> Iterator[Trace]:
    weight = member.terms.markets[member.of("market")].pool_weight
    title, legs = member.terms.titles[member.of("title")], member.of("legs_broken_away")
    times = {"weight": str(weight)} if weight != 1 else {}
    about = {"title": title.id, **times}
    yield Trace(name="title_shares", value=title.pool_points * weight, unit="count", about=about)
    if pool.leg_points:
        about = {"count": str(legs), **times}
        yield Trace(name="leg_shares", value=pool.leg_points * legs * weight, unit="count", about=about)


def _counting(member: Member, pool: Pool) -> list[tuple[Member, int]]:
    """Return the legs that count, each with the periods in which its leader had the pool's mark."""
    found = []
    for leg in (member.at(at) for at in range(member.legs.start, member.legs.stop)):
        before = int(member.snapshot.marks_before[leg.index, pool.mark])
        held = periods_held(before, bool(leg.of("marks") >> pool.mark & 1), pool.periods)
        counted = pool.fosters == Fosters.COUNTED or bool(leg.of("foster")) == (pool.fosters == Fosters.ALONE)
        if counted and held >= pool.leg_periods:
            found.append((leg, int(held)))
    return found


def _of_tiers(leg: Member, pool: Pool) -> Trace:
    """Return what the tiers give for a leg: points for each whole `per` of the CV that lies within a tier."""
    cv = max(0, int(cv_of(leg.outcome, pool.volume)[leg.index]))
    points, lower = 0, 0
    for up_to, each, per in pool.tiers:
        upper = up_to or max(cv, lower)
        points += max(min(cv, upper) - lower, 0) // per * each
        lower = upper
    return Trace(name="leg", value=points, unit="count", about={"member": leg.id, "tier_cv": points_text(cv)})
