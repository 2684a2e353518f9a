"""
The payout, split: by bonus, by own volume against depth and by market, each adding up to the whole.
"""

from collections import Counter

import pytest
from msgspec.structs import replace

from backend.engine.amounts.payout import Part, counts, scheme_name, share_bp, split_of
from backend.engine.outcome import Bonus
from backend.engine.pipeline import run
from backend.plan.terms import Cap
from tests.engine.networks import random_case
from tests.people import cast, plan


def _by_currency(parts: tuple[Part, ...]) -> dict[str, int]:
    found: Counter[str] = Counter()
    for part in parts:
        found[part.currency] += part.amount_minor
    return {currency: amount for currency, amount in found.items() if amount}


@pytest.mark.parametrize("seed", range(30))
def test_each_split_is_the_whole_payout(seed: int) -> None:
    """
    By bonus, by depth and by market the parts give what all payable lines give, currency by currency.
    """
    snapshot, terms = random_case(seed)
    outcome = run(snapshot, terms)
    split = split_of(snapshot, terms, outcome)
    paid: Counter[str] = Counter()
    for earner, amount, counted in zip(
        outcome.lines.earner.tolist(), outcome.lines.amount_minor.tolist(), counts(outcome).tolist(), strict=True
    ):
        paid[terms.markets[snapshot.market[earner]].currency] += amount * counted
    whole = {currency: amount for currency, amount in paid.items() if amount}

    assert [whole] * 3 == [_by_currency(parts) for parts in (split.by_bonus, split.by_depth, split.by_market)]


def test_the_casts_month_by_depth() -> None:
    """
    Own volume, the own group, the generations, and what hangs on nobody's volume stand apart.
    """
    split = split_of(cast(), plan(), run(cast(), plan()))

    assert {"own_volume", "own_group", "generation 1", "apart_from_volume"} <= {part.name for part in split.by_depth}
    assert ["personal", "differential"] == [part.name for part in split.by_bonus][:2]


def test_a_bonus_of_several_bears_its_id() -> None:
    """
    Which override or pool it is, the name says; a bonus of which there is one bears its kind alone.
    """
    override = plan().overrides[0].id

    assert ["personal", f"override {override}"] == [
        scheme_name(plan(), bonus, 0) for bonus in (Bonus.PERSONAL, Bonus.OVERRIDE)
    ]


def test_a_share_is_of_all_commissionable_volume() -> None:
    """
    Shares of the bonuses add up to that of the payout, to one basis point a bonus of rounding.
    """
    snapshot, terms, outcome = cast(), plan(), run(cast(), plan())
    split = split_of(snapshot, terms, outcome)

    whole = share_bp(snapshot, terms, outcome, list(Bonus))

    assert abs(whole - sum(part.share_bp for part in split.by_bonus)) <= len(split.by_bonus)
    assert whole > 0


def test_what_a_cap_takes_stands_apart() -> None:
    """
    A cap's cut is a part of its own, below zero: it belongs to no one bonus of its kind, and the rest stands uncut.
    """
    cap = Cap(id="most", name="Most", share_bp=500)
    capped = replace(plan(), caps=(cap,))
    free, cut = (split_of(cast(), terms, run(cast(), terms)).by_bonus for terms in (plan(), capped))
    by_name = {part.name: part.amount_minor for part in cut}

    assert by_name.pop("cap most") < 0
    assert {part.name: part.amount_minor for part in free} == by_name


def test_what_a_cap_cuts_bears_the_caps_name() -> None:
    """
    A cut is a part of its own, whichever bonus it is taken off.
    """
    capped = replace(plan(), caps=(Cap(id="ceiling", name="Ceiling", member_minor=20_00),))
    split = split_of(cast(), capped, run(cast(), capped))

    assert "cap ceiling" in [part.name for part in split.by_bonus]
    assert "cap ceiling" == scheme_name(capped, Bonus.OVERRIDE, 0, cut=True)
