"""
Columns loaded from the tables give the snapshot that rows give, to the byte, and a file of them fits one database.
"""

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime
from pathlib import Path
from zlib import crc32

import numpy as np
import pytest
from msgspec.structs import replace
from tortoise.connection import get_connection

from backend.demo.company import write_company
from backend.demo.promoters import Shape
from backend.engine.periods.assemble import snapshot_of
from backend.engine.snapshot import Snapshot
from backend.flows.import_company import import_company
from backend.kernel.period import Period
from backend.plan.terms import Leavers, Terms
from backend.store.columns.copied import NullFound, TypeChanged
from backend.store.columns.kept import (
    BeyondTheLog,
    ByteFlipped,
    OtherDatabase,
    OtherForm,
    OtherPeriod,
    OtherPlan,
    check_fit,
    keep,
    kept,
)
from backend.store.columns.loaded import SHEETS, Columns
from backend.store.columns.loading import load
from backend.store.columns.placed import brought, placed_on, snapshot_from
from backend.store.database import opened
from backend.store.network import END_OF_NETWORK, Scribe, members_on
from backend.store.rolls import brought_into, facts, roll_of, volumes_of
from backend.store.transactions import transaction
from tests.flows.companies import PLAN, ZONE, order, take, terms

OCTOBER = Period(2026, 10)
NOW = datetime(2026, 10, 20, 12, tzinfo=UTC)
BY = "operator Ada"
FACTS = b"""member,from,fact,value
M0007,2026-09-01,training,yes
M0008,2026-09-01,active,yes
M0008,2026-10-01,active,none
M0009,2026-10-01,customer_share,55 %
M0009,2026-11-01,customer_share,65 %
M0010,2026-10-01,paused,payment
"""


@pytest.fixture
async def company(database: str, tmp_path: Path) -> AsyncIterator[None]:
    """Import a drawn company and correct its network: moves, enrolments, leavers above each other, one who stays."""
    write_company(tmp_path, promoters=90, seed=4, until=OCTOBER, months=2)
    members = (tmp_path / "members.csv").read_text().replace(",,0,0,", ",senior,3,1,", 1)
    async with opened(database):
        await import_company(
            members_csv=members.encode(),
            orders_csv=(tmp_path / "orders.csv").read_bytes(),
            facts_csv=FACTS,
            plan_source=PLAN,
            name="Drawn",
            zone=ZONE,
            now=NOW,
        )
        async with transaction() as connection:
            scribe = Scribe(connection, BY)
            await scribe.place("M0080", "M0002", date(2026, 10, 5))
            await scribe.place("M0080", "M0003", date(2026, 10, 5))
            await scribe.place("M0081", "M0004", date(2026, 9, 1))
            await scribe.place("M0082", "M0004", date(2026, 12, 1))
            await scribe.enrol("M0083", "M0005", date(2026, 10, 2))
            await scribe.enrol("M0084", None, date(2026, 10, 2))
            for code in ("M0001", "M0004", "M0081"):
                await scribe.depart(code, date(2026, 10, 9))
            await scribe.depart("M0006", date(2026, 10, 9))
            await scribe.depart("M0006", None)
        yield


async def from_rows(of: Terms, period: Period = OCTOBER) -> Snapshot:
    """Return the snapshot as it is made of rows."""
    members = await members_on(period.last_day, position=END_OF_NETWORK)
    return snapshot_of(
        period=str(period),
        roll=roll_of(members, of, period, await facts()),
        volumes=await volumes_of(period, now=NOW),
        carried=await brought_into(period, members, of),
        terms=of,
    )


@pytest.mark.parametrize("leavers", list(Leavers))
@pytest.mark.parametrize("period", [OCTOBER, Period(2026, 9), Period(2026, 12)])
async def test_columns_give_the_snapshot_that_rows_give(company: None, leavers: Leavers, period: Period) -> None:
    """Corrected, stated, enrolled by another, gone, with products that pay: the bytes are the same in each month."""
    taken = await take(replace(order("K-1", member="M0003", placed_at=NOW), products={"KIT": 2, "TEA": 1}))
    of = replace(terms(), leavers=leavers, products=("KIT", "OIL"))
    columns = await load(period, of, NOW)

    assert ["accepted"] == [one.status for one in taken]
    assert (await from_rows(of, period)).digest() == snapshot_from(
        columns, period, of, carried=brought(columns)
    ).digest()


@pytest.mark.parametrize("shape", [Shape.LINE, Shape.WIDE])
async def test_shapes_are_loaded_alike(database: str, tmp_path: Path, shape: Shape) -> None:
    """A line whose upper half has left, and a wide network."""
    write_company(tmp_path, promoters=60, seed=4, until=OCTOBER, months=1, shape=shape)
    files = {f"{name}_csv": (tmp_path / f"{name}.csv").read_bytes() for name in ("members", "orders")}
    async with opened(database):
        await import_company(**files, plan_source=PLAN, name="Drawn", zone=ZONE, now=NOW)
        async with transaction() as connection:
            for at in range(1, 30):
                await Scribe(connection, BY).depart(f"M{at:04d}", date(2026, 10, 9))
        of = replace(terms(), leavers=Leavers.MOVE_UP)
        columns = await load(OCTOBER, of, NOW)

        assert (await from_rows(of)).digest() == snapshot_from(columns, OCTOBER, of, carried={}).digest()


async def test_nobody_is_a_company_of_none(company: None) -> None:
    """A month without an order has no volume, and each member all the same."""
    columns = await load(Period(2024, 1), terms(), NOW)

    assert (0, 90) == (len(columns.sheets["volume"]["member"]), len(columns.ids()))


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ("ALTER COLUMN training DROP NOT NULL; UPDATE member SET training = NULL WHERE id = 7", NullFound),
        ("ALTER COLUMN title_periods_held TYPE bigint", TypeChanged),
        ("ALTER COLUMN title_periods_held TYPE real", TypeChanged),
    ],
)
async def test_tables_that_are_otherwise_are_refused_by_name(
    company: None, change: str, named: type[Exception]
) -> None:
    """A NULL that cannot be, a wider column, and one that is as wide and of another type."""
    async with get_connection("default").acquire_connection() as raw:
        await raw.execute(f"ALTER TABLE member {change}")

    with pytest.raises(named):
        await load(OCTOBER, terms(), NOW)


def same(one: Columns, other: Columns) -> bool:
    """Tell whether columns are equal in all they hold."""
    arrays = all(
        np.array_equal(one.sheets[name][field.name], other.sheets[name][field.name])
        for name, fields in SHEETS.items()
        for field in fields
    )
    return arrays and (one.stamp, one.codes, one.rank.tolist()) == (other.stamp, other.codes, other.rank.tolist())


async def test_a_file_gives_back_what_was_loaded(company: None, tmp_path: Path) -> None:
    """What was kept is read again, fits the database that it is of, and gives the same snapshot; no file is nothing."""
    path = tmp_path / "columns"
    before, loaded = kept(path), await load(OCTOBER, terms(), NOW)
    keep(path, loaded)
    read = kept(path)
    assert read is not None
    await check_fit(read.stamp, OCTOBER, terms())

    digests = {snapshot_from(one, OCTOBER, terms(), carried={}).digest() for one in (loaded, read)}
    assert (None, True, 1) == (before, same(loaded, read), len(digests))


async def test_a_flipped_byte_anywhere_is_refused(company: None, tmp_path: Path) -> None:
    """No byte of the file can be another, and none can be missing at its end."""
    path, spoiled = tmp_path / "columns", tmp_path / "spoiled"
    keep(path, await load(OCTOBER, terms(), NOW))
    whole = path.read_bytes()
    others = [whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :] for at in range(0, len(whole), 97)]
    for other in (*others, whole[:-1], whole[: len(whole) // 2], whole[:3], b""):
        spoiled.write_bytes(other)
        with pytest.raises(ByteFlipped):
            kept(spoiled)


async def test_a_file_of_another_version_is_refused(company: None, tmp_path: Path) -> None:
    """Whole as it may be, a file whose columns are named or typed otherwise, or that is none of these, is not read."""
    path = tmp_path / "columns"
    keep(path, await load(OCTOBER, terms(), NOW))
    body = path.read_bytes()[:-4]
    for known, other in ((b"columns 1", b"columns 2"), (b"volume.own_pv", b"volume.all_pv"), (b'"<i8"', b'"<u8"')):
        spoiled = body.replace(known, other, 1)
        path.write_bytes(spoiled + crc32(spoiled).to_bytes(4, "little"))
        with pytest.raises(OtherForm):
            kept(path)


async def test_a_file_that_does_not_fit_is_refused_by_name(company: None) -> None:
    """Of another database, plan or period; ahead of the log; of a log that was set back and went on."""
    stamp, of = (await load(OCTOBER, terms(), NOW)).stamp, terms()
    unfit = [
        (replace(stamp, database="elsewhere"), of, OCTOBER, OtherDatabase),
        (replace(stamp, entry="0" * 32), of, OCTOBER, OtherDatabase),
        (replace(stamp, position=stamp.position + 1), of, OCTOBER, BeyondTheLog),
        (replace(stamp, network=stamp.network + 1), of, OCTOBER, BeyondTheLog),
        (replace(stamp, fact=stamp.fact + 1), of, OCTOBER, BeyondTheLog),
        (replace(stamp, plan_digest="0" * 64), of, OCTOBER, OtherPlan),
        (stamp, replace(of, products=("KIT",)), OCTOBER, OtherPlan),
        (stamp, of, OCTOBER.plus(1), OtherPeriod),
    ]
    for one, by, period, named in unfit:
        with pytest.raises(named):
            await check_fit(one, period, by)


async def test_a_file_that_is_behind_the_log_fits(company: None) -> None:
    """Orders that came since are read on from its position."""
    stamp = (await load(OCTOBER, terms(), NOW)).stamp
    await take(order("N-1", member="M0003", placed_at=NOW))
    await check_fit(stamp, OCTOBER, terms())

    assert stamp.position + 1 == (await load(OCTOBER, terms(), NOW)).stamp.position


async def test_a_day_has_its_own_network(company: None) -> None:
    """From the same columns each day is placed as the log says, the last recorded of one day."""
    columns = await load(OCTOBER, terms(), NOW)
    ids = columns.ids()
    above = {
        day: ids[placed_on(columns, day, Leavers.STAY).sponsor[ids.index("M0080")]]
        for day in (date(2026, 10, 4), date(2026, 10, 5))
    }
    (drawn,) = [one.sponsors[one.codes.index("M0080")] for one in [await members_on(date(2026, 10, 4))]]

    assert {date(2026, 10, 4): drawn, date(2026, 10, 5): "M0003"} == above
