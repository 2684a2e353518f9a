"""
What the database says of a row stays out of the log: a violated key, a failed check, a text that is no number.
"""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
CANARY = "CANARY7"

BREAK = """
import asyncio, logging, sys
import structlog
from tortoise.connection import get_connection
from backend.cli.logs import json_logs
from backend.store.database import opened
from tests.worker.small import found_small

RENAME = "UPDATE member SET code = $1 WHERE code = $2"

async def broken(statement, *words):
    try:
        await get_connection("default").execute_query(statement, list(words))
    except Exception as error:
        return error

async def main(dsn, canary):
    json_logs("web")
    log, plain = structlog.get_logger(), logging.getLogger("library")
    async with opened(dsn):
        await found_small()
        assert None is await broken(RENAME, canary, "LONE")
        for error in [
            await broken(RENAME, canary, "LEG"),
            await broken("UPDATE member SET name = NULL WHERE code = $1", canary),
            await broken("SELECT '" + canary + "'::int"),
            await broken("SELECT $1::int", canary),
            await broken("DO $$ BEGIN RAISE EXCEPTION 'no " + canary + "' USING DETAIL = '" + canary + "'; END $$"),
        ]:
            assert canary in str(error) + str(error.__cause__), error
            log.error("broken", exc_info=error)
            log.warning("away", error=error)
            plain.warning("it says %s", error)
            try:
                raise RuntimeError(f"wrapped: {error}") from error
            except RuntimeError as wrapped:
                log.exception("wrapped")
                log.error("group", exc_info=ExceptionGroup("several", [wrapped, error]))
            asyncio.get_running_loop().call_exception_handler(
                {"message": "never retrieved", "exception": error, "future": repr(error)}
            )

asyncio.run(main(*sys.argv[1:]))
"""


@pytest.fixture
def lines(database: str) -> list[dict[str, Any]]:
    """Return what a process logs that breaks the database's rules in every way."""
    done = subprocess.run(
        [sys.executable, "-c", BREAK, database, CANARY], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert 0 == done.returncode, done.stderr
    return [json.loads(line) for line in done.stderr.splitlines()]


def test_an_error_of_the_database_is_logged_by_kind_and_names_and_without_its_row(
    lines: list[dict[str, Any]],
) -> None:
    """Class, sqlstate, table and constraint stand in every log of an error; no value does, whoever logs it and how."""
    first = next(line for line in lines if line["event"] == "broken")
    kinds = [line["error"] for line in lines if line["event"] == "away"]

    assert 6 * 5 == len(lines)
    assert [] == [line for line in lines if CANARY in json.dumps(line)]
    assert "UniqueViolationError 23505 table=member constraint=member_code_key" in str(first["exception"])
    assert "IntegrityError UniqueViolationError 23505 table=member constraint=member_code_key" == kinds[0]
    assert ["IntegrityError", "OperationalError", "OperationalError", "RaiseError"] == [
        str(kind).split()[0] for kind in kinds[1:]
    ]
