"""
Plans that companies published, with their worked examples: an outside judge, beside cases of our own from their rules.
"""

import json
from pathlib import Path
from typing import Any

import pytest

from backend.plan.reading import findings_of
from tests.published.cases import FACTS, Case, read
from tests.published.judge import ROOM, Verdict, judged, main, vocabulary

PLANS = frozenset(
    [
        "amway_taiwan",
        "amway_north_america",
        "amway_hong_kong",
        "amway_australia",
        "amway_china_legacy",
        "life_leadership",
        "dxn",
        "vestige",
        "tiens",
        "vbo",
        "pro_partner",
        "infinity_differential",
        "oriflame",
    ]
)

NAMES = frozenset(
    [
        "gv",
        "percent",
        "group_bonus",
        "personal_bonus",
        "differential_bonus",
        "performance_bonus",
        "leadership_bonus",
        "leadership_incoming",
        "leadership_passed_up",
        "leadership_adjustment",
        "leadership_own_6pct",
        "own_group_bv",
        "leadership_bonus_gt",
        "leadership_gen1",
        "leadership_gen2",
        "ruby_pv",
        "ruby_bv",
        "ruby_bonus",
        "pearl_bonus",
        "pearl_adjustment",
        "silver_producer",
        "rule412_factor",
        "personal_bonus_full",
        "retail_profit",
        "ppv",
        "pgpv",
        "dgpv",
        "psv",
        "pgsv",
        "dgsv",
        "pv_total",
        "accumulated_gv",
        "total_downline_pv",
        "direct_bonus",
        "indirect_bonus",
        "unilevel_bonus",
        "override",
        "pool_group",
        "pool_manager",
        "total",
    ]
)
"""Every name that the published vocabulary has for an expected value."""

CASES = [
    pytest.param(case, id=f"{file.stem}-{id_}")
    for file in [*sorted(ROOM.glob("examples_*.json")), *sorted(ROOM.glob("own_*.json"))]
    for id_, _, case in read(file)
]


@pytest.mark.parametrize("plan", sorted(PLANS))
def test_a_published_plan_is_a_plan_without_findings(plan: str) -> None:
    """Every published plan can be written as a plan file that `plan check` has nothing to say against."""
    file = ROOM / f"{plan}.toml"
    assert [] == findings_of(file.read_bytes(), file.name)


@pytest.mark.parametrize("case", CASES)
def test_an_example_is_equal(case: Case | str) -> None:
    """Each expected value of each example is what the engine computes from the plan file."""
    assert isinstance(case, Case), case
    found = judged(case)
    assert [Verdict(what=each.what, equal=True) for each in found] == found
    assert found


@pytest.mark.parametrize("case", CASES)
def test_the_order_of_members_is_nothing(case: Case) -> None:
    """An example with its members named in reverse is equal too, lists by leg apart, which follow the case."""
    backwards = Case(
        id=case.id,
        plan=case.plan,
        market=case.market,
        on=case.on,
        months=tuple(tuple(reversed(members)) for members in case.months),
        monthly=case.monthly,
        expected=case.expected,
    )
    by_leg = "leadership_incoming"
    assert [] == [each for each in judged(backwards) if not each.equal and not each.what.endswith(by_leg)]


def test_every_name_means_something_in_every_plan() -> None:
    """The vocabulary has each published name, for all plans, and no other."""
    assert {plan: sorted(NAMES) for plan in PLANS} == {plan: sorted(vocabulary(plan).names) for plan in PLANS}


def test_every_plan_has_a_case() -> None:
    """No plan file stands without a case that exercises it."""
    assert set(PLANS) == {case.values[0].plan for case in CASES}


def _one(folder: Path, **said: Any) -> Path:
    case = {
        "id": "planted",
        "plan": "amway_taiwan",
        "market": "TW",
        "on": "2018-10-01",
        "members": [{"id": "YOU", "sponsor": None, "pv": 600}],
        "expected": {"YOU": {"percent": 6, "performance_bonus": 1800}},
    }
    (folder / "examples_planted.json").write_text(json.dumps({"cases": [case | said]}), encoding="utf-8")
    return folder


def test_a_right_expectation_ends_well(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A folder whose every value is equal ends with 0 and says so."""
    assert main(str(_one(tmp_path))) == 0
    assert "    YOU.performance_bonus: equal\n" in capsys.readouterr().out


def test_a_wrong_expectation_is_a_difference(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """One wrong value makes the whole run end with 1, and both values stand side by side."""
    folder = _one(tmp_path, expected={"YOU": {"percent": 6, "performance_bonus": 1801}})
    assert main(str(folder)) == 1
    said = capsys.readouterr().out
    assert "    YOU.performance_bonus: expected 1,801, computed 1,800\n" in said
    assert "all plans: 1 cases, 1 of 2 values equal, 1 differ\n" in said


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"plan": "nobody"}, 'There is no plan file for "nobody".'),
        ({"members": [{"id": "YOU", "sponsor": None, "mood": 1}]}, 'YOU has a fact of no known name: "mood".'),
        ({"members": [{"id": "YOU", "sponsor": "X"}]}, "YOU has a sponsor who is not there: X."),
        ({"members": [{"id": "YOU", "sponsor": None, "title": "Duke"}]}, 'The plan has no title "Duke".'),
        ({"expected": {"YOU": {"luck": 1}}}, "Nobody knows what is expected by this name."),
        ({"expected": {"ME": {"percent": 6}}}, "The case has no member ME."),
        ({"expected": {"YOU": {"pgpv": 6}}}, 'The plan has no volume "pgpv".'),
        ({"on": "1066-10-14"}, "The plan refuses it"),
        ({"members": [{"id": "YOU", "sponsor": None, "pv": "much"}]}, '"much" stands where a number is wanted.'),
        ({"members": [{"id": "YOU", "sponsor": None, "pv": 10**17}]}, "is more than anybody buys."),
        ({"members": [{"id": "A", "sponsor": "B"}, {"id": "B", "sponsor": "A"}]}, "The plan refuses it"),
        ({"members": [{"id": "YOU", "sponsor": None, "pv": 10**13}]}, "The volumes are too large"),
        ({"members": [{"id": "YOU", "sponsor": None, "type": "ghost"}]}, "YOU is of a type that nobody knows"),
        ({"expected": None}, "The case does not say what is expected of whom."),
        ({"on": "soon"}, '"soon" is not a day that the plan could hold on.'),
        ({"members": None}, 'The case has neither "members" nor "months".'),
    ],
)
def test_what_nobody_knows_is_a_difference_in_a_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], said: dict[str, Any], sentence: str
) -> None:
    """An unknown plan, fact, name, member, title or day is a difference that says what it is, and never a traceback."""
    assert main(str(_one(tmp_path, **said))) == 1
    assert sentence in capsys.readouterr().out


def test_a_file_that_is_none_is_a_difference(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A folder without examples, or with a file that cannot be read, ends with 1."""
    assert main(str(tmp_path)) == 1
    (tmp_path / "examples_broken.json").write_text("{", encoding="utf-8")
    assert main(str(tmp_path)) == 1
    assert "The file cannot be read" in capsys.readouterr().out


def test_every_fact_is_known() -> None:
    """The facts about members are the published list, word for word."""
    listed = (
        "id sponsor pv bv country type title percent_held qualified given_qualified accumulated_before active"
        " is_group_total personal_pv foster new customer_share verified_share pv_assumed"
    )
    assert set(listed.split()) == FACTS
