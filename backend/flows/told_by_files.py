"""
Told by files: what an import's files say beside orders, as events, so that the same told again is recognised.
"""

from collections.abc import Iterator

from backend.files.company import Company
from backend.intake.events import Fact, Leaving, Member


def told_of(company: Company) -> Iterator[Member | Leaving | Fact]:
    """Yield who joined and left, and what is stated of members."""
    members, facts = company.members, company.facts
    for at, code in enumerate(members.member):
        yield Member(
            member=code,
            sponsor=members.sponsor[at] or None,
            enroller=members.enroller[at] or None,
            name=members.name[at],
            joined=members.joined[at],
            market=members.market[at],
            title=members.title[at],
            held=members.held[at],
            missed=members.missed[at],
            training=members.training[at],
        )
        if left := members.left[at]:
            yield Leaving(member=code, on=left)
    for code, fact, value, since in zip(facts.member, facts.fact, facts.value, facts.since, strict=True):
        yield Fact(member=code, fact=fact, value=value, since=since)
