"""
Take a drop: the files of a company, all of them or nothing, at the company's present time and by its present terms.
"""

from collections.abc import Mapping

from msgspec import Struct

from backend.flows.take_events import take_events
from backend.flows.take_message import nobody
from backend.intake.drop import at_line, read_drop
from backend.intake.verdict import Told
from backend.kernel.finding import Place, Refused
from backend.store.company import company

SOURCE = "files"
"""The name under which a drop's events are kept."""


class TakenRow(Struct, frozen=True, kw_only=True):
    """What became of a row, or would, and where it stands."""

    place: Place
    told: Told


class TakenDrop(Struct, frozen=True, kw_only=True):
    """What became of each row of a drop, or would, and of events that had been held before."""

    rows: tuple[TakenRow, ...]
    later: tuple[Told, ...]


async def take_drop(files: Mapping[str, bytes], *, is_trial: bool = False) -> TakenDrop:
    """
    Take files by their names; what a row lacks may come later, and it is held until then.

    A trial says what would change and writes nothing. Raises Refused with every finding of all files, those included
    that only what is there already brings to light: then nothing of any file is applied.
    """
    row = await company()
    if row is None:
        raise Refused([nobody()])
    dropped = read_drop(files, row.zone)
    now = row.clock.now()
    taken = await take_events(
        source=SOURCE,
        events=[one.event for one in dropped],
        now=now,
        zone=row.zone,
        terms=row.terms_of(row.period_at(now)),
        is_trial=is_trial,
        all_or_none=True,
    )
    pairs = list(zip(dropped, taken.told, strict=True))
    findings = [at_line(each, one.place) for one, told in pairs for each in told.findings]
    if findings and not is_trial:
        raise Refused(findings)
    rows = (TakenRow(place=one.place, told=_placed(told, one.place)) for one, told in pairs)
    return TakenDrop(rows=tuple(rows), later=taken.later)


def _placed(told: Told, place: Place) -> Told:
    findings = tuple(at_line(each, place) for each in told.findings)
    return Told(kind=told.kind, key=told.key, status=told.status, findings=findings, lacks=told.lacks)
