"""
The published schemas of intake take exactly what is read, as far as a schema can say it.
"""

from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
import pytest
from click.testing import CliRunner
from jsonschema import Draft202012Validator

from backend.cli import group
from backend.intake.day_totals import read_totals
from backend.intake.drop import FILES, read_drop
from backend.intake.order_message import read_each
from backend.intake.reading import read_events
from backend.intake.schemas import schemas
from backend.intake.verdict import Told
from backend.kernel.finding import Refused
from tests.intake.test_reading import RIGHT

ZONE = ZoneInfo("Europe/Berlin")
FOLDER = Path(__file__).parents[2] / "manifest/schemas/intake"
CHECKED = {name: Draft202012Validator(schema) for name, schema in schemas().items()}
DRAWS = 2400

# fmt: off
TEXTS = [
    "M1", "M7", "KIT", "2026-10-05", "2026-10-05T10:00:00Z", "2026-10-05T10:00", "20261005", "soon", "1", "0", "7",
    "12.50", "1.234", "-3", "1,5", "12345678", "70%", "retail", "wholesale", "preferred", "yes", "no", "none",
    "compliance", "cleared", "paused", "active", "999", "1000", "order", "return", "refund", "cancellation", "gift",
]
# fmt: on
VALUES: list[Any] = [*TEXTS, "", "70 %", "a b", "a\tb", "x" * 65, "x" * 201, None, 0, 7, 1.5, True, [], {}, [7], [{}]]
VALUES += [{"KIT": 2}, {"KIT": 0}, {"KIT": 10_000}, {"KIT": "2"}, {"a b": 2}, {"KIT": True}]
VALUES += [[{"product": "KIT", "units": 2, **volumes}] for volumes in ({}, {"pv": "1"}, {"pv": "1", "cv": "1"})]
VALUES += [[{"from": "2026-10-05", "pv": "1", "cv": one, "market": None}] for one in ("1", None, "x")]
UNSAID = {"sponsor-self", "enroller-self", "customer-self", "price-doubled", "products-doubled"}
"""What is about two fields beside each other, and no schema says."""

UNSAYABLE = ["2026-02-30", "1850-01-01", "2026-10-05T25:00:00Z", "\uff2bIT", "a\u200bb"]
"""A day that is in no calendar, one of another century, an hour that no clock has, an id that looks like another."""

COUNTED = {"day": "2026-10-05", "orders": 3, "pv": "12.50", "cv": "-1", "keys": ["A1"]}


def mutated(chance: Random, right: dict[str, Any], values: list[Any]) -> dict[str, Any]:
    """Return an entry of which a field or two are left out, hold something else, or are unknown."""
    entry = deepcopy(right)
    for _ in range(chance.randint(1, 2)):
        name = chance.choice([*right, "correction", "market", "returns", "nickname"])
        if chance.random() < 1 / 4:
            entry.pop(name, None)
        else:
            entry[name] = chance.choice(values)
    return entry


def entries(values: list[Any], draws: int) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield entries of each door."""
    chance = Random(11)
    kinds = list(RIGHT)
    for at in range(draws):
        kind = kinds[at % len(kinds)]
        yield "events", mutated(chance, {"kind": kind, **RIGHT[kind]}, values)
        if kind in {"order", "return", "refund", "cancellation"}:
            yield "orders", mutated(chance, RIGHT[kind] | ({} if kind == "order" else {"kind": kind}), values)
            yield "totals", mutated(chance, COUNTED, [*values, 10**9, 10**9 + 1, ["A1", ""], "-1.5"])


def codes(door: str, entry: dict[str, Any]) -> list[str]:
    """Return the codes with which the reader refuses an entry."""
    raw = msgspec.json.encode([entry])
    try:
        if door == "totals":
            return [] if read_totals(raw) else ["nothing"]
        refused = (
            read_each(raw, ZONE)[1]
            if door == "orders"
            else [one for one in read_events(raw, ZONE) if isinstance(one, Told)]
        )
    except Refused as whole:
        return [finding.code for finding in whole.findings]
    return [finding.code for one in refused for finding in one.findings]


def test_the_published_schemas_are_those_that_read(tmp_path: Path) -> None:
    """What `handrail intake-schemas` writes is what stands in the manifest, and each is a schema with words."""
    done = CliRunner().invoke(group, ["intake-schemas", str(tmp_path)])
    assert (0, None) == (done.exit_code, done.exception)
    for schema in schemas().values():
        Draft202012Validator.check_schema(schema)
    assert {path.name: path.read_text() for path in tmp_path.iterdir()} == {
        path.name: path.read_text() for path in FOLDER.iterdir()
    }


def test_a_schema_takes_what_is_read_and_nothing_else() -> None:
    """Entries of every kind, mutated at random: reader and schema agree on each, whatever is wrong with it."""
    counts = [0, 0]
    for door, entry in entries(VALUES, DRAWS):
        found, takes = codes(door, entry), CHECKED[f"{door}.message.schema.json"].is_valid([entry])
        assert takes == (not found) or (takes and set(found) <= UNSAID), (door, entry, found)
        counts[takes] += 1
    assert min(counts) > DRAWS / 10, "both kinds are drawn often"


def test_what_a_schema_cannot_say_is_refused_by_the_reader_alone() -> None:
    """Where the reader takes a value of the calendar or of Unicode, the schema does so too."""
    for door, entry in entries([*UNSAYABLE, "2026-10-06"], DRAWS // 4):
        found = codes(door, entry)
        assert found or CHECKED[f"{door}.message.schema.json"].is_valid([entry]), (door, entry)


def test_a_message_is_one_a_list_or_an_object_with_a_list() -> None:
    """Each shape of a message is taken as it is read; none, and too many, are refused."""
    right = {"kind": "member", **RIGHT["member"]}
    schema = CHECKED["events.message.schema.json"]
    for message in (right, [right], {"events": [right, right]}):
        assert schema.is_valid(message)
        assert not any(isinstance(one, Told) for one in read_events(msgspec.json.encode(message), ZONE))
    for message in ([], {"events": []}, {"events": right}, [right] * 1001, 7, {}):
        assert not schema.is_valid(message), message


ROWS: dict[str, list[dict[str, str]]] = {
    "members.csv": [{"member": "M7", "sponsor": "", "joined": "2026-10-05", "training": "yes", "left": "2026-11-05"}],
    "placements.csv": [{"member": "M7", "sponsor": "", "from": "2026-10-05", "correction": "2"}],
    "customers.csv": [{"customer": "C1", "member": "M7", "type": "retail", "from": "2026-10-05", "name": ""}],
    "products.csv": [{"product": "BOX", "name": "Box", "parts": "KIT:2 OIL:1"}],
    "prices.csv": [{"product": "KIT", "market": "", "from": "2026-10-05", "pv": "30", "cv": "27.5"}],
    "facts.csv": [{"member": "M7", "from": "2026-10-05", "fact": "customer_share", "value": "70 %", "correction": ""}],
    "orders.csv": [
        {"order": "A1", "kind": "", "member": "M7", "placed_at": "2026-10-05", "pv": "1", "cv": "1", "returns": ""},
        {"order": "A2", "member": "M7", "placed_at": "2026-10-05", "pv": "", "cv": "", "products": "KIT:2"},
        {"order": "X1", "kind": "cancellation", "member": "", "placed_at": "2026-10-05", "pv": "", "cv": ""}
        | {"returns": "A1"},
    ],
}
CELLS = ["", "M1", "2026-10-05", "soon", "1", "12.50", "1.234", "KIT:2", "KIT:0", "KIT 2", "yes", "retail", "x" * 65]
CELLS += ["1000", "70 %", "none", "refund"]


def csv_of(row: dict[str, str]) -> bytes:
    """Return a file of one row."""
    return f"{','.join(row)}\n{','.join(row.values())}\n".encode()


@pytest.mark.parametrize("name", FILES)
def test_a_row_is_taken_as_it_is_read(name: str) -> None:
    """Of each file right rows fit, and a row with another cell or without a column fits only where it is read."""
    schema = CHECKED[f"{name.removesuffix('.csv')}.schema.json"]
    assert set(schema.schema["properties"]) == {column.name for column in FILES[name][1]}
    for right in ROWS[name]:
        assert (True, 1) == (schema.is_valid(right), min(1, len(read_drop({name: csv_of(right)}, ZONE))))
        for column in right:
            for cell in (None, *CELLS):
                row = {one: text for one, text in {**right, column: cell}.items() if text is not None}
                assert schema.is_valid(row) or not _reads(name, row), row
                assert _reads(name, row) or not schema.is_valid(row) or name == "orders.csv", row


def _reads(name: str, row: dict[str, str]) -> bool:
    try:
        return bool(read_drop({name: csv_of(row)}, ZONE))
    except Refused as refused:
        return {finding.code for finding in refused.findings} <= {*UNSAID, "left-early"}


def test_a_program_learns_each_field() -> None:
    """Each field of each kind is told in words."""
    silent = [
        (name, field)
        for name, schema in schemas().items()
        for shape in (schema, *schema.get("$defs", {}).values())
        for field, form in shape.get("properties", {}).items()
        if not form["description"].endswith(".")
    ]
    assert [] == silent
