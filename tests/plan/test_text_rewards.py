"""
What is paid beside percentages, in words: production, levels, pools, matches, bonuses paid once, and caps.
"""

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest
from msgspec.structs import replace

from backend.plan.reading import read_plan
from backend.plan.resolve import terms_on
from backend.plan.rules import Rule
from backend.plan.rules.levels import level_rules
from backend.plan.rules.multipliers import multiplier_rules
from backend.plan.rules.paying import production_rules
from backend.plan.rules.rewards import cap_rules, match_rules, once_rules, pool_rules
from backend.plan.terms import (
    Cap,
    Fosters,
    Fund,
    LevelBonus,
    Line,
    Match,
    Pool,
    ProductAmounts,
    Production,
    RatesBy,
    Split,
    Terms,
    TitleHeld,
)
from tests.plan.said import said

HERE = Path(__file__).parent
TERMS = terms_on(read_plan((HERE / "every.toml").read_text(), "every.toml"), date(2026, 10, 31))


LEVEL = LevelBonus(id="l", name="Start", rates_bp=(2_000, 1_000))
POOL = Pool(id="p", name="Pool", share_bp=200)
MATCH = Match(id="m", name="Match", rates_bp=(1_000,), bonuses=(2,))
PRODUCTS = (
    ProductAmounts(product=0, amounts_minor=(500, 250)),
    ProductAmounts(product=1, amounts_minor=(100,)),
)
BRACKETS = ((0, 100), (500_000, 200))


@pytest.mark.parametrize(
    ("change", "rules", "words"),
    [
        (
            {"productions": (Production(id="p", name="Own bonus", volume=6, brackets=BRACKETS),)},
            production_rules,
            "Own bonus, on the CV of Own volume of the year: 1 % from 0 points on and 2 % from 5,000 points on.",
        ),
        (
            {"levels": (LEVEL,)},
            level_rules,
            "Start, on the CV of orders: 20 % and 10 %, to 2 sponsors upward. Who does not qualify uses up a level.",
        ),
        (
            {"levels": (replace(LEVEL, rates_bp=(500,), first_orders=True, line=Line.ENROLLER, compressed=True),)},
            level_rules,
            "Start, on the CV of first orders: 5 %, to the enroller. Who does not qualify is passed over.",
        ),
        (
            {"levels": (replace(LEVEL, within_days=60, or_differential=True),)},
            level_rules,
            (
                "orders in the first 60 days of a member: 20 % and 10 %, to 2 sponsors upward. Who does "
                "not qualify uses up "
                "a level. A member is paid the higher of this and the difference."
            ),
        ),
        (
            {"levels": (replace(LEVEL, rates_bp=(500,), first_orders=True, alone=True),)},
            level_rules,
            (
                "Start, on the CV of first orders: 5 %, to the sponsor. No other bonus is paid on them; they qualify "
                "all the same. Who does not qualify uses up a level."
            ),
        ),
        (
            {"levels": (replace(LEVEL, rates_bp=(), products=PRODUCTS),)},
            level_rules,
            (
                "Start, for each unit of a product in orders that bring CV: an amount to 2 sponsors upward. Who does "
                "not qualify uses up a level. product first second starter 5.00 USD 2.50 USD water 1.00 USD –"
            ),
        ),
        ({"levels": (replace(LEVEL, gate=TERMS.active),)}, level_rules, "To earn it: PV at least 50."),
        (
            {"pools": (replace(POOL, leg_points=3),)},
            pool_rules,
            "Pool: 2 % of the company's CV, by points: Leader 1, and 3 for each leg broken away.",
        ),
        (
            {"pools": (replace(POOL, fund=Fund.MARKET, split=Split.EQUAL, gate=TERMS.active),)},
            pool_rules,
            "Pool: 2 % of each market's CV, for the market's members, in equal shares. To share in it: PV at least 50.",
        ),
        (
            {"pools": (replace(POOL, fund=Fund.DOWNLINES, split=Split.VOLUME, fund_volume=6),)},
            pool_rules,
            (
                "2 % of the CV of all below those who share in it, each counted once (Own volume of the "
                "year), by the CV of"
            ),
        ),
        (
            {"pools": TERMS.pools[:1]},
            pool_rules,
            (
                "by points for each leg whose leader had the mark “Certified” in 4 of the last 6 months, foster "
                "legs left out, on the CV of the "
                "leader's Bracket volume: 1 for each 1,000 up to 10,000 and 1 for each 2,000 beyond. Paid "
                "in the last month "
                "of the year."
            ),
        ),
        (
            {"pools": TERMS.pools[1:2]},
            pool_rules,
            (
                "Units of legs: 12.50 USD for each share, by units for each leg whose leader had the mark "
                "“Producer” in 6 of "
                "the last 12 months, and for each such month: 1 from 2 legs on and 2 from 6 legs on."
            ),
        ),
        (
            {"pools": (replace(TERMS.pools[1], fosters=Fosters.LEFT_OUT),)},
            pool_rules,
            "in 6 of the last 12 months, foster legs left out, and for each such month",
        ),
        (
            {"matches": (MATCH,)},
            match_rules,
            "Match: 10 % of what sponsored members earn by level as override. Who does not qualify uses up a level.",
        ),
        (
            {"matches": (replace(MATCH, bonuses=(0, 1, 3), line=Line.ENROLLER, compressed=True),)},
            match_rules,
            "enrolled members earn by level as personal, differential and pool. Who does not qualify is passed over.",
        ),
        ({}, once_rules, "Fast start, for a title within 90 days of joining: Leader 250.50 USD."),
        ({}, once_rules, "First target: 75.00 USD, once, for GV at least 1,000, within 60 days of joining."),
        (
            {},
            once_rules,
            (
                "Once, for a title held 3 months in a row after the month of achievement: Leader 200.00 USD. Paid in 2 "
                "monthly parts while the title is held."
            ),
        ),
        (
            {},
            once_rules,
            (
                "Who loses the title before all is paid is never paid the rest. Who falls below the title within 4 "
                "months after a payment gives back all that it has paid."
            ),
        ),
        (
            {"multipliers": TERMS.multipliers[:1]},
            multiplier_rules,
            (
                "Multiplier by title, on top of what a member itself earns as override and production: 20 % from "
                "“Leader” on. [5] To earn it: PV at least 145."
            ),
        ),
        (
            {"multipliers": (replace(TERMS.multipliers[0], by=RatesBy.LEGS_BROKEN_AWAY, rates_bp=(0, 500, 500, 750)),)},
            multiplier_rules,
            "5 % from 1 leg broken away on and 7.5 % from 3 legs broken away on. [5]",
        ),
        (
            {"multipliers": (replace(TERMS.multipliers[0], by=RatesBy.STEP, rates_bp=(0, 500)),)},
            multiplier_rules,
            "override and production: 5 % from “First” on.",
        ),
        (
            {"multipliers": TERMS.multipliers[1:]},
            multiplier_rules,
            "Multiplier for all, on top of what a member itself earns as one time: 5 %.",
        ),
        ({"title_held": TitleHeld(successive_periods=1)}, once_rules, "held 1 month in a row: Leader 200.00 USD."),
        (
            {},
            cap_rules,
            (
                "Cap on the pool: pool and level pay at most 5,000.00 USD to a member in a month, and at "
                "most 40 % of the "
                "company's CV in all."
            ),
        ),
        (
            {"caps": (Cap(id="c", name="Cap", share_bp=4_000),)},
            cap_rules,
            "Cap: all bonuses pay at most 40 % of the company's CV in all.",
        ),
        (
            {"caps": (Cap(id="c", name="Cap", bonuses=(2,), member_minor=100),)},
            cap_rules,
            "Cap: override pays at most 1.00 USD to a member in a month.",
        ),
        (
            {"caps": (Cap(id="c", name="Cap", bonuses=(2,), member_minor=100, before_matches=True),)},
            cap_rules,
            (
                "Cap: override pays at most 1.00 USD to a member in a month. It cuts before anything is matched, so "
                "that matches are of what is left."
            ),
        ),
    ],
)
def test_what_is_paid_beside_percentages_is_said(
    change: dict[str, object], rules: Callable[[Terms], Iterator[Rule]], words: str
) -> None:
    """Productions, levels, pools, matches, what is paid once, and caps: each setting has its words."""
    assert words in said(rules(replace(TERMS, **change)))
