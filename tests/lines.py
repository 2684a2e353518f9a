"""
Earning lines in the trade's notation: `A differential 5 % of 100 through B, 5 % paid below = 5.00`.
"""

from collections.abc import Collection

from backend.engine.outcome import Bonus, Entry, Lines, Outcome, State
from backend.engine.snapshot import Snapshot
from backend.kernel.points import BASIS, percent_text, points_text
from backend.plan.terms import Terms

SAID = {
    State.PAYABLE: "",
    State.HELD_COMPLIANCE: ", held for compliance",
    State.HELD_PAYMENT: ", held for payment",
    State.HELD_ACTIVITY: ", carried forward",
    State.KEPT_AT_SALE: ", kept at the sale",
}

GUARANTEED = {
    Entry.GUARANTEE_GIVEN: " given up",
    Entry.GUARANTEE_RECEIVED: " made up",
    Entry.CLAWED_BACK: " taken back",
}
"""How a line says that a guarantee moves it, or that its title takes it back."""

KINDS = {
    Bonus.OVERRIDE: "overrides",
    Bonus.PRODUCTION: "productions",
    Bonus.LEVEL: "levels",
    Bonus.POOL: "pools",
    Bonus.MATCH: "matches",
    Bonus.MULTIPLIER: "multipliers",
    Bonus.ONE_TIME: "one_times",
}
"""Where the terms list what a line's scheme counts; a plan with one of them need not name it."""


PERCENT = (Bonus.PERSONAL, Bonus.DIFFERENTIAL, Bonus.OVERRIDE, Bonus.PRODUCTION, Bonus.LEVEL, Bonus.RETAIL)
"""The bonuses that are a percent of a member's or a group's CV."""


def lines_text(snapshot: Snapshot, terms: Terms, outcome: Outcome, bonuses: Collection[Bonus]) -> list[str]:
    """
    Write earning lines: `A differential 5 % of 100 through B, 5 % paid below = 5.00`, amounts in hundredths.
    """
    return written(snapshot, terms, outcome.lines, bonuses)


def breakage_text(snapshot: Snapshot, terms: Terms, outcome: Outcome, bonuses: Collection[Bonus]) -> list[str]:
    """
    Write what the company keeps: `the company level 10 % of 100 in place of A = 10.00`.
    """
    return written(snapshot, terms, outcome.breakage, bonuses)


def written(snapshot: Snapshot, terms: Terms, lines: Lines, bonuses: Collection[Bonus]) -> list[str]:
    """Write those of some lines that are of some bonuses."""
    chosen = [line for line in range(len(lines)) if lines.bonus[line] in bonuses]
    columns = {name: getattr(lines, name).tolist() for name in lines.__struct_fields__}
    return [_line({name: column[line] for name, column in columns.items()}, snapshot, terms) for line in chosen]


def _line(line: dict[str, int], snapshot: Snapshot, terms: Terms) -> str:
    members, bonus, entry = snapshot.members, Bonus(line["bonus"]), Entry(line["entry"])
    said = f"{members[line['earner']] if line['earner'] >= 0 else 'the company'} {bonus.name.lower()}"
    if entry == Entry.CUT:
        return f"{said} cut by {terms.caps[line['scheme']].id}{SAID[State(line['state'])]} = {_money(line)}"
    if entry == Entry.RELEASED:
        return f"{said} released{SAID[State(line['state'])]} = {_money(line)}"
    if bonus in KINDS and len(getattr(terms, KINDS[bonus])) > 1:
        said += f" {getattr(terms, KINDS[bonus])[line['scheme']].id}"
    said += GUARANTEED.get(entry, "") + _of_what(line, terms) + _whence(line, snapshot)
    return f"{said}{SAID[State(line['state'])]} = {_money(line)}"


def _of_what(line: dict[str, int], terms: Terms) -> str:
    """Say what is paid on what, where a line is a rate or pays units of a product."""
    bonus = Bonus(line["bonus"])
    if line["product"] >= 0:
        return f" {line['part']} of {terms.products[line['product']]}"
    if bonus in (Bonus.MATCH, Bonus.MULTIPLIER):
        return f" {percent_text(line['rate_bp'])}"
    if bonus not in PERCENT:
        return ""
    finer = terms.overrides[line["scheme"]].finer if bonus == Bonus.OVERRIDE else 1
    return f" {_rate(line, terms, finer)} of {points_text(line['base_cv'])}"


def _whence(line: dict[str, int], snapshot: Snapshot) -> str:
    """Say whose volume or income it is, through which leg, less what, and at which generation or level."""
    members, bonus, said = snapshot.members, Bonus(line["bonus"]), ""
    if line["earner"] < 0 and line["source"] >= 0:
        said += f" in place of {members[line['source']]}"
    elif bonus in (Bonus.OVERRIDE, Bonus.LEVEL, Bonus.MATCH):
        said += f" from {members[line['source']]}"
    if line["leg"] >= 0:
        said += f" through {members[line['leg']]}"
    if bonus == Bonus.DIFFERENTIAL:
        said += f", {percent_text(line['less_bp'])} paid below"
    if bonus == Bonus.OVERRIDE:
        said += f", generation {line['generation']}"
    if bonus in (Bonus.LEVEL, Bonus.MATCH):
        said += f", level {line['generation']}"
    return said


def _rate(line: dict[str, int], terms: Terms, finer: int) -> str:
    """Say a line's rate: with the part that is paid of it before it, or with the rate of whose amount it is one."""
    rate, part = percent_text(line["rate_bp"], finer), _part(line, finer)
    passed_up = line["bonus"] == Bonus.OVERRIDE and terms.overrides[line["scheme"]].of_first_amount
    return f"{rate} of {part}".removesuffix(" of ") if passed_up and part else part + rate


def _part(line: dict[str, int], finer: int) -> str:
    """Say what part of an override's rate is paid, where it is not all: as a percent, or as it stands."""
    whole = line["whole"] // finer
    if line["part"] == whole or line["bonus"] != Bonus.OVERRIDE:
        return ""
    fine = {BASIS: 1, BASIS * finer: finer}
    return f"{percent_text(line['part'], fine[whole])} of " if whole in fine else f"{line['part']}/{whole} of "


def _money(line: dict[str, int]) -> str:
    return f"{line['amount_minor'] / 100:.2f}"
