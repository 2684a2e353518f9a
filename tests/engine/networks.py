"""
Random networks under random plans, drawn from a seed, for whoever wants to hold the engine to something.

All of it is legal input, and everything that a company may state or carry is stated and carried by somebody.
"""

from random import Random
from typing import Any

import numpy as np

from backend.engine.outcome import Outcome
from backend.engine.periods.assemble import STATED, Roll, Units, Volumes, snapshot_of
from backend.engine.periods.carryover import carry
from backend.engine.snapshot import Carried, Snapshot
from backend.plan.terms import Terms
from tests.engine.auditor_gates import earlier
from tests.engine.drawing import Draw
from tests.engine.plans import PERCENTS, core_of, with_markets_of_their_own
from tests.engine.rewards import rewards_of

SHAPES = ("wide", "deep", "grown", "forest", "chain", "star")
UNSTATED = -1
RANDOM_MONTHS = ("2026-01", "2026-09", "2026-10", "2026-12")


def random_terms(random: Random) -> Terms:
    """Draw a plan: its ladder, titles, gates, rates, markets, rounding, and every bonus."""
    draw = Draw(random)
    core = core_of(draw)
    terms = Terms(plan="drawn", on="any day", **core, **rewards_of(draw, core))
    return with_markets_of_their_own(draw, terms) if len(terms.markets) > 1 and draw.maybe(0.5) else terms


def random_case(seed: int, *, size: int = 0, shape: str = "") -> tuple[Snapshot, Terms]:
    """Draw terms and a company under them; of up to fifty members in any shape, where nothing else is asked for."""
    random = Random(seed)
    terms = random_terms(random)
    drawn = random.randint(1, 50), random.choice(SHAPES)
    return random_company(random, terms, size=size or drawn[0], shape=shape or drawn[1]), terms


def random_company(random: Random, terms: Terms, *, size: int, shape: str) -> Snapshot:
    """Draw a company under the terms: a tree of one of `SHAPES`, volumes with returns, what is stated and carried."""
    ids = [f"{number:05d}" for number in random.sample(range(100_000), size)]
    sponsors = [_sponsor(random, ids, index, shape) for index in range(size)]
    enrollers = [sponsor if random.random() < 0.7 else random.choice([None, *ids]) for sponsor in sponsors]
    roll = Roll(
        ids=ids,
        sponsors=sponsors,
        enrollers=enrollers,
        market=np.array([random.randrange(len(terms.markets)) for _ in ids], np.int32),
        days_since_joining=np.array([random.choice((-3, 0, 12, 50, 90, 400)) for _ in ids], np.int32),
        training=np.array([random.random() < 0.7 for _ in ids], np.bool_),
        stated=_stated(random, size) if random.random() < 0.6 else {},
    )
    titled = random.choice((0.0, 0.1, 0.6))
    carried = {id_: _carried(random, terms) for id_ in ids if random.random() < titled}
    period = random.choice(RANDOM_MONTHS)
    return snapshot_of(period=period, roll=roll, volumes=_volumes(random, ids, terms), carried=carried, terms=terms)


def _sponsor(random: Random, ids: list[str], index: int, shape: str) -> str | None:
    newest = {"wide": 0, "deep": max(0, index - 3), "grown": 0, "forest": 0, "chain": index - 1, "star": 0}[shape]
    oldest = {"wide": min(index, 4), "star": 1}.get(shape, index)
    if index == 0 or (shape == "forest" and random.random() < 0.2):
        return None
    return ids[random.randrange(newest, oldest)]


def _stated(random: Random, size: int) -> dict[str, np.ndarray]:
    """Draw what the company states: each kind about some members, most about few."""
    kinds: dict[str, tuple[float, tuple[Any, ...], Any]] = {
        "foster": (0.3, (True,), False),
        "closed": (random.choice((0.0, 0.1)), (True,), False),
        "fees_paid": (0.2, (False,), True),
        "cleared": (0.2, (False,), True),
        "customers": (0.6, (1, 2, 5), 0),
        "customer_share_bp": (0.4, (0, 3500, 6999, 7000, 10_000), UNSTATED),
        "verified_share_bp": (0.4, (0, 3000, 5999, 10_000), UNSTATED),
        "active_stated": (0.2, (0, 1), UNSTATED),
        "qualified": (0.3, (0, 1), UNSTATED),
        "granted": (random.choice((0.0, 0.15)), (True,), False),
        "percent_held_bp": (0.4, (*PERCENTS, 2100), UNSTATED),
        "paused": (0.15, (1, 2), 0),
    }
    return {
        name: np.array([random.choice(some) if random.random() < often else otherwise for _ in range(size)])
        for name, (often, some, otherwise) in kinds.items()
    }


def _volumes(random: Random, ids: list[str], terms: Terms) -> Volumes:
    selling = random.random() < 0.95
    own, customers = ([_bought(random) for _ in ids] for _ in range(2))
    pv = np.array([own, customers], np.int64)
    factor = np.array([[random.choice((0, 50, 80, 100, 100)) for _ in ids] for _ in range(2)], np.int64)
    cv = pv * factor // 100 if selling else pv * 0
    first = np.array([random.choice((0, 0, 0, 1, 2)) for _ in ids], np.int64)
    return Volumes(
        members=ids,
        own_pv=pv[0],
        customer_pv=pv[1],
        own_cv=cv[0],
        customer_cv=cv[1],
        provisional_pv=pv[0] // 3,
        first_pv=np.maximum(pv[0], 0) * first // 2,
        first_cv=np.maximum(cv[0], 0) * first // 2,
        units=_units(random, ids, terms),
    )


def _units(random: Random, ids: list[str], terms: Terms) -> tuple[Units, ...]:
    """Draw units of products: of first orders and of others, also of those that come back."""
    bought = [(id_, product) for id_ in ids for product in terms.products if random.random() < 0.5]
    return tuple(
        Units(member=id_, product=product, count=random.choice((-1, 1, 1, 3)), first=random.random() < 0.4)
        for id_, product in bought
        for _ in range(random.choice((1, 2)))
    )


def _bought(random: Random) -> int:
    kind = random.random()
    if kind < 0.25:
        return 0
    if kind < 0.35:
        return -random.randint(1, 8000)
    return 10_00 * random.randint(1, 12) if kind < 0.6 else random.randint(1, 12_000)


def _carried(random: Random, terms: Terms) -> Carried:
    titles = len(terms.titles)
    title = random.randrange(titles)
    parts = range(titles) if terms.title_held.instalments > 1 else ()
    slots = 2 * sum(earlier(volume.window, volume.periods) for volume in terms.volumes)
    return Carried(
        title=title,
        held=random.randint(1, 5) if title else 0,
        missed=random.randint(0, 3) if title else 0,
        bonuses=random.getrandbits(2 * titles) if random.random() < 0.3 else 0,
        instalments=sum(random.randrange(terms.title_held.instalments) << 2 * part for part in parts),
        one_times=random.getrandbits(len(terms.one_times)) if terms.one_times else 0,
        step=random.choice((0, random.randrange(len(terms.steps)))),
        best_title=random.randrange(title, titles),
        broke_away=random.random() < 0.3,
        carried_minor=random.choice((0, 0, 1234)),
        marks=tuple(random.getrandbits(6) for _ in terms.marks),
        held_paid=_held_paid(random, terms),
        volumes=tuple(random.choice((0, -500, 3000, random.randint(0, 20_000))) for _ in range(slots)),
    )


def _held_paid(random: Random, terms: Terms) -> tuple[int, ...]:
    """Draw what titles have paid and how long ago, where the plan of some market takes any of it back."""
    rules = [terms.of(market).title_held for market in range(len(terms.markets))]
    titles = range(len(terms.titles)) if any(rule.clawback_periods for rule in rules) else ()
    found = [
        (random.randrange(4), random.choice((500, 4001))) if title and random.random() < 0.6 else (0, 0)
        for title in titles
    ]
    return tuple(number for both in found for number in both)


def next_month(snapshot: Snapshot, terms: Terms, outcome: Outcome, random: Random) -> Snapshot:
    """Return the same members a month later: with what they have carried, other orders, and nothing stated anew."""
    year, month = divmod(int(snapshot.period[:4]) * 12 + int(snapshot.period[-2:]), 12)
    ids, names = list(snapshot.members), [*snapshot.members, None]
    roll = Roll(
        ids=ids,
        sponsors=[names[at] for at in snapshot.sponsor],
        enrollers=[names[at] for at in snapshot.enroller],
        market=snapshot.market,
        days_since_joining=snapshot.days_since_joining + 30,
        training=snapshot.training,
        stated={name: getattr(snapshot, name) for name in STATED},
    )
    carried = carry(snapshot, terms, outcome)
    period = f"{year}-{month + 1:02d}"
    return snapshot_of(period=period, roll=roll, volumes=_volumes(random, ids, terms), carried=carried, terms=terms)
