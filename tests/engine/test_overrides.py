"""
Overrides: who earns is whom a walk up the line finds, member by member; guarantees move money and never make any.
"""

from random import Random

import numpy as np
import pytest
from msgspec.structs import replace

from backend.engine.amounts.lines import chosen
from backend.engine.amounts.worth import TooLarge
from backend.engine.groups.generations import MOST, Way, earned_on
from backend.engine.groups.rates import ENDLESS, NO_RATE, Rates
from backend.engine.outcome import Entry
from backend.engine.pipeline import run
from backend.kernel.points import BASIS
from backend.plan.terms import Charged, Counting, Groups, Guarantee, Requirement
from tests.notation import company
from tests.people import plan

SEEDS = range(150)


@pytest.mark.parametrize("seed", SEEDS)
def test_who_earns_is_whom_a_walk_up_the_line_finds(seed: int) -> None:
    """
    For every way of counting, of rates and of blocking, the pointers find what a plain walk finds.
    """
    way = _any_way(Random(seed), 30)

    earned, reached = earned_on(way)

    walked = {group: _walk(way, group) for group in way.groups.tolist()}
    rows = sorted(zip(*(column.tolist() for column in earned), strict=True))
    assert sorted(row for found, _ in walked.values() for row in found) == rows
    assert [group for group, (_, anybody) in walked.items() if anybody] == np.flatnonzero(reached).tolist()


def test_a_line_of_a_hundred_thousand_leaders_is_paid_at_once() -> None:
    """
    Where one earner a group blocks all above, a line 100,000 deep in which only the top qualifies costs a line a group.
    """
    way = _line(100_000)
    way.earns[1:] = False

    earned, _ = earned_on(way._replace(first_only=True, uses=np.ones(100_000, np.bool_)))

    assert (99_999, 0, 99_999) == (earned.group.size, int(earned.earner.max()), int(earned.generation.max()))


def test_endless_generations_that_no_machine_could_hold_are_refused() -> None:
    """
    A line 100,000 deep in which everybody earns on everybody below is refused before anything is written.
    """
    with pytest.raises(TooLarge, match=str(MOST)):
        earned_on(_line(100_000))


@pytest.mark.parametrize("seed", range(30))
def test_a_guarantee_moves_money_and_leaves_nobody_with_less_than_nothing(seed: int) -> None:
    """
    Under every kind of guarantee what is given is received or kept, to the minor unit, and no giver falls below zero.
    """
    random, terms = Random(seed), plan()
    kind = random.choice([Charged.OWN_GROUP, Charged.FRONTLINE_GROUPS])
    guarantee = Guarantee(
        points=random.randrange(1, 300_000),
        charged=kind,
        at_most_incoming=kind == Charged.OWN_GROUP and random.random() < 0.5,
        average=kind == Charged.OWN_GROUP and random.random() < 0.5,
        **random.choice([{}, {"band_from": random.randrange(1, 300_000), "band_part_bp": random.randrange(1, BASIS)}]),
    )
    rule = replace(
        terms.overrides[0],
        rates_bp=((random.randrange(0, 700, 7), 133),) if kind == Charged.OWN_GROUP else ((0, 133),),
        finer=random.choice([1, 100]),
        last_rate_goes_on=True,
        depth_by_title=False,
        lowest_title=0,
        gate=Requirement(),
        counting=random.choice(list(Counting)),
        first_only=kind == Charged.FRONTLINE_GROUPS or random.random() < 0.5,
        guarantee=guarantee,
        groups=Groups.BROKEN_AWAY,
    )
    terms = replace(terms, overrides=(rule,), rounding=random.randrange(3))

    people = [f"M{number:02}" for number in range(40)]
    tree = "; ".join(f"{random.choice(people[max(0, at - 6) : at])} > {who}" for at, who in enumerate(people) if at)
    own = "; ".join(f"{who} {random.randrange(5000, 200_000) / 100:.2f}" for who in people)
    carried = "; ".join(f"{who} leader held 1" for who in people if random.random() < 0.7)

    outcome = run(company(terms, tree, own=own, carried=carried), terms)

    moved = [chosen(lines, lines.entry != Entry.EARNED) for lines in (outcome.lines, outcome.breakage)]
    assert 0 == sum(int(lines.amount_minor.sum()) for lines in moved)
    assert 0 <= outcome.override_minor.min()


def _any_way(random: Random, size: int) -> Way:
    """Return settings of all kinds on a random tree."""
    flags = [np.array([random.random() < 0.6 for _ in range(size)]) for _ in range(3)]
    counting = random.choice(list(Counting))
    width = random.randrange(1, 4)
    table = np.array([[random.choice([NO_RATE, 0, 100, 300, 500]) for _ in range(width)] for _ in range(4)], np.int64)
    if random.random() < 0.3:
        table[:, -1] = NO_RATE
    distance = random.choice([[], [BASIS, 5000, 0], [2500]])
    of_first = not distance and random.random() < 0.5
    return Way(
        member=np.arange(size, dtype=np.int32),
        leg=np.arange(size, dtype=np.int32),
        sponsor=np.array([-1, *(random.randrange(max(0, i - 3), i) for i in range(1, size))], np.int32),
        title=np.array([random.randrange(4) for _ in range(size)], np.int32),
        groups=np.flatnonzero(flags[0]).astype(np.int32),
        earns=flags[1],
        uses=flags[2] & (counting != Counting.PASSED_OVER),
        ends=counting == Counting.ENDS,
        first_only=random.random() < 0.5,
        rates=Rates(table, np.array([random.randrange(4) for _ in range(size)]), np.full(size, ENDLESS), width),
        least_bp=np.full(size, random.choice([-1, 0, 150]), np.int64),
        distance_bp=np.array([distance] * size, np.int64).reshape(size, len(distance)),
        of_first=of_first,
        finer=random.choice([1, 100]),
    )


def _walk(way: Way, group: int) -> tuple[list[tuple[int, ...]], bool]:
    """Go up from a group member by member, and return what is earned on the way and whether anybody qualified."""
    found: list[tuple[int, ...]] = []
    anybody, generation, leg, at, first = False, 1, group, int(way.sponsor[group]), 0
    while at >= 0:
        rate = _rate(way, at, generation)
        if way.earns[at] and rate >= 0:
            anybody = True
            least = int(way.least_bp[at])
            pays = max(rate - max(0, _rate(way, group, generation)), least) if rate > 0 and least >= 0 else rate
            part = first if way.of_first and generation > 1 else _part(way, at, group)
            first = max(pays, 0) if generation == 1 else first
            if pays > 0 and part > 0:
                found.append((group, at, leg, generation, pays, part))
                if way.first_only:
                    break
            generation += 1
        elif way.uses[at]:
            if way.ends:
                break
            generation += 1
        leg, at = at, int(way.sponsor[at])
    return found, anybody


def _rate(way: Way, member: int, generation: int) -> int:
    row = way.rates.table[way.rates.row[member]].tolist()
    return int(row[min(generation, len(row)) - 1])


def _part(way: Way, earner: int, leader: int) -> int:
    parts = way.distance_bp[earner].tolist()
    below = max(0, int(way.title[earner]) - int(way.title[leader]))
    return int(parts[min(below, len(parts) - 1)]) if parts else way.whole


def _line(size: int) -> Way:
    """Return a line of leaders, each the frontline of the one before, in which all earn 1 % without end."""
    zeros = np.zeros(size, np.int64)
    return Way(
        member=np.arange(size, dtype=np.int32),
        leg=np.arange(size, dtype=np.int32),
        sponsor=np.arange(-1, size - 1, dtype=np.int32),
        title=np.zeros(size, np.int32),
        groups=np.arange(size, dtype=np.int32),
        earns=np.ones(size, np.bool_),
        uses=np.zeros(size, np.bool_),
        ends=False,
        first_only=False,
        rates=Rates(np.full((1, 1), 100, np.int64), zeros, zeros + ENDLESS, 1),
        least_bp=zeros - 1,
        distance_bp=np.empty((size, 0), np.int64),
    )
