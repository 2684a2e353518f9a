"""
Faults: what a log may say of a database's error: its kind and the names in the schema, never a row's values.

PostgreSQL quotes the key that is there already, the row that fails a check, the text that is no number; a key may be a
person's code.
"""

from collections.abc import Iterator

import asyncpg
from tortoise.exceptions import BaseORMException

NAMES = ("table_name", "column_name", "constraint_name")


def told(error: BaseException) -> str | None:
    """
    Return an error of the database as `UniqueViolationError 23505 table=member constraint=member_code_key`.

    None for any other error.
    """
    if isinstance(error, asyncpg.PostgresError):
        named = (f"{name.removesuffix('_name')}={found}" for name in NAMES if (found := getattr(error, name, None)))
        return " ".join((type(error).__name__, str(error.sqlstate), *named))
    if isinstance(error, asyncpg.InterfaceError | asyncpg.InternalClientError):
        return type(error).__name__
    if isinstance(error, BaseORMException):
        inner = next((words for one in error.args if isinstance(one, BaseException) and (words := told(one))), "")
        return f"{type(error).__name__} {inner}".rstrip()
    return None


def covered(text: str, error: BaseException) -> str:
    """Return a text with what the database said in an error, in its causes and in those of a group replaced."""
    for quoted, words in sorted(_quoted(error), key=lambda pair: -len(pair[0])):
        text = text.replace(quoted, words)
    return text


def _quoted(error: BaseException) -> Iterator[tuple[str, str]]:
    """Yield each text of the database that a chain of errors may quote, with what stands in its place."""
    waiting, seen = [error], set[int]()
    while waiting:
        one = waiting.pop()
        if id(one) in seen:
            continue
        seen.add(id(one))
        if words := told(one):
            yield from ((text, words) for text in {str(one), *map(str, one.args)} if text)
        waiting += [linked for linked in (one.__cause__, one.__context__) if linked is not None]
        waiting += one.exceptions if isinstance(one, BaseExceptionGroup) else ()
