"""
The import command takes a folder of files, what the company states of its members among them where it is there.
"""

import asyncio
from pathlib import Path

import asyncpg
import pytest
from click.testing import CliRunner, Result

from backend.cli.import_company import command

FILES = {
    "members.csv": "member,sponsor,joined\nTOP,,2025-01-01\nLEG,TOP,2025-02-01\n",
    "orders.csv": "order,member,placed_at,pv,cv,products\nA-1,LEG,2026-10-05,50,45,KIT:2\n",
    "facts.csv": "member,from,fact,value\nLEG,2026-10-01,paused,payment\nTOP,2026-10-01,verified_share,66.5 %\n",
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder with the three files."""
    for name, text in FILES.items():
        (tmp_path / name).write_text(text)
    return tmp_path


def imported(folder: Path, dsn: str, *words: str) -> Result:
    """Run the command on a folder and a database."""
    environment = {"DATABASE_URL": dsn, "HANDRAIL_DATA": str(folder / "data")}
    return CliRunner().invoke(command, [str(folder), *words], env=environment)


async def stated(dsn: str) -> list[tuple[object, ...]]:
    """Return the facts in the database."""
    connection = await asyncpg.connect(dsn)
    rows = await connection.fetch("SELECT fact, value FROM stated_fact ORDER BY fact")
    await connection.close()
    return [tuple(row) for row in rows]


def test_facts_of_the_folder_are_loaded(database: str, folder: Path) -> None:
    """Where the folder has the file it is taken, and the answer counts it."""
    answer = imported(folder, database)

    assert (0, "2 members and 1 orders are in the database, 2 facts of members.\n") == (answer.exit_code, answer.stdout)


async def test_another_file_of_facts_may_be_named(database: str, folder: Path) -> None:
    """The named file is taken in place of the folder's."""
    other = folder / "other.csv"
    other.write_text("member,from,fact,value\nLEG,2026-10-01,closed,yes\n")
    answer = await asyncio.to_thread(imported, folder, database, "--facts", str(other))

    assert (0, [("closed", 1)]) == (answer.exit_code, await stated(database))


async def test_a_folder_without_facts_states_nothing(database: str, folder: Path) -> None:
    """The file is no duty, and a company that states nothing is answered as before."""
    (folder / "facts.csv").unlink()
    answer = await asyncio.to_thread(imported, folder, database)

    assert (0, "2 members and 1 orders are in the database.\n") == (answer.exit_code, answer.stdout)
    assert [] == await stated(database)
