"""
Companies for the benchmark of engines: drawn from a seed as columns, and written so that any program can read them.

No object stands for a member, so ten million of them are drawn in seconds. What is drawn is SplitMix64 of the seed, the
column and the member's number: the same bytes on every machine and under every version of a library.
"""

from hashlib import sha256
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from backend.engine.columns.sheet import held_width
from backend.engine.periods.assemble import STATED
from backend.engine.periods.history import width
from backend.engine.snapshot import Flags, Indexes, Ints, Snapshot, columns_of
from backend.plan.terms import Terms

Words = NDArray[np.uint64]
Small = NDArray[np.int8]
TYPES = {Small: "<i1", Indexes: "<i4", Ints: "<i8"}

SHAPES = ("random", "chain", "star")
MARKETS, TITLES = 2, 6
NOBODY = -1
DAYS = 400
"""Everybody joined so long ago: no fast start is due."""


class Company(Struct, frozen=True, kw_only=True):
    """
    One period of a company, a value a member, breadth first; volumes in hundredths of a point.

    Member 0 is the only root. The legs of member i are `first_leg[i] : first_leg[i] + leg_count[i]`.
    """

    sponsor: Indexes
    """-1 at the root."""
    first_leg: Indexes
    leg_count: Indexes
    enroller: Indexes
    """-1 where nobody enrolled the member."""
    market: Small
    training: Small
    """1 where the training is done."""
    title_before: Small
    held_before: Small
    missed_before: Small
    """Successive periods, before this one, in which the title's maintenance was missed."""
    own_pv: Ints
    customer_pv: Ints
    own_cv: Ints
    customer_cv: Ints

    def __len__(self) -> int:
        """Count the members."""
        return int(self.sponsor.size)

    def digest(self) -> str:
        """Return the SHA-256 of the columns in their order, as hexadecimal text."""
        return digest_of({name: getattr(self, name) for name in self.__struct_fields__})

    def levels(self) -> Indexes:
        """Return how far below the root each member stands."""
        found, low, high, level = np.zeros(len(self), dtype=np.int32), 0, 1, 0
        while low < high:
            found[low:high] = level
            low, high, level = high, high + int(self.leg_count[low:high].sum()), level + 1
        return found


def digest_of(columns: dict[str, Any]) -> str:
    """Return the SHA-256 of columns in their order."""
    hashed = sha256()
    for column in columns.values():
        hashed.update(np.ascontiguousarray(column).tobytes())
    return hashed.hexdigest()


def company_of(shape: str, size: int, seed: int) -> Company:
    """
    Draw a company of one of `SHAPES`.

    Random is a tree by preferential attachment: a newcomer's sponsor is drawn by the number of legs and one more. A
    chain is a line as deep as the company, in a star everybody stands under the first.
    """
    everybody = np.arange(size, dtype=np.int32)
    if shape == "random":
        sponsor = _breadth_first(_attached(size, seed))
    else:
        sponsor = everybody - 1 if shape == "chain" else np.where(everybody == 0, NOBODY, 0).astype(np.int32)
    leg_count = np.bincount(sponsor[1:], minlength=size).astype(np.int32)
    first_leg = (1 + np.cumsum(leg_count) - leg_count).astype(np.int32)
    return Company(sponsor=sponsor, first_leg=first_leg, leg_count=leg_count, **_facts(sponsor, seed))


def drawn(seed: int, column: int, size: int) -> Words:
    """Return 64 bits a member: SplitMix64, begun at the seed and the column."""
    with np.errstate(over="ignore"):
        begin = np.uint64(seed) * np.uint64(0xD1342543DE82EF95) + np.uint64(column) * np.uint64(0xA0761D6478BD642F)
        word = begin + np.arange(1, size + 1, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15)
        word = (word ^ (word >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        word = (word ^ (word >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return word ^ (word >> np.uint64(31))


def _below(words: Words, most: int | NDArray[np.int64]) -> Ints:
    """Return whole numbers from 0 up to one less than `most`, which has 32 bits."""
    return (((words >> np.uint64(32)) * np.asarray(most, dtype=np.uint64)) >> np.uint64(32)).astype(np.int64)


def _attached(size: int, seed: int) -> Ints:
    """
    Return sponsors in the order of joining.

    Of the 2i - 1 tickets of newcomer i each member before has one, and each leg is another one of its sponsor's: who
    draws a leg stands where that leg stands, which is looked up by doubling, for it may have drawn a leg too.
    """
    member = np.arange(size, dtype=np.int64)
    ticket = _below(drawn(seed, 0, size), np.maximum(2 * member - 1, 1))
    beside = ticket >= np.maximum(member, 1)
    chosen = np.where(beside, ticket - member + 1, ticket)
    stands = np.where(beside, chosen, member)
    while not np.array_equal(stands, onward := stands[stands]):
        stands = onward
    sponsor = chosen[stands]
    sponsor[0] = NOBODY
    return sponsor


def _breadth_first(sponsor: Ints) -> Indexes:
    """Return the same tree with members numbered level by level, legs of one sponsor side by side."""
    legs = np.argsort(sponsor, kind="stable")[1:]
    count = np.bincount(sponsor[1:], minlength=sponsor.size)
    first = np.cumsum(count) - count
    levels = [np.zeros(1, dtype=np.int64)]
    while (below := count[levels[-1]]).any():
        begin = np.repeat(first[levels[-1]] - (np.cumsum(below) - below), below)
        levels.append(legs[begin + np.arange(begin.size)])
    order = np.concatenate(levels)
    place = np.empty(sponsor.size, dtype=np.int32)
    place[order] = np.arange(sponsor.size, dtype=np.int32)
    found = place[sponsor[order]]
    found[0] = NOBODY
    return found


def _facts(sponsor: Indexes, seed: int) -> dict[str, Any]:
    """Draw what is known of each member: some sell nothing, few bring a title, one order in a hundred came back."""
    size = sponsor.size
    of_hundred = [_below(drawn(seed, column, size), 100) for column in range(1, 9)]
    own, customers = (_below(drawn(seed, column, size), most) for column, most in ((9, 16_000), (10, 30_000)))
    own_pv = np.where(of_hundred[0] < 30, 0, np.where(of_hundred[0] == 99, -own // 2, own))
    customer_pv = np.where(of_hundred[1] < 45, 0, customers)
    worth = np.where(of_hundred[2] < 75, 100, 80)
    stranger = np.where(np.arange(size) > 0, _below(drawn(seed, 11, size), np.maximum(np.arange(size), 1)), NOBODY)
    title = np.where(of_hundred[3] < 96, 0, np.where(of_hundred[3] < 99, 1, 2 + of_hundred[4] % (TITLES - 2)))
    return {
        "enroller": np.where(of_hundred[5] < 85, sponsor, stranger).astype(np.int32),
        "market": (of_hundred[6] % MARKETS).astype(np.int8),
        "training": (of_hundred[7] < 40).astype(np.int8),
        "title_before": title.astype(np.int8),
        "held_before": np.where(title > 0, 1 + of_hundred[4] % 5, 0).astype(np.int8),
        "missed_before": np.where(title > 0, of_hundred[4] % 3, 0).astype(np.int8),
        "own_pv": own_pv,
        "customer_pv": customer_pv,
        "own_cv": own_pv * worth // 100,
        "customer_cv": customer_pv * worth // 100,
    }


def snapshot_of(company: Company, terms: Terms) -> Snapshot:
    """Return a company as the engine's own columns; what the file does not say is what nobody states."""
    assert len(terms.markets) == MARKETS, "members are drawn for so many markets"
    assert len(terms.titles) == TITLES, "members are drawn with so many titles"
    size = len(company)
    wide = {
        "marks_before": len(terms.marks),
        "volumes_before": width(terms),
        "held_paid_before": held_width(terms),
        "units": len(terms.products),
        "first_units": len(terms.products),
    }
    kinds: dict[Any, Any] = {Ints: np.int64, Indexes: np.int32, Flags: np.bool_}
    known = {"days_since_joining": DAYS, "best_title_before": company.title_before} | STATED
    known |= {name: getattr(company, name) for name in company.__struct_fields__}
    columns = {}
    for name in columns_of(Snapshot):
        shape = (size, wide[name]) if name in wide else (size,)
        column = np.empty(shape, dtype=kinds[Snapshot.__annotations__[name]])
        column[:] = known.get(name, 0)
        columns[name] = column
    codes = tuple([f"M{member:08d}" for member in range(size)])
    return Snapshot(period="2026-10", year_begins=False, year_ends=False, members=codes, **columns)


def written(company: Company, terms: Terms, folder: Path) -> None:
    """Write a company as a file a column, `NAME.TYPE`, beside the plan's terms as JSON."""
    for name in company.__struct_fields__:
        kind = TYPES[company.__annotations__[name]]
        getattr(company, name).astype(kind).tofile(folder / f"{name}.{kind[1:]}")
    (folder / "plan.json").write_bytes(msgspec.json.format(msgspec.json.encode(terms), indent=1))


def read(folder: Path) -> tuple[Company, Terms]:
    """Return what was written to a folder."""
    kinds = {name: TYPES[kind] for name, kind in Company.__annotations__.items()}
    columns = {name: np.fromfile(folder / f"{name}.{kind[1:]}", dtype=kind) for name, kind in kinds.items()}
    return Company(**columns), msgspec.json.decode((folder / "plan.json").read_bytes(), type=Terms)
