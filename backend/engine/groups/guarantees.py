"""
Guarantees: what those who earn an override make up for weak groups, so that uplines have at least a set share of each.

From the leaves up, every giver knows what came in from the legs before anything is asked: its own lines of the override
and what weak leaders below made up. Shares are reckoned exactly, in CV × rate, and rounded once, for giver and receiver
alike, so that what one loses another has, or the company keeps.
"""

from typing import NamedTuple

import numpy as np

from backend.engine.amounts.lines import Whole, chosen, joined, lines_of
from backend.engine.amounts.worth import ROOM, TooLarge, worth
from backend.engine.columns.compiled import divided, kernel
from backend.engine.groups.generations import First, Way
from backend.engine.groups.views import View
from backend.engine.outcome import Bonus, Entry, Lines
from backend.engine.snapshot import Indexes, Ints, Snapshot
from backend.engine.upline.nearest import NOBODY
from backend.kernel import points
from backend.kernel.points import HUNDREDTHS
from backend.plan.terms import Charged, Terms


class Weak(NamedTuple):
    """The groups of an override that may fall short, and who earns on them."""

    scheme: int
    view: View
    way: Way
    first: First


class Demands(NamedTuple):
    """What is asked, sorted by giver: for which group, and who receives it through which leg; shares are CV × bp."""

    giver: Indexes
    leg: Indexes
    """The leg of the giver in which the group stands; NOBODY for the own group."""
    group: Indexes
    receiver: Indexes
    receiver_leg: Indexes
    rate_bp: Ints
    full: Ints
    """The guaranteed share."""
    own: Ints
    """What the group brings by itself."""


class Incoming(NamedTuple):
    """What each leg has brought its sponsor so far: exactly, CV × bp, and in minor units of the sponsor's market."""

    exact: Ints
    minor: Ints


class Given(NamedTuple):
    """What each demand got: exactly, and in minor units of the giver's and of the receiver's market."""

    exact: Ints
    minor: Ints
    received_minor: Ints


class Tree(NamedTuple):
    """Who stands where."""

    first_leg: Indexes
    leg_count: Indexes
    market: Indexes


class Money(NamedTuple):
    """What CV × bp are in minor units, by market, and to which units the plan rounds in which mode."""

    numerator: Ints
    denominator: Ints
    unit: Ints
    mode: int


class Book(NamedTuple):
    """All that the pass from the leaves reads and writes."""

    tree: Tree
    money: Money
    demands: Demands
    incoming: Incoming
    given: Given
    at_most_incoming: bool
    average: bool


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
        money=_money(terms),
        demands=demands,
        incoming=_incoming(snapshot, terms, earned, demands),
        given=Given(*(np.zeros(giver.size, dtype=np.int64) for _ in Given._fields)),
        at_most_incoming=rule.at_most_incoming,
        average=rule.average,
    )
    _leaves_first(book)
    return _lines(weak.scheme, demands, book.given)


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
    receiver = weak.first.member[group]
    rate_bp = np.where(receiver >= 0, weak.first.rate_bp[group], weak.way.rates.first()[giver])
    full_cv = np.array([_guaranteed_cv(terms, weak.scheme, market) for market in range(len(terms.markets))], np.int64)
    return Demands(
        giver=giver,
        leg=leg,
        group=group,
        receiver=receiver,
        receiver_leg=weak.first.leg[group],
        rate_bp=rate_bp,
        full=rate_bp * full_cv[snapshot.market[giver]],
        own=rate_bp * weak.view.cv[group],
    )


def _guaranteed_cv(terms: Terms, scheme: int, market: int) -> int:
    """Return the guaranteed CV of a group, in hundredths: the guarantee's points at the CV of the market."""
    rule, there = terms.of(market).overrides[scheme].guarantee, terms.of(market).markets[market]
    asked = rule.points if rule is not None else 0
    return points.divided(asked * there.cv_per_point, HUNDREDTHS, terms.rounding)


def _incoming(snapshot: Snapshot, terms: Terms, earned: Lines, demands: Demands) -> Incoming:
    """Return what each leg has earned its sponsor, before guarantees."""
    exact = earned.base_cv * earned.rate_bp * earned.part // earned.whole
    numerators, _ = worth(terms)
    largest = [int(np.abs(column).max(initial=0)) for column in (exact, demands.full, demands.own)]
    if (largest[0] * max(1, len(earned)) + largest[1] + largest[2]) * int(numerators.max(initial=1)) >= ROOM:
        raise TooLarge("what guarantees move could pass 64 bits")
    incoming = Incoming(*(np.zeros(len(snapshot.members), dtype=np.int64) for _ in Incoming._fields))
    np.add.at(incoming.exact, earned.leg, exact)
    np.add.at(incoming.minor, earned.leg, earned.amount_minor)
    return incoming


def _money(terms: Terms) -> Money:
    numerator, denominator = worth(terms)
    unit = np.array([market.rounding_minor for market in terms.markets], dtype=np.int64)
    return Money(numerator, denominator, unit, int(terms.rounding))


@kernel
def _leaves_first(book: Book) -> None:
    """Settle every giver's demands, in the order of the groups, after all who stand below."""
    demands = book.demands
    end = demands.giver.size
    while end > 0:
        giver = demands.giver[end - 1]
        begin = end
        while begin > 0 and demands.giver[begin - 1] == giver:
            begin -= 1
        left = _in_hand(book, giver)
        for demand in range(begin, end):
            exact = min(left, max(0, _share(book, giver, demands.full[demand]) - demands.own[demand]))
            _give(book, demand, exact)
            left -= exact
        end = begin


@kernel
def _in_hand(book: Book, giver: int) -> int:
    """Return what came in, never less than zero, and no more than its lines are worth after their rounding."""
    tree, money = book.tree, book.money
    exact = minor = 0
    for leg in range(tree.first_leg[giver], tree.first_leg[giver] + tree.leg_count[giver]):
        exact += book.incoming.exact[leg]
        minor += book.incoming.minor[leg]
    market = tree.market[giver]
    whole = max(0, minor) // money.unit[market] * money.unit[market]
    return int(max(0, min(exact, whole * money.denominator[market] // money.numerator[market])))


@kernel
def _share(book: Book, giver: int, full: int) -> int:
    """Return the share that is asked: of one line that brings anything, of several, or the guaranteed one in full."""
    lines = brought = largest = 0
    for leg in range(book.tree.first_leg[giver], book.tree.first_leg[giver] + book.tree.leg_count[giver]):
        if book.incoming.exact[leg] > 0:
            lines += 1
            brought += book.incoming.exact[leg]
            largest = max(largest, book.incoming.exact[leg])
    if book.at_most_incoming and lines == 1:
        return min(full, brought)
    if book.average and lines > 1 and largest < full:
        return brought // lines
    return full


@kernel
def _give(book: Book, demand: int, exact: int) -> None:
    """Move a share from giver to receiver; where a point is worth the same, to the same minor unit."""
    demands, money = book.demands, book.money
    here, receiver = book.tree.market[demands.giver[demand]], demands.receiver[demand]
    minor = _rounded(money, here, exact)
    received = minor
    if receiver >= 0:
        there, leg = book.tree.market[receiver], demands.receiver_leg[demand]
        if money.numerator[there] * money.denominator[here] != money.numerator[here] * money.denominator[there]:
            received = _rounded(money, there, exact)
        book.incoming.exact[leg] += exact
        book.incoming.minor[leg] += received
    book.given.exact[demand] = exact
    book.given.minor[demand] = minor
    book.given.received_minor[demand] = received


@kernel
def _rounded(money: Money, market: int, exact: int) -> int:
    unit = money.unit[market]
    return int(divided(exact * money.numerator[market], money.denominator[market] * unit, money.mode) * unit)


def _lines(scheme: int, demands: Demands, given: Given) -> tuple[Lines, Lines]:
    """Return a line for every giver and one for every receiver, and those for whom there is no receiver."""
    whole = np.where(given.exact % np.maximum(demands.rate_bp, 1), demands.rate_bp, 1)
    base = np.where(whole > 1, given.exact, given.exact // np.maximum(demands.rate_bp, 1))
    shared: dict[str, Whole | int] = {"scheme": scheme, "generation": 1, "rate_bp": demands.rate_bp, "whole": whole}
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
