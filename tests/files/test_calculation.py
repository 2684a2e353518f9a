"""Files become volumes, periods and results: exactly, in any order of rows, and the same bytes each time."""

import csv
import io
import json
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from click.testing import CliRunner

from backend.cli.calc import command
from backend.engine.periods.assemble import Volumes
from backend.files.calculation import computed, terms_of
from backend.files.company import Company, read_company
from backend.files.journal import journal_of, roll_of, volumes_of
from backend.files.results import as_json, result_of
from backend.files.written import write_table
from backend.kernel.finding import Refused
from backend.kernel.period import Period, periods_between
from backend.plan.document import Document
from backend.plan.reading import read_plan

BERLIN = ZoneInfo("Europe/Berlin")
OCTOBER = Period(2026, 10)
PLAN = Path(__file__).parents[2] / "manifest" / "plans" / "stairstep.toml"
MEMBERS = "member,sponsor,joined,training\nA,,2026-01-01,yes\nB,A,2026-02-01,no\nC,B,2026-03-01,no\n"
HEADER = "order,kind,member,customer,placed_at,pv,cv,returns\n"


def plan() -> Document:
    """Read the plan that ships."""
    return read_plan(PLAN.read_bytes(), "stairstep.toml")


def company(orders: str, members: str = MEMBERS, zone: ZoneInfo = BERLIN) -> Company:
    """Read a company of three in a line with these orders."""
    return read_company(members.encode(), (HEADER + orders).encode(), zone=zone)


def volumes(orders: str, period: Period = OCTOBER) -> Volumes:
    """Return the volumes of a period, entry by entry."""
    read = company(orders)
    terms = terms_of(plan(), period)
    roll = roll_of(read.members, terms, period)
    return volumes_of(journal_of(read), roll, terms=terms, period=period, zone=BERLIN)


def entries(orders: str, name: str, period: Period = OCTOBER) -> list[int]:
    """Return one column of the volumes of a period."""
    column: list[int] = getattr(volumes(orders, period), name).tolist()
    return column


def test_an_order_counts_in_the_month_of_the_companys_zone() -> None:
    """The last second of October in Berlin counts in October, the next in November, in whatever offset."""
    orders = "O1,,B,,2026-10-31T22:59:59Z,10,9,\nO2,,B,,2026-11-01T00:00:00+01:00,20,18,\n"
    assert [entries(orders, "own_pv", period) for period in (OCTOBER, OCTOBER.plus(1))] == [[1000], [2000]]


def test_own_purchases_and_customers_stand_apart() -> None:
    """A row with a customer is that customer's, one without is the member's own."""
    orders = "O1,,B,,2026-10-05,10,9,\nO2,,B,K,2026-10-06,20,18,\n"
    read = volumes(orders)
    assert (read.own_pv.tolist(), read.customer_pv.tolist()) == ([1000, 0], [0, 2000])
    assert (read.own_cv.tolist(), read.customer_cv.tolist()) == ([900, 0], [0, 1800])


def test_a_return_lowers_the_month_in_which_it_happens() -> None:
    """A return in October of a customer's order of September counts against October, and against customers' PV."""
    orders = "O1,,B,K,2026-09-20,10,9,\nR1,return,B,,2026-10-02,4,3.6,O1\n"
    read = [volumes(orders, period) for period in (OCTOBER.plus(-1), OCTOBER)]
    assert [one.customer_pv.tolist() for one in read] == [[1000], [-400]]
    assert read[1].own_pv.tolist() == [0]


def test_volume_is_provisional_within_the_return_window() -> None:
    """Thirty days in the first market: an order of the first minute of October is past them, one of the 20th not."""
    orders = "O1,,B,,2026-10-01T00:00:00+02:00,10,9,\nO2,,B,,2026-10-20,20,18,\n"
    assert entries(orders, "provisional_pv") == [0, 2000]


def test_what_came_back_is_provisional_no_more() -> None:
    """A return takes its part out of what may still come back."""
    orders = "O2,,B,,2026-10-20,20,18,\nR1,return,B,,2026-10-25,5,4.5,O2\n"
    assert sum(entries(orders, "provisional_pv")) == 1500


def test_a_return_of_an_earlier_months_order_is_not_provisional() -> None:
    """What came back of September's orders was never part of October's provisional volume."""
    orders = "O1,,B,,2026-09-28,20,18,\nR1,return,B,,2026-10-05,20,18,O1\n"
    assert entries(orders, "provisional_pv") == [0]


def test_days_since_joining_count_to_the_last_day() -> None:
    """Who joined on the first of October has thirty days on the last; who joins later has negative days."""
    members = "member,sponsor,joined\nA,,2026-10-01\nB,A,2026-11-02\n"
    read = company("", members)
    assert roll_of(read.members, terms_of(plan(), OCTOBER), OCTOBER).days_since_joining.tolist() == [30, -2]


def test_the_order_of_rows_changes_no_byte() -> None:
    """The same rows in reverse give the same JSON, digests included."""
    rows = ["O1,,A,,2026-10-05,120,108,", "O2,,B,K,2026-10-06,300,270,", "O3,,C,,2026-10-07,90.55,81.49,"]
    members = MEMBERS.splitlines()
    backwards = "\n".join([members[0], *reversed(members[1:])])
    made = [
        as_json(result_of(computed(read, [terms_of(plan(), OCTOBER)], [OCTOBER], BERLIN)))
        for read in (company("\n".join(rows)), company("\n".join(reversed(rows)), backwards))
    ]
    assert made[0] == made[1]


def test_a_title_is_carried_from_month_to_month() -> None:
    """A Supervisor of September with a weak October keeps the title in the span, and has none computed alone."""
    orders = "O1,,B,K,2026-09-20,900,810,\n"
    terms = [terms_of(plan(), period) for period in (OCTOBER.plus(-1), OCTOBER)]
    span = list(computed(company(orders), terms, [OCTOBER.plus(-1), OCTOBER], BERLIN))
    alone = list(computed(company(orders), terms[1:], [OCTOBER], BERLIN))
    titles = [one.terms.titles[one.outcome.title[one.snapshot.members.index("B")]].id for one in (*span, *alone)]
    assert titles == ["supervisor", "supervisor", "distributor"]


def test_a_title_of_the_file_is_held_before_the_first_month() -> None:
    """The title column with its clocks is what the first month begins with."""
    members = "member,sponsor,joined,title,held,missed\nA,,2026-01-01,supervisor,4,1\n"
    found = next(computed(company("", members), [terms_of(plan(), OCTOBER)], [OCTOBER], BERLIN))
    before = found.snapshot.title_before, found.snapshot.held_before, found.snapshot.missed_before
    assert [int(column[0]) for column in before] == [1, 4, 1]


def test_titles_keep_their_names_when_a_plan_gains_one() -> None:
    """A title that is put between two others moves no member and no bonus paid: indexes are renumbered by id."""
    text = PLAN.read_text().replace(
        '[[titles]]\nid = "manager"',
        '[[titles]]\nid = "lead"\nname = "Lead"\nclause = "5.1"\nbegins = 2026-10-01\nrequires = { 2026-10-01 = '
        '{ all_of = [{ measure = "step", at_least = "twenty" }] } }\n\n[[titles]]\nid = "manager"',
        1,
    )
    changed = read_plan(text, "changed.toml")
    periods = list(periods_between(OCTOBER.plus(-1), OCTOBER))
    members = "member,sponsor,joined,title\nA,,2026-01-01,manager\n"
    both = list(computed(company("", members), [terms_of(changed, each) for each in periods], periods, BERLIN))
    assert [one.terms.titles[one.snapshot.title_before[0]].id for one in both] == ["manager", "manager"]


def test_volumes_beyond_all_measure_are_refused() -> None:
    """Where amounts have no room in 64 bits nothing is computed, and it is told as a finding."""
    orders = "".join(f"O{at},,A,K,2026-10-05,9999999.99,9999999.99,\n" for at in range(3000))
    with pytest.raises(Refused) as refused:
        list(computed(company(orders), [terms_of(plan(), OCTOBER)], [OCTOBER], BERLIN))
    assert refused.value.findings[0].code == "volume-too-large"


def test_a_cell_that_would_run_as_a_formula_is_guarded() -> None:
    """An id such as =1+1 is written with an apostrophe, and an amount below nothing stays a number."""
    from backend.files.written import guarded

    file = io.StringIO()
    write_table(file, ["member", "amount"], [(guarded("=1+1"), -5), (guarded("@x"), 5), (guarded("A"), 0)])
    assert file.getvalue() == "member,amount\n'=1+1,-5\n'@x,5\nA,0\n"


@pytest.fixture
def files(tmp_path: Path) -> list[str]:
    """Write a company of three and return the options that name its files."""
    (tmp_path / "members.csv").write_text(MEMBERS)
    orders = "O1,,A,K,2026-10-05,700,630,\nO2,,B,K,2026-10-06,500,450,\nO3,,C,,2026-10-07,120.50,108.45,\n"
    (tmp_path / "orders.csv").write_text(HEADER + orders)
    return [
        *("--plan", str(PLAN), "--members", str(tmp_path / "members.csv"), "--orders", str(tmp_path / "orders.csv"))
    ]


def test_calc_prints_one_object_whose_lines_add_up(files: list[str]) -> None:
    """In `--json` each member's lines add up to the total, and the totals by bonus to all of them."""
    printed = CliRunner().invoke(command, [*files, "--period", "2026-10", "--json"])
    found = json.loads(printed.stdout)
    totals = {member["member"]: member["total_minor"] for member in found["members"]}
    by_line = {
        member: sum(line["amount_minor"] for line in found["lines"] if line["earner"] == member) for member in totals
    }
    by_bonus = sum(total["amount_minor"] for total in found["periods"][0]["totals"])
    assert (totals, by_bonus) == (by_line, sum(totals.values()))
    assert [member["gv"] for member in found["members"]] == ["1320.50", "620.50", "120.50"]
    assert {"earner": "A", "from": "B", "bonus": "differential"}.items() <= found["lines"][1].items()


def test_calc_computes_the_lines_as_by_hand(files: list[str]) -> None:
    """
    A stands on 16 %, B on 8 %, C on nothing; parts of a cent are not paid.

    A earns 16 % of the own 630.00, and 16 less 8 % of the 558.45 of B and C; B 8 % of 450.00 and of C's 108.45.
    """
    found = json.loads(CliRunner().invoke(command, [*files, "--period", "2026-10", "--json"]).stdout)
    lines = [(line["earner"], line["bonus"], line["rate_bp"], line["amount_minor"]) for line in found["lines"]]
    assert [line for line in lines if line[1] in {"personal", "differential"}] == [
        ("A", "personal", 1600, 10080),
        ("A", "differential", 800, 4467),
        ("B", "personal", 800, 3600),
        ("B", "differential", 800, 867),
    ]


def test_calc_writes_the_same_files_twice(files: list[str], tmp_path: Path) -> None:
    """Two runs into two folders give the same bytes, and the CSV holds as many lines as the JSON."""
    for name in ("one", "two"):
        CliRunner().invoke(command, [*files, "--period", "2026-10", "--out", str(tmp_path / name)])
    names = ["standings.csv", "lines.csv", "result.json"]
    one, two = ([(tmp_path / folder / name).read_bytes() for name in names] for folder in ("one", "two"))
    assert one == two
    rows = list(csv.DictReader(io.StringIO(one[1].decode())))
    assert len(rows) == len(json.loads(one[2])["lines"])


def test_calc_prints_the_payout_beside_its_ceiling(files: list[str]) -> None:
    """A person reads the payout as a share of CV, and personal and differential beside the plan's top percent."""
    printed = CliRunner().invoke(command, [*files, "--periods", "2026-09..2026-10"]).stdout
    assert printed.count("the plan's top step pays 25 %.") == 2
    assert "2026-09 · stairstep" in printed


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([], "Say which month"),
        (["--period", "2026-13"], "not a month of the calendar"),
        (["--periods", "2026-10..2026-08"], "spans no month"),
        (["--period", "2026-10", "--zone", "Europe/Nowhere"], "no time zone"),
        (["--period", "2026-10", "--periods", "2026-01..2026-02"], "lies outside"),
    ],
)
def test_calc_says_what_is_wrong_with_its_words(files: list[str], words: list[str], said: str) -> None:
    """A wrong month, span or zone is answered with a sentence, not with a traceback."""
    answered = CliRunner().invoke(command, [*files, *words])
    assert (answered.exit_code, said in " ".join(answered.output.split())) == (2, True)


def test_calc_refuses_with_all_findings_of_both_files(tmp_path: Path, files: list[str]) -> None:
    """Through the `handrail` command, findings of members and orders are printed by line with exit code 1."""
    from backend.cli import group

    (tmp_path / "members.csv").write_text("member,sponsor,joined,title\nA,,2026-01-01,king\nB,Z,2026-01-01,\n")
    (tmp_path / "orders.csv").write_text(HEADER + "O1,,Q,,2026-10-05,1e5,1,\n")
    answered = CliRunner().invoke(group, ["calc", *files, "--period", "2026-10"])
    codes = [line.split(" ")[1] for line in answered.output.splitlines()]
    assert (answered.exit_code, codes) == (
        1,
        ["title-unknown:", "sponsor-unknown:", "member-unknown:", "points-exponent:"],
    )


def test_calc_names_a_file_that_is_not_there(files: list[str]) -> None:
    """A missing file is a finding as any other."""
    from backend.cli import group

    words = [word.replace("orders.csv", "nowhere.csv") for word in files]
    answered = CliRunner().invoke(group, ["calc", *words, "--period", "2026-10"])
    assert (answered.exit_code, "file-unreadable" in answered.output) == (1, True)
