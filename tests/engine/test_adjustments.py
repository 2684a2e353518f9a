"""
Corrections of closed periods: what was posted and the adjustments give what is due, and nothing posted is rewritten.
"""

from random import Random

import numpy as np
import pytest
from msgspec.structs import replace

from backend.engine.periods.adjustments import Posting, adjustments, posting_of, read_posting
from backend.engine.pipeline import run
from backend.engine.snapshot import Snapshot
from tests.engine.networks import random_case
from tests.people import cast, plan


def _posted(snapshot: Snapshot) -> Posting:
    return posting_of(snapshot, plan(), run(snapshot, plan()))


def _with_more_of(snapshot: Snapshot, member: str, points: int) -> Snapshot:
    """Return the month as if the member's customers had bought more: what a late order brings."""
    more = np.where(np.array(snapshot.members) == member, points, 0)
    return replace(snapshot, customer_pv=snapshot.customer_pv + more, customer_cv=snapshot.customer_cv + more)


def test_a_posting_is_a_document() -> None:
    """
    The same outcome posts the same bytes, and they are read again as they were.
    """
    assert 1 == len({_posted(cast()).digest() for _ in range(2)})
    assert _posted(cast()) == read_posting(_posted(cast()).encoded())


def test_a_posting_adds_up_to_the_earners_totals() -> None:
    """
    What is posted of a member is the member's total.
    """
    outcome = run(cast(), plan())
    names = ("personal_minor", "differential_minor", "override_minor", "pool_minor", "bonus_minor")
    totals = dict(zip(cast().members, sum(getattr(outcome, name) for name in names).tolist(), strict=True))

    posted = dict.fromkeys(cast().members, 0)
    for of, amount_minor in _posted(cast()).amounts_minor:
        posted[of.earner] += amount_minor

    assert totals == posted


def test_nothing_changed_brings_no_line() -> None:
    """
    A period computed again as it was owes nothing.
    """
    assert () == adjustments(_posted(cast()), _posted(cast()))


def test_a_late_order_is_owed_in_the_open_period() -> None:
    """
    SAM's customers bought 100 points more: SAM and those above are owed the difference, line by line, and nobody else.
    """
    corrected = _with_more_of(cast(), "SAM", 100_00)

    found = adjustments(_posted(cast()), _posted(corrected))

    assert {"SAM", "OMAR", "IRIS"} <= {each.of.earner for each in found}
    assert all(each.amount_minor == each.due_minor - each.posted_minor != 0 for each in found)


def test_what_was_paid_too_much_comes_back() -> None:
    """
    Where a correction takes volume away the adjustment is negative.
    """
    found = adjustments(_posted(cast()), _posted(_with_more_of(cast(), "NORA", -120_00)))

    assert min(each.amount_minor for each in found) < 0


@pytest.mark.parametrize("seed", range(20))
def test_posted_and_adjusted_give_what_is_due(seed: int) -> None:
    """
    In random companies under random plans: posted + adjustments = due, whatever the correction.
    """
    snapshot, terms = random_case(seed)
    shift = np.array([Random(seed + i).choice((0, 0, 50_00, -20_00)) for i in range(len(snapshot.members))])
    corrected = replace(snapshot, own_pv=snapshot.own_pv + shift, own_cv=snapshot.own_cv + shift)
    before, now = (posting_of(one, terms, run(one, terms)) for one in (snapshot, corrected))

    amounts = dict(before.amounts_minor)
    for each in adjustments(before, now):
        amounts[each.of] = amounts.get(each.of, 0) + each.amount_minor

    assert dict(now.amounts_minor) == {of: amount for of, amount in amounts.items() if amount}
