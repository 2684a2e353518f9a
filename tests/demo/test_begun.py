"""The demo begins in the middle of a month, shows two members worth watching, and goes on where it stopped."""

from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from backend.demo.begun import beginning, faces
from backend.demo.company import write_company
from backend.demo.course import Course, check_words, keep_course, read_course
from backend.files.calculation import Computed, computed, terms_of
from backend.files.company import Company, read_company
from backend.kernel.finding import Refused
from backend.kernel.period import Period, periods_between
from backend.plan.reading import read_plan

ZONE = ZoneInfo("UTC")
OCTOBER = Period(2026, 10)
PLAN = Path(__file__).parents[2] / "manifest" / "plans" / "stairstep.toml"
COURSE = Course(
    promoters=350,
    seed=7,
    until="2026-10",
    distributor="M0010",
    sponsor="M0002",
    company_at=datetime(2026, 10, 9, 9, tzinfo=UTC),
)


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> Company:
    """Draw the usual demo company once for this file."""
    folder = tmp_path_factory.mktemp("demo")
    write_company(folder, promoters=350, seed=7, until=OCTOBER)
    return read_company((folder / "members.csv").read_bytes(), (folder / "orders.csv").read_bytes(), zone=ZONE)


def september(company: Company) -> Computed:
    """Compute the company up to September."""
    document = read_plan(PLAN.read_bytes(), PLAN.name)
    periods = list(periods_between(OCTOBER.plus(-11), OCTOBER.plus(-1)))
    return list(computed(company, [terms_of(document, each) for each in periods], periods, ZONE))[-1]


def test_the_month_is_under_way() -> None:
    """The demo begins at nine in the morning of the ninth, in the company's zone."""
    assert beginning(OCTOBER, ZoneInfo("Europe/Berlin")) == datetime(2026, 10, 9, 7, tzinfo=UTC)


def test_the_sponsor_has_legs_of_both_kinds(company: Company) -> None:
    """The sponsor is paid an override on a leg that has broken away, and has a leg that has not and sells."""
    month = september(company)
    at = month.snapshot.members.index(faces(month).sponsor)
    first, count = int(month.snapshot.first_leg[at]), int(month.snapshot.leg_count[at])
    legs = list(range(first, first + count))
    assert month.outcome.override_minor[at] > 0
    assert month.outcome.legs_broken_away[at] >= 1
    assert max(int(month.outcome.gv[leg]) for leg in legs if not month.outcome.broken_away[leg]) > 50_000


def test_the_distributor_stands_in_the_middle(company: Company) -> None:
    """The distributor is active, stands between 8 and 16 %, and has at least two legs that sell."""
    month = september(company)
    at = month.snapshot.members.index(faces(month).distributor)
    percent_bp = month.terms.steps[month.outcome.step[at]].percent_bp
    assert (bool(month.outcome.active[at]), 800 <= percent_bp <= 1600) == (True, True)
    assert month.outcome.legs_selling[at] >= 2


def test_the_course_is_kept(tmp_path: Path) -> None:
    """What was kept is read again, and a folder without a demo has no course."""
    path = tmp_path / "demo" / "course.json"
    before = read_course(path)
    keep_course(path, COURSE)
    assert (before, read_course(path)) == (None, COURSE)


def test_another_demo_in_the_folder_is_refused(tmp_path: Path) -> None:
    """A folder that holds the demo of other words is left alone, with a remedy."""
    check_words(tmp_path, COURSE, promoters=350, seed=7)
    with pytest.raises(Refused, match="--promoters 350 --seed 7"):
        check_words(tmp_path, COURSE, promoters=350, seed=8)


def test_a_broken_course_is_a_finding(tmp_path: Path) -> None:
    """A course cut short is told as a finding, not as a traceback."""
    path = tmp_path / "course.json"
    path.write_bytes(b'{"promoters": 350, "se')
    with pytest.raises(Refused, match="cannot be read"):
        read_course(path)
