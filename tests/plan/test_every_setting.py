"""
Every setting of a plan file, and the number or word of the terms that it becomes.
"""

from typing import Any

import pytest
from msgspec import NODEFAULT, Struct
from msgspec.structs import fields

from backend.engine.outcome import Bonus
from backend.kernel.points import Rounding
from backend.plan.resolve import terms_on
from backend.plan.resolve.rewards import BONUSES
from backend.plan.terms import (
    Against,
    Breakaway,
    Failing,
    FallsTo,
    FastStart,
    Ladder,
    LateOrders,
    Leavers,
    Maintenance,
    Pause,
    Requirement,
    Returns,
    Stays,
    Terms,
    TitleHeld,
    Unpaid,
    Window,
)
from tests.plan.every import DAY, TERMS, TEXT, at, read

EXCLUDED = {
    *(("Breakaway", "never"), ("Breakaway", "closes_volume")),
    ("LevelBonus", "alone"),
    *(("Personal", "pays"), ("Differential", "pays"), ("Differential", "less_deductions")),
}
"""What would contradict another setting of the file, and is tried with a changed one."""
LABELS = {"plan", "on", "id", "name", "clause"}


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("rounding", Rounding.HALF_EVEN),
        ("rounded_on_sum", True),
        ("own_pv_limit", 30_000),
        ("own_pv_limit_clause", "1"),
        ("returns", Returns.RECOVERED),
        ("returns_clause", "1"),
        ("late_orders", LateOrders.OWN_PERIOD),
        ("late_orders_clause", "1"),
        ("leavers", Leavers.STAY),
        ("leavers_clause", "1"),
        ("pause.while_unpaid", True),
        ("pause.while_uncleared", True),
        ("year_begins_month", 4),
        ("active.any_of.0.0.at_least", 5_000),
        ("unqualified", Failing.PASS_UP),
        ("volumes.0.leg_limit", 500_000),
        ("volumes.0.window", Window.PERIOD),
        ("volumes.1.own", False),
        ("volumes.1.legs", True),
        ("volumes.1.window", Window.LAST),
        ("volumes.1.periods", 6),
        ("volumes.1.only_with_mark", 0),
        ("volumes.2.legs", False),
        ("volumes.2.window", Window.YEAR),
        ("volumes.2.only_with_mark", -1),
        ("volumes.3.window", Window.LIFETIME),
        ("volumes.3.from_level", 2),
        ("volumes.3.own", False),
        ("volumes.2.from_level", 0),
        ("marks.0.requirement.any_of.0.0.at_least", 400_000),
        ("marks.0.stated", False),
        ("marks.1.stated", True),
        ("steps.1.fast_track", None),
        ("steps.2.percent_bp", 2_000),
        ("steps.2.fast_track.any_of.0.0.at_least", 90_000),
        ("steps.1.paid.any_of", ()),
        ("steps.2.paid.any_of.0.0.at_least", 6_000),
        ("steps.2.paid.clause", "7"),
        ("ladder.never_lost", True),
        ("ladder.frontline_floor", True),
        ("ladder.stated", True),
        ("ladder.fast_track_at_once", False),
        ("ladder.unpaid", Unpaid.AS_INACTIVE),
        ("breakaway.never", False),
        ("breakaway.stays", Stays.FOR_GOOD),
        ("breakaway.title", 3),
        ("breakaway.closes_volume", True),
        ("breakaway.closes_differential", False),
        ("breakaway.requirement.any_of.0.0.at_least", 2),
        ("titles.0.requalify", None),
        ("titles.1.requalify.any_of.0.0.at_least", 300_000),
        ("titles.1.keep.any_of.0.0.at_least", 150_000),
        ("titles.1.keep.clause", "3"),
        ("titles.1.generations", 2),
        ("titles.1.pool_points", 1),
        ("titles.1.held_bonus_minor", 20_000),
        ("titles.1.fast_start_minor", 25_050),
        ("maintenance.window_periods", 3),
        ("maintenance.grace_periods", 1),
        ("maintenance.falls_to", FallsTo.ONE_DOWN),
        ("maintenance.locked_periods", 2),
        ("personal.first_orders_to_sponsor", True),
        ("personal.customer_share_bp", 6_000),
        ("personal.verified_share_bp", 7_000),
        ("retail.rate_bp", 2_500),
        ("retail.of_price", True),
        ("retail.own_too", True),
        ("differential.against", Against.FRONTLINE),
        ("differential.deducts_in_full", True),
        ("differential.from_level", 2),
        ("differential.gate.any_of.0.0.at_least", 10_000),
        ("markets.0.cv_per_point", 80),
        ("markets.0.rounding_minor", 5),
        ("markets.0.pool_weight", 2),
        ("markets.1.cv_per_point", 100),
        ("markets.1.rounding_minor", 1),
        ("markets.1.pool_weight", 1),
    ],
)
def test_a_setting_becomes_its_term(path: str, expected: object) -> None:
    """What a plan file writes is what the terms hold: a number in the smallest unit, an index, or one of an enum."""
    assert expected == at(path)


@pytest.mark.parametrize(
    ("word", "closes"), [("volume and differential", (True, True)), ("differential", (False, True))]
)
def test_breakaway_closes_what_it_says(word: str, closes: tuple[bool, bool]) -> None:
    """Volume and differential are closed together, or one of the two."""
    breakaway = terms_on(read(TEXT.replace('closes = "volume"', f'closes = "{word}"')), DAY).breakaway
    assert closes == (breakaway.closes_volume, breakaway.closes_differential)


@pytest.mark.parametrize(
    ("find", "put", "path"),
    [
        ("[personal]\n", '[personal]\npays = "no"\n', "personal.pays"),
        ("[differential]\n", '[differential]\npays = "no"\n', "differential.pays"),
        ('orders = "first"\n', 'orders = "first"\nother_bonuses = "not paid on it"\n', "levels.0.alone"),
        ("[differential]\n", '[differential]\nrounded = "gross less deductions"\n', "differential.less_deductions"),
    ],
)
def test_a_setting_that_excludes_others_becomes_its_term(find: str, put: str, path: str) -> None:
    """A bonus that is not paid, and deductions that are truncated one by one, are the other way round in the terms."""
    assert (not at(path)) == at(path, terms_on(read(TEXT.replace(find, put)), DAY))


def test_a_title_keeps_a_leg_apart_only_while_it_is_kept() -> None:
    """A title is named only by a breakaway that lasts with it; under any other it is one above the highest."""
    kept = 'kept_with_title = { 2026-01-01 = "leader" }\nstays = '
    lasting = [
        terms_on(read(TEXT.replace('stays = "for good"', f'{kept}"{word}"')), DAY).breakaway
        for word in ("while the title is kept", "in this period", "for good")
    ]
    assert [(Stays.WITH_TITLE, 1), (Stays.PERIOD, 3), (Stays.FOR_GOOD, 3)] == [
        (breakaway.stays, breakaway.title) for breakaway in lasting
    ]


def test_what_is_left_out_is_nothing() -> None:
    """A plan without breakaway, maintenance, ladder rules and margin has none: nobody breaks away or loses a title."""
    never = Breakaway(never=True, requirement=Requirement(), stays=Stays.PERIOD, title=3)
    assert never == without("breakaway").breakaway
    assert Maintenance(window_periods=0, grace_periods=0) == without("maintenance").maintenance
    assert Ladder() == without("ladder").ladder
    assert Pause() == without("pause").pause
    assert None is without("retail").retail
    assert FastStart(within_days=0) == without("fast_start").fast_start
    assert TitleHeld(successive_periods=0) == without("title_held").title_held
    assert Returns.LOWER_THE_PERIOD == without("returns").returns
    assert LateOrders.OPEN_PERIOD == without("late_orders").late_orders
    assert Leavers.MOVE_UP == without("leaving").leavers
    assert (0, "") == (without("own_purchases").own_pv_limit, without("own_purchases").own_pv_limit_clause)


def without(table: str) -> Terms:
    """Return the terms of the plan without one of its tables."""
    start = TEXT.index(f"\n[{table}]\n")
    return terms_on(read(TEXT[:start] + TEXT[TEXT.index("\n[", start + 1) :]), DAY)


def test_bonuses_have_the_engines_numbers() -> None:
    """What a plan calls a bonus has the number of the engine's kind of that name."""
    assert BONUSES == {name: Bonus[name.upper().replace(" ", "_")].value for name in BONUSES}


def test_no_term_is_left_untried() -> None:
    """
    Whatever the terms can say otherwise than by default, this plan says otherwise somewhere; a new term needs a line.
    """
    tried: dict[tuple[str, str], bool] = {}
    for part in _tables(TERMS):
        for each in fields(part):
            if each.default is not NODEFAULT and each.name not in LABELS:
                key = (type(part).__name__, each.name)
                tried[key] = tried.get(key, False) or getattr(part, each.name) != each.default
    assert EXCLUDED == {key for key, told in tried.items() if not told}


def _tables(value: Any) -> list[Struct]:
    inner = [getattr(value, each.name) for each in fields(value)] if isinstance(value, Struct) else value
    found = [part for each in inner if isinstance(each, Struct | tuple) for part in _tables(each)]
    return [value, *found] if isinstance(value, Struct) else found
