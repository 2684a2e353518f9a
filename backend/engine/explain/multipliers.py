"""
Multipliers, explained: a rate on what the member itself earns in the bonuses that the plan names.
"""

from collections.abc import Iterator
from fractions import Fraction

from backend.engine.explain.compression import inactive
from backend.engine.explain.gates import closed_gate
from backend.engine.explain.lines import Row, bare, rounding, rows_of
from backend.engine.explain.overrides import legs_short
from backend.engine.explain.parts import currency, minor, reason
from backend.engine.explain.several import of_kind
from backend.engine.gates.measures import Member
from backend.engine.outcome import Bonus, Entry, State
from backend.kernel.points import BASIS, percent_text
from backend.kernel.trace import Trace
from backend.plan.terms import Multiplier, RatesBy

NEVER = (Bonus.MULTIPLIER, Bonus.MATCH)
NOT_MULTIPLIED = (Entry.CUT, Entry.RELEASED)


def explained(member: Member) -> Iterator[Trace]:
    """Yield the multipliers."""
    yield from of_kind(member, "multiplier", _reasons, _drawn)


def _drawn(member: Member, row: Row) -> Trace:
    """Return a line as what the member earns in the named bonuses, each of them shown, × rate, with the rounding."""
    earned = _earned(member, member.plan.multipliers[row.scheme])
    whole = sum(earned.values())
    about = {
        **{key: said for key, said in bare(member, row).about.items() if key != "from"},
        "earned_minor": str(whole),
        "currency": currency(member),
        "rate": percent_text(row.rate_bp),
        **rounding(row.amount_minor, Fraction(whole * row.rate_bp, BASIS)),
    }
    parts = tuple(minor("earned_in", much, bonus=bonus) for bonus, much in earned.items())
    return Trace(name="multiplier_line", value=row.amount_minor, unit="minor", about=about, parts=parts)


def _earned(member: Member, rule: Multiplier) -> dict[str, int]:
    """Return what the member earns in each bonus that is multiplied, by the bonus."""
    sums: dict[str, int] = {}
    for row in rows_of(member):
        named = row.bonus in rule.bonuses and row.bonus not in NEVER
        if named and row.entry not in NOT_MULTIPLIED and row.state != State.KEPT_AT_SALE:
            name = Bonus(row.bonus).name.lower()
            sums[name] = sums.get(name, 0) + row.amount_minor
    return sums


def _reasons(member: Member, scheme: int) -> Iterator[Trace]:
    rule = member.terms.multipliers[scheme]
    yield from inactive(member)
    yield from closed_gate(member, rule.gate)
    yield from _higher_rate(member, rule)


def _higher_rate(member: Member, rule: Multiplier) -> Iterator[Trace]:
    """Yield the next title or step that has a higher rate, or the leg that is nearest to its breakaway."""
    titles, steps = member.terms.titles, member.terms.steps
    if rule.by == RatesBy.TITLE and (at := _next(rule, member.of("title"), len(titles))):
        yield reason("title_multiplies_less", titles[at].clause or rule.clause, title=titles[at].id)
    if rule.by == RatesBy.STEP and (at := _next(rule, member.of("step"), len(steps))):
        yield reason("next_step", steps[at].clause or rule.clause, step=str(at))
    if rule.by == RatesBy.LEGS_BROKEN_AWAY:
        yield from legs_short(member)


def _next(rule: Multiplier, own: int, count: int) -> int:
    """Return the next of so many titles or steps with a higher rate; 0 where there is none."""
    rates = [rule.rates_bp[min(at, len(rule.rates_bp) - 1)] for at in range(count)]
    return next((at for at in range(own + 1, count) if rates[at] > rates[own]), 0)
