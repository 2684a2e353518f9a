"""
Gates in words: each measure, each kind of leg and each exclusion reads as a phrase of its own.
"""

from datetime import date
from pathlib import Path

import pytest

from backend.plan.reading import read_plan
from backend.plan.resolve import terms_on
from backend.plan.rules.gates import condition_said, exclusion_said, label, requirement_said, volume_said
from backend.plan.terms import Condition, Exclusion, Fosters, Measure, Reach, Requirement, Step
from backend.plan.text.voice import in_plain

HERE = Path(__file__).parent
DAY = date(2026, 10, 31)
SOUND = terms_on(read_plan((HERE / "sound.toml").read_text(), "sound.toml"), DAY)
EVERY = terms_on(read_plan((HERE / "every.toml").read_text(), "every.toml"), DAY)
ANYWHERE = Reach.ANYWHERE
YEAR = 6
"""The number of the volume `since_april`, the third that the plan names."""


def test_a_gate_is_said_in_words() -> None:
    """An OR of ANDs reads as one sentence, points grouped by thousands."""
    expected = (
        "GV at least 2,500 and at least 3 legs that sell 250, or "
        "GV at least 4,000 and at least 2 legs led from the step “Second” or above"
    )
    assert expected == in_plain(requirement_said(SOUND.steps[3].requirement, SOUND))


@pytest.mark.parametrize(
    ("condition", "words"),
    [
        (Condition(measure=Measure.PV, at_least=123_456_700), "PV at least 1,234,567"),
        (Condition(measure=Measure.GV, at_least=100), "GV at least 1"),
        (Condition(measure=Measure.TGV, at_least=100), "TGV at least 1"),
        (Condition(measure=Measure.CUSTOMER_PV, at_least=80_050), "PV of own customers at least 800.5"),
        (Condition(measure=Measure.SIDE_VOLUME, at_least=100), "side volume at least 1"),
        (Condition(measure=Measure.VOLUME, at_least=100_000, volume=YEAR), "Own volume of the year at least 1,000"),
        (Condition(measure=Measure.ENROLLED_ACTIVE, at_least=1), "at least 1 enrolled member active"),
        (Condition(measure=Measure.ENROLLED_ACTIVE, at_least=2), "at least 2 enrolled members active"),
        (Condition(measure=Measure.CUSTOMERS, at_least=1), "at least 1 own customer who bought"),
        (Condition(measure=Measure.CUSTOMERS, at_least=5), "at least 5 own customers who bought"),
        (Condition(measure=Measure.CUSTOMER_SHARE, at_least=5_000), "at least 50 % of PV sold to customers"),
        (
            Condition(measure=Measure.VERIFIED_SHARE, at_least=7_050),
            "at least 70.5 % of PV verified as sold to customers",
        ),
        (Condition(measure=Measure.STEP, at_least=2), "the step “Top”"),
        (Condition(measure=Measure.TITLE, at_least=1), "the title “Leader” from the month before"),
        (Condition(measure=Measure.MARK, at_least=1, of=1), "the mark “Certified”"),
        (
            Condition(measure=Measure.PERIODS, at_least=3, of=0, periods=12),
            "the mark “Producer” in at least 3 of the last 12 months",
        ),
        (
            Condition(measure=Measure.PERIODS_IN_A_ROW, at_least=4, of=0),
            "the mark “Producer” in at least 4 months in a row",
        ),
        (Condition(measure=Measure.TRAINING, at_least=1), "the training done"),
        (Condition(measure=Measure.FEES_PAID, at_least=1), "the fees paid"),
        (Condition(measure=Measure.CLEARED, at_least=1), "cleared by compliance"),
        (Condition(measure=Measure.ACTIVE, at_least=1), "active in the month"),
        (Condition(measure=Measure.LEGS_BROKEN_AWAY, at_least=4), "at least 4 legs broken away"),
    ],
)
def test_every_measure_has_words(condition: Condition, words: str) -> None:
    """Each measure reads as a phrase, one of a kind in the singular."""
    assert words == in_plain(condition_said(condition, EVERY))


@pytest.mark.parametrize(
    ("condition", "words"),
    [
        (Condition(measure=Measure.LEGS_WITH_VOLUME, at_least=1, of=100), "1 leg that sells 1"),
        (
            Condition(measure=Measure.LEGS_WITH_VOLUME, at_least=3, of=25_000, volume=1, reach=ANYWHERE),
            "3 legs in which someone has GV of 250",
        ),
        (
            Condition(measure=Measure.LEGS_WITH_VOLUME, at_least=3, of=25_000, volume=YEAR),
            "3 legs led by someone with Own volume of the year of 250",
        ),
        (Condition(measure=Measure.LEGS_WITH_STEP, at_least=2, of=1), "2 legs led from the step “First” or above"),
        (
            Condition(measure=Measure.LEGS_WITH_STEP, at_least=2, of=1, reach=ANYWHERE),
            "2 legs in which someone stands on the step “First” or above",
        ),
        (
            Condition(measure=Measure.LEGS_WITH_TITLE, at_least=2, of=1, fosters=Fosters.LEFT_OUT),
            "2 legs led by a holder of the title “Leader” or above, foster legs left out",
        ),
        (
            Condition(measure=Measure.LEGS_WITH_TITLE, at_least=2, of=1, reach=ANYWHERE, fosters=Fosters.ALONE),
            "2 legs in which someone holds the title “Leader” or above, foster legs alone",
        ),
        (Condition(measure=Measure.LEGS_WITH_MARK, at_least=1), "1 leg led by someone with the mark “Producer”"),
        (
            Condition(measure=Measure.LEGS_WITH_MARK, at_least=1, reach=ANYWHERE),
            "1 leg in which someone has the mark “Producer”",
        ),
        (
            Condition(measure=Measure.LEGS_WITH_PERIODS, at_least=1, leg_periods=2, periods=5),
            "1 leg led by someone who had the mark “Producer” in 2 of the last 5 months",
        ),
        (
            Condition(measure=Measure.LEGS_WITH_PERIODS, at_least=1, leg_periods=2, periods=5, reach=ANYWHERE),
            "1 leg in which someone had the mark “Producer” in 2 of the last 5 months",
        ),
    ],
)
def test_what_legs_are_asked_for_has_words(condition: Condition, words: str) -> None:
    """Each question about legs says whether the leader is asked or anyone, and which legs count."""
    assert f"at least {words}" == in_plain(condition_said(condition, EVERY))


def test_every_measure_is_tried() -> None:
    """No measure of the terms is without a phrase."""
    for measure in Measure:
        asked = Condition(measure=measure, at_least=1, periods=3, leg_periods=2)
        assert in_plain(condition_said(asked, EVERY)).strip()


@pytest.mark.parametrize(
    ("exclusion", "words"),
    [
        (Exclusion(measure=Measure.LEGS_BROKEN_AWAY), "the group of anyone who broke away"),
        (
            Exclusion(measure=Measure.STEP, of=2, reach=ANYWHERE, fosters=Fosters.LEFT_OUT),
            "every line with anyone on the step “Top” or above, though foster legs stay in",
        ),
        (Exclusion(measure=Measure.TITLE, of=1), "the group of anyone with the title “Leader” or above"),
        (
            Exclusion(measure=Measure.MARK, of=0, fosters=Fosters.ALONE),
            "the group of anyone with the mark “Producer”, of foster legs alone",
        ),
    ],
)
def test_what_leaves_a_volume_has_words(exclusion: Exclusion, words: str) -> None:
    """An exclusion says whose group goes, or that the whole line does."""
    assert words == in_plain(exclusion_said(exclusion, EVERY))


@pytest.mark.parametrize(
    ("number", "words"), [(0, "PV"), (1, "GV"), (2, "TGV"), (3, "side volume"), (4, "Bracket volume")]
)
def test_a_volume_has_its_name(number: int, words: str) -> None:
    """The volumes of every plan go by their abbreviation, a plan's own by the name that it gives them."""
    assert words == in_plain(volume_said(number, EVERY))


def test_an_id_stands_beside_a_name_that_is_another_word() -> None:
    """A step named by its percent is told apart by its id; one named as its id is not said twice."""
    steps = [Step(id=word, name=name, percent_bp=0, requirement=Requirement()) for word, name in NAMES]
    assert ["“25 %” (manager)", "“Star Agent”"] == [in_plain(label(step)) for step in steps]


NAMES = (("manager", "25 %"), ("star_agent", "Star Agent"))


def test_nothing_asked_is_said_so() -> None:
    """A requirement without a way asks for nothing."""
    assert "nothing" == in_plain(requirement_said(Requirement(), SOUND))
