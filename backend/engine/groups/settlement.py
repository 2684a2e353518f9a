"""
Settlement: the pass from the leaves in which givers make up what weak groups leave short, each out of what came in.

Shares are reckoned exactly, in CV × rate, and rounded once, for giver and receiver alike.
"""

from typing import NamedTuple

from backend.engine.columns.compiled import divided, kernel
from backend.engine.snapshot import Indexes, Ints
from backend.kernel.points import BASIS


class Demands(NamedTuple):
    """What is asked, sorted by giver: for which group, who receives it through which leg; shares in CV × rate."""

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
    part_bp: Ints
    """The part of what is short that is asked for, in basis points."""


class Incoming(NamedTuple):
    """What each leg has brought its sponsor so far: exactly, CV × rate, and in minor units of the sponsor's market."""

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
    """What CV × rate is in minor units, by market, and to which units the plan rounds in which mode."""

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


@kernel
def leaves_first(book: Book) -> None:
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
            short = max(0, _share(book, giver, demands.full[demand]) - demands.own[demand])
            exact = min(left, _part(short, demands.part_bp[demand]))
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
def _part(short: int, part_bp: int) -> int:
    """Return a part of what is short, cut off to the exact unit; no product outgrows what it is a part of."""
    return int(short // BASIS * part_bp + short % BASIS * part_bp // BASIS)


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
