"""
A small standing cast for the screens: one plan, one member with legs in every state, one company. Made by hand.
"""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec

from backend.forecast.company import BonusPaid, CompanyTotals, PayoutPart, PayoutSplit
from backend.forecast.standing import Check, Earning, Health, Keeping, Pace, Range, Standing, Target
from backend.kernel.points import Rounding
from backend.plan.reading import read_plan
from backend.plan.resolve import terms_on
from backend.plan.terms import (
    Breakaway,
    Condition,
    FastStart,
    Maintenance,
    Market,
    Measure,
    Override,
    Pool,
    Requirement,
    Step,
    Terms,
    Title,
    TitleHeld,
)
from backend.store.views import CompanyPage, LegRow, MemberPage, OrderRow, PlanPage

NOW = datetime(2026, 10, 22, 14, 32, 12, tzinfo=UTC)
LADDER = ((0, 0), (500, 200), (800, 600), (1200, 1500), (1600, 4000), (2000, 8000), (2500, 15000))
"""Percent in basis points, and the GV in points that reaches it."""


def gate(**volumes: int) -> Requirement:
    """Return a requirement of one way: `gate(gv=600, pv=100)` in points."""
    conditions = tuple(Condition(measure=Measure[name.upper()], at_least=at * 100) for name, at in volumes.items())
    return Requirement(any_of=(conditions,))


def terms() -> Terms:
    """Return a plan of seven steps and six titles."""
    names = ("Distributor", "Supervisor", "Manager", "Senior Manager", "Executive Manager", "Presidential Manager")
    none = Requirement()
    titles = tuple(Title(id=name.lower(), name=name, requirement=none, keep=none) for name in names)
    steps = tuple(
        Step(id=f"s{index}", name=f"Step {index}", percent_bp=percent, requirement=gate(gv=points, pv=100))
        for index, (percent, points) in enumerate(LADDER)
    )
    return Terms(
        plan="stairstep",
        on="2026-10-01",
        rounding=Rounding.HALF_UP,
        active=gate(pv=100),
        steps=steps,
        breakaway=Breakaway(requirement=gate(gv=15000, pv=100), title=2),
        titles=titles,
        maintenance=Maintenance(window_periods=3, grace_periods=1),
        overrides=(
            Override(id="generations", name="Generations", rates_bp=((500, 400, 300, 200, 100),), lowest_title=2),
        ),
        pools=(Pool(id="leadership", name="Leadership pool", share_bp=200),),
        fast_start=FastStart(within_days=90),
        title_held=TitleHeld(successive_periods=3),
        markets=(Market(id="US", currency="USD", minor_per_point=100, return_days=30),),
    )


def standing(**others: object) -> Standing:
    """Return a supervisor in mid-month on 16 %, on the way to 20 %; others replace what they name."""
    usual = Standing(
        member="AMARA",
        period="2026-10",
        currency="USD",
        active=True,
        pv_points=15250,
        provisional_pv_points=4050,
        customer_pv_points=9000,
        gv_points=624050,
        tgv_points=2391200,
        side_volume_points=212000,
        step=4,
        paid_step=4,
        title=1,
        broken_away=False,
        to_breakaway_bp=4160,
        next_step=Target(
            index=5,
            checks=(
                Check(measure="gv", have=624050, at_least=800000),
                Check(measure="pv", have=15250, at_least=10000),
            ),
        ),
        next_title=Target(
            index=2,
            checks=(
                Check(measure="gv", have=624050, at_least=1500000),
                Check(measure="legs_with_volume", have=3, at_least=4, of=100000),
                Check(measure="enrolled_active", have=5, at_least=4),
                Check(measure="training", have=0, at_least=1),
            ),
        ),
        keeping=Keeping(
            state="met",
            checks=(
                Check(measure="pv", have=15250, at_least=10000),
                Check(measure="gv", have=624050, at_least=150000),
            ),
            missed_periods=0,
            window_periods=3,
            grace_periods=1,
        ),
        pace=Pace(
            day=22,
            days=31,
            days_left=9,
            per_day_points=28366,
            lands_at_points=879346,
            needed_per_day_points=19550,
        ),
        projected_gv=Range(low=742000, middle=858000, high=961000, past_periods=6),
        projected_step=Range(low=4, middle=5, high=5, past_periods=6),
        earnings=(
            Earning(
                bonus="personal", to_date_minor=2440, projected=Range(low=2440, middle=2900, high=3320, past_periods=6)
            ),
            Earning(
                bonus="differential",
                to_date_minor=41286,
                projected=Range(low=48110, middle=61240, high=74905, past_periods=6),
            ),
            Earning(
                bonus="override",
                to_date_minor=88350,
                projected=Range(low=91020, middle=104400, high=118775, past_periods=6),
            ),
        ),
        leg_count=6,
        health=Health.STEADY,
        health_reason="",
        last_sale_day="2026-10-22",
        usual_gv_points=598000,
    )
    return msgspec.structs.replace(usual, **others)


def leg(code: str, name: str, people: int, **others: object) -> LegRow:
    """Return a leg of the list."""
    return LegRow(code=code, name=name, people=people, standing=standing(member=code, **others))


def legs() -> tuple[LegRow, ...]:
    """Return six legs, one in each state of health and one that never sold."""
    return (
        leg(
            "THAN", "Nguyễn Thanh Hà", 41, gv_points=1767150, step=6, broken_away=True, to_breakaway_bp=10000,
            health=Health.BROKEN_AWAY, health_reason="",
        ),
        leg(
            "LUIS", "Luís Gonçalves", 23, gv_points=263400, step=3, to_breakaway_bp=1756, health=Health.CLIMBING,
            health_reason="above_last_period", last_sale_day="2026-10-22",
        ),
        leg("MEI", "Mei-Ling Zhao", 17, gv_points=141900, step=2, to_breakaway_bp=946, health=Health.STEADY),
        leg(
            "OLEK", "Ołeksandra Kovalčuk-Wiśniewska", 12, gv_points=96500, step=2, to_breakaway_bp=643,
            health=Health.STALLING, health_reason="below_last_period", last_sale_day="2026-10-15",
        ),
        leg(
            "BJRN", "Bjørn Åkesson", 8, gv_points=61000, step=2, to_breakaway_bp=406, health=Health.AT_RISK,
            health_reason="upkeep_at_risk", last_sale_day="2026-10-07",
        ),
        leg(
            "FATI", "Fatima Al-Rashid", 1, gv_points=0, step=0, to_breakaway_bp=0, health=Health.STALLING,
            health_reason="no_sale_14_days", last_sale_day="",
        ),
    )  # fmt: skip


def member_page(**others: object) -> MemberPage:
    """Return Amara's page at revision 7."""
    page = MemberPage(
        code="AMARA",
        name="Amara Okafor",
        joined_on="2024-03-04",
        revision=7,
        computed_at=NOW - timedelta(seconds=12),
        data_at=NOW - timedelta(seconds=14),
        now=NOW,
        standing=standing(),
        legs=legs(),
    )
    return msgspec.structs.replace(page, **others)


def plan_page(file: str = "manifest/plans/stairstep.toml") -> PlanPage:
    """Return a plan file as the company's plan: the one that ships, where no other is named."""
    document = read_plan((Path(__file__).parents[2] / file).read_text(), file)
    return PlanPage(
        title=document.title,
        terms=terms_on(document, NOW.date()),
        clauses=dict(document.clauses),
        rounding_clause=document.rounding.clause,
    )


def company_page(**others: object) -> CompanyPage:
    """Return the company's page at revision 41."""
    page = CompanyPage(
        name="Northlight",
        revision=41,
        computed_at=NOW - timedelta(seconds=3),
        data_at=NOW - timedelta(seconds=4),
        now=NOW,
        totals=CompanyTotals(
            period="2026-10",
            members=352,
            active=241,
            broken_away=7,
            pv_points=21467050,
            cv_points=19320345,
            payout_bp=3180,
            personal_and_differential_bp=2240,
            steps=(121, 96, 61, 38, 19, 10, 7),
            bonuses=(
                BonusPaid(bonus="personal", currency="USD", amount_minor=1202310),
                BonusPaid(bonus="differential", currency="USD", amount_minor=3125447),
                BonusPaid(bonus="override", currency="USD", amount_minor=1031266),
                BonusPaid(bonus="pool", currency="USD", amount_minor=386406),
                BonusPaid(bonus="fast_start", currency="USD", amount_minor=250000),
            ),
            split=split(),
        ),
        orders=tuple(order(index) for index in range(8)),
        orders_accepted=1893,
    )
    return msgspec.structs.replace(page, **others)


def split() -> PayoutSplit:
    """Return the payout of the company's page, split three times, in two currencies."""
    return PayoutSplit(
        by_bonus=(
            part("personal", 1202310, 622),
            part("differential", 3125447, 1618),
            part("override generations", 931266, 482),
            part("override generations", 92000, 52, currency="EUR"),
            part("pool leadership", 386406, 200),
            part("fast_start", 250000, 206),
        ),
        by_depth=(
            part("own_volume", 1202310, 622),
            part("own_group", 3125447, 1618),
            part("generation 1", 931266, 482),
            part("generation 1", 92000, 52, currency="EUR"),
            part("apart_from_volume", 636406, 406),
        ),
        by_market=(part("US", 5895429, 3128), part("EU", 92000, 52, currency="EUR")),
    )


def part(name: str, amount_minor: int, share_bp: int, *, currency: str = "USD") -> PayoutPart:
    """Return a part of the payout."""
    return PayoutPart(name=name, currency=currency, amount_minor=amount_minor, share_bp=share_bp)


def order(index: int) -> OrderRow:
    """Return one of the latest orders; the third is a return."""
    placed = NOW - timedelta(seconds=4 + 41 * index)
    size = (4200, 11800, -4200, 2950, 8800, 5600, 15050, 3300)[index]
    return OrderRow(
        key=f"order-{index}",
        kind="return" if size < 0 else "order",
        member_code=("LUIS", "MEI", "BJRN", "THAN")[index % 4],
        member_name=("Luís Gonçalves", "Mei-Ling Zhao", "Bjørn Åkesson", "Nguyễn Thanh Hà")[index % 4],
        placed_at=placed,
        accepted_at=placed,
        pv_points=size,
        cv_points=size * 9 // 10,
    )
