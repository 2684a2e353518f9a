"""
Any plan file that the check accepts must compute: drafts over the whole grammar, on companies that live some months.

A draft is refused with findings that say where and what to do; or its terms are computed for months in a row, obey
every law, agree with the auditor, and give the same bytes for the same rows in another order.
"""

import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from random import Random
from typing import Any

from hypothesis import event, given, settings
from hypothesis import strategies as st
from msgspec import UNSET, Struct
from msgspec.structs import fields, replace

from backend.engine.amounts.worth import TooLarge
from backend.engine.outcome import Entry
from backend.engine.periods.assemble import VOLUMES
from backend.engine.pipeline import run
from backend.kernel.finding import Refused
from backend.plan.decode import hints
from backend.plan.document import Document
from backend.plan.reading import findings_of, read_plan
from backend.plan.today import parts
from tests.engine.auditor import audited
from tests.engine.drafted import drafted, months_of
from tests.engine.opinions import company_of, disagreements
from tests.engine.rows import shuffled
from tests.plan.drafts import Draft
from tests.plan.mending import toml_of

DRAFTS = 130

seeds = st.integers(0, 2**32)


@settings(max_examples=30, deadline=None)
@given(seeds)
def test_a_draft_is_refused_with_places_or_read(seed: int) -> None:
    """A draft as it was drawn is read, or every finding says in the file's lines what is wrong and what to do."""
    text = toml_of(Draft(seed).document())
    found = findings_of(text, "draft.toml")
    event(f"sound as it was drawn: {not found}")
    assert [] == [each for each in found if not 1 <= each.place.line <= text.count("\n") + 1]
    assert [] == [each for each in found if not (each.message[-1] in ".?" and each.remedy[-1] in ".?")]
    assert bool(found) == (not _is_read(text))


def _is_read(text: str) -> bool:
    try:
        read_plan(text, "draft.toml")
    except Refused:
        return False
    return True


@settings(max_examples=40, deadline=None)
@given(seeds)
def test_what_the_check_accepts_is_computed(seed: int) -> None:
    """Months in a row obey the laws, agree with the auditor, and follow from their rows in any order."""
    document = drafted(seed)
    event(f"accepted: {document is not None}")
    for company, terms in months_of(document, seed) if document else ():
        try:
            outcome = run(company, terms)
        except TooLarge:
            return
        assert [] == disagreements(outcome, audited(terms, company_of(company)))
        assert outcome.digest() == run(shuffled(company, terms, Random(seed)), terms).digest()


@settings(max_examples=20, deadline=None)
@given(seeds)
def test_without_sales_no_accepted_plan_pays(seed: int) -> None:
    """Where nothing is sold, now or in any window, no plan file that is accepted pays anybody anew."""
    document = drafted(seed)
    for company, terms in months_of(document, seed, months=1) if document else ():
        nothing = {name: getattr(company, name) * 0 for name in (*VOLUMES, "volumes_before", "units", "first_units")}
        outcome = run(replace(company, **nothing), terms)
        new = ~((outcome.lines.entry == Entry.RELEASED) | (outcome.lines.entry == Entry.CLAWED_BACK))
        assert not (outcome.lines.amount_minor[new] > 0).any()


def test_drafts_are_often_accepted_and_say_everything() -> None:
    """Of the first drafts more than a third are accepted, and these say every setting that a plan may say."""
    accepted = [document for document in map(drafted, range(DRAFTS)) if document]
    said = Counter(setting for document in accepted for setting in set(_said(document)))
    assert len(accepted) > DRAFTS // 3
    assert set() == {setting for setting in _settings(Document, set()) if setting not in said} - NEVER


NEVER = {("Document", "company")}
"""What says nothing to the engine."""


def _said(document: Document) -> Iterator[tuple[str, str]]:
    """Yield each setting that a document says otherwise than by default."""
    for _, part in parts(document):
        if isinstance(part, Struct):
            for each in fields(part):
                if getattr(part, each.name) not in (each.default, None, UNSET):
                    yield type(part).__name__, each.name


def _settings(kind: Any, seen: set[Any]) -> Iterator[tuple[str, str]]:
    """Yield each field of each struct that a document may hold."""
    seen.add(kind)
    yield from ((kind.__name__, each.name) for each in fields(kind))
    for each in _kinds(kind):
        if each not in seen:
            yield from _settings(each, seen)


def _kinds(kind: Any) -> Iterator[Any]:
    open_kinds = list(hints(kind).values())
    while open_kinds:
        one = open_kinds.pop()
        if isinstance(one, type) and issubclass(one, Struct) and one.__struct_fields__ != ("entries", "elsewhere"):
            yield one
        else:
            open_kinds += getattr(one, "__args__", ())


def test_no_process_gives_other_bytes() -> None:
    """Whole drafted plans give the same bytes under another hash seed, in another time zone, with other threads."""
    here = _digests({"PYTHONHASHSEED": "0", "TZ": "UTC", "NUMBA_NUM_THREADS": "1"})
    there = _digests({"PYTHONHASHSEED": "4711", "TZ": "Pacific/Kiritimati", "NUMBA_NUM_THREADS": "2"})
    assert 20 < len(here)
    assert here == there


def _digests(changed: dict[str, str]) -> list[str]:
    environment = {**os.environ, **changed, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
    command = [sys.executable, "-m", "tests.engine.drafted", "0", "24"]
    found = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    return found.stdout.split()
