"""
Guarantees: what those who earn an override make up for weak groups, so that uplines have at least a set share of each.

From the leaves up, every giver knows what came in from the legs before anything is asked: its own lines of the override
and what weak leaders below made up. Shares are reckoned exactly, in CV × rate as fine as the override counts its rates,
and rounded once, for giver and receiver alike, so that what one loses another has, or the company keeps.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from backend.engine.amounts.lines import chosen, joined, lines_of
from backend.engine.amounts.prices import Whole
from backend.engine.amounts.worth import ROOM, TooLarge, worth
from backend.engine.groups.generations import First, Way
from backend.engine.groups.settlement import Book, Demands, Given, Incoming, Money, Tree, leaves_first
from backend.engine.groups.views import View
from backend.engine.outcome import Bonus, Entry, Lines
from backend.engine.snapshot import Indexes, Ints, Snapshot
from backend.engine.upline.nearest import NOBODY
from backend.kernel import points
from backend.kernel.points import BASIS, HUNDREDTHS
from backend.plan.terms import Charged, Guarantee, Terms


class Weak(NamedTuple):
    """The groups of an override that may fall short, and who earns on them."""

    scheme: int
    view: View
    way: Way
    first: First


def made_up(snapshot: Snapshot, terms: Terms, weak: Weak, earned: Lines) -> tuple[Lines, Lines]:
    """
    Return the lines of givers and receivers, and what finds no receiver and stays with the company.

    Charged on the own group, a giver is a leader who qualifies: short is what the group lacks to the guaranteed share,
    given what came in allows. Charged on frontline groups, it is whoever qualifies for their first generation. Raises
    TooLarge where shares would not fit in 64 bits.
    """
    rule = terms.overrides[weak.scheme].guarantee
    assert rule is not None, "only an override with a guarantee asks for one"
    giver, leg, group = _own_groups(snapshot, weak) if rule.charged == Charged.OWN_GROUP else _frontline_groups(weak)
    demands = _demands(snapshot, terms, weak, giver=giver, leg=leg, group=group)
    book = Book(
        tree=Tree(snapshot.first_leg, snapshot.leg_count, snapshot.market),
        money=_money(terms, weak.way.finer),
        demands=demands,
        incoming=_incoming(snapshot, terms, weak.way, earned, demands),
        given=Given(*(np.zeros(giver.size, dtype=np.int64) for _ in Given._fields)),
        at_most_incoming=rule.at_most_incoming,
        average=rule.average,
    )
    leaves_first(book)
    return _lines(weak, demands, book.given)


def _own_groups(snapshot: Snapshot, weak: Weak) -> tuple[Indexes, Indexes, Indexes]:
    """Return every leader who qualifies, as giver for the own group; the company may ask a member for none."""
    giver = np.flatnonzero(weak.view.leads & weak.way.qualified(1) & ~snapshot.granted).astype(np.int32)
    return giver, np.full_like(giver, NOBODY), giver


def _frontline_groups(weak: Weak) -> tuple[Indexes, Indexes, Indexes]:
    """
    Return who qualifies for the first generation of a group without being paid on it, the leg, and the group.

    Where nobody above earns on the group there is nobody to whom it could fall short, and nothing is asked.
    """
    group, above = np.flatnonzero(weak.view.leads).astype(np.int32), weak.way.next_above(1)
    giver = above.member[group]
    asked = (giver >= 0) & weak.way.qualified(1)[giver] & (giver != weak.first.member[group])
    asked &= weak.first.member[group] != NOBODY
    group, giver = group[asked], giver[asked]
    order = np.argsort(giver, kind="stable")
    return giver[order], above.leg[group[order]], group[order]


def _demands(snapshot: Snapshot, terms: Terms, weak: Weak, *, giver: Indexes, leg: Indexes, group: Indexes) -> Demands:
    """Return what is asked, at the rate of the first who earns on the group; or the giver's own first one."""
    receiver, market = weak.first.member[group], snapshot.market[giver]
    rate_bp = np.where(receiver >= 0, weak.first.rate_bp[group], weak.way.rates.first()[giver])
    full_cv = _in_cv(terms, weak.scheme, lambda rule: rule.points)
    if int(rate_bp.max(initial=0)) * max(full_cv) >= ROOM:
        raise TooLarge("the guaranteed share could pass 64 bits")
    return Demands(
        giver=giver,
        leg=leg,
        group=group,
        receiver=receiver,
        receiver_leg=weak.first.leg[group],
        rate_bp=rate_bp,
        full=rate_bp * np.array(full_cv, dtype=np.int64)[market],
        own=rate_bp * weak.view.cv[group],
        part_bp=_asked_part(terms, weak.scheme, market, weak.view.cv[group]),
    )


def _asked_part(terms: Terms, scheme: int, market: Indexes, group_cv: Ints) -> Ints:
    """Return the part of what a group leaves short that is asked for: all of it but from the band on."""
    rules = [_rule(terms, scheme, at) for at in range(len(terms.markets))]
    begins = [min(cv, ROOM) for cv in _in_cv(terms, scheme, lambda rule: rule.band_from)]
    known = np.array([rule.band_from > 0 for rule in rules], dtype=np.bool_)
    part_bp = np.array([rule.band_part_bp for rule in rules], dtype=np.int64)
    inside = known[market] & (group_cv >= np.array(begins, dtype=np.int64)[market])
    return np.where(inside, part_bp[market], BASIS)


def _in_cv(terms: Terms, scheme: int, read: Callable[[Guarantee], int]) -> list[int]:
    """Return, by market, points of PV that a guarantee names as hundredths of CV there."""
    return [
        points.divided(read(_rule(terms, scheme, at)) * market.cv_per_point, HUNDREDTHS, terms.rounding)
        for at, market in enumerate(terms.markets)
    ]


def _rule(terms: Terms, scheme: int, market: int) -> Guarantee:
    rule = terms.of(market).overrides[scheme].guarantee
    return rule if rule is not None else Guarantee(points=0)


def _incoming(snapshot: Snapshot, terms: Terms, way: Way, earned: Lines, demands: Demands) -> Incoming:
    """Return what each leg has earned its sponsor, before guarantees."""
    exact = _exactly(way, earned)
    numerators, _ = worth(terms)
    largest = [_largest(column) for column in (exact, demands.full, demands.own)]
    if (largest[0] * max(1, len(earned)) + largest[1] + largest[2]) * int(numerators.max(initial=1)) >= ROOM:
        raise TooLarge("what guarantees move could pass 64 bits")
    incoming = Incoming(*(np.zeros(len(snapshot.members), dtype=np.int64) for _ in Incoming._fields))
    np.add.at(incoming.exact, earned.leg, exact)
    np.add.at(incoming.minor, earned.leg, earned.amount_minor)
    return incoming


def _exactly(way: Way, earned: Lines) -> Ints:
    """Return what lines bring in CV × rate, the part that is paid of it, cut off to a whole unit of that."""
    product = earned.base_cv * earned.rate_bp
    if _largest(product) * _largest(earned.part) < ROOM:
        return product * earned.part // way.whole
    rows = zip(product.tolist(), earned.part.tolist(), strict=True)
    return np.array([brings * part // way.whole for brings, part in rows], dtype=np.int64)


def _largest(column: Ints) -> int:
    return int(np.abs(column).max(initial=0))


def _money(terms: Terms, finer: int) -> Money:
    numerator, denominator = worth(terms)
    unit = np.array([market.rounding_minor for market in terms.markets], dtype=np.int64)
    return Money(numerator, denominator * finer, unit, int(terms.rounding))


def _lines(weak: Weak, demands: Demands, given: Given) -> tuple[Lines, Lines]:
    """Return a line for every giver and one for every receiver, and those for whom there is no receiver."""
    whole = np.where(given.exact % np.maximum(demands.rate_bp, 1), demands.rate_bp, 1)
    base = np.where(whole > 1, given.exact, given.exact // np.maximum(demands.rate_bp, 1))
    shared: dict[str, Whole | int] = {
        "scheme": weak.scheme,
        "generation": 1,
        "rate_bp": demands.rate_bp,
        "whole": whole * weak.way.finer,
    }
    gives = lines_of(
        Bonus.OVERRIDE,
        earner=demands.giver,
        leg=demands.leg,
        source=demands.group,
        entry=int(Entry.GUARANTEE_GIVEN),
        base_cv=-base,
        amount_minor=-given.minor,
        **shared,
    )
    receives = lines_of(
        Bonus.OVERRIDE,
        earner=demands.receiver,
        leg=demands.receiver_leg,
        source=demands.giver,
        entry=int(Entry.GUARANTEE_RECEIVED),
        base_cv=base,
        amount_minor=given.received_minor,
        **shared,
    )
    moved, claimed = given.exact > 0, demands.receiver >= 0
    return joined([chosen(gives, moved), chosen(receives, moved & claimed)]), chosen(receives, moved & ~claimed)
