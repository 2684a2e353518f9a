"""What a member has, and what is missing on the nearest way."""

from hypothesis import given, settings
from msgspec.structs import replace

from backend.engine.gates.measures import Measures, measure_rows, measures_of
from backend.engine.outcome import Outcome
from backend.engine.pipeline import run
from backend.engine.snapshot import Snapshot
from backend.forecast.gap import nearest
from backend.forecast.standing import Check
from backend.plan.needs import volume_needed
from backend.plan.terms import Condition, Measure, Requirement, Terms
from tests.forecast.companies import MANAGER, Person, company, default_terms, manager_team, peoples


def having(**values: int) -> Measures:
    """Return the measures of a member without legs who has so much of those named, and nothing else."""
    return Measures(values={each: values.get(each.name.lower(), 0) for each in Measure})


def asks(measure: Measure, at_least: int, of: int = 0) -> Condition:
    """Write a condition."""
    return Condition(measure=measure, at_least=at_least, of=of)


def with_gate(terms: Terms, *conditions: Condition) -> Terms:
    """Return terms whose differential asks for these conditions, so that the engine looks at them."""
    gate = Requirement(any_of=(conditions,))
    return replace(terms, differential=replace(terms.differential, gate=gate))


def test_no_way_at_all_has_no_checks() -> None:
    """A requirement that always holds has nothing to check."""
    assert () == nearest(Requirement(), having())


def test_fewest_unmet_before_smallest_share() -> None:
    """One condition far away is nearer than two that are almost there."""
    two = (asks(Measure.GV, 100), asks(Measure.PV, 100))
    one = (asks(Measure.TGV, 1_000),)
    expected = (Check(measure="tgv", have=0, at_least=1_000),)
    assert expected == nearest(Requirement(any_of=(two, one)), having(gv=99, pv=99))


def test_smallest_missing_share_among_equals() -> None:
    """Among ways with as many unmet conditions the one with the smaller missing share is nearer: 20 % before 50 %."""
    volume, legs = (asks(Measure.GV, 1_000),), (asks(Measure.LEGS_BROKEN_AWAY, 2),)
    requirement = Requirement(any_of=(legs, volume))
    expected = (Check(measure="gv", have=800, at_least=1_000),)
    assert expected == nearest(requirement, having(gv=800, legs_broken_away=1))


def test_on_the_line_the_plan_s_order_decides() -> None:
    """Ways with the same missing share stand as the plan wrote them."""
    first, second = (asks(Measure.GV, 1_000),), (asks(Measure.TGV, 2_000),)
    expected = (Check(measure="gv", have=500, at_least=1_000),)
    assert expected == nearest(Requirement(any_of=(first, second)), having(gv=500, tgv=1_000))


def test_met_checks_stay_in_the_list() -> None:
    """The way is shown whole, with what is already there."""
    checks = nearest(Requirement(any_of=((asks(Measure.GV, 10), asks(Measure.PV, 10)),)), having(gv=10, pv=9))
    assert [True, False] == [check.met for check in checks]


def test_legs_are_counted_by_what_each_must_have() -> None:
    """A leg counts from the volume asked for on; a step of a leg from the step on."""
    legs = [Person(f"L{volume}", "A", customers=volume) for volume in (249, 250, 451)]
    snapshot = company(Person("A"), *legs)
    asked = [asks(Measure.LEGS_WITH_VOLUME, 3, 100 * of) for of in (249, 250, 251)]
    asked += [asks(Measure.LEGS_WITH_STEP, 3, of) for of in range(4)]
    terms = with_gate(default_terms(), *asked)
    measures = measures_of(snapshot, terms, run(snapshot, terms), 0)
    assert [3, 2, 1, 3, 3, 1, 0] == [measures.have(each) for each in asked]


def test_manager_gap_in_the_plan_that_ships() -> None:
    """With two legs where three are asked for, the leg is what is missing to the Manager step."""
    terms = default_terms()
    snapshot = company(*manager_team(own=1_000, legs=2))
    outcome = run(snapshot, terms)
    checks = nearest(terms.steps[MANAGER].requirement, measures_of(snapshot, terms, outcome, 0))
    expected = Check(measure="legs_with_volume", have=2, at_least=3, of=25_000)
    assert expected in checks
    assert ["gv", "legs_with_volume"] == [check.measure for check in checks if not check.met]


def test_returns_count_as_zero() -> None:
    """Volumes that returns made negative are shown as the engine compares them: as nothing."""
    snapshot = company(Person("A", own=-50))
    measures = measures_of(snapshot, default_terms(), run(snapshot, default_terms()), 0)
    assert 0 == measures.values[Measure.PV]


def test_breakaway_volume_is_that_of_its_step() -> None:
    """The default plan breaks away by the Manager step, whose GV is 2,500 points."""
    terms = default_terms()
    assert 250_000 == volume_needed(terms.breakaway.requirement, terms)


def test_volume_needed_takes_the_easiest_way_that_asks_for_volume() -> None:
    """Ways without GV are passed over; without any there is no volume to reach."""
    terms = default_terms()
    ways = ((asks(Measure.GV, 900),), (asks(Measure.GV, 700), asks(Measure.GV, 800)), (asks(Measure.PV, 1),))
    assert [800, 0] == [volume_needed(Requirement(any_of=each), terms) for each in (ways, ways[2:])]


def all_measures(snapshot: Snapshot, terms: Terms, outcome: Outcome) -> list[Measures]:
    """Return what each member has of every measure, in the snapshot's order."""
    keys, rows = measure_rows(snapshot, terms, outcome)
    return [Measures(values=dict(zip(keys, row, strict=True))) for row in rows.tolist()]


@settings(max_examples=60, deadline=None)
@given(people=peoples())
def test_checks_are_met_iff_the_requirement_holds_in_the_engine(people: list[Person]) -> None:
    """A step's checks are all met on the step achieved and on none above; so for titles."""
    terms, snapshot = default_terms(), company(*people)
    outcome = run(snapshot, terms)
    for index, measures in enumerate(all_measures(snapshot, terms, outcome)):
        for ladder, reached in ((terms.steps, outcome.step[index]), (terms.titles, outcome.achieved_title[index])):
            holds = [all(check.met for check in nearest(rung.requirement, measures)) for rung in ladder]
            assert int(reached) == max(rung for rung, held in enumerate(holds) if held)


@settings(max_examples=60, deadline=None)
@given(people=peoples())
def test_one_and_all_agree(people: list[Person]) -> None:
    """The measures of one member are those of the pass over all."""
    snapshot = company(*people)
    terms = replace(default_terms(), own_pv_limit=0)
    outcome = run(snapshot, terms)
    expected = [measures_of(snapshot, terms, outcome, index) for index in range(len(people))]
    assert expected == all_measures(snapshot, terms, outcome)
