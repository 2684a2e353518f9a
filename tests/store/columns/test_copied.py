"""What a binary COPY sends is read exactly, or refused by the name of what is wrong with it."""

import struct
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.store.columns.copied import (
    HEADER,
    TRAILER,
    Field,
    NullFound,
    StreamTruncated,
    TypeChanged,
    Unreadable,
    check_types,
    decoded,
)

FIELDS = (Field("id", "int4"), Field("open", "bool"), Field("volume", "int8"), Field("since", "date"))
FORMS = (">i", ">?", ">q", ">i")
ROWS = ((0, True, 2**40, -3), (7, False, -1, 9_000), (-1, True, 0, 0))


def row(values: Sequence[int | None], forms: Sequence[str] = FORMS) -> bytes:
    """Return a row as PostgreSQL sends it."""
    sent = [b"" if value is None else struct.pack(form, value) for value, form in zip(values, forms, strict=True)]
    lengths = [-1 if value is None else len(text) for value, text in zip(values, sent, strict=True)]
    parts = (struct.pack(">i", length) + text for length, text in zip(lengths, sent, strict=True))
    return struct.pack(">h", len(values)) + b"".join(parts)


def stream(*rows: bytes) -> bytes:
    """Return a whole stream of rows."""
    return HEADER + b"".join(rows) + TRAILER


@given(st.lists(st.tuples(st.integers(-(2**31), 2**31 - 1), st.booleans(), st.integers(-(2**63), 2**63 - 1))))
@settings(deadline=None)
def test_every_value_is_read_as_it_was_sent(rows: list[tuple[int, bool, int]]) -> None:
    """Any number of rows, none included, come out column by column."""
    found = decoded(stream(*(row((*one, one[0])) for one in rows)), FIELDS)

    assert list(zip(*(found[field.name].tolist() for field in FIELDS), strict=True)) == [(*one, one[0]) for one in rows]


@pytest.mark.parametrize("at", range(3))
@pytest.mark.parametrize("column", range(4))
def test_a_null_is_refused_with_its_row_and_column(at: int, column: int) -> None:
    """The first, a middle and the last row: a NULL shifts all behind it, and is found where it stands."""
    values: list[list[int | None]] = [list(one) for one in ROWS]
    values[at][column] = None

    with pytest.raises(NullFound, match=f"{FIELDS[column].name} is NULL in row {at}"):
        decoded(stream(*(row(one) for one in values)), FIELDS)


@pytest.mark.parametrize("at", range(3))
def test_a_wider_field_is_refused_with_its_row(at: int) -> None:
    """A column that has become a bigint is told by its name."""
    rows = [row(one, (">q", *FORMS[1:]) if place == at else FORMS) for place, one in enumerate(ROWS)]

    with pytest.raises(TypeChanged, match=f"id takes 8 bytes in row {at}"):
        decoded(stream(*rows), FIELDS)


def test_another_number_of_columns_is_refused() -> None:
    """A row with a column more says so itself."""
    with pytest.raises(TypeChanged, match="row 0 says that it has 5 columns"):
        decoded(stream(row((*ROWS[0], 1), (*FORMS, ">i"))), FIELDS)


def test_a_type_of_the_same_width_is_refused_by_what_the_server_tells() -> None:
    """A float of four bytes would be read as any number; the server's own word of its types is compared."""
    told = [(field.name, field.kind) for field in FIELDS]
    check_types(FIELDS, told)
    for others in (told[:-1], [*told, ("more", "int4")], [("id", "float4"), *told[1:]], told[::-1]):
        with pytest.raises(TypeChanged):
            check_types(FIELDS, others)


def test_a_stream_cut_anywhere_is_refused() -> None:
    """Whatever is missing at the end, be it a byte or everything, nothing of the rest is believed."""
    whole = stream(*(row(one) for one in ROWS))
    for length in range(len(whole)):
        with pytest.raises(StreamTruncated):
            decoded(whole[:length], FIELDS)


def test_a_flipped_byte_of_what_frames_the_values_is_refused() -> None:
    """Of signature, counts, lengths and trailer no byte may be another; of values only the network's check can tell."""
    whole = stream(*(row(one) for one in ROWS))
    size = len(row(ROWS[0]))
    values = {*range(6, 10), 14, *range(19, 27), *range(31, 35)}
    framing = [at for at in range(len(whole)) if at < len(HEADER) or (at - len(HEADER)) % size not in values]
    for at in framing:
        with pytest.raises(Unreadable):
            decoded(whole[:at] + bytes([whole[at] ^ 0x40]) + whole[at + 1 :], FIELDS)
