"""
The default plan: it is sound, complete, and pays within what its clauses say.
"""

from datetime import date
from pathlib import Path

import pytest

from backend.plan.reading import findings_of, read_plan
from backend.plan.resolve import terms_on
from backend.plan.terms import Differential, Ladder, Measure, Personal, Requirement, Stays, Terms

FILE = Path("manifest/plans/stairstep.toml")


@pytest.fixture(scope="module")
def terms() -> Terms:
    """Return the default plan on a day of the demo."""
    return terms_on(read_plan(FILE.read_bytes(), FILE.name), date(2026, 10, 31))


def test_the_default_plan_has_no_finding() -> None:
    """The plan that ships is sound."""
    assert [] == findings_of(FILE.read_bytes(), FILE.name)


def test_the_ladder_has_seven_steps(terms: Terms) -> None:
    """Seven steps pay 0, 5, 8, 12, 16, 20 and 25 %; each above the first asks for GV and for a PV of one's own."""
    assert [0, 500, 800, 1200, 1600, 2000, 2500] == [step.percent_bp for step in terms.steps]
    for step in terms.steps[1:]:
        assert {Measure.GV, Measure.PV} <= {each.measure for each in step.requirement.any_of[0]}


def test_the_manager_step_asks_for_more_than_volume(terms: Terms) -> None:
    """The step that breaks away joins GV, PV, legs that sell, enrolled actives and training."""
    wanted = {Measure.GV, Measure.PV, Measure.LEGS_WITH_VOLUME, Measure.ENROLLED_ACTIVE, Measure.TRAINING}
    assert wanted == {each.measure for each in terms.steps[-1].requirement.any_of[0]}
    assert [(Measure.STEP, 6)] == [(each.measure, each.at_least) for each in terms.breakaway.requirement.any_of[0]]
    assert (False, Stays.WITH_TITLE) == (terms.breakaway.never, terms.breakaway.stays)
    assert "Manager" == terms.titles[terms.breakaway.title].name


def test_titles_open_generations(terms: Terms) -> None:
    """Six titles open 0, 0, 2, 3, 4 and 5 generations, which pay 5, 4, 3, 2 and 1 %."""
    names = ["Distributor", "Supervisor", "Manager", "Senior Manager", "Executive Manager", "Presidential Manager"]
    assert names == [title.name for title in terms.titles]
    assert [0, 0, 2, 3, 4, 5] == [title.generations for title in terms.titles]
    (override,) = terms.overrides
    assert ((500, 400, 300, 200, 100),) == override.rates_bp
    assert (True, "Manager") == (override.depth_by_title, terms.titles[override.lowest_title].name)


def test_clocks_and_shares(terms: Terms) -> None:
    """A window of three with one of grace, a pool of 2 %, a fast start of 90 days, a bonus after three periods."""
    assert (3, 1) == (terms.maintenance.window_periods, terms.maintenance.grace_periods)
    (pool,) = terms.pools
    assert (200, 90, 3) == (pool.share_bp, terms.fast_start.within_days, terms.title_held.successive_periods)


def test_everything_else_is_off(terms: Terms) -> None:
    """Rules that other plans have say nothing in this one, and no market has numbers of its own."""
    said = (terms.volumes, terms.marks, terms.productions, terms.levels, terms.matches, terms.one_times, terms.caps)
    assert () == tuple(rule for rules in said for rule in rules)
    assert (Ladder(), None, {}) == (terms.ladder, terms.retail, terms.elsewhere)
    assert Differential(gate=Requirement(clause="4.2"), clause="4.2") == terms.differential
    assert Personal(clause="4.1") == terms.personal


def test_four_legs_can_be_asked_for() -> None:
    """A company that asks for four legs at the Manager step changes one number and has a sound plan."""
    text = FILE.read_text().replace('"legs_with_volume", at_least = 3', '"legs_with_volume", at_least = 4')
    terms = terms_on(read_plan(text, FILE.name), date(2026, 10, 31))
    legs = [each for each in terms.steps[-1].requirement.any_of[0] if each.measure is Measure.LEGS_WITH_VOLUME]
    assert [4] == [each.at_least for each in legs]


def test_nothing_promises_an_income() -> None:
    """No clause uses the words that regulators read as a promise."""
    text = FILE.read_text().lower()
    assert [] == [words for words in ("unlimited", "passive", "financial freedom", "guaranteed") if words in text]


def test_a_plan_of_more_titles_than_can_be_remembered_is_refused() -> None:
    """
    Two bits a title are carried from period to period, so the thirty-second title is named at its table.
    """
    titles = "".join(
        f'[[titles]]\nid = "senior{number}"\nname = "Senior {number}"\nclause = "5.3"\n'
        f'requires = {{ 2020-01-01 = {{ all_of = [{{ measure = "legs_broken_away", at_least = {number} }}] }} }}\n'
        for number in range(7, 40)
    )
    text = FILE.read_text().replace("\n[maintenance]", f"\n{titles}\n[maintenance]")

    found = [finding for finding in findings_of(text, "plan.toml") if finding.code == "titles-many"]

    assert ["titles-many"] == [finding.code for finding in found]
    assert text.splitlines()[found[0].place.line - 1 :][:2] == ["[[titles]]", 'id = "senior32"']
