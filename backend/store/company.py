"""
The company's row: its zone, its plan as written, and its clock.
"""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

from msgspec import Struct
from tortoise.backends.base.client import BaseDBAsyncClient
from tortoise.connection import get_connection

from backend.kernel.finding import Finding, Place, Refused
from backend.kernel.period import Period
from backend.plan.document import Document
from backend.plan.reading import read_plan
from backend.plan.resolve import terms_on
from backend.plan.terms import Terms


class WallClock(Struct, frozen=True):
    """The company's time is everybody's."""

    speed: ClassVar[int] = 1

    def now(self) -> datetime:
        """Return the present instant in UTC."""
        return datetime.now(UTC)


class FastClock(Struct, frozen=True, kw_only=True):
    """A demo's time: `speed` of its seconds pass in one real second, counted from one instant of both."""

    real_at: datetime
    company_at: datetime
    speed: int

    def now(self) -> datetime:
        """Return the company's present instant in UTC."""
        return self.at(datetime.now(UTC))

    def at(self, real: datetime) -> datetime:
        """Return the company's instant at a real one, to the microsecond."""
        microseconds = (real - self.real_at) // timedelta(microseconds=1)
        return self.company_at + timedelta(microseconds=microseconds * self.speed)


class CompanyRow(Struct, frozen=True, kw_only=True):
    """What the rest of the product needs to know of the company."""

    name: str
    zone: ZoneInfo
    document: Document
    plan_digest: str
    clock: WallClock | FastClock

    def terms_of(self, period: Period) -> Terms:
        """Return what the plan says of a period: its terms on the period's last day."""
        return resolved(self.document, self.plan_digest, period.last_day)

    def period_at(self, instant: datetime) -> Period:
        """Return the period that holds an instant, in the company's zone."""
        return Period.of(instant, self.zone)


async def company(connection: BaseDBAsyncClient | None = None) -> CompanyRow | None:
    """
    Return the company, or None before one was imported; a page says by which connection it is read.

    Raises Refused where the plan that it keeps is not sound, as one that was written for an older Handrail may be.
    """
    rows = await (connection or get_connection("default")).execute_query_dict(COMPANY, [known_plans()])
    return company_of(rows[0]) if rows else None


def known_plans() -> list[str]:
    """Return the digests of the plans that this process has read already: these are not sent again."""
    return list(_documents)


def company_of(row: Mapping[str, Any]) -> CompanyRow:
    """Return the company of a row of `FIELDS`; raises Refused as above."""
    return CompanyRow(
        name=row["name"],
        zone=ZoneInfo(row["zone"]),
        document=_document(row["plan_source"], row["plan_digest"]),
        plan_digest=row["plan_digest"],
        clock=_clock(row),
    )


FIELDS = """
name, zone, plan_digest, CASE WHEN plan_digest = ANY($1) THEN '' ELSE plan_source END AS plan_source,
clock_real_at, clock_company_at, clock_speed
"""

COMPANY = f"SELECT {FIELDS} FROM company WHERE id = 1"


def _clock(row: Mapping[str, Any]) -> WallClock | FastClock:
    if row["clock_real_at"] is None or row["clock_company_at"] is None or row["clock_speed"] is None:
        return WallClock()
    return FastClock(real_at=row["clock_real_at"], company_at=row["clock_company_at"], speed=row["clock_speed"])


KEPT_PLAN = "plan-of-the-company"
"""What findings call the plan that the database keeps."""

_documents: dict[str, Document] = {}
_terms: dict[tuple[str, date], Terms] = {}


def _document(source: str, digest: str) -> Document:
    """Return the plan that was read before under this digest; a plan never changes under its digest."""
    if digest not in _documents:
        try:
            _documents[digest] = read_plan(source, KEPT_PLAN)
        except Refused as refused:
            raise Refused([*refused.findings, _outdated()]) from None
    return _documents[digest]


def _outdated() -> Finding:
    """Return what to do about a kept plan that has findings."""
    return Finding(
        code="plan-outdated",
        place=Place(source=KEPT_PLAN),
        message="The plan that the database keeps with the company was written for another Handrail, or was spoiled.",
        remedy="Write it to a file with `handrail plan stored > plan.toml`, mend there what stands here, and put it in "
        "its place with `handrail plan replace plan.toml`. For a demo it is enough to remove its data folder, which "
        "HANDRAIL_DATA names or which is .data, and to start again.",
    )


def resolved(document: Document, digest: str, day: date) -> Terms:
    """Return the terms of a day, resolved once for each plan and day."""
    if (digest, day) not in _terms:
        _terms[digest, day] = terms_on(document, day)
    return _terms[digest, day]
