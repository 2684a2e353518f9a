"""
Generations: the way of a group's volume upward, from leader to leader, and who earns which generation of it.

All groups go up together, a generation at a time: one pointer a member leads to the next who matters, so nobody walks
up a line. Once a generation is as the next one will be, the pointers stay as they are, and the rest of the way costs
only what it pays.
"""

from typing import NamedTuple

import numpy as np

from backend.engine.amounts.worth import TooLarge
from backend.engine.columns.compiled import kernel
from backend.engine.groups.rates import Rates
from backend.engine.snapshot import Flags, Indexes, Ints
from backend.engine.upline.nearest import NOBODY, Above, follow, nearest_above
from backend.kernel.points import BASIS

MOST = 2**26
"""So many lines of one override at most; more would not fit in the memory of a large machine."""


class Way(NamedTuple):
    """
    What decides who earns on groups: who may, at which rate, and what those do who do not qualify.

    Only those who matter are in it: who leads a group, may earn, or uses a generation up; all here goes by places among
    them, in the order in which they stand.
    """

    member: Indexes
    """Those who matter, by their indexes."""
    sponsor: Indexes
    """The nearest of them above."""
    leg: Indexes
    """The frontline leg of that one, by its index."""
    title: Indexes
    groups: Indexes
    """The leaders whose groups are paid on."""
    earns: Flags
    """Who is active and meets title and gate."""
    uses: Flags
    """Leaders who use up a generation, or end the line, though they do not qualify for it."""
    ends: bool
    first_only: bool
    rates: Rates
    least_bp: Ints
    """Every earner's least difference from the rate of the group's leader; below zero there is no difference taken."""
    distance_bp: Ints
    """Per earner, the part that is paid where the leader's title lies 0, 1, 2, … below; no column pays all."""
    of_first: bool = False
    """Generations from the second on are paid on what the first one earns of the group."""
    finer: int = 1
    """In how many parts of a basis point all rates here are counted."""

    def qualified(self, generation: int) -> Flags:
        """Return who qualifies for a generation: who may earn and has a rate there, if only of nothing."""
        found: Flags = self.earns & (self.rates.at(generation) >= 0)
        return found

    def next_above(self, generation: int) -> Above:
        """Return everybody's nearest upline who qualifies for a generation or uses it up."""
        return self.nearest(self.qualified(generation) | self.uses)

    def nearest(self, chosen: Flags) -> Above:
        """Return everybody's nearest chosen upline."""
        return nearest_above(self.sponsor, chosen, self.leg)

    def pay(self, generation: int, earner: Indexes, leader: Indexes, *, first_bp: Ints) -> tuple[Ints, Ints]:
        """
        Return rates and what part of each is paid, of `whole`; earners have a rate there.

        `first_bp` is the rate that the first generation is paid of each group; 0 where it is not.
        """
        rates = self.rates.at(generation)
        rate, least = rates[earner], self.least_bp[earner]
        difference = np.maximum(rate - np.maximum(rates[leader], 0), least)
        part = np.full_like(rate, self.whole)
        if self.of_first:
            part = first_bp if generation > 1 else part
        elif self.distance_bp.shape[1]:
            below = np.clip(self.title[earner] - self.title[leader], 0, self.distance_bp.shape[1] - 1)
            part = self.distance_bp[earner, below]
        return np.where((rate > 0) & (least >= 0), difference, rate), part

    @property
    def whole(self) -> int:
        """Return what the parts are parts of."""
        if self.of_first:
            return BASIS * self.finer
        return BASIS if self.distance_bp.shape[1] else 1

    @property
    def settled(self) -> int:
        """From this generation on who is paid what no longer hangs on which generation it is."""
        return max(2, self.rates.settled) if self.of_first else self.rates.settled


class Earned(NamedTuple):
    """Who earns on which group through which leg: a row for each generation that pays, rising within a group."""

    group: Indexes
    earner: Indexes
    leg: Indexes
    generation: Indexes
    rate_bp: Ints
    part: Ints


class Climb(NamedTuple):
    """How far groups have come: whose groups, and at whom each of them stands."""

    group: Indexes
    at: Indexes

    def those(self, chosen: Flags) -> "Climb":
        """Return some of the groups."""
        return Climb(self.group[chosen], self.at[chosen])


class Seen(NamedTuple):
    """What is known of each member's group so far."""

    reached: Flags
    """Anybody has qualified for a generation of it."""
    first_bp: Ints
    """The rate that the first generation is paid; 0 where it is not."""


def earned_on(way: Way) -> tuple[Earned, Flags]:
    """
    Return what each generation of each group earns for whom, and for whose groups anybody qualified at all.

    Generation g falls to the nearest above that of g - 1 who qualifies for g; a zero rate takes it and pays nothing.
    Who does not qualify, and leads a group, is passed over, uses the generation up or ends the line; who leads none is
    always passed over. What is earned names members by their indexes. Raises TooLarge where endless generations make
    too many lines.
    """
    size = way.sponsor.size
    found, seen = [_none()], Seen(np.zeros(size, dtype=np.bool_), np.zeros(size, dtype=np.int64))
    climb = Climb(way.groups, way.groups)
    for generation in range(1, way.settled):
        if climb.group.size:
            earned, climb = _generation(way, generation, climb, seen)
            found.append(earned)
    if climb.group.size:
        found += _endless(way, climb, seen)
    group, earner, leg, number, rate_bp, part = (np.concatenate(column) for column in zip(*found, strict=True))
    return Earned(way.member[group], way.member[earner], leg, number, rate_bp, part), seen.reached


def _generation(way: Way, generation: int, climb: Climb, seen: Seen) -> tuple[Earned, Climb]:
    """Return what one generation earns, and the groups that go on from it."""
    above, qualified = way.next_above(generation), way.qualified(generation)
    earner, leg = follow(above.member, climb.at), follow(above.leg, climb.at)
    found = (earner >= 0) & qualified[earner]
    seen.reached[climb.group[found]] = True
    rate, part = way.pay(generation, earner, climb.group, first_bp=seen.first_bp[climb.group])
    pays = found & (rate > 0) & (part > 0)
    if generation == 1:
        seen.first_bp[climb.group[pays]] = rate[pays]
    number = np.full_like(climb.group, generation)
    on = (found if way.ends else earner >= 0) & ~(pays & way.first_only)
    earned = Earned(climb.group[pays], earner[pays], leg[pays], number[pays], rate[pays], part[pays])
    return earned, Climb(climb.group, earner).those(on)


def _none() -> Earned:
    nobody, nothing = np.empty(0, dtype=np.int32), np.empty(0, dtype=np.int64)
    return Earned(nobody, nobody, nobody, nobody, nothing, nothing)


def _endless(way: Way, climb: Climb, seen: Seen) -> list[Earned]:
    """Return what generations earn from where they change no more, for all groups that pay alike at once."""
    generation = way.settled
    qualified = way.qualified(generation)
    if not qualified.any():
        return []
    ends = way.uses & ~qualified & way.ends
    nearest = follow(way.nearest(qualified | ends).member, climb.at)
    seen.reached[climb.group[(nearest >= 0) & qualified[nearest]]] = True
    kinds, kind = np.unique(_alike(way, climb.group, seen), axis=0, return_inverse=True)
    return [_rest(way, climb.those(kind.ravel() == at), seen, qualified, ends) for at in range(len(kinds))]


def _alike(way: Way, group: Indexes, seen: Seen) -> Ints:
    """Return what tells groups apart: the leader's rate and title, and what the first generation is paid."""
    leads = np.zeros((group.size, 3), dtype=np.int64)
    if (way.least_bp >= 0).any() or way.distance_bp.shape[1]:
        leads[:, 0], leads[:, 1] = way.rates.at(way.settled)[group], way.title[group]
    if way.of_first:
        leads[:, 2] = seen.first_bp[group]
    return leads


def _rest(way: Way, climb: Climb, seen: Seen, qualified: Flags, ends: Flags) -> Earned:
    """Return what is left to earn on groups that pay alike."""
    everybody = np.arange(way.sponsor.size, dtype=np.int32)
    generation, leader = way.settled, climb.group[0]
    first_bp = np.full(everybody.size, seen.first_bp[leader])
    rate, part = way.pay(generation, everybody, np.full_like(everybody, leader), first_bp=first_bp)
    pays = qualified & (rate > 0) & (part > 0)
    counted = (_above(way.sponsor, qualified | way.uses, np.zeros_like(ends)), _above(way.sponsor, pays, ends))
    lines = np.minimum(counted[1][climb.at], 1) if way.first_only else counted[1][climb.at]
    if int(lines.sum()) > MOST:
        raise TooLarge(f"endless generations make {int(lines.sum())} lines, more than fit: {MOST}")
    at, earner, leg, number = (np.empty(int(lines.sum()), dtype=np.int32) for _ in range(4))
    _write(climb, lines, way.nearest(pays), counted[0], Rest(at, earner, leg, number))
    group = climb.group[at]
    return Earned(group, earner, leg, (number + generation).astype(np.int32), rate[earner], part[earner])


def _above(sponsor: Indexes, counted: Flags, ends: Flags) -> Ints:
    """Return how many of those counted stand above each member, up to the first at whom the line ends."""
    found = np.zeros(sponsor.size, dtype=np.int64)
    _count(sponsor, counted, ends, found)
    return found


@kernel
def _count(sponsor: Indexes, counted: Flags, ends: Flags, found: Ints) -> None:
    for i in range(sponsor.size):
        up = sponsor[i]
        if up >= 0 and not ends[up]:
            found[i] = found[up] + counted[up]


class Rest(NamedTuple):
    """The columns of what is left to earn: the place of the climb, the earner and the leg, and generations gone by."""

    at: Indexes
    earner: Indexes
    leg: Indexes
    number: Indexes


@kernel
def _write(climb: Climb, lines: Ints, above: Above, generations: Ints, rest: Rest) -> None:
    """Write so many lines for each group, going from earner to earner."""
    line = 0
    for k in range(lines.size):
        at = climb.at[k]
        for _ in range(lines[k]):
            earner = above.member[at]
            rest.at[line] = k
            rest.earner[line] = earner
            rest.leg[line] = above.leg[at]
            rest.number[line] = generations[climb.at[k]] - generations[earner] - 1
            line += 1
            at = earner


class First(NamedTuple):
    """Per member: the first who earns on the member's group, through which leg and at which rate; or NOBODY."""

    member: Indexes
    leg: Indexes
    rate_bp: Ints


def first_of(earned: Earned, size: int) -> First:
    """Return who is the first to earn on each group."""
    first = First(
        np.full(size, NOBODY, dtype=np.int32), np.full(size, NOBODY, dtype=np.int32), np.zeros(size, dtype=np.int64)
    )
    group, row = np.unique(earned.group, return_index=True)
    first.member[group], first.leg[group], first.rate_bp[group] = (
        earned.earner[row],
        earned.leg[row],
        earned.rate_bp[row],
    )
    return first
