"""
The demo's course: which company runs, who shows it, and how far its clock has come; kept in a file between two runs.

The clock stands still while the demo is stopped. Otherwise a night's pause would pass as two years.
"""

from datetime import datetime
from pathlib import Path

import msgspec
from msgspec import Struct

from backend.kernel.finding import Finding, Place, Refused
from backend.kernel.period import Period


class Course(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The words that the company was drawn with, the two members who show it, and the company's instant."""

    promoters: int
    seed: int
    until: str
    distributor: str
    sponsor: str
    company_at: datetime

    @property
    def last_period(self) -> Period:
        """The last month of the company's files."""
        return Period.parse(self.until)


def read_course(path: Path) -> Course | None:
    """Return the course that a file keeps, None where there is no file; raises Refused where it cannot be read."""
    if not path.exists():
        return None
    try:
        return msgspec.json.decode(path.read_bytes(), type=Course)
    except msgspec.DecodeError as wrong:
        raise Refused([_finding(path, f"The demo's course cannot be read: {wrong}.")]) from wrong


def keep_course(path: Path, course: Course) -> None:
    """Write the course so that a reader sees the old one or the new one, whole."""
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_suffix(".new")
    fresh.write_bytes(msgspec.json.encode(course))
    fresh.replace(path)


def check_words(path: Path, course: Course, *, promoters: int, seed: int) -> None:
    """Raise Refused where the folder holds a demo that was drawn with other words."""
    if (course.promoters, course.seed) != (promoters, seed):
        drawn = f"--promoters {course.promoters} --seed {course.seed}"
        raise Refused([_finding(path, f"This data folder holds the demo of {drawn}.")])


def _finding(path: Path, message: str) -> Finding:
    return Finding(
        code="demo-other",
        place=Place(source=str(path)),
        message=message,
        remedy="Name another folder in HANDRAIL_DATA, or remove this one.",
    )
