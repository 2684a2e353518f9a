"""
Logs of a running process: one JSON object a line on standard error, whoever wrote it; no request bodies, no names.

Tracebacks come without the values of variables, which may be a person's, and errors of the database without the rows
that they quote.
"""

import logging
import sys
from typing import Any

import structlog
from structlog.tracebacks import ExceptionDictTransformer
from structlog.typing import EventDict, ExcInfo, Processor, WrappedLogger

from backend.store.faults import covered, told


class WithoutRows(ExceptionDictTransformer):
    """A traceback in which what the database said of rows is not repeated, wherever in the chain it stands."""

    def __call__(self, exc_info: ExcInfo) -> list[dict[str, Any]]:
        """Return the stacks of an error and of its causes."""
        stacks = super().__call__(exc_info)
        _cover(stacks, exc_info[1])
        return stacks


def _cover(stacks: list[dict[str, Any]], error: BaseException) -> None:
    for stack in stacks:
        stack["exc_value"] = covered(stack["exc_value"], error)
        stack["exc_notes"] = [covered(note, error) for note in stack["exc_notes"]]
        for inner in stack["exceptions"]:
            _cover(inner, error)


def errors_in_words(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    """Write each error that an event names: one of the database by its kind, another as Python does."""
    named = {name: value for name, value in event.items() if name != "exc_info" and isinstance(value, BaseException)}
    event.update({name: told(error) or covered(repr(error), error) for name, error in named.items()})
    return event


class Plain(logging.Filter):
    """Takes out of a library's line what may quote a row: errors among its words, and asyncio's list of objects."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Let every line through, in plainer words."""
        if isinstance(record.args, tuple):
            record.args = tuple(_plain(word) for word in record.args)
        if record.name == "asyncio":
            record.msg, record.args = record.getMessage().partition("\n")[0], ()
        return True


def _plain(word: object) -> object:
    return (told(word) or covered(str(word), word)) if isinstance(word, BaseException) else word


SHARED: list[Processor] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    errors_in_words,
    structlog.processors.ExceptionRenderer(WithoutRows(show_locals=False)),
]
QUIET = ("uvicorn.access", "asyncio", "tortoise", "asyncpg")
"""A request's path may hold a sign-in link; asyncpg repeats every second what the listeners have said."""


def json_logs(process: str) -> None:
    """Write every log of this process, libraries' too, as JSON with the process's name."""
    structlog.configure(
        processors=[*SHARED, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    finish: list[Processor] = [
        structlog.stdlib.ProcessorFormatter.remove_processors_meta,
        structlog.processors.JSONRenderer(),
    ]
    handler = logging.StreamHandler(sys.stderr)
    handler.addFilter(Plain())
    handler.setFormatter(structlog.stdlib.ProcessorFormatter(foreign_pre_chain=SHARED, processors=finish))
    logging.basicConfig(handlers=[handler], level=logging.INFO, force=True)
    for name in QUIET:
        logging.getLogger(name).setLevel(logging.ERROR)
    structlog.contextvars.bind_contextvars(process=process)
