"""
Titles over several periods: what one period carries into the next, and how long a title outlives its volume.
"""

from backend.engine.outcome import Upkeep
from backend.engine.periods.carryover import carry
from backend.engine.pipeline import run
from backend.engine.snapshot import Carried
from tests.notation import company
from tests.people import plan

STRONG, WEAK = "A 1000", "A 100"


def _months(*owns: str) -> list[tuple[str, str, int, int]]:
    """Return title, upkeep, periods held and missed after each of successive months of one member."""
    terms, found = plan(), []
    carried: dict[str, Carried] = {}
    for own in owns:
        text = "; ".join(
            f"{who} {terms.titles[one.title].id} held {one.held} missed {one.missed} bonuses {one.bonuses}"
            for who, one in carried.items()
        )
        snapshot = company(terms, "A", own=own, carried=text)
        outcome = run(snapshot, terms)
        carried = carry(snapshot, terms, outcome)
        upkeep = Upkeep(int(outcome.upkeep[0])).name
        found.append((terms.titles[int(outcome.title[0])].id, upkeep, int(outcome.held[0]), int(outcome.missed[0])))
    return found


def test_a_leader_has_grace_then_stands_at_risk_then_loses_the_title() -> None:
    """
    Of three successive months without the volume the first is grace, the second at risk, and the third takes the title.
    """
    assert [
        ("leader", "NONE_NEEDED", 1, 0),
        ("leader", "GRACE", 2, 1),
        ("leader", "AT_RISK", 3, 2),
        ("member", "LOST", 0, 0),
        ("member", "NONE_NEEDED", 0, 0),
    ] == _months(STRONG, WEAK, WEAK, WEAK, WEAK)


def test_a_good_month_clears_the_misses() -> None:
    """
    Misses count in a row: a month with the volume sets them back.
    """
    assert [
        ("leader", "NONE_NEEDED", 1, 0),
        ("leader", "GRACE", 2, 1),
        ("leader", "AT_RISK", 3, 2),
        ("leader", "MET", 4, 0),
        ("leader", "GRACE", 5, 1),
    ] == _months(STRONG, WEAK, WEAK, STRONG, WEAK)


def test_a_leader_comes_back_by_the_rules_that_made_one() -> None:
    """
    Re-entry: who has lost the title achieves it again, and the clocks begin anew.
    """
    assert ("leader", "NONE_NEEDED", 1, 0) == _months(STRONG, WEAK, WEAK, WEAK, STRONG)[-1]


def test_who_has_nothing_carries_nothing() -> None:
    """
    Members without title and bonus are left out of what is carried.
    """
    snapshot = company(plan(), "A > B", own="A 10; B 1000")

    assert {"B": Carried(title=2, held=1, best_title=2)} == carry(snapshot, plan(), run(snapshot, plan()))


def test_a_bonus_once_paid_is_carried() -> None:
    """
    The bits of bonuses that were paid go along, so that each is paid once.
    """
    snapshot = company(plan(), "A", own="A 1000", joined="A 10")
    first = carry(snapshot, plan(), run(snapshot, plan()))

    again = company(plan(), "A", own="A 1000", joined="A 40", carried=f"A leader held 1 bonuses {first['A'].bonuses}")

    assert 0b010100 == first["A"].bonuses
    assert [0] == run(again, plan()).bonus_minor.tolist()
