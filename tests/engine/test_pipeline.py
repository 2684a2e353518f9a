"""
The pipeline as a whole: the same bytes each time, deep and wide networks, and volumes that fit in 64 bits.
"""

import msgspec
import numpy as np
import pytest
from msgspec.structs import replace

from backend.engine.amounts.worth import LARGEST, TooLarge
from backend.engine.periods.assemble import Roll, Volumes, snapshot_of
from backend.engine.pipeline import run
from backend.engine.snapshot import Snapshot
from backend.plan.terms import Terms
from tests.people import cast, plan

MANY = 100_000


def _shaped(shape: str) -> Snapshot:
    ids = [f"{number:06d}" for number in range(MANY)]
    sponsors = [None, *(ids[:-1] if shape == "line" else [ids[0]] * (MANY - 1))]
    none = np.zeros(MANY, np.int64)
    pv = 100_00 + np.arange(MANY, dtype=np.int64) % 300 * 100
    roll = Roll(
        ids=ids,
        sponsors=sponsors,
        enrollers=sponsors,
        market=none.astype(np.int32),
        days_since_joining=none.astype(np.int32) + 400,
        training=none.astype(np.bool_),
    )
    volumes = Volumes(members=ids, own_pv=pv, customer_pv=none, own_cv=pv, customer_cv=none, provisional_pv=none)
    return snapshot_of(period="2026-10", roll=roll, volumes=volumes, carried={}, terms=plan())


@pytest.mark.parametrize("shape", ["line", "star"])
def test_a_hundred_thousand_deep_or_wide_is_computed(shape: str) -> None:
    """
    A sponsor line of 100,000 and a frontline of 100,000 are computed without recursion, and break no law.
    """
    outcome = run(_shaped(shape), plan())

    assert int(outcome.pv.sum()) == int(outcome.tgv[0])
    assert len(outcome.lines) > MANY // 2


def test_the_same_snapshot_gives_the_same_bytes() -> None:
    """
    Two runs of one snapshot under the same terms have one digest.
    """
    assert run(cast(), plan()).digest() == run(cast(), plan()).digest()


def test_the_outcome_names_the_snapshot_it_came_from() -> None:
    """
    An outcome bears the period and digest of its snapshot.
    """
    outcome = run(cast(), plan())

    assert (cast().period, cast().digest()) == (outcome.period, outcome.snapshot_digest)


def test_an_outcome_cannot_be_written_on() -> None:
    """
    The columns of an outcome are frozen.
    """
    outcome = run(cast(), plan())

    with pytest.raises(ValueError, match="read-only"):
        outcome.gv[0] = 1
    with pytest.raises(ValueError, match="read-only"):
        outcome.lines.amount_minor[0] = 1


def test_lines_stand_by_earner_bonus_leg_source_and_rate() -> None:
    """
    Lines are sorted as the outcome promises.
    """
    lines = run(cast(), plan()).lines
    keys = list(zip(lines.earner, lines.bonus, lines.leg, lines.source, lines.rate_bp, strict=True))

    assert sorted(keys) == keys


def test_an_empty_company_has_an_empty_outcome() -> None:
    """
    Nobody earns nothing.
    """
    none = np.zeros(0, np.int64)
    narrow = none.astype(np.int32)
    roll = Roll(
        ids=[], sponsors=[], enrollers=[], market=narrow, days_since_joining=narrow, training=none.astype(np.bool_)
    )
    volumes = Volumes(members=[], own_pv=none, customer_pv=none, own_cv=none, customer_cv=none, provisional_pv=none)

    assert 0 == len(
        run(snapshot_of(period="2026-10", roll=roll, volumes=volumes, carried={}, terms=plan()), plan()).lines
    )


@pytest.mark.parametrize(("own_pv", "fits"), [(LARGEST, True), (LARGEST + 1, False), (-LARGEST - 1, False)])
def test_volumes_have_room_in_64_bits_or_are_refused(own_pv: int, fits: bool) -> None:
    """
    Up to the largest volume a member may have everything is computed; beyond it nothing is.
    """
    snapshot = cast()
    column = snapshot.own_pv.copy()
    column[0] = own_pv
    large = replace(snapshot, own_pv=column)

    if fits:
        assert own_pv > run(large, plan()).pv[0] > 0
    else:
        with pytest.raises(TooLarge, match="own_pv"):
            run(large, plan())


def test_a_dear_point_leaves_room_for_less() -> None:
    """
    Where a point is worth very many minor units, less CV fits, and more is refused rather than wrapped around.
    """
    snapshot = cast()
    cv = np.full_like(snapshot.own_cv, 10**10)
    dear = _with_point(plan(), 1_500_001)

    assert run(replace(snapshot, own_cv=cv), plan()).personal_minor[0] > 0
    with pytest.raises(TooLarge, match="own_cv"):
        run(replace(snapshot, own_cv=cv), dear)


def _with_point(terms: Terms, minor_per_point: int) -> Terms:
    written = msgspec.to_builtins(terms)
    for market in written["markets"]:
        market["minor_per_point"] = minor_per_point
    return msgspec.convert(written, Terms)


@pytest.mark.parametrize(
    ("column", "index", "value", "said"),
    [
        ("title_before", 0, 9, "title_before points at nothing"),
        ("market", 3, 2, "market points at nothing"),
        ("enroller", 1, 11, "enroller points at nothing"),
        ("sponsor", 0, 5, "breadth first"),
        ("first_leg", 1, 0, "breadth first"),
        ("leg_count", 1, 10, "breadth first"),
    ],
)
def test_an_index_that_points_at_nothing_is_never_followed(column: str, index: int, value: int, said: str) -> None:
    """
    Kernels follow indexes without looking, so a snapshot that does not fit its terms is refused before.
    """
    snapshot = cast()
    wrong = getattr(snapshot, column).copy()
    wrong[index] = value

    with pytest.raises(AssertionError, match=said):
        run(replace(snapshot, **{column: wrong}), plan())


def test_a_column_of_another_length_is_refused() -> None:
    """
    Every column has one value a member.
    """
    with pytest.raises(AssertionError, match="own_pv has not one value a member"):
        run(replace(cast(), own_pv=cast().own_pv[:-1]), plan())
