"""
Title, explained: what was carried in and what keeps it, what this period achieves, the clocks, and the next title.
"""

from collections.abc import Iterator

from backend.engine.explain.parts import asks, reason, rung
from backend.engine.explain.supply import points_reason
from backend.engine.gates.measures import Member
from backend.engine.outcome import Upkeep
from backend.kernel.trace import Trace
from backend.plan.terms import Requirement


def explained(member: Member) -> Iterator[Trace]:
    """Yield the title, for how long it has been held, and how often in a row its upkeep was missed."""
    titles, title, before = member.terms.titles, member.of("title"), member.of("title_before")
    achieved = member.of("achieved_title")
    kept = rung("title_carried", before, titles[before].keep, member, titles[before].clause)
    reached = rung("title_achieved", achieved, asked(member, achieved), member, titles[achieved].clause)
    above = [
        rung("title_missed", at, asked(member, at), member, titles[at].clause) for at in range(title + 1, len(titles))
    ][:1]
    state = Upkeep(member.of("upkeep")).name.lower()
    about = {"upkeep": state, "held": str(member.of("held")), "missed": str(member.of("missed"))}
    parts = (kept, reached, *above, *achieving(member, title + 1), *_lost(member))
    yield Trace(name="title", value=title, unit="count", rule=titles[title].clause, about=about, parts=parts)
    yield Trace(name="held_periods", value=member.of("held"), unit="count")
    yield Trace(name="missed_periods", value=member.of("missed"), unit="count", rule=member.terms.maintenance.clause)


def asked(member: Member, title: int) -> Requirement:
    """Return what earns a title: the first time, or again for who has held it before and lost it."""
    found = member.terms.titles[title]
    again = member.of("title_before") < title <= member.of("best_title_before")
    return found.requalify or found.requirement if again else found.requirement


def achieving(member: Member, title: int) -> Iterator[Trace]:
    """Yield why the member has not achieved a title: the points that are missing, or all that it asks for."""
    if title < len(member.terms.titles) and not member.of("closed"):
        found = member.terms.titles[title]
        requirement, about = asked(member, title), {"title": found.id}
        clause = requirement.clause or found.clause
        if by_points := points_reason(member, requirement, clause, **about):
            yield by_points
        yield asks("next_title", member, requirement, clause, **about)


def _lost(member: Member) -> Iterator[Trace]:
    if member.of("upkeep") == Upkeep.LOST:
        yield reason("title_lost", member.terms.maintenance.clause)
