"""
Faults planted in every stage and in every setting of the plan: the auditor has to disagree with each.

An opinion that no fault changes would be worth nothing.
"""

from functools import cache
from types import ModuleType

import pytest

from backend.engine import pipeline
from backend.engine.snapshot import Snapshot
from backend.plan.terms import Terms
from tests.engine.auditor import Audit, audited
from tests.engine.networks import random_case
from tests.engine.opinions import company_of, disagreements
from tests.engine.planted import ENGINE_FAULTS, Stage
from tests.engine.settings import SETTINGS, misread

FAULTY = range(1200)
"""The seeds among which a planted fault has to show itself."""


@pytest.mark.parametrize("fault", ENGINE_FAULTS)
def test_sees_a_fault_in_a_stage(fault: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A stage that does another thing than the rules say is found out, also where no law is broken."""
    spoilt, faulty = ENGINE_FAULTS[fault]
    stages = tuple(faulty if stage is _stage(spoilt) else stage for stage in pipeline.STAGES)
    monkeypatch.setattr(pipeline, "STAGES", stages)
    monkeypatch.setattr(pipeline, "broken_laws", lambda *_: [])
    assert any(_apart(seed, _case(seed)[1]) for seed in FAULTY)


def test_every_stage_has_a_fault_planted() -> None:
    """No stage of the pipeline goes untried."""
    assert set(pipeline.STAGES) == {_stage(spoilt) for spoilt, _ in ENGINE_FAULTS.values()}


def _stage(spoilt: ModuleType | Stage) -> Stage:
    """Return the stage of a module; or the very one that is named, where a module has two."""
    found: Stage = spoilt.stage if isinstance(spoilt, ModuleType) else spoilt
    return found


@pytest.mark.parametrize("setting", SETTINGS, ids=lambda setting: f"{setting[0].__name__}.{setting[1]}")
def test_sees_another_plan(setting: tuple[type, str], monkeypatch: pytest.MonkeyPatch) -> None:
    """An engine that reads one setting of the plan wrongly is found out, whichever setting it is."""
    monkeypatch.setattr(pipeline, "broken_laws", lambda *_: [])
    assert any(_apart(seed, misread(_case(seed)[1], *setting)) for seed in FAULTY)


@cache
def _case(seed: int) -> tuple[Snapshot, Terms]:
    return random_case(seed)


@cache
def _audit(seed: int) -> Audit:
    snapshot, terms = _case(seed)
    return audited(terms, company_of(snapshot))


def _apart(seed: int, terms: Terms) -> list[str]:
    """Return what differs when the engine is given these terms; nothing where they make no sense to it at all."""
    try:
        outcome = pipeline.run(_case(seed)[0], terms)
    except (AssertionError, IndexError, KeyError, ValueError):
        return []
    return disagreements(outcome, _audit(seed))
