"""
Traces as text: a tree of lines, each with its amount, what it says and the plan's clause.
"""

from collections.abc import Callable, Iterator
from fractions import Fraction
from typing import NamedTuple

from backend.cli.given import money_text
from backend.engine.explain.parts import REASON
from backend.engine.explain.reasons import TOGETHER
from backend.engine.snapshot import Snapshot
from backend.kernel.points import percent_text, points_text
from backend.kernel.trace import Trace
from backend.plan.currencies import DECIMALS
from backend.plan.terms import Terms

REASONS = {
    "inactive": "the member is not active",
    "stated_inactive": "the company states that the member is not active",
    "active_requirement": "the plan asks for more to be active",
    "not_joined": "the member has not joined yet",
    "closed": "the position is closed",
    "gate_missed": "the gate asks for more",
    "paused": "payment is paused ({state})",
    "too_late": "more than {days} days have gone by since joining",
    "not_held_long_enough": "the title is held for {held} periods, and {periods} are asked for",
    "shares_short": "too little of the own volume is sold, or verified, to pay all of it",
    "points_missing": "{points} points more of own customers' volume are missing",
    "leg_short_of_breakaway": "the leg of {leg} is {points} points short of its breakaway",
    "no_leader_title": "this needs the title {title}",
    "title_opens_fewer_generations": "the title {title} opens {brings} generations, and {has} are open",
    "title_has_fewer_points": "the title {title} has {brings} points, and the title held has {has}",
    "title_multiplies_less": "the title {title} has a higher rate",
    "taken_back": "the title {title} was lost so soon that it takes back what it has paid",
    "title_settled": "the title {title} pays once, and was paid or lost before",
    "same_or_higher_percent_below": "the leg of {leg} stands on the same percent or a higher one",
    "percent_stated": "the company states the percent",
    "own_purchases_limit": "own purchases count up to a limit only",
    "first_order_alone": "the first order pays a level bonus alone",
    "first_order_at_sponsor": "the first order counts at the sponsor",
    "closed_by_breakaway": "a leg has broken away, which closes its volume to the differential",
    "leg_broken_away": "a leg has broken away and stands alone",
    "breakaway_requirement": "the breakaway asks for more",
    "step_not_paid": "being paid at the step reached asks for more",
    "next_step": "the next step asks for more",
    "next_title": "the title {title} asks for more",
    "title_lost": "the upkeep of the title was missed too often",
    "mark_requirement": "the mark asks for more",
    "leg_left_out": "legs are left out of this volume",
    "leg_limit": "of one leg no more than the limit counts",
    "without_mark": "a period counts only with its mark",
    "guarantee_given": "weak groups are made up for",
    "guarantee_in_band": "weak groups in the band of the guarantee give a part alone",
    "of_first_amount": "deeper generations are paid on what the first one earns",
    "first_blocks": "the first who is paid blocks all above",
    "title_far_away": "titles that lie far apart lower the rate",
    "levels_used_up": "who does not qualify uses up a level",
    "joined_too_long_ago": "this is paid on who joined lately only",
    "frontline_left_out": "what the frontline itself bought is left out",
    "level_bonus_instead": "the higher of two bonuses is paid, not both",
    "target_missed": "the target asks for more",
    "cap_before_matches": "a cap cuts what is matched before",
    "cap": "{cap} cuts it",
}
"""Every reason in words."""

SAYS = {
    "paid_below": "{} paid below are taken off",
    "generation": "generation {}",
    "from": "from {}",
    "through": "through {}",
    "part": "{} of it",
    "of_first": "of the {} of the first generation",
    "asked": "from {} of what is short",
    "state": "{}",
    "why": "{}",
    "reason": "{}",
    "because": "{}",
    "set_by": "set by {}",
    "cap": "{}",
    "bonus": "{}",
    "own_group": "{} in a group of its own",
    "cv": "{} CV there",
    "amount": "of {}",
    "count": "{} in all",
    "members": "{}",
    "window": "window: {}",
    "periods": "{} periods",
    "title": "{}",
    "mark": "{}",
    "failing": "{}",
    "instalments": "in {} instalments",
    "volume": "of {}",
    "weight": "times {}",
    "tier_cv": "{} CV",
}
"""What a part says beside its amount."""

CODES = ("why", "reason", "state", "window", "because", "set_by", "bonus", "failing")
"""What of these is a code and no name."""

UNTRIED = "in so large a company not every reason was tried; there may be others"

STEPS = ("step", "step_reached", "step_missed", "step_paid", "paid_step")
TITLES = ("title", "title_carried", "title_achieved", "title_missed")


class Written(NamedTuple):
    """What traces are written with: the terms, the company, and whose they are."""

    terms: Terms
    snapshot: Snapshot
    member: str

    @property
    def currency(self) -> str:
        """The currency of the member's market."""
        market = int(self.snapshot.market[self.snapshot.members.index(self.member)])
        return self.terms.markets[market].currency


def written(with_: Written, trace: Trace) -> str:
    """Return a number as a tree of lines, with a line feed behind it."""
    return "\n".join(_lines(with_, trace, 0)) + "\n"


def _lines(with_: Written, trace: Trace, depth: int, mark: str = "", cited: str = "") -> Iterator[str]:
    clause = f" [{trace.rule}]" if trace.rule and trace.rule != cited else ""
    said = " · ".join([f"{mark}{_label(trace)} {_value(with_, trace)}".rstrip(), *_says(with_, trace)])
    yield f"{'  ' * depth}{said}{clause}"
    for part in trace.parts:
        if part.name != REASON:
            yield from _lines(with_, part, depth + 1, "+ " if trace.adds_up else "", trace.rule or cited)
    reasons = [part for part in trace.parts if part.name == REASON]
    if reasons:
        yield f"{'  ' * (depth + 1)}not higher because"
        for part in reasons:
            yield f"{'  ' * (depth + 2)}{_reason(with_, part)}" + (f" [{part.rule}]" if part.rule else "")
    if "untried" in trace.about:
        yield f"{'  ' * (depth + 1)}{UNTRIED}"


def _label(trace: Trace) -> str:
    if trace.name == "condition":
        return " ".join(
            [trace.about["measure"], *(trace.about[key] for key in ("volume", "mark") if key in trace.about)]
        )
    if trace.name == "of_level":
        return f"level {trace.about['level']}"
    name = trace.name.replace("_", " ")
    if "called" in trace.about:
        return f"{name} {trace.about['called']}"
    return f"{name} of {trace.about['member']}" if "member" in trace.about and trace.name == "leg" else name


def _value(with_: Written, trace: Trace) -> str:
    terms = with_.terms
    if trace.name in ("passed_over", "in_band"):
        return ""
    if trace.name in STEPS and 0 <= trace.value < len(terms.steps):
        return terms.steps[trace.value].name
    if trace.name in TITLES:
        return terms.titles[trace.value].name
    if trace.unit == "minor":
        return f"{money_text(trace.value, DECIMALS[with_.currency])} {with_.currency}"
    if trace.unit == "yes":
        return "yes" if trace.value else "no"
    units: dict[str, Callable[[int], str]] = {"points": points_text, "bp": percent_text}
    return units.get(trace.unit, str)(trace.value)


def _says(with_: Written, trace: Trace) -> Iterator[str]:
    about = trace.about
    if trace.name == "condition":
        yield f"asked for {about['at_least']}" + ("" if about["met"] == "yes" else ", missed")
        return
    if "rate" in about and "base" in about:
        yield f"{about['rate']} of {about['base']} CV"
    if "each_minor" in about:
        each = money_text(int(about["each_minor"]), DECIMALS[with_.currency])
        yield f"{about['units']} of {about['product']} at {each} {with_.currency}"
    if "earned_minor" in about:
        earned = money_text(int(about["earned_minor"]), DECIMALS[about["currency"]])
        yield f"{about['rate']} of {earned} {about['currency']}"
    if "rounding" in about:
        yield f"before rounding {_exact(about['before_rounding'], DECIMALS[with_.currency])}"
    if "member" in about and trace.name != "leg":
        yield about["member"]
    for key, words in SAYS.items():
        if key in about and not (key == "through" and about["through"] == about.get("from")):
            yield words.format(about[key].replace("_", " ") if key in CODES else about[key])


def _exact(text: str, decimals: int) -> str:
    """Return an exact amount in minor units as one in whole units; one that does not end, with three dots."""
    sign, size = (-1, text[1:]) if text.startswith("-") else (1, text)
    exact = sign * sum((Fraction(part) for part in size.split()), Fraction(0)) / 10**decimals
    places = 10 ** (decimals + 6)
    whole = int(abs(exact) * places)
    digits = str(whole).rjust(decimals + 7, "0")
    rest = digits[-(decimals + 6) :].rstrip("0")
    dots = "" if abs(exact) * places == whole else "…"
    return f"{'-' if exact < 0 else ''}{int(digits[: -(decimals + 6)]):,}{'.' + rest if rest else ''}{dots}"


def _reason(with_: Written, part: Trace) -> str:
    """Return a reason in words, and behind them what is missed: how much there is of how much."""
    if part.about["reason"] == TOGETHER:
        return "; and ".join(_reason(with_, one) for one in part.parts)
    number = f"{part.about['number'].replace('_', ' ')}: " if "number" in part.about else ""
    missed = [f"{_label(one)} {_value(with_, one)} of {one.about['at_least']}" for one in part.parts]
    said = REASONS[part.about["reason"]].format(**part.about)
    return number + (f"{said}: {', '.join(missed)}" if missed else said)
