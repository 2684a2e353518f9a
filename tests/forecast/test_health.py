"""Each rule of a leg's health: below its line, on it and above."""

import pytest
from msgspec.structs import replace

from backend.engine.outcome import Upkeep
from backend.forecast.health import Signs, health_of
from backend.forecast.standing import Health

STEADY = Signs(
    broken_away=False,
    upkeep=Upkeep.MET,
    missed_before=0,
    quiet_days=0,
    gv_ahead=1_000,
    upkeep_ahead=Upkeep.MET,
    usual_gv=1_000,
)


@pytest.mark.parametrize(
    ("upkeep", "expected"),
    [
        (Upkeep.NONE_NEEDED, Health.STEADY),
        (Upkeep.MET, Health.STEADY),
        (Upkeep.GRACE, Health.STEADY),
        (Upkeep.AT_RISK, Health.AT_RISK),
        (Upkeep.LOST, Health.AT_RISK),
    ],
)
def test_upkeep_at_risk(upkeep: Upkeep, expected: Health) -> None:
    """A title is at risk when grace is used up, and more so when this period would take it."""
    assert expected == health_of(replace(STEADY, upkeep=upkeep))[0]


@pytest.mark.parametrize(
    ("missed_before", "ahead", "expected"),
    [
        (0, Upkeep.GRACE, (Health.STEADY, "as_last_period")),
        (1, Upkeep.MET, (Health.STEADY, "as_last_period")),
        (1, Upkeep.GRACE, (Health.AT_RISK, "upkeep_slipping")),
        (1, Upkeep.LOST, (Health.AT_RISK, "upkeep_slipping")),
        (1, None, (Health.STEADY, "as_last_period")),
    ],
)
def test_upkeep_slipping(missed_before: int, ahead: Upkeep | None, expected: tuple[Health, str]) -> None:
    """Maintenance that was missed before and will be missed again slips; a first miss, or one made good, does not."""
    signs = replace(STEADY, upkeep=Upkeep.GRACE, missed_before=missed_before, upkeep_ahead=ahead)
    assert expected == health_of(signs)


def test_a_leader_at_risk_is_at_risk_first() -> None:
    """A leader who broke away only says so, unless the title is in danger, which needs attention first."""
    leader = replace(STEADY, broken_away=True, quiet_days=30)
    assert (Health.BROKEN_AWAY, "broke_away") == health_of(leader)
    assert (Health.AT_RISK, "upkeep_at_risk") == health_of(replace(leader, upkeep=Upkeep.AT_RISK))


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        (13, (Health.STEADY, "as_last_period")),
        (14, (Health.STALLING, "no_sale_14_days")),
        (15, (Health.STALLING, "no_sale_14_days")),
    ],
)
def test_quiet_for_fourteen_days(days: int, expected: tuple[Health, str]) -> None:
    """A group stalls on the fourteenth day without a sale."""
    assert expected == health_of(replace(STEADY, quiet_days=days))


@pytest.mark.parametrize(
    ("gv_ahead", "expected"),
    [
        (899, (Health.STALLING, "below_last_period")),
        (900, (Health.STEADY, "as_last_period")),
        (901, (Health.STEADY, "as_last_period")),
        (1_099, (Health.STEADY, "as_last_period")),
        (1_100, (Health.STEADY, "as_last_period")),
        (1_101, (Health.CLIMBING, "above_last_period")),
    ],
)
def test_against_last_period(gv_ahead: int, expected: tuple[Health, str]) -> None:
    """From 90 to 110 % of last period's GV, both included, a group is steady."""
    assert expected == health_of(replace(STEADY, gv_ahead=gv_ahead))


def test_nothing_to_be_measured_by() -> None:
    """Who was not there last period is new; who has no projection is not measured against it."""
    assert (Health.STEADY, "new_leg") == health_of(replace(STEADY, usual_gv=None))
    assert (Health.STEADY, "short_history") == health_of(replace(STEADY, gv_ahead=None))


def test_from_nothing() -> None:
    """A group that had nothing climbs with its first sale, and returns beyond the sales count as nothing."""
    assert Health.CLIMBING == health_of(replace(STEADY, usual_gv=0, gv_ahead=1))[0]
    assert Health.STEADY == health_of(replace(STEADY, usual_gv=-500, gv_ahead=-900))[0]
