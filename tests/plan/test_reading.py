"""
Reading a plan file: what was written is what is read, in whatever order, and no file makes it stumble.
"""

import random
from datetime import date
from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.kernel.dated import Since
from backend.kernel.finding import Refused
from backend.kernel.money import Money
from backend.plan.document import Document, digest
from backend.plan.document.gates import Requirement, VolumeCondition
from backend.plan.document.ladder import Step
from backend.plan.reading import findings_of, read_plan
from backend.plan.resolve import terms_on
from tests.plan.plans import PLANS
from tests.plan.writing import written

SOUND = (Path(__file__).parent / "sound.toml").read_text()
PLAN = read_plan(SOUND, "sound.toml")
BEGINS = date(2026, 1, 1)
KNOWN = 'Write one of "measure", "leave_out", "fosters", "clause".'


def as_written(names: list[str]) -> list[str]:
    """Leave the keys in the order of the structs."""
    return names


@st.composite
def documents(draw: st.DrawFn) -> Document:
    """Draw a sound plan: another ladder, other days, other amounts."""
    count = draw(st.integers(2, 8))
    percents = sorted(draw(st.lists(st.integers(1, 2000), min_size=count, max_size=count, unique=True)))
    volumes = sorted(draw(st.lists(st.integers(1, 10**9), min_size=count, max_size=count, unique=True)))
    days = draw(st.lists(st.dates(date(2026, 1, 2), date(2090, 1, 1)), max_size=3, unique=True))
    ids = [*[f"rung{number}" for number in range(count - 2)], "second", "top"]
    steps = [_step(*each) for each in zip(ids, percents, volumes, strict=True)]
    own = [(day, draw(st.one_of(st.none(), st.integers(1, 10**6)))) for day in [BEGINS, *sorted(days)]]
    there = [(day, draw(st.one_of(st.none(), st.integers(1, 10**6)))) for day in sorted(days)]
    limit = Since(tuple(own), (("JP", tuple(there)),) if there else ())
    assert PLAN.own_purchases
    bonus = Money(amount_minor=draw(st.integers(0, 10**7)), currency="USD")
    leader = msgspec.structs.replace(PLAN.titles[1], held_bonus=Since(((BEGINS, bonus),)))
    return msgspec.structs.replace(
        PLAN,
        steps=(PLAN.steps[0], *steps),
        titles=(PLAN.titles[0], leader, *PLAN.titles[2:]),
        own_purchases=msgspec.structs.replace(PLAN.own_purchases, counted_up_to=limit),
        company=draw(st.sampled_from([None, "Čaj & Söhne – 茶"])),
    )


def _step(name: str, percent_bp: int, volume: int) -> Step:
    asks = Requirement(all_of=(VolumeCondition(measure="gv", at_least=volume),))
    return Step(
        id=name, name=name, clause="3", percent=Since(((BEGINS, percent_bp),)), requires=Since(((BEGINS, asks),))
    )


@given(documents())
@settings(max_examples=60, deadline=None)
def test_what_is_written_is_what_is_read(document: Document) -> None:
    """Every sound document, written as a plan file, is read as the same document with the same digest."""
    read = read_plan(written(document, as_written), "plan.toml")
    assert document == read
    assert digest(document) == digest(read)


@pytest.mark.parametrize("plan", PLANS, ids=lambda path: path.stem)
def test_what_real_plans_write_is_what_is_read(plan: Path) -> None:
    """The plans that ship, those of other companies, and the one of every setting come back as they were written."""
    document = read_plan(plan.read_text(), plan.name)
    assert document == read_plan(written(document, as_written), "plan.toml")


@given(documents(), st.integers(0, 2**32))
@settings(max_examples=60, deadline=None)
def test_the_order_of_keys_changes_nothing(document: Document, seed: int) -> None:
    """A file whose keys and tables stand in any order gives the same terms on the same day."""
    chance = random.Random(seed)
    shuffled = read_plan(written(document, lambda names: chance.sample(names, len(names))), "plan.toml")
    day = date(2026, 10, 31)
    assert terms_on(document, day) == terms_on(shuffled, day)


@given(st.integers(0, len(SOUND)), st.integers(0, 40), st.text(max_size=8))
@settings(max_examples=150, deadline=None)
def test_no_damage_makes_reading_stumble(start: int, length: int, patch: str) -> None:
    """A plan file with any stretch replaced by anything yields findings inside the file, or a sound plan."""
    text = SOUND[:start] + patch + SOUND[start + length :]
    lines = text.count("\n") + 1
    for finding in findings_of(text, "plan.toml"):
        assert 1 <= finding.place.line <= lines, finding
        assert finding.place.column >= 1, finding


@given(st.binary(max_size=200))
@settings(max_examples=100, deadline=None)
def test_no_bytes_make_reading_stumble(raw: bytes) -> None:
    """Any bytes at all are refused with findings; none of them is a plan."""
    with pytest.raises(Refused) as refused:
        read_plan(raw, "plan.toml")
    assert refused.value.findings


def test_many_faults_come_at_once() -> None:
    """Faults of TOML, of form and of sense in one file come in one answer, in the order of their places."""
    text = (
        SOUND.replace('period = "month"', "period = month")
        .replace('"12.5 %"', "12.5")
        .replace("grace_periods = { 2026-01-01 = 1 }", "grace_periods = { 2026-01-01 = 5 }")
        .replace('clause = "8"\npoint_value', 'clause = "8.1"\npoint_value')
        .replace('kept_with_title = { 2026-01-01 = "leader" }', 'kept_with_title = { 2026-01-01 = "leadr" }')
        .replace("leg_points =", "leg_point =")
    )
    found = [(each.code, each.place.line) for each in findings_of(text, "plan.toml")]
    assert found == sorted(found, key=lambda pair: pair[1])
    codes = [
        *("toml-syntax", "number-float", "title-unknown", "grace-window"),
        *("field-unknown", "clause-unknown"),
    ]
    assert codes == [code for code, _ in found]


def test_a_byte_order_mark_is_one_finding() -> None:
    """A byte order mark is named, and the rest of the file is read as if it were not there."""
    assert [("byte-order-mark", 1, 1)] == _spots(b"\xef\xbb\xbf" + SOUND.encode())


def test_a_file_in_another_encoding_is_named_at_its_first_byte() -> None:
    """A byte that is not UTF-8 is named with its line and column."""
    raw = SOUND.replace('title = "A sound plan"', 'title = "Ä sound plan"').encode("latin-1")
    assert ("not-utf8", 4, 10) in _spots(raw)


@pytest.mark.parametrize("text", ["", " \n\n", "\ufeff"])
def test_an_empty_file_is_named_so(text: str) -> None:
    """An empty file says that it is empty."""
    assert ("file-empty", 1, 1) in _spots(text)


def test_windows_line_ends_move_no_place() -> None:
    """A file with CRLF line ends is read, and its findings stand where they stand with LF, sound TOML or not."""
    for put in ('"125 %"', "nonsense"):
        text = SOUND.replace('"12.5 %"', put)
        assert _spots(text) == _spots(text.replace("\n", "\r\n"))


def test_nesting_without_end_is_a_finding() -> None:
    """Ten thousand brackets are refused at their statement, and a fault further down is found all the same."""
    text = SOUND.replace('"1" = "Cents', "x = " + "[" * 10_000 + '\n"1" = "Cents').replace('"12.5 %"', "12.5")
    assert [("toml-syntax", 9, 1), ("number-float", 48, 26)] == _spots(text)


def test_legs_that_ask_for_legs_make_no_check_stumble() -> None:
    """A step that asks for a leg on the same step is read, also where a title with a bonus asks for that step."""
    circle = '{ measure = "legs_with_step", at_least = 1, leg_step = "first" }'
    text = SOUND.replace('{ measure = "gv", at_least = 200 }', circle)
    text = text.replace('{ measure = "step", at_least = "top" }, { measure = "tgv", at_least = 3000 }', circle)
    assert [] == findings_of(text, "plan.toml")


@pytest.mark.parametrize("number", ["9" * 5000, "0x" + "F" * 6000, "-0", "inf", "1_000"])
def test_odd_numbers_are_read_or_refused(number: str) -> None:
    """A number of thousands of digits, of another base, or infinite is read exactly or refused; nothing stumbles."""
    findings = findings_of(SOUND.replace("at_least = 2500", f"at_least = {number}"), "plan.toml")
    assert ([] if number == "1_000" else [findings[0]]) == findings


def test_a_text_of_unprintable_characters_is_refused() -> None:
    """A name that cannot be printed is refused, also the one that stands for values that could not be read."""
    assert [("text-malformed", 32, 8)] == _spots(SOUND.replace('"Foot"', '"\\u0000"'))


def test_a_mistake_in_a_long_text_leaves_the_text_whole() -> None:
    """Lines of a text over several lines are no statements, even where they look so and another line is broken."""
    text = SOUND.replace('"Cents are rounded half up."', '"""Cents are\nrounded = half up."""')
    spoilt = text.replace('period = "month"', "period = month")
    assert [("toml-syntax", 5, 10)] == _spots(spoilt)


def test_a_table_in_place_of_a_list_of_tables_says_how_to_write_one() -> None:
    """One bracket too few is named with the brackets to write, and nothing else is found missing for it."""
    (found,) = findings_of(SOUND.replace("[[pools]]", "[pools]"), "plan.toml")
    assert ("type-wrong", "Write [[pools]].") == (found.code, found.remedy)


@pytest.mark.parametrize(
    ("condition", "code", "remedy"),
    [
        ("{ }", "measure-missing", 'Write it as { measure = "broken_away" }.'),
        ('{ measure = "broken" }', "measure-unknown", 'Did you mean "broken_away"?'),
        (
            '{ measure = "title", at_least = "leader", leave_out = "all" }',
            "choice-unknown",
            'Write one of "group", "line".',
        ),
        ('{ measure = "broken_away", at_least = "top" }', "field-unknown", KNOWN),
    ],
)
def test_an_exclusion_is_chosen_by_its_measure(condition: str, code: str, remedy: str) -> None:
    """What leaves a leg out is read as its own kind of table, with remedies that belong there."""
    volume = f'[[volumes]]\nid = "v"\nname = "V"\nclause = "3"\nless = {{ 2026-01-01 = [{condition}] }}\n\n'
    found = findings_of(SOUND.replace("[personal]", f"{volume}[personal]"), "plan.toml")
    assert (code, remedy) in [(each.code, each.remedy) for each in found]


def _spots(text: str | bytes) -> list[tuple[str, int, int]]:
    return [(each.code, each.place.line, each.place.column) for each in findings_of(text, "plan.toml")]
