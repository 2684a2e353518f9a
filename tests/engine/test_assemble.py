"""
From rows to a snapshot: the same bytes for rows in any order, sums for repeated entries, and refusals with reasons.
"""

from random import Random

import numpy as np
import pytest
from msgspec.structs import replace

from backend.engine.periods.assemble import VOLUMES, Roll, Volumes, findings_of, snapshot_of
from backend.engine.snapshot import UNSTATED, Carried, Snapshot, columns_of
from backend.kernel.finding import Refused
from backend.network.tree import arrange
from tests.people import plan

IDS = ("A", "B", "C", "D")
ROLL = Roll(
    ids=IDS,
    sponsors=(None, "A", "A", "B"),
    enrollers=(None, "A", "B", "A"),
    market=np.array([0, 1, 0, 1], np.int32),
    days_since_joining=np.array([400, 30, 20, -1], np.int32),
    training=np.array([True, False, True, False]),
)
CARRIED = {"B": Carried(title=2, held=3, missed=1, bonuses=1 << 61), "GONE": Carried(title=1)}


def _volumes(members: tuple[str, ...], own: list[int]) -> Volumes:
    columns = {name: np.array(own, np.int64) * (at + 1) for at, name in enumerate(VOLUMES)}
    return Volumes(members=members, **columns)


def _shuffled(random: Random) -> Snapshot:
    rows = random.sample(range(len(IDS)), len(IDS))
    listed = {name: [getattr(ROLL, name)[row] for row in rows] for name in ("ids", "sponsors", "enrollers")}
    columns = {name: getattr(ROLL, name)[rows] for name in ("market", "days_since_joining", "training")}
    entries = random.sample([("A", 100), ("B", 20), ("B", 30), ("D", -5)], 4)
    volumes = _volumes(tuple(who for who, _ in entries), [much for _, much in entries])
    carried = dict(random.sample(list(CARRIED.items()), len(CARRIED)))
    return snapshot_of(period="2026-10", roll=Roll(**listed, **columns), volumes=volumes, carried=carried, terms=plan())


def test_rows_in_any_order_give_the_same_bytes() -> None:
    """
    Members, volume entries and carried titles may come in any order.
    """
    assert 1 == len({_shuffled(Random(seed)).digest() for seed in range(40)})


def test_every_column_arrives_at_its_member() -> None:
    """
    Columns are in the tree's order, enrollers are places, what was carried stands in the columns of before.
    """
    snapshot = _shuffled(Random(1))

    assert [100, 50, 0, -5] == snapshot.own_pv.tolist()
    assert [500, 250, 0, -25] == snapshot.provisional_pv.tolist()
    assert [-1, 0, 1, 0] == snapshot.enroller.tolist()
    assert [0, 1, 0, 1] == snapshot.market.tolist()
    assert [400, 30, 20, -1] == snapshot.days_since_joining.tolist()
    assert [True, False, True, False] == snapshot.training.tolist()
    assert [0, 2, 0, 0] == snapshot.title_before.tolist()
    assert [0, 3, 0, 0] == snapshot.held_before.tolist()
    assert [0, 1, 0, 0] == snapshot.missed_before.tolist()
    assert [0, 1 << 61, 0, 0] == snapshot.bonuses_before.tolist()


def test_what_the_company_states_arrives_and_all_else_is_left_to_the_plan() -> None:
    """
    A stated column stands at its members; where nothing is stated, each column says so.
    """
    stated = replace(
        ROLL, stated={"foster": np.array([False, True, False, False]), "qualified": np.array([1, -1, 0, -1])}
    )

    snapshot = snapshot_of(period="2026-10", roll=stated, volumes=_volumes((), []), carried={}, terms=plan())

    assert [False, True, False, False] == snapshot.foster.tolist()
    assert [1, UNSTATED, 0, UNSTATED] == snapshot.qualified.tolist()
    assert {UNSTATED} == set(snapshot.active_stated.tolist())
    assert not snapshot.closed.any()


@pytest.mark.parametrize(("period", "begins", "ends"), [("2026-01", True, False), ("2026-12", False, True)])
def test_the_plans_year_begins_and_ends_with_its_months(period: str, begins: bool, ends: bool) -> None:
    """
    A plan whose year begins in January begins it there and ends it in December.
    """
    snapshot = snapshot_of(period=period, roll=ROLL, volumes=_volumes((), []), carried={}, terms=plan())

    assert (begins, ends) == (snapshot.year_begins, snapshot.year_ends)


def test_a_tree_that_has_not_changed_is_used_again() -> None:
    """
    With the tree of an earlier call on the same rows the snapshot is the same.
    """
    volumes = _volumes(("A", "D"), [10, 20])
    tree = arrange(ROLL.ids, ROLL.sponsors)

    anew = snapshot_of(period="2026-10", roll=ROLL, volumes=volumes, carried=CARRIED, terms=plan())
    again = snapshot_of(period="2026-10", roll=ROLL, volumes=volumes, carried=CARRIED, terms=plan(), tree=tree)

    assert anew.digest() == again.digest()


def test_an_unknown_enroller_is_found_beside_the_trees_mistakes() -> None:
    """
    All of a roll's mistakes come at once.
    """
    wrong = replace(ROLL, sponsors=(None, "Y", "A", "B"), enrollers=(None, "A", "Z", "A"))

    assert ["sponsor-unknown", "enroller-unknown"] == [finding.code for finding in findings_of(wrong)]
    with pytest.raises(Refused, match="enroller-unknown"):
        snapshot_of(period="2026-10", roll=wrong, volumes=_volumes((), []), carried={}, terms=plan())


def test_volume_of_nobody_is_refused() -> None:
    """
    Volume of an id that is not on the roll is a finding each, not a silent loss.
    """
    with pytest.raises(Refused) as refused:
        snapshot_of(period="2026-10", roll=ROLL, volumes=_volumes(("Z", "A", "Y"), [1, 2, 3]), carried={}, terms=plan())

    assert ["Y", "Z"] == [finding.place.path for finding in refused.value.findings]


def test_a_snapshots_digest_changes_with_every_column() -> None:
    """
    No column can change without the digest.
    """
    snapshot = snapshot_of(period="2026-10", roll=ROLL, volumes=_volumes(("A",), [10]), carried=CARRIED, terms=plan())
    others = [{"period": "2026-11"}, {"year_begins": True}, {"year_ends": True}]
    others += [{name: getattr(snapshot, name).astype(np.int8)} for name in columns_of(Snapshot)]
    digests = {snapshot.digest(), *(replace(snapshot, **other).digest() for other in others)}

    assert len(snapshot.__struct_fields__) == len(digests)
