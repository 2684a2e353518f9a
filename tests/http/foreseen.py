"""
What lies ahead of the screens' cast: Amara's changes, and the breakaway of Mei-Ling's leg. Made by hand.
"""

import msgspec

from backend.forecast.change import Change, Changes, Need, NeedKind, Seller, Way
from backend.forecast.preview import Alone, Later, Moment, Overtakes, Preview, Zone
from backend.forecast.standing import Check

TRAINING = Check(measure="training", have=0, at_least=1)


def changes(**others: object) -> Changes:
    """Return what would change for Amara: the next step, the next title, and two legs' breakaways."""
    usual = Changes(
        next_step=Change(member="AMARA", what="step", index=5, met=False, ways=(to_step(),)),
        next_title=Change(member="AMARA", what="title", index=2, met=False, ways=(to_title(),)),
        keeping=Change(member="AMARA", what="keep", index=1, met=True),
        breakaways=(
            Change(member="MEI", what="breakaway", index=0, met=False, ways=(sold_by("MEI", 1358100),)),
            Change(
                member="OLEK",
                what="breakaway",
                index=0,
                met=False,
                ways=(msgspec.structs.replace(sold_by("OLEK", 1403500), unsold=(TRAINING,)),),
            ),
        ),
    )
    return msgspec.structs.replace(usual, **others)


def to_step() -> Way:
    """Return a way of group volume, which own customers or either of two legs may bring."""
    near = tuple(Seller(member=code, leg=code, points=175950) for code in ("LUIS", "MEI"))
    return Way(needs=(need(NeedKind.GROUP_VOLUME, 175950, sellers=near),), points=175950, sales={"AMARA": 175950})


def to_title() -> Way:
    """Return a way with a bit of everything, and something that no sale brings."""
    legs = Check(measure="legs_with_volume", have=3, at_least=4, of=100000)
    enrolled = Check(measure="enrolled_active", have=3, at_least=4)
    return Way(
        needs=(
            need(NeedKind.OWN_CUSTOMERS, 4750),
            need(
                NeedKind.LEG_COUNT,
                3500,
                count=1,
                check=legs,
                sellers=(Seller(member="DEEP", leg="OLEK", points=3500),),
            ),
            need(
                NeedKind.ENROLLED, 10000, count=1, check=enrolled, sellers=(Seller(member="FAR", leg="", points=10000),)
            ),
            need(NeedKind.LEG_VOLUME, 20000, sellers=(Seller(member="MEI", leg="MEI", points=20000),)),
            need(NeedKind.CUSTOMERS, 0, count=2),
        ),
        points=38250,
        sales={"AMARA": 4750, "DEEP": 3500, "FAR": 10000, "MEI": 20000},
        customers=2,
        unsold=(TRAINING,),
    )


def sold_by(code: str, points: int) -> Way:
    """Return a way of a leader's own customers."""
    return Way(needs=(need(NeedKind.OWN_CUSTOMERS, points),), points=points, sales={code: points})


def need(kind: NeedKind, points: int, **others: object) -> Need:
    """Return a need of so many hundredths of a point."""
    return msgspec.structs.replace(Need(kind=kind, points=points), **others)


def moment(leg_points: int, **others: object) -> Moment:
    """Return Amara on 16 % with a leg of so many hundredths on 8 %, which brings 113.52 dollars."""
    usual = Moment(
        leg_points=leg_points,
        leg_percent_bp=800,
        leg_broken_away=False,
        step=4,
        title=1,
        upkeep="met",
        percent_bp=1600,
        gv_points=624050,
        side_volume_points=212000,
        amounts_minor={"personal": 2440, "differential": 41286, "override": 88350},
        total_minor=132076,
        leg_differential_minor=11352,
        leg_override_minor=0,
    )
    return msgspec.structs.replace(usual, **others)


def preview(**others: object) -> Preview:
    """Return the breakaway of Mei-Ling's leg: a zone of 3,000 points, and a title that is gone in three quarters."""
    zone = moment(1200000, leg_percent_bp=1600, leg_differential_minor=0, total_minor=120724)
    apart = {"leg_percent_bp": 2500, "leg_broken_away": True, "leg_differential_minor": 0, "step": 3}
    day = moment(1500000, **apart, leg_override_minor=75000, total_minor=190724, percent_bp=1200)
    lost = moment(1500000, **apart, title=0, upkeep="none_needed", total_minor=30124, percent_bp=1200)
    usual = Preview(
        member="AMARA",
        leg="MEI",
        currency="USD",
        now=moment(141900),
        zone=Zone(from_points=1200000, to_points=1500000, begins=zone),
        day=day,
        day_sales={"MEI": 1358100},
        later=(Later(months=3, moment=day), Later(months=9, moment=lost)),
        overtake=Overtakes(leg_points=1500000, moment=day),
        alone=Alone(step=3, title=1, upkeep="grace", gv_points=482150, side_volume_points=212000),
        unsold=(),
        assumptions=("others_sell_as_to_date", "months_like_the_day"),
    )
    return msgspec.structs.replace(usual, **others)
