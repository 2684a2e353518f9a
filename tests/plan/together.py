"""
What of a plan file belongs together: settings that need others, lists and how long they are, and what is known where.
"""

from collections.abc import Iterable
from typing import Any

from tests.plan.draft_values import Site

LENGTHS = {"rates": (1, 4), "less": (1, 3), "units": (1, 2), "bonuses": (1, 3), "any_of": (2, 3), "all_of": (1, 3)}
"""How many values a list has; one to three where it is not named."""

SINGLE = {
    "ends": 0.2,
    "own_purchases": 0.5,
    "ladder": 0.6,
    "retail": 0.4,
    "breakaway": 0.85,
    "maintenance": 0.6,
    "fast_start": 0.5,
    "title_held": 0.5,
    "returns": 0.3,
}
"""How often a plan has what it may do without, where that is not two times in five."""

BESIDE = {
    ("Title", "pool_points"): "pools",
    ("Title", "generations"): "overrides",
    ("Title", "held_bonus"): "title_held",
    ("Title", "fast_start"): "fast_start",
    ("Title", "keep"): "maintenance",
    ("Title", "requalify"): "maintenance",
    ("Step", "fast_track"): "ladder",
    ("Pool", "leg_points"): "breakaway",
}
"""What means something only beside another table."""

BREAKAWAY = ("legs_broken_away", "side_volume", "broken_away", "broken away")
"""The words that mean something only where legs break away."""

NEEDS: dict[str, dict[str, dict[str, tuple[str, ...]]]] = {
    "Pool": {
        "split": {
            "points": ("leg_points",),
            "equal": (),
            "volume": ("volume",),
            "leg tiers": ("volume", "tiers", "leg_mark", "leg_periods", "of_last"),
            "leg units": ("units", "leg_mark", "leg_periods", "of_last"),
        }
    },
    "Override": {"groups": {"broken away": (), "with mark": ("mark",), "same percent": (), "same title": ()}},
    "GroupVolume": {"window": {"period": (), "last periods": ("periods",), "year": (), "lifetime": ()}},
    "Breakaway": {"stays": {"while the title is kept": ("kept_with_title",), "in this period": (), "for good": ()}},
}
"""By struct, and by the word in one of its fields (the first where it says none), the fields that go with that word."""

EITHER = {
    "Override": ("rates", "rows"),
    "Pool": ("share", "set_amount"),
    "Requirement": ("all_of", "all_of", "any_of"),
    "LevelBonus": ("rates", "rates", "products"),
    "Multiplier": ("rate", "rows"),
    "Cap": ("share", "per_member"),
}
"""The fields of which a struct has one, some named twice because they are more usual."""

PAID_BY = {
    "override": "overrides",
    "pool": "pools",
    "fast start": "fast_start",
    "title held": "title_held",
    "production": "productions",
    "level": "levels",
    "one time": "one_times",
    "multiplier": "multipliers",
}
"""The table that each bonus is paid by, where it is not every plan's."""

ROW_NAMES = ("RateRow", "MultiplierRow")
"""What begins from a title, from a step or from a number of legs."""

NAMES = {
    "mark": "marks",
    "leg_mark": "marks",
    "only_with_mark": "marks",
    "volume": "volumes",
    "fund_volume": "volumes",
    "step": "steps",
    "leg_step": "steps",
    "title": "titles",
    "leg_title": "titles",
    "lowest_title": "titles",
    "kept_with_title": "titles",
}
"""The fields, and the measures whose `at_least`, that name something, and the table that it stands in."""

TAGS = {
    "mark": "marks",
    "periods": "marks",
    "periods_in_a_row": "marks",
    "legs_with_mark": "marks",
    "legs_with_periods": "marks",
    "step": "steps",
    "legs_with_step": "steps",
    "title": "titles",
    "legs_with_title": "titles",
}
"""The measures that ask for something which the plan must have."""

NOT_BY_MARKET = {
    ("Cap", "share"),
    ("GroupVolume", "periods"),
    ("Pool", "share"),
    *(("Market", field) for field in ("point_value", "cv_per_point", "rounded_to", "return_days", "pool_weight")),
}
"""What is one for the whole company, or stands in a market's own table."""

OWN = ("pv", "customer_pv", "customers", "customer_share", "verified_share", "training", "fees_paid", "cleared")
SOLD = ("pv", "gv", "tgv", "side_volume", "volume", "legs_broken_away", "step")
PAID_FOR = ("titles", "one_times", "pools")


def measures_at(site: Site, *, late: bool, arms: Iterable[str]) -> list[str]:
    """
    Return the measures that are known at a place; where an amount is paid for it, one that takes sales comes first.

    A step is asked for by no step, and by no mark that a step may ask for: only by a late one.
    """
    if site.table == "active":
        return [word for word in OWN if word in arms]
    if site.struct in {"BrokenAwayLeg", "GroupVolume"} or "broken_away" in arms:
        return list(arms)
    early = (site.table == "steps" and site.field != "paid_requires") or (site.table == "marks" and not late)
    found = [word for word in arms if not (word == "step" and early)]
    sold = [word for word in SOLD if word in found]
    return sold * 3 + found if site.table in PAID_FOR else found


def agree(plan: dict[str, Any]) -> None:
    """Let other tables agree with two rules that hardly ever come about by chance beside what they need."""
    if plan["differential"].get("rounded") == "gross less deductions":
        mode = plan["rounding"]["mode"]
        plan["rounding"] |= {"mode": dict.fromkeys(mode, "truncate"), "on": "each line"}
        plan["differential"] |= {"against": "frontline", "pays": "yes"}
        plan["differential"].pop("from_level", None)
        plan.get("breakaway", {}).pop("closes", None)
    for override in plan.get("overrides", ()):
        guarantee = override.get("guarantee", {})
        if guarantee.get("charged") == "on frontline groups":
            override |= {"earners": "the first only", "deeper": "last rate"}
            guarantee.pop("of_one_line", None)
            guarantee.pop("of_several_lines", None)
