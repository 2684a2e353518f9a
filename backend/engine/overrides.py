"""
Overrides: what upline leaders earn on groups that stand alone, generation by generation.

A plan has any number of them, each with its own groups, rates, gate and way of counting. What nobody above qualifies
for stays with the company.
"""

import numpy as np

from backend.engine.amounts.lines import in_order, joined, kept, lines_of, paid, priced
from backend.engine.amounts.prices import amounts
from backend.engine.columns.regions import by_market
from backend.engine.columns.sheet import Columns
from backend.engine.gates.of_bonuses import gate_number
from backend.engine.groups.generations import Earned, Way, earned_on, first_of
from backend.engine.groups.guarantees import Weak, made_up
from backend.engine.groups.rates import rates_of
from backend.engine.groups.views import View, views_of
from backend.engine.outcome import Bonus, Lines
from backend.engine.snapshot import Flags, Indexes, Snapshot
from backend.engine.upline.nearest import NOBODY, thinned
from backend.plan.terms import Counting, Groups, Override, Terms


def stage(snapshot: Snapshot, terms: Terms, columns: Columns) -> None:
    """
    Pay every override of the plan on its groups' CV; negative CV gives recovery lines.

    Where a plan guarantees the upline a share of each group, who earns on it makes up what a weak group leaves short.
    """
    for scheme, rule in enumerate(terms.overrides):
        eligible = _eligible(snapshot, terms, columns, scheme)
        lines, left = [], []
        for view in views_of(snapshot, columns, rule, eligible):
            way = _way(snapshot, terms, columns, scheme=scheme, view=view, eligible=eligible)
            earned, reached = earned_on(way)
            whole = way.whole * way.finer
            lines.append(_lines(snapshot, terms, scheme=scheme, view=view, whole=whole, earned=earned))
            left.append(_unreached(snapshot, terms, scheme, view, _left(view, way, reached)))
            if rule.guarantee is not None:
                weak = Weak(scheme, view, way, first_of(earned, len(snapshot.members)))
                given, unclaimed = made_up(snapshot, terms, weak, lines[0])
                lines.append(given)
                left.append(unclaimed)
        paid(columns, in_order(joined(lines)), columns.override_minor)
        kept(columns, joined(left))


def _eligible(snapshot: Snapshot, terms: Terms, columns: Columns, scheme: int) -> Flags:
    """Return who is active, holds the lowest title that earns, and is through the gate."""
    lowest = by_market(terms, lambda there: there.overrides[scheme].lowest_title)
    who = np.flatnonzero(columns.title >= lowest.min()).astype(np.int32)
    gate = columns.gate(gate_number(terms, "overrides", scheme), who)
    found = np.zeros(columns.title.size, dtype=np.bool_)
    found[who] = columns.earns[who] & (columns.title[who] >= lowest[snapshot.market[who]]) & gate
    return found


def _way(snapshot: Snapshot, terms: Terms, columns: Columns, *, scheme: int, view: View, eligible: Flags) -> Way:
    """Return what decides who earns on the groups of a view; guarantees look at everybody, all else at who matters."""
    rule = terms.overrides[scheme]
    uses = view.leads & (rule.counting != Counting.PASSED_OVER)
    matters = view.leads | view.earns | (rule.guarantee is not None)
    who = np.flatnonzero(matters).astype(np.int32)
    groups = view.leads[who] & (eligible[who] if not rule.pays_skipped else True)
    here = snapshot.market[who]
    least_bp = by_market(terms, lambda there: there.overrides[scheme].least_difference_bp)[here]
    above = thinned(snapshot.sponsor, who)
    return Way(
        member=who,
        sponsor=above.member,
        leg=above.leg,
        title=columns.title[who],
        groups=np.flatnonzero(groups).astype(np.int32),
        earns=view.earns[who],
        uses=(uses if rule.empty_counts else uses & (view.cv != 0))[who],
        ends=rule.counting == Counting.ENDS,
        first_only=rule.first_only,
        rates=rates_of(snapshot, terms, columns, scheme=scheme, who=who),
        least_bp=least_bp * rule.finer,
        distance_bp=by_market(terms, lambda there: there.overrides[scheme].distance_bp)[here],
        of_first=rule.of_first_amount,
        finer=rule.finer,
    )


def _lines(snapshot: Snapshot, terms: Terms, *, scheme: int, view: View, whole: int, earned: Earned) -> Lines:
    """Return the lines of what is earned on groups that have volume."""
    sold = view.cv[earned.group] != 0
    group, earner, leg, generation, rate_bp, part = (column[sold] for column in earned)
    found = lines_of(
        Bonus.OVERRIDE,
        earner=earner,
        scheme=scheme,
        leg=leg,
        source=group,
        generation=generation,
        base_cv=view.cv[group],
        rate_bp=rate_bp,
        part=part,
        whole=whole,
    )
    return priced(snapshot, terms, in_order(found))


def _left(view: View, way: Way, reached: Flags) -> Indexes:
    """Return the leaders on whose groups nobody qualifies, or who are not paid on at all."""
    left: Indexes = way.member[view.leads[way.member] & ~reached]
    return left


def _unreached(snapshot: Snapshot, terms: Terms, scheme: int, view: View, source: Indexes) -> Lines:
    """
    Return what the company keeps: the first generation of groups that find nobody who qualifies, or are not paid on.

    Where rows of rates differ it is counted at the lowest row that pays anything. Groups that are seen from each earner
    anew have none without an earner.
    """
    alone = terms.overrides[scheme].groups not in (Groups.SAME_PERCENT, Groups.SAME_TITLE)
    rates = by_market(terms, lambda there: _least_rate(there.overrides[scheme]))
    source = source[(view.cv[source] != 0) & (rates[snapshot.market[source]] > 0) & alone]
    pays = {"base_cv": view.cv[source], "rate_bp": rates[snapshot.market[source]]}
    whole = terms.overrides[scheme].finer
    return lines_of(
        Bonus.OVERRIDE,
        earner=np.full_like(source, NOBODY),
        scheme=scheme,
        source=source,
        generation=1,
        whole=whole,
        amount_minor=amounts(snapshot, terms, earner=source, whole=whole, **pays),
        **pays,
    )


def _least_rate(rule: Override) -> int:
    return next((row[0] for row in rule.rates_bp if row and row[0] > 0), 0)
