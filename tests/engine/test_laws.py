"""
The laws: an engine's outcome breaks none, and an outcome that has been tampered with breaks the one that forbids it.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from msgspec.structs import replace

from backend.engine import pipeline
from backend.engine.laws import LAWS, LawBroken, broken_laws
from backend.engine.outcome import Bonus, Entry, Lines, Outcome, State
from backend.engine.pipeline import run
from backend.engine.snapshot import Snapshot
from backend.plan.terms import Terms
from tests.notation import company
from tests.people import cast, plan

NOTHING_LOST, ADD_UP, CARRIED, HIGHEST, POOL, GUARANTEE, ACTIVE, NO_SALES, BELOW, ONE_EARNER, RECOVERY = (
    words for words, _ in LAWS
)


def test_the_casts_month_breaks_no_law() -> None:
    """
    An outcome of the engine breaks no law.
    """
    assert [] == broken_laws(cast(), plan(), run(cast(), plan()))


def _with_lines(outcome: Outcome, change: Callable[[dict[str, Any]], None]) -> Outcome:
    columns = {name: getattr(outcome.lines, name).copy() for name in Lines.__struct_fields__}
    change(columns)
    return replace(outcome, lines=Lines(**columns))


def _first(columns: dict[str, Any], bonus: Bonus) -> int:
    return int(np.flatnonzero(columns["bonus"] == bonus)[0])


def _set(bonus: Bonus, name: str, value: int) -> Callable[[Outcome], Outcome]:
    """Set a field of the first line of a bonus."""

    def change(columns: dict[str, Any]) -> None:
        columns[name][_first(columns, bonus)] = value

    return lambda outcome: _with_lines(outcome, change)


def _column(name: str, index: int, by: int) -> Callable[[Outcome], Outcome]:
    """Change a member's value in a column."""

    def tampered(outcome: Outcome) -> Outcome:
        column = getattr(outcome, name).copy()
        column[index] = column[index] + by
        return replace(outcome, **{name: column})

    return tampered


def _second_earner(outcome: Outcome) -> Outcome:
    def change(columns: dict[str, Any]) -> None:
        overrides = np.flatnonzero(columns["bonus"] == Bonus.OVERRIDE)
        columns["source"][overrides] = columns["source"][overrides[-1]]
        columns["generation"][overrides] = 1

    return _with_lines(outcome, change)


FOUL: list[tuple[str, Callable[[Outcome], Outcome]]] = [
    (NOTHING_LOST, _column("gv", 0, 1)),
    (NOTHING_LOST, _column("pv", 5, 1)),
    (ADD_UP, _column("personal_minor", 0, 1)),
    (ADD_UP, _column("pool_minor", 1, -1)),
    (ADD_UP, _set(Bonus.DIFFERENTIAL, "amount_minor", 1)),
    (ADD_UP, _set(Bonus.POOL, "state", State.HELD_ACTIVITY)),
    (CARRIED, _column("carried_minor", 2, 1)),
    (CARRIED, _set(Bonus.POOL, "state", State.HELD_ACTIVITY)),
    (CARRIED, _set(Bonus.DIFFERENTIAL, "entry", Entry.RELEASED)),
    (GUARANTEE, _set(Bonus.OVERRIDE, "entry", Entry.GUARANTEE_RECEIVED)),
    (HIGHEST, _set(Bonus.DIFFERENTIAL, "rate_bp", 1501)),
    (HIGHEST, _set(Bonus.PERSONAL, "base_cv", 44_999)),
    (POOL, _set(Bonus.POOL, "amount_minor", 1)),
    (ACTIVE, _set(Bonus.PERSONAL, "earner", 3)),
    (ACTIVE, _column("paid_step", 3, 2)),
    (BELOW, _set(Bonus.OVERRIDE, "source", 0)),
    (BELOW, _set(Bonus.OVERRIDE, "leg", 2)),
    (BELOW, _set(Bonus.DIFFERENTIAL, "earner", 5)),
    (BELOW, _set(Bonus.PERSONAL, "source", 4)),
    (ONE_EARNER, _second_earner),
    (ONE_EARNER, _set(Bonus.OVERRIDE, "source", 5)),
    (RECOVERY, _set(Bonus.OVERRIDE, "amount_minor", -1)),
]


@pytest.mark.parametrize(("law", "tamper"), FOUL)
def test_an_outcome_that_was_tampered_with_breaks_its_law(law: str, tamper: Callable[[Outcome], Outcome]) -> None:
    """
    Each law notices what it forbids.
    """
    assert law in broken_laws(cast(), plan(), tamper(run(cast(), plan())))


def _without_sales(snapshot: Snapshot) -> Snapshot:
    none = np.zeros_like(snapshot.own_cv)
    return replace(snapshot, own_cv=none, customer_cv=none)


def test_without_sales_everything_is_zero() -> None:
    """
    Whatever volume qualifies and whoever joined: without commissionable value nobody is paid anything.
    """
    outcome = run(_without_sales(cast()), plan())

    assert outcome.broken_away.any()
    assert 0 == len(outcome.lines)


@pytest.mark.parametrize("bonus", [Bonus.POOL, Bonus.TITLE_HELD])
def test_pay_without_sales_breaks_the_law(bonus: Bonus) -> None:
    """
    A bonus that is paid in a month without sales is refused by the law.
    """
    paid = run(cast(), plan())
    unsold = run(_without_sales(cast()), plan())
    chosen = paid.lines.bonus == bonus
    lines = Lines(**{name: getattr(paid.lines, name)[chosen] for name in Lines.__struct_fields__})

    assert len(lines) > 0
    assert NO_SALES in broken_laws(_without_sales(cast()), plan(), replace(unsold, lines=lines))


def test_a_broken_law_stops_the_run(monkeypatch: pytest.MonkeyPatch) -> None:
    """
    A stage that pays what it must not never gets its outcome out of the engine; all broken laws are said.
    """

    def generous(snapshot: Snapshot, terms: Terms, columns: Any) -> None:
        columns.personal_minor += 1
        columns.gv += 1

    monkeypatch.setattr(pipeline, "STAGES", (*pipeline.STAGES, generous))

    with pytest.raises(LawBroken) as broken:
        run(cast(), plan())

    assert [NOTHING_LOST, ADD_UP] == broken.value.sentences


@pytest.mark.parametrize(("amount_minor", "broken"), [(-10_000, []), (-9_999, [RECOVERY]), (-10_001, [RECOVERY])])
def test_a_lost_title_takes_back_exactly_what_it_has_paid(amount_minor: int, broken: list[str]) -> None:
    """
    A title that is lost takes back no more and no less than it has paid.
    """
    terms = replace(plan(), title_held=replace(plan().title_held, clawback_periods=2))
    lost = company(terms, "A", own="A 500", carried="A leader held 3 missed 2", held_paid="A leader 0 100")
    outcome = run(lost, terms)
    other = replace(outcome, bonus_minor=np.full_like(outcome.bonus_minor, amount_minor))

    assert broken == broken_laws(lost, terms, _set(Bonus.TITLE_HELD, "amount_minor", amount_minor)(other))


def test_a_title_takes_nothing_back_that_the_plan_does_not_remember() -> None:
    """
    Where no title takes anything back, a line that does is refused.
    """
    outcome = run(cast(), plan())
    taken = _set(Bonus.TITLE_HELD, "entry", Entry.CLAWED_BACK)(_set(Bonus.TITLE_HELD, "amount_minor", -1)(outcome))

    assert RECOVERY in broken_laws(cast(), plan(), taken)
