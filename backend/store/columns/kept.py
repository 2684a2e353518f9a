"""
Columns kept in a file, so that a worker that starts again need not ask the database for them.

A file is believed only if each of its bytes is as it was written, and if it is of this database, this plan and this
period, and not ahead of the logs. What was recorded since is for whoever reads on from its positions.
"""

import mmap
from collections.abc import Mapping
from os import fsync
from pathlib import Path
from zlib import crc32

import msgspec
import numpy as np
from msgspec import Struct

from backend.kernel.period import Period
from backend.plan.terms import Terms
from backend.store.columns.copied import WIDTHS, Column, Field
from backend.store.columns.loaded import SHEETS, Columns, Stamp
from backend.store.columns.loading import ENTRY, STAMP, at_one_instant

MAGIC = b"handrail columns 1\n"
ALIGNED = 64
CHECK_BYTES = 4


class Unfit(Exception):
    """The file's columns are not those of this database as it is; load them anew."""


class ByteFlipped(Unfit):
    """The file is not as it was written: cut short, or a byte of it is another."""


class OtherForm(Unfit):
    """The file has other columns than this version reads."""


class OtherDatabase(Unfit):
    """The columns are of another database, or of another log in this one."""


class OtherPlan(Unfit):
    """The columns were read by another plan, or by other terms of it."""


class OtherPeriod(Unfit):
    """The volumes are of another period."""


class BeyondTheLog(Unfit):
    """The columns know more than the database: it was set back since."""


class _Laid(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where a column lies in the file, counted from the end of its head."""

    kind: str
    count: int
    at: int


class _Head(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    stamp: Stamp
    laid: dict[str, _Laid]


def keep(path: Path, columns: Columns) -> None:
    """Write the columns to a file, whole or not at all."""
    arrays, laid, at = _arrays(columns), dict[str, _Laid](), 0
    for name, array in arrays.items():
        laid[name] = _Laid(kind=array.dtype.str, count=len(array), at=at)
        at += _aligned(array.nbytes)
    head = msgspec.json.encode(_Head(stamp=columns.stamp, laid=laid))
    begin = MAGIC + len(head).to_bytes(8, "little") + head
    parts = [begin.ljust(_aligned(len(begin)), b"\0")]
    parts += [array.tobytes().ljust(_aligned(array.nbytes), b"\0") for array in arrays.values()]
    fresh = path.with_suffix(".new")
    check = 0
    with fresh.open("wb") as file:
        for part in parts:
            check = crc32(part, check)
            file.write(part)
        file.write(check.to_bytes(CHECK_BYTES, "little"))
        file.flush()
        fsync(file.fileno())
    fresh.replace(path)


def kept(path: Path) -> Columns | None:
    """
    Return the columns that a file keeps, None where there is no file.

    They are the file's own pages and cannot be written to. Raises ByteFlipped where the file is not as it was written,
    and OtherForm where another version wrote it.
    """
    if not path.exists():
        return None
    with path.open("rb") as file:
        try:
            data = memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))
        except ValueError as empty:
            raise ByteFlipped(f"{path} is empty") from empty
    body = data[:-CHECK_BYTES]
    if crc32(body) != int.from_bytes(data[-CHECK_BYTES:], "little"):
        raise ByteFlipped(f"{path} is not as it was written")
    if body[: len(MAGIC)] != MAGIC:
        raise OtherForm(f"{path} was written by another version")
    behind = len(MAGIC) + 8 + int.from_bytes(body[len(MAGIC) : len(MAGIC) + 8], "little")
    head = _head(path, body[len(MAGIC) + 8 : behind])
    begin = _aligned(behind)

    def column(name: str) -> Column:
        one = head.laid[name]
        return np.frombuffer(body, dtype=one.kind, count=one.count, offset=begin + one.at)

    sheets = {name: {field.name: column(f"{name}.{field.name}") for field in fields} for name, fields in SHEETS.items()}
    return Columns(stamp=head.stamp, sheets=sheets, codes=column("codes").tobytes(), rank=column("rank"))


def _head(path: Path, text: memoryview) -> _Head:
    """Return what the file says of itself, once it is sure that it has the columns that are read here."""
    expected = {f"{name}.{field.name}": _kind(field) for name, fields in SHEETS.items() for field in fields}
    expected |= {"rank": np.dtype(np.int32).str, "codes": np.dtype(np.uint8).str}
    try:
        head = msgspec.json.decode(text, type=_Head)
    except msgspec.DecodeError as wrong:
        raise OtherForm(f"{path} was written by another version: {wrong}") from wrong
    if {name: one.kind for name, one in head.laid.items()} != expected:
        raise OtherForm(f"{path} has other columns")
    return head


def _kind(field: Field) -> str:
    return np.dtype(WIDTHS[field.kind][0]).newbyteorder("<").str


async def check_fit(stamp: Stamp, period: Period, terms: Terms) -> None:
    """
    Raise OtherDatabase, OtherPlan, OtherPeriod or BeyondTheLog where columns are not of this database and these terms.

    A database that was set back to an earlier state and has gone on since is told by the entry at the position.
    """
    async with at_one_instant() as raw:
        now = await raw.fetchrow(STAMP)
        entry = await raw.fetchval(ENTRY.format(position="$1"), stamp.position) or ""
    if now is None or stamp.database != now["database"]:
        raise OtherDatabase("the file is of another database")
    if any(getattr(stamp, name) > now[name] for name in ("position", "network", "fact", "members")):
        raise BeyondTheLog(f"the file reaches entry {stamp.position:,}, the log {now['position']:,}")
    if stamp.entry != entry:
        raise OtherDatabase(f"entry {stamp.position:,} is another than the file has read")
    if stamp.plan_digest != now["plan_digest"] or _words(stamp) != words_of(terms):
        raise OtherPlan("the file was read by another plan")
    if stamp.period != str(period):
        raise OtherPeriod(f"the file has the volumes of {stamp.period}, not of {period}")


def words_of(terms: Terms) -> tuple[tuple[str, ...], ...]:
    """Return what terms call the markets, titles and products that columns count."""
    named = (terms.markets, terms.titles)
    return (*(tuple(one.id for one in each) for each in named), tuple(terms.products))


def _words(stamp: Stamp) -> tuple[tuple[str, ...], ...]:
    return stamp.markets, stamp.titles, stamp.products


def _arrays(columns: Columns) -> Mapping[str, Column]:
    sheets = {
        f"{name}.{field}": np.ascontiguousarray(column)
        for name, sheet in columns.sheets.items()
        for field, column in sheet.items()
    }
    return {**sheets, "rank": columns.rank, "codes": np.frombuffer(columns.codes, dtype=np.uint8)}


def _aligned(size: int) -> int:
    return -(-size // ALIGNED) * ALIGNED
