"""
Carryover: what a period hands to the next, as one frozen document that can be saved, hashed and taken up again.

Indexes mean something only beside the terms that they were made under, so the document names titles, steps, marks,
windows and one-time bonuses by id; under other terms each finds its place again, and what is gone is dropped.
"""

from collections.abc import Iterable, Iterator, Mapping
from hashlib import sha256
from typing import Any

import msgspec
import numpy as np
from msgspec import Struct

from backend.engine.columns.sheet import held_width
from backend.engine.outcome import Outcome
from backend.engine.periods.history import Slots, marks_after, slots_of, volumes_after
from backend.engine.snapshot import Carried, Ints, Snapshot
from backend.plan.terms import Stays, Terms

TITLE_BITS = 2
"""Bonuses and instalments hold so many bits for each title."""


class Window(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A named volume's slots: how many earlier periods or sums, points and then CV."""

    id: str
    kind: int
    slots: int


class Carryover(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What every member takes out of a period; `members` is in the order of their ids."""

    period: str
    plan: str
    titles: tuple[str, ...]
    steps: tuple[str, ...]
    marks: tuple[str, ...]
    windows: tuple[Window, ...]
    one_times: tuple[str, ...]
    members: dict[str, Carried]

    def encoded(self) -> bytes:
        """Return the document as JSON; the same state gives the same bytes."""
        return msgspec.json.encode(self)

    def digest(self) -> str:
        """Return the SHA-256 of the document, as hexadecimal text."""
        return sha256(self.encoded()).hexdigest()

    def under(self, terms: Terms) -> dict[str, Carried]:
        """
        Return what the members bring into a period under its terms, by the indexes of those.

        A title that is gone becomes the next lower that is still there, and so does a step; the history of a mark, a
        window or a one-time bonus that is gone is dropped.
        """
        moves = _Moves(self, terms)
        return dict(self.members) if moves.nothing else {id_: moves.moved(one) for id_, one in self.members.items()}


def carryover_of(snapshot: Snapshot, terms: Terms, outcome: Outcome) -> Carryover:
    """Return what a computed period hands to the next."""
    return carryover(snapshot.period, terms, carry(snapshot, terms, outcome))


def carryover(period: str, terms: Terms, members: Mapping[str, Carried]) -> Carryover:
    """Return the document of what members carry out of a period, under the terms that their indexes are of."""
    return Carryover(
        period=period,
        plan=terms.plan,
        titles=_ids(terms.titles),
        steps=_ids(terms.steps),
        marks=_ids(terms.marks),
        windows=_windows(terms),
        one_times=_ids(terms.one_times),
        members=dict(sorted(members.items())),
    )


def read_carryover(data: bytes) -> Carryover:
    """Return a document that was saved; raises msgspec.ValidationError where it is none."""
    return msgspec.json.decode(data, type=Carryover)


class _Moves:
    """Where each index of a document stands under other terms."""

    def __init__(self, before: Carryover, terms: Terms) -> None:
        self.titles = _lower(before.titles, _ids(terms.titles))
        self.steps = _lower(before.steps, _ids(terms.steps))
        self.kept_titles = _same(before.titles, _ids(terms.titles))
        self.marks = _same(before.marks, _ids(terms.marks))
        self.one_times = _same(before.one_times, _ids(terms.one_times))
        self.mark_count = len(terms.marks)
        self.before, self.windows = before.windows, _windows(terms)
        self.places = dict(zip(_ids(terms.volumes), slots_of(terms), strict=True))
        named = (before.titles, before.steps, before.marks, before.windows, before.one_times)
        now = (_ids(terms.titles), _ids(terms.steps), _ids(terms.marks), self.windows, _ids(terms.one_times))
        self.held_width = held_width(terms)
        forgets = not self.held_width and any(one.held_paid for one in before.members.values())
        self.nothing = named == now and not forgets

    def moved(self, one: Carried) -> Carried:
        """Return one member's state by the new indexes."""
        marks = [0] * self.mark_count
        for at, to in self.marks.items():
            marks[to] = one.marks[at] if at < len(one.marks) else 0
        return msgspec.structs.replace(
            one,
            title=self.titles.get(one.title, 0),
            best_title=self.titles.get(one.best_title, 0),
            step=self.steps.get(one.step, 0),
            bonuses=_bits(one.bonuses, self.kept_titles, TITLE_BITS),
            instalments=_bits(one.instalments, self.kept_titles, TITLE_BITS),
            one_times=_bits(one.one_times, self.one_times, 1),
            marks=tuple(marks),
            volumes=self._volumes(one.volumes),
            held_paid=self._held_paid(one.held_paid),
        )

    def _held_paid(self, before: tuple[int, ...]) -> tuple[int, ...]:
        """Return what each title has paid in its new place; nothing where the plan takes nothing back any more."""
        after = [0] * self.held_width
        for old, new in self.kept_titles.items() if before and after else ():
            after[2 * new : 2 * new + 2] = before[2 * old : 2 * old + 2]
        return tuple(after) if any(after) else ()

    def _volumes(self, before: tuple[int, ...]) -> tuple[int, ...]:
        """Return the slots in their new places; a window of more periods begins with those that are known."""
        after = [0] * sum(2 * slots.held for slots in self.places.values())
        first = 0
        kinds = {window.id: window.kind for window in self.windows}
        for window in self.before:
            to = self.places.get(window.id, Slots(0, 0))
            if before and kinds.get(window.id) == window.kind:
                same = min(window.slots, to.held)
                for old, new in ((first, to.first), (first + window.slots, to.first + to.held)):
                    after[new : new + same] = before[old : old + same]
            first += 2 * window.slots
        return tuple(after)


def _ids(entries: Iterable[Struct]) -> tuple[str, ...]:
    return tuple(entry.id for entry in entries)  # type: ignore[attr-defined] # whatever a plan lists has an id


def _windows(terms: Terms) -> tuple[Window, ...]:
    places = zip(terms.volumes, slots_of(terms), strict=True)
    return tuple(Window(id=volume.id, kind=int(volume.window), slots=slots.held) for volume, slots in places)


def _same(before: tuple[str, ...], now: tuple[str, ...]) -> dict[int, int]:
    return {at: now.index(id_) for at, id_ in enumerate(before) if id_ in now}


def _lower(before: tuple[str, ...], now: tuple[str, ...]) -> dict[int, int]:
    """Return for each old index its new one, or that of the next lower which is still there."""
    same = _same(before, now)
    return {at: same.get(max((old for old in same if old <= at), default=0), 0) for at in range(len(before))}


def _bits(bits: int, moves: Mapping[int, int], width: int) -> int:
    """Return groups of `width` bits in their new places."""
    return sum((bits >> width * at & (1 << width) - 1) << width * to for at, to in moves.items())


def carry(snapshot: Snapshot, terms: Terms, outcome: Outcome) -> dict[str, Carried]:
    """
    Return what each member takes into the next period; who has nothing but the beginning is left out.

    The next snapshot's columns of what was before are filled from it by id (`assemble.snapshot_of`).
    """
    return dict(_carried(snapshot, terms, outcome))


def columns_after(snapshot: Snapshot, terms: Terms, outcome: Outcome) -> dict[str, Any]:
    """
    Return what the members take into the next period as columns, by the names of `Carried`.

    They are the next snapshot's `…_before` where the same members stand in it under the same terms.
    """
    ladder = terms.ladder
    step = np.where(ladder.never_lost, outcome.step, 0)
    return {
        "title": outcome.title,
        "held": outcome.held,
        "missed": outcome.missed,
        "bonuses": outcome.bonuses,
        "instalments": outcome.instalments,
        "one_times": outcome.one_times,
        "step": np.maximum(step, 0 if ladder.fast_track_at_once else outcome.fast_step),
        "best_title": np.maximum(snapshot.best_title_before, outcome.title),
        "broke_away": (terms.breakaway.stays == Stays.FOR_GOOD) & (outcome.broken_away | snapshot.broke_away_before),
        "carried_minor": outcome.carried_minor,
        "marks": marks_after(snapshot, terms, outcome),
        "volumes": volumes_after(snapshot, terms, outcome),
        "held_paid": outcome.held_paid,
    }


def _carried(snapshot: Snapshot, terms: Terms, outcome: Outcome) -> Iterator[tuple[str, Carried]]:
    columns = columns_after(snapshot, terms, outcome)
    there = [column.any(axis=1) if column.ndim > 1 else column != 0 for column in columns.values()]
    for i in np.flatnonzero(np.any(there, axis=0)).tolist():
        taken: dict[str, Any] = {
            name: _remembered(each[i]) if each.ndim > 1 else each[i].item() for name, each in columns.items()
        }
        yield snapshot.members[i], Carried(**taken)


def _remembered(slots: Ints) -> tuple[int, ...]:
    """Return a member's slots; none where nothing is in any of them."""
    return tuple(slots.tolist()) if slots.any() else ()
