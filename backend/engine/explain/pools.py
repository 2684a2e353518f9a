"""
Pools, explained: a member's shares, all shares, the fund, and what of the gate is missed.
"""

from collections.abc import Iterator

from backend.engine.explain.compression import inactive
from backend.engine.explain.gates import closed_gate
from backend.engine.explain.lines import Row, line
from backend.engine.explain.parts import reason
from backend.engine.explain.several import of_kind
from backend.engine.explain.shares import fund, shares
from backend.engine.gates.measures import Member
from backend.kernel.trace import Trace
from backend.plan.terms import Split


def explained(member: Member) -> Iterator[Trace]:
    """Yield the pools."""
    yield from of_kind(member, "pool", _reasons, _drawn)


def _drawn(member: Member, row: Row) -> Trace:
    """Return a share: the fund's base and rate, the shares of all shares, and what the shares are made of."""
    found, pool = line(member, row), member.terms.pools[row.scheme]
    about = found.about | {"shares": str(row.part), "of_shares": str(row.whole), "split": pool.split.name.lower()}
    if pool.share_minor:
        about |= {"set_amount": "yes"}
    parts = (*fund(member, row), *shares(member, row))
    return Trace(name="share", value=row.amount_minor, unit="minor", about=about, parts=parts)


def _reasons(member: Member, scheme: int) -> Iterator[Trace]:
    pool, titles, own = member.terms.pools[scheme], member.terms.titles, member.of("title")
    if pool.in_last_period_of_year and not member.snapshot.year_ends:
        return
    yield from inactive(member)
    yield from closed_gate(member, pool.gate)
    if pool.split == Split.POINTS:
        more = (at for at in range(own + 1, len(titles)) if titles[at].pool_points > titles[own].pool_points)
        if (at := next(more, None)) is not None:
            brings = {"brings": str(titles[at].pool_points), "has": str(titles[own].pool_points)}
            yield reason("title_has_fewer_points", titles[at].clause or pool.clause, title=titles[at].id, **brings)
