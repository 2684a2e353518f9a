"""
Whoever's page has changed is among those whose readings differ, under any plan and in any network.
"""

from random import Random
from typing import Any

import numpy as np
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from backend.engine.pipeline import run
from backend.engine.snapshot import Snapshot
from backend.forecast.projection import Rest, project
from backend.forecast.readings import PeriodFacts, Readings, readings
from backend.forecast.standings import drawn
from backend.plan.terms import Terms
from tests.engine.drafted import drafted, months_of
from tests.forecast.companies import Person, company, default_terms

VOLUMES = ("own_pv", "customer_pv", "own_cv", "customer_cv")


def read(snapshot: Snapshot, terms: Terms, sold_on: list[int], rests: list[Rest], *, today: int = 10) -> Readings:
    """Read the standings of a period whose first day has the ordinal one."""
    return readings(
        PeriodFacts(day=today, days=31, today=today, last_sale=np.array(sold_on, dtype=np.int32)),
        snapshot,
        terms,
        outcome=run(snapshot, terms),
        projection=project(snapshot, terms, rests),
        usual_gv=dict.fromkeys(snapshot.members[::2], 500),
    )


def with_orders(random: Random, snapshot: Snapshot) -> Snapshot:
    """Let a few members sell more, or take some back."""
    changed: dict[str, Any] = {name: getattr(snapshot, name).copy() for name in VOLUMES}
    for _ in range(random.randint(0, 3)):
        at, points = random.randrange(len(snapshot.members)), random.choice((-4_000, 1, 700, 90_000))
        for name in random.choice((VOLUMES[::2], VOLUMES[1::2])):
            changed[name][at] += points
    return replace(snapshot, **changed)


def rests_of(random: Random, size: int) -> list[Rest]:
    """Draw how three past months went on, or none."""
    return [
        Rest(
            **{name: np.array([random.choice((0, 900)) for _ in range(size)]) for name in VOLUMES},
            there=np.full(size, True),
        )
        for _ in range(random.choice((0, 3)))
    ]


@settings(deadline=None, max_examples=25)
@given(seed=st.integers(0, 2**32))
def test_whose_page_has_changed_reads_differently(seed: int) -> None:
    """After orders and returns, every page but those of the differing is as it was, to the last number."""
    random = Random(seed)
    document = drafted(seed)
    assume(document is not None)
    snapshot, terms = list(months_of(document, seed))[-1]
    size = len(snapshot.members)
    sold_on, rests = [random.choice((0, 3)) for _ in range(size)], rests_of(random, size)
    before = read(snapshot, terms, sold_on, rests)
    after = read(with_orders(random, snapshot), terms, [random.choice((one, 9)) for one in sold_on], rests)
    everybody = range(size)
    pages = zip(drawn(before, everybody), drawn(after, everybody), strict=True)

    assert {at for at, (was, now) in enumerate(pages) if was != now} <= set(after.differing(before))
    assert [] == list(after.differing(after))


def small_company(last: int = 0) -> Snapshot:
    """Return twelve people under one, whose last sold so many points."""
    return company(Person("A"), *(Person(f"B{number:02d}", "A", own=last * (number == 11)) for number in range(12)))


def test_one_order_leaves_most_pages_alone() -> None:
    """One order of a member changes the pages of the member and of the sponsor, and no other: the point of it all."""
    none, one = (read(small_company(last), default_terms(), [3] * 13, []) for last in (0, 50))

    assert ["A", "B11"] == [one.members[at] for at in replace(one, members=none.members).differing(none)]


def test_another_day_changes_every_page() -> None:
    """Pace and quiet days stand on every page."""
    snapshot = small_company()
    days = [read(snapshot, default_terms(), [3] * 13, [], today=today) for today in (10, 11)]

    assert list(range(13)) == list(days[1].differing(days[0]))
