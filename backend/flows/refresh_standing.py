"""
Refresh the standing: run the engine on the open period, write what changed at a new revision, announce it.

This is the live road's middle: what the intake accepted comes in as volume, and what a phone shows goes out.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

import msgspec
import numpy as np
from msgspec import Struct

from backend.engine.pipeline import run
from backend.flows.close_behind import close_behind, snapshot_at
from backend.flows.memory import Memory, Shown
from backend.flows.possible_ends import possible_ends
from backend.forecast.projection import project
from backend.forecast.readings import PeriodFacts, readings
from backend.forecast.standing import Standing
from backend.forecast.standings import drawn, leg_people
from backend.forecast.totals import totals
from backend.kernel.period import Period
from backend.network.tree import Tree
from backend.store.standings import COMPANY_TOPIC, Written, keep_last, write


class Refreshed(Struct, frozen=True, kw_only=True):
    """What a pulse brought: the revision that was written, and whose pages it changed."""

    revision: int
    changed: tuple[str, ...]


async def refresh_standing(memory: Memory, now: datetime) -> Refreshed:
    """
    Compute the open period as of now, compare with what was written last, write and announce the difference.

    A member's page shows its legs, so a changed leg changes its sponsor's page too. Raises engine.laws.LawBroken
    before anything is written, and store.standings.Overtaken where another worker has written meanwhile.
    """
    data_at = await close_behind(memory, now) or now
    period = memory.company.period_at(now)
    terms = memory.company.terms_of(period)
    snapshot = await snapshot_at(memory, period, now)
    outcome = run(snapshot, terms)
    memory.shown = Shown(snapshot=snapshot, terms=terms, outcome=outcome)
    read = readings(
        _facts(memory, period, now),
        snapshot,
        terms,
        outcome=outcome,
        projection=project(snapshot, terms, await possible_ends(memory, now)),
        usual_gv=_usual_gv(memory, period),
    )
    differing = read.differing(memory.readings)
    if memory.shown_period != str(period):
        await keep_last(str(period))
        memory.shown_period = str(period)
    changed = list(_changed(memory, drawn(read, differing), leg_people(snapshot)[differing].tolist()))
    company = msgspec.json.encode(totals(snapshot, terms, outcome)).decode()
    topics = _topics(memory, [row.code for row in changed])
    memory.revision = await write(
        changed,
        company,
        after=memory.revision,
        position=memory.position,
        computed_at=now,
        data_at=data_at,
        topics=topics,
    )
    memory.documents.update({row.code: row.document for row in changed})
    memory.sponsors.update({row.code: row.sponsor for row in changed})
    memory.written, memory.readings = memory.tree, read
    return Refreshed(revision=memory.revision, changed=tuple(topics))


def _facts(memory: Memory, period: Period, now: datetime) -> PeriodFacts:
    today = now.astimezone(memory.company.zone).date()
    return PeriodFacts(
        day=(today - period.first_day).days + 1,
        days=period.days(),
        today=today.toordinal(),
        last_sale=np.array([memory.last_sales.get(code, 0) for code in memory.tree.members], dtype=np.int32),
    )


def _usual_gv(memory: Memory, period: Period) -> dict[str, int]:
    before = memory.closed.get(period.plus(-1))
    return dict(before.gv) if before else {}


def _changed(memory: Memory, pages: Sequence[Standing], people: Sequence[int]) -> Iterator[Written]:
    """Yield whose page is another than was written, of those that were drawn, and who has another sponsor or legs."""
    sponsors = memory.sponsors if memory.written is memory.tree else _sponsors(memory.tree)
    moved = _moved(memory, sponsors)
    for standing, in_leg in zip(pages, people, strict=True):
        code, document = standing.member, msgspec.json.encode(standing).decode()
        if memory.documents.get(code) != document or code in moved:
            yield Written(
                code=code, sponsor=sponsors[code], people=in_leg, gv_points=standing.gv_points, document=document
            )


def _sponsors(tree: Tree) -> dict[str, str | None]:
    return {
        code: tree.members[at] if at >= 0 else None
        for code, at in zip(tree.members, tree.sponsor.tolist(), strict=True)
    }


def _moved(memory: Memory, sponsors: Mapping[str, str | None]) -> set[str | None]:
    """Return who stands under another than was written last, with the old sponsor and the new one."""
    if memory.written is memory.tree:
        return set()
    old = memory.sponsors
    return {
        one for code, sponsor in sponsors.items() if old.get(code) != sponsor for one in (code, sponsor, old.get(code))
    }


def _topics(memory: Memory, changed: Sequence[str]) -> list[str]:
    """Return whose pages have changed: the members', their sponsors', and the company's own."""
    tree = memory.tree
    sponsors = (int(tree.sponsor[tree.position[code]]) for code in changed)
    return sorted({COMPANY_TOPIC, *changed, *(tree.members[at] for at in sponsors if at >= 0)})
