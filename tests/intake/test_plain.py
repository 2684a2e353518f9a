"""
Plain orders are read in one go, and what is read so is exactly what is read field by field.
"""

from typing import Any
from zoneinfo import ZoneInfo

import msgspec
from hypothesis import example, given, settings
from hypothesis import strategies as st

from backend.intake.order_message import read_each
from backend.intake.plain import read_plain

ZONE = ZoneInfo("Europe/Berlin")
RIGHT = {"order": "A-1", "member": "LEG", "placed_at": "2026-11-19T09:00:00Z", "pv": "35.50", "cv": "31.95"}

TEXTS = {
    "order": ["A-1", "A", "A" * 65, "A 1", "A-1\n", "", "Ａ", "é"],
    "member": ["LEG", "c1", "", "LEG\n"],
    "placed_at": [
        "2026-11-19T09:00:00Z",
        "2026-11-19 09:00+01:00",
        "2026-11-19T09:00:00.123456-11:30",
        "2026-11-19",
        "2026-02-30T09:00:00Z",
        "2026-11-19T24:00:00Z",
        "1899-12-31T23:59:59Z",
        "1900-01-01T00:00:00+14:00",
        "2199-12-31T23:59:59-14:00",
        "2026-11-19T09:00:00Z\n",
        "２026-11-19T09:00:00Z",
        "2026-11-19T09:00:00+25:00",
    ],
    "pv": ["35.50", "0", "9999999.99", "10000000", "1.5", "1.555", "-1", "1_0", "٣", "1\n", ""],
    "cv": ["31.95", "7", ""],
    "customer": ["c1", "LEG", "", "c 1"],
    "kind": ["order", "return", "", "gift"],
    "returns": ["A-0", ""],
    "products": [{}, {"KIT": 2}],
    "gift": ["yes"],
}
OTHERWISE = st.sampled_from([None, 7, True, [], {}])


def entries() -> st.SearchStrategy[dict[str, Any]]:
    """Draw an order that is right but for some of its fields."""
    fields = {name: st.sampled_from(values) | OTHERWISE for name, values in TEXTS.items()}
    return st.fixed_dictionaries({}, optional=fields).map(lambda changed: RIGHT | changed)


def said_in_three_ways(entry: dict[str, Any], way: int) -> bytes:
    """Write an order alone, in a list, or beside a right one in a list with a name."""
    return msgspec.json.encode((entry, [entry], {"orders": [RIGHT, entry]})[way])


@example(RIGHT, 0)
@example(RIGHT, 1)
@example(RIGHT, 2)
@example(RIGHT | {"customer": "c1", "kind": "order"}, 2)
@example(RIGHT | {"placed_at": "2026-11-19T09:00:00.1+02:00"}, 0)
@settings(deadline=None, max_examples=400)
@given(entries(), st.integers(0, 2))
def test_what_is_read_in_one_go_is_what_is_read_field_by_field(entry: dict[str, Any], way: int) -> None:
    """The orders are the same, with the same digests; where any field is not as it should be, nothing is read so."""
    raw = said_in_three_ways(entry, way)
    bodies, refused = read_each(raw, ZONE)
    plain = read_plain(raw)

    if plain is not None:
        assert ([], bodies) == (refused, plain)
        assert [one.digest() for one in bodies] == [one.digest() for one in plain]


def test_most_messages_are_plain() -> None:
    """A purchase by oneself or by a customer, in any zone, alone or among others, is read in one go."""
    messages = [RIGHT, RIGHT | {"customer": "c1"}, RIGHT | {"placed_at": "2026-11-19 09:00:00.5-11:30"}]

    assert 9 == sum(read_plain(said_in_three_ways(one, way)) is not None for one in messages for way in range(3))
