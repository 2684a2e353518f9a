"""
The network command says who corrected what, and when: the operator by name, a source by its key.
"""

import asyncio
import getpass
import json
from datetime import date

from click.testing import CliRunner, Result
from tortoise.connection import get_connection

from backend.cli.network import command
from backend.flows.take_events import take_events
from backend.intake.events import Enrolment, Leaving, Member, Placement
from backend.store.database import opened
from tests.flows.companies import MEMBERS, NOW, ZONE, found, terms

OLD = MEMBERS.replace(b"market\n", b"market,left\n").replace(b"US\n", b"US,\n").replace(b"EU\n", b"EU,\n")
GONE = b"GONE,TOP,Ina,2025-03-01,US,2026-01-31\n"
OF_JOINING = "SELECT recorded_by AS by FROM placement WHERE member_id >= 3 ORDER BY recorded"


def run(database: str, *words: str) -> Result:
    """Run the command on a database."""
    return CliRunner().invoke(command, list(words), env={"DATABASE_URL": database, "COLUMNS": "200"})


async def said(database: str, *words: str) -> str:
    """Return what the command says of what it does."""
    result = await asyncio.to_thread(run, database, *words)
    assert result.exit_code == 0, result.output
    return result.output


async def test_who_recorded_what_is_kept_and_listed(database: str) -> None:
    """A file, an event of a till, an operator by name or else the user of the machine: each stands with its row."""
    async with opened(database):
        await found(OLD + GONE)
        events = [
            Member(member="NEW", sponsor="TOP", enroller="TOP", name="Ben", joined=date(2026, 11, 2), market="US"),
            Enrolment(member="LOW", enroller="TOP", since=date(2026, 11, 14)),
            Leaving(member="NEW", on=date(2026, 11, 19)),
            Placement(member="LOW", sponsor=None, since=date(2026, 11, 15)),
        ]
        await take_events(source="till", events=events, now=NOW, zone=ZONE, terms=terms())
        rows = await get_connection("default").execute_query_dict(OF_JOINING)
        assert ["import", "till"] == [row["by"] for row in rows]
    move = ("move", "LOW", "--to", "TOP", "--since", "2026-11-16")
    await said(database, *move, "--by", "anna")
    await said(database, *move, "--apply", "--by", " anna ")
    await said(database, "leave", "NEW", "--stays", "--apply")

    log = json.loads(await said(database, "log", "--json"))
    assert [
        ("departure", "NEW", None, None, f"operator {getpass.getuser()}"),
        ("placement", "LOW", "TOP", "2026-11-16", "operator anna"),
        ("placement", "LOW", None, "2026-11-15", "till"),
        ("departure", "NEW", None, "2026-11-19", "till"),
        ("enrolment", "LOW", "TOP", "2026-11-14", "till"),
        ("departure", "GONE", None, "2026-01-31", "import"),
    ] == [(one["kind"], one["member"], one["other"], one["since"], one["by"]) for one in log]
    shown = (await said(database, "log", "--member", "LOW", "--last", "1")).splitlines()
    assert ["operator", "anna", "LOW", "stands", "under", "TOP", "2026-11-16"] == shown[-1].split()[2:]


async def test_nobody_corrects_without_a_name(database: str) -> None:
    """A name of blanks, or one that hides something, is refused, and nothing is written; so is an unknown member."""
    async with opened(database):
        await found()
    move = ("move", "LOW", "--to", "TOP", "--since", "2026-11-16", "--apply", "--by")
    answers = [await asyncio.to_thread(run, database, *words) for words in [(*move, " "), (*move, "an\u202ena")]]
    answers.append(await asyncio.to_thread(run, database, "log", "--member", "NOBODY"))
    assert ["by-missing", "name-hidden", "member-unknown"] == [
        finding.code for answer in answers for finding in getattr(answer.exception, "findings", ())
    ]
    assert "Nothing was recorded behind joining.\n" == await said(database, "log")
