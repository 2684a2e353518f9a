"""What makes no sense in a document whose parts can all be read: the list of checks and how they are run."""

from collections.abc import Iterator

from backend.kernel.finding import Finding
from backend.plan.document import Document
from backend.plan.source import Path, Source


def check(document: Document, source: Source, broken: set[Path]) -> Iterator[Finding]:
    yield from ()
