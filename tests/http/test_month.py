"""
The page of a closed month: its causes add up to what it paid, and what is held or corrected is said.
"""

from datetime import UTC, datetime

import pytest
from babel import Locale

from backend.forecast.difference import Cause, CauseKind, Difference
from backend.http.member.month import draw
from backend.store.views.months import ClosedMonth, Corrected, Earned
from tests.http import cast
from tests.http.test_today import words

CAUSES = (
    Cause(
        kind=CauseKind.RETURNS,
        amount_minor=-3_000,
        step_before=3,
        step_after=2,
        title_before=0,
        title_after=0,
        broke_away=False,
    ),
    Cause(
        kind=CauseKind.LATE_ORDERS,
        amount_minor=1_000,
        step_before=2,
        step_after=2,
        title_before=0,
        title_after=1,
        broke_away=True,
    ),
)


def month(**changed: object) -> ClosedMonth:
    """Return October as it was closed for Amara, or another in some things."""
    difference = Difference(
        member="AMARA",
        period="2026-10",
        currency="USD",
        projected_minor=10_000,
        to_date_minor=10_000,
        result_minor=8_000,
        causes=CAUSES,
    )
    usual = {
        "period": "2026-10",
        "closed_at": datetime(2026, 11, 2, tzinfo=UTC),
        "terms": cast.terms(),
        "earned": (Earned(bonus="differential", state="payable", currency="USD", amount_minor=8_000),),
        "corrected": (),
        "difference": difference,
    }
    return ClosedMonth(**(usual | changed))


@pytest.mark.parametrize("locale", ["en", "de"])
def test_causes_stand_between_what_was_shown_and_what_was_paid(locale: str) -> None:
    """Every cause has its amount, and says what it did to step, title and group."""
    shown = words(draw(cast.member_page(), month(), Locale(locale)))
    assert all(amount in shown.replace("\xa0", " ") for amount in ("100", "30", "10", "80"))
    if locale == "en":
        assert "Orders came back after the last projection the step went from 12% to 8% -$30.00" in shown
        assert "your own group broke away" in shown


def test_what_is_held_is_told_apart() -> None:
    """Pay that a pause holds is no part of what was paid."""
    held = Earned(bonus="override", state="held_compliance", currency="USD", amount_minor=500)
    shown = words(draw(cast.member_page(), month(earned=(*month().earned, held)), Locale("en")))
    assert "$5.00 more is held" in shown


def test_a_bonus_bears_the_words_of_the_page() -> None:
    """A bonus of which the plan has one is named by its kind in the reader's language, never by an id of the plan."""
    override = cast.terms().overrides[0].id
    earned = (Earned(bonus=f"override {override}", state="payable", currency="USD", amount_minor=500),)
    assert "Generationsbonus 5,00" in words(draw(cast.member_page(), month(earned=earned), Locale("de")))


def test_what_was_corrected_of_earlier_months_is_said() -> None:
    """Corrections stand by month, and what was never shown has no difference."""
    corrected = (Corrected(of_period="2026-09", currency="USD", amount_minor=-250),)
    shown = words(draw(cast.member_page(), month(corrected=corrected, difference=None), Locale("en")))
    assert "September 2026 -$2.50" in shown
    assert "Nothing was shown to you for this month" in shown
