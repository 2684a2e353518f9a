"""
Withdrawn events in the tables: they leave what waits, and what they were stays in a log that is only added to.
"""

from collections.abc import Sequence
from datetime import datetime

import msgspec
from msgspec import Struct
from tortoise.backends.base.client import BaseDBAsyncClient
from tortoise.connection import get_connection

from backend.kernel.finding import Finding


class Waiting(Struct, frozen=True, kw_only=True):
    """An event that is held, by its kind and by the key under which it is."""

    kind: str
    key: str


class Withdrawn(Struct, frozen=True, kw_only=True):
    """
    A withdrawn event as a person reads it: what was said (`body`, as JSON), by whom, and what kept it waiting.

    `key` is as its sender knows it; `findings` are there where it had come to be wrong.
    """

    kind: str
    key: str
    source: str
    body: msgspec.Raw
    held_at: datetime
    lacks: tuple[str, ...]
    findings: tuple[Finding, ...]
    withdrawn_at: datetime
    withdrawn_by: str
    why: str


async def waiting_under(connection: BaseDBAsyncClient, keys: Sequence[str]) -> list[Waiting]:
    """Return what is held under these keys, refused or waiting."""
    rows = await connection.execute_query_dict("SELECT kind, key FROM held_event WHERE key = ANY($1)", [list(keys)])
    return [Waiting(**row) for row in rows]


async def withdraw(
    connection: BaseDBAsyncClient, keys: Sequence[str], *, by: str, why: str, withdrawn_at: datetime
) -> None:
    """Let go of what is held under these keys, and keep what it was, within a transaction that holds the log's lock."""
    await connection.execute_query(KEEP, [list(keys), withdrawn_at, by, why])
    await connection.execute_query("DELETE FROM held_event WHERE key = ANY($1)", [list(keys)])


async def withdrawn() -> list[Withdrawn]:
    """Return what was withdrawn, the last first."""
    rows = await get_connection("default").execute_query_dict(WITHDRAWN)
    return [
        Withdrawn(
            **row
            | {
                "key": row["key"].removeprefix("order "),
                "body": msgspec.Raw(row["body"].encode()),
                "lacks": msgspec.json.decode(row["lacks"], type=tuple[str, ...]),
                "findings": msgspec.json.decode(row["findings"] or "[]", type=tuple[Finding, ...]),
            }
        )
        for row in rows
    ]


KEEP = """
INSERT INTO withdrawn_event (key, kind, source, body_digest, body, held_at, lacks, refused_at, findings,
                             withdrawn_at, withdrawn_by, why)
SELECT key, kind, source, body_digest, body, held_at,
       (SELECT coalesce(jsonb_agg(what ORDER BY what), '[]')::text FROM lack WHERE event_id = held_event.key),
       refused_at, findings, $2, $3, $4
FROM held_event WHERE key = ANY($1) ORDER BY held_at, key
"""

WITHDRAWN = """
SELECT kind, key, source, body, held_at, lacks, findings, withdrawn_at, withdrawn_by, why
FROM withdrawn_event ORDER BY id DESC
"""
