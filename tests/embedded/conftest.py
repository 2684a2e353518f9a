"""
A folder for a server of one test.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from backend.embedded.cluster import Cluster
from tests.databases import short_folder


@pytest.fixture
def folder() -> Iterator[Path]:
    """Yield a short folder; whatever still runs there ends with the test."""
    with short_folder() as made:
        yield made
        for left in made.rglob("postmaster.pid"):
            with Cluster(left.parents[1], durable=False):
                pass
