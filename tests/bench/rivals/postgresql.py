"""
The rival in PostgreSQL: `engine.sql`, statements a level, in tables without a log; processor time is the backend's.
"""

import asyncio
import os
from pathlib import Path
from typing import Any, Self

import asyncpg
import numpy as np

from backend.plan.terms import Terms
from tests.bench.rivals.company import Company
from tests.bench.rivals.results import RESULTS, Results
from tests.bench.rivals.said import SQL, said

SOURCE = Path(__file__).with_name("engine.sql")
SETTINGS = "SET max_parallel_workers_per_gather = 0; SET work_mem = '256MB'; SET jit = off"
COPIED = (
    *("enroller", "market", "training", "title_before", "missed_before"),
    *("own_pv", "customer_pv", "own_cv", "customer_cv"),
)
TICKS = os.sysconf("SC_CLK_TCK")
WHOLE = 1_000_000


class PostgreSQL:
    """The statements in a schema of their own on a server, with the company in a table, analyzed."""

    def __init__(self, company: Company, terms: Terms, dsn: str) -> None:
        """Copy the company into the database."""
        self._runner = asyncio.Runner()
        self._connection = self._runner.run(_begun(company, terms, dsn))
        self._process = self._connection.get_server_pid()

    def settle(self) -> float:
        """Compute; one transaction, on one core."""
        began = _seconds(self._process)
        self._runner.run(self._connection.execute("SELECT settle()", timeout=None))
        return _seconds(self._process) - began

    def results(self) -> Results:
        """Fetch what was found."""
        rows = self._runner.run(self._connection.fetch(f"SELECT {', '.join(RESULTS)} FROM result ORDER BY id"))
        columns = zip(*rows, strict=True)
        return {
            name: np.array(column).astype(kind) for (name, kind), column in zip(RESULTS.items(), columns, strict=True)
        }

    def __enter__(self) -> Self:
        """Be used where what was copied is dropped in the end."""
        return self

    def __exit__(self, *_: object) -> None:
        """Drop everything, and leave the server."""
        self._runner.run(self._connection.execute(f"DROP SCHEMA {_schema(self._connection)} CASCADE"))
        self._runner.run(self._connection.close())
        self._runner.close()


def _schema(connection: Any) -> str:
    return f"rival_{connection.get_server_pid()}"


async def _begun(company: Company, terms: Terms, dsn: str) -> Any:
    connection = await asyncpg.connect(dsn)
    schema = _schema(connection)
    await connection.execute(f"DROP SCHEMA IF EXISTS {schema} CASCADE; CREATE SCHEMA {schema}")
    await connection.execute(f"SET search_path = {schema}; {SETTINGS}")
    await connection.execute(program(terms))
    known = [getattr(company, name).tolist() for name in COPIED]
    known[0] = _none_for_nobody(company.enroller)
    rows = zip(range(len(company)), _none_for_nobody(company.sponsor), company.levels().tolist(), *known, strict=True)
    columns = ("id", "sponsor", "level", *COPIED)
    await connection.copy_records_to_table("member", schema_name=schema, columns=columns, records=rows)
    await connection.execute("ANALYZE member")
    return connection


def program(terms: Terms) -> str:
    """Return the statements with the plan's conditions and tables in them."""
    rules = said(terms, SQL)
    words = {name: _valued(value) for name, value in rules.numbers().items()}
    generations = range(1, len(rules.rates_bp) + 1)
    above = [f"CASE WHEN up.opens >= {g} THEN up.id ELSE above.generation_{g} END" for g in generations]
    return SOURCE.read_text().format(
        braces="{braces}",
        above_columns=", ".join(f"generation_{g} integer" for g in generations),
        above_values=", ".join(above),
        above_array=f"ARRAY[{', '.join(f'above.generation_{g}' for g in generations)}]",
        top_step=len(rules.percents_bp) - 1,
        depth=len(rules.rates_bp),
        whole=WHOLE,
        **words,
    )


def _valued(value: Any) -> str:
    return f"ARRAY[{', '.join(map(str, value))}]::bigint[]" if isinstance(value, tuple) else str(value)


def _none_for_nobody(column: Any) -> list[int | None]:
    return [one if one >= 0 else None for one in column.tolist()]


def _seconds(process: int) -> float:
    """Return the processor time that a process has used so far, to the hundredth that Linux counts."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS
