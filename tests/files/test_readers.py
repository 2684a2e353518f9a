"""A company's files are read as they are meant, or refused with every finding at its line and column."""

import json
import re
from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from backend.files import cells, members, orders
from backend.files.company import read_company
from backend.files.noted import MOST_FINDINGS
from backend.kernel.finding import Refused
from tests.files.hostile import ALL, CASES, GOOD_MEMBERS, GOOD_ORDERS, MEMBERS, ORDERS, UNUSUAL, Case

BERLIN = ZoneInfo("Europe/Berlin")
SCHEMAS = Path(__file__).parents[2] / "manifest" / "schemas"


def findings(case: Case) -> Refused:
    """Read a case and return how it was refused."""
    with pytest.raises(Refused) as refused:
        read_company(case.members, case.orders, zone=BERLIN)
    return refused.value


@pytest.mark.parametrize("name", CASES)
def test_every_finding_of_a_hostile_file(name: str) -> None:
    """Each hostile file gets exactly its findings, by code, line and column."""
    found = [
        f"{finding.code} {finding.place.line}" + (f":{finding.place.column}" if finding.place.column else "")
        for finding in findings(CASES[name]).findings
    ]
    assert found == CASES[name].found


@pytest.mark.parametrize("name", CASES)
def test_a_finding_tells_its_file_and_a_remedy(name: str) -> None:
    """Each finding names one of the two files, ends its sentences, and says what to do."""
    told = {
        (finding.place.source in {"members.csv", "orders.csv"}, finding.message[-1] in ".?", finding.remedy[-1] in ".?")
        for finding in findings(CASES[name]).findings
    }
    assert told == {(True, True, True)}


@pytest.mark.parametrize("name", UNUSUAL)
def test_what_is_merely_unusual_reads_like_the_plain_file(name: str) -> None:
    """Byte order marks, line ends, quotes, blank lines and the order of columns change nothing."""
    plain = members.read_members(GOOD_MEMBERS.encode())
    read = members.read_members(UNUSUAL[name])
    assert [read.member, read.sponsor, read.joined] == [plain.member, plain.sponsor, plain.joined]


def test_absent_columns_hold_their_defaults() -> None:
    """Whoever sponsors has enrolled, an id stands for a name, and nothing was held, missed or trained before."""
    read = members.read_members(GOOD_MEMBERS.encode())
    told = (read.enroller, read.name, read.market, read.title, read.held, read.missed, read.training, read.left)
    assert told == (["", "A"], ["A", "B"], ["", ""], ["", ""], [0, 0], [0, 0], [False, False], [None, None])


def test_a_whole_row_of_members() -> None:
    """Every column of a member arrives, a name with a comma and in its own script among them."""
    text = (
        "member,sponsor,enroller,name,joined,market,title,held,missed,training,left\n"
        'A,,,"Müller, 美咲",2026-01-31,de,manager,3,1,yes,2026-03-31\n'
    )
    read = members.read_members(text.encode())
    row = [getattr(read, name)[0] for name in read.__struct_fields__]
    assert row == ["A", "", "", "Müller, 美咲", date(2026, 1, 31), "de", "manager", 3, 1, True, date(2026, 3, 31), 2]


def test_a_name_over_two_lines_is_read() -> None:
    """A line break inside quotes is taken where no comma follows it in the cell: that is no forgotten quote."""
    read = members.read_members(b'member,sponsor,name,joined\nA,,"Ann\nLee",2026-01-01\nB,A,Ben,2026-02-01\n')
    assert list(zip(read.member, read.name, read.line, strict=True)) == [("A", "Ann Lee", 2), ("B", "Ben", 4)]


def test_orders_in_hundredths_and_in_the_zone() -> None:
    """Points become hundredths, a plain date is noon of the company's zone, and an offset is kept."""
    text = ALL + (
        "O1,,B,,2026-10-05,120.5,108.45,\n"
        "O2,order,B,C1,2026-10-05T14:22:00+02:00,7,6.3,\n"
        "R1,return,B,,2026-10-06 00:00Z,.5,0,O1\n"
    ).replace(",.5,", ",0.5,")
    read = orders.read_orders(text.encode(), zone=BERLIN)
    assert (read.kind, read.customer, read.pv, read.cv, read.returns, read.placed_at) == (
        ["order", "order", "return"],
        ["", "C1", ""],
        [12050, 700, 50],
        [10845, 630, 0],
        ["", "", "O1"],
        [datetime(2026, 10, 5, hour, minute, tzinfo=UTC) for hour, minute in ((10, 0), (12, 22))]
        + [datetime(2026, 10, 6, tzinfo=UTC)],
    )


def test_a_month_without_orders_is_no_mistake() -> None:
    """A header alone is an empty month."""
    assert len(orders.read_orders(ORDERS.encode(), zone=BERLIN)) == 0


def test_the_whole_circle_is_named() -> None:
    """A circle of sponsors is told from its first member in the file around to the same member."""
    refused = findings(CASES["a circle of three beside a circle of two"])
    assert re.findall(r"circle: (.*?) \(", str(refused)) == ["A > C > B > A", "D > E > D"]


def test_a_near_miss_is_named() -> None:
    """A wrong column, an unknown sponsor and an unknown kind each come with the nearest word there is."""
    names = ["an unknown column", "a kind that there is not"]
    near = [re.findall(r'mean "(.*?)"', str(findings(CASES[name]))) for name in names]
    assert near == [["sponsor"], ["return"]]


def test_a_line_of_a_hundred_thousand_reads() -> None:
    """A sponsor line of 100,000 is read without recursion; tied into a circle it is one finding, shortened."""
    depth = 100_000
    line = "".join(f"M{at},M{at - 1},2026-01-01\n" for at in range(1, depth))
    read = members.read_members((MEMBERS + "M0,,2026-01-01\n" + line).encode())
    with pytest.raises(Refused) as refused:
        members.read_members((MEMBERS + f"M0,M{depth - 1},2026-01-01\n" + line).encode())
    assert (len(read), len(refused.value.findings)) == (depth, 1)
    assert "more" in refused.value.findings[0].message


def test_a_million_findings_are_capped() -> None:
    """Beyond the cap only the number of further findings is told."""
    text = ORDERS + "".join(f"O{at},B,2026-10-05,x,1\n" for at in range(MOST_FINDINGS + 5))
    refused = findings(Case(GOOD_MEMBERS.encode(), text.encode(), []))
    assert (len(refused.findings), refused.findings[-1].message) == (
        MOST_FINDINGS + 1,
        "5 more findings are not shown.",
    )


@pytest.mark.parametrize(("name", "columns"), [("members", members.COLUMNS), ("orders", orders.COLUMNS)])
def test_the_schema_and_the_reader_name_the_same_columns(name: str, columns: tuple[members.Column, ...]) -> None:
    """What the published schema says of columns, needs and defaults is what the reader does."""
    schema = json.loads((SCHEMAS / f"{name}.schema.json").read_text())
    required = [column.name for column in columns if column.required]
    defaults = {column.name: column.default for column in columns if not column.required}
    told = {key: value["default"] for key, value in schema["properties"].items() if "default" in value}
    assert (list(schema["properties"]), schema["required"]) == ([column.name for column in columns], required)
    assert {**told, "kind": "order"} == {**defaults, "kind": "order"}


def test_the_schema_and_the_reader_hold_the_same_patterns() -> None:
    """The patterns of the published schemas are those that the reader holds cells to."""
    of_members = json.loads((SCHEMAS / "members.schema.json").read_text())["properties"]
    of_orders = json.loads((SCHEMAS / "orders.schema.json").read_text())["properties"]
    assert of_members["joined"]["pattern"] == f"^{cells.DATE.pattern}$"
    assert [of_orders[name]["pattern"] for name in ("pv", "cv")] == [f"^{cells.POINTS.pattern}$"] * 2
    assert of_orders["placed_at"]["pattern"] == f"^{cells.INSTANT.pattern}$".replace("[T ]", "([T ]", 1).replace(
        "$", ")?$"
    )
    assert set(of_members["training"]["enum"]) == set(cells.TRAINING)


def test_both_good_files_are_a_company() -> None:
    """Two sound files make a company of two members and an order."""
    company = read_company(GOOD_MEMBERS.encode(), GOOD_ORDERS.encode(), zone=BERLIN)
    assert (len(company.members), len(company.orders)) == (2, 1)
