"""
Returns that the plan recovers: taken out of the month of their order, and paid back in the month in which they happen.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import timedelta
from pathlib import Path
from random import Random
from zoneinfo import ZoneInfo

import msgspec
import pytest
from msgspec.structs import replace

from backend.engine.periods.adjustments import Adjustment, Posted, posting_of
from backend.engine.periods.carryover import carryover_of
from backend.files.calculation import Computed, computed
from backend.files.company import Company, read_company
from backend.files.orders import Orders
from backend.kernel.period import Period, periods_between
from backend.kernel.points import points_text
from backend.plan.terms import Returns, Terms
from tests.engine.networks import random_terms
from tests.notation import points, tree, words
from tests.people import plan

PAGE = Path(__file__).parents[1] / "engine" / "cases" / "adjustments.toml"
ZONE = ZoneInfo("Europe/Berlin")
SPAN = tuple(periods_between(Period(2026, 8), Period(2026, 10)))
ORDERS = "order,kind,member,customer,placed_at,pv,cv,returns\n"


class Case(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is sold and comes back by month, and what comes of it."""

    name: str
    tree: str
    sold: dict[str, str]
    back: dict[str, dict[str, str]]
    pv: dict[str, str]
    adjusted: dict[str, list[str]]
    titles: dict[str, str] = {}
    recovered: bool = True


class Page(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The rule in words, and its cases."""

    rule: str
    cases: list[Case]


CASES = msgspec.toml.decode(PAGE.read_bytes(), type=Page).cases


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_months_adjust_what_the_page_says(case: Case) -> None:
    """Volumes, titles and adjustments of each month are those that the case expects."""
    months = {str(one.period): one for one in _computed(_company(case), _terms(plan(), recovered=case.recovered))}

    assert case.pv == {month: _pv(months[month], said) for month, said in case.pv.items()}
    assert case.titles == {month: _titles(months[month], said) for month, said in case.titles.items()}
    assert case.adjusted == {month: [_line(one) for one in months[month].adjustments] for month in case.adjusted}


@pytest.mark.parametrize("seed", range(40))
def test_posted_and_adjusted_give_what_is_due_with_all_returns(seed: int) -> None:
    """
    A month's posting and all later adjustments of it are what it would have posted, had all come back before its end.

    So it is whatever the plan, in whatever company, and whatever comes back when.
    """
    assert [] == _disagreeing(seed, recovered=True)


def test_a_planted_fault_is_found_by_that() -> None:
    """Months that let returns lower the period in which they happen disagree in most companies."""
    assert sum(bool(_disagreeing(seed, recovered=False)) for seed in range(20)) > 10


@pytest.mark.parametrize("seed", range(10))
def test_who_sold_nothing_in_the_end_keeps_nothing(seed: int) -> None:
    """Where every order comes back in the last month, what all months have posted and adjusted adds up to nothing."""
    random = Random(seed)
    company, terms = _drawn(random, all_back=True), _terms(replace(plan(), own_pv_limit=0))
    months = _computed(company, terms)

    posted = sum((_amounts(one) + _adjusted(one.adjustments) for one in months), start=_Amounts())
    assert any(_amounts(one) for one in months)
    assert {} == _nonzero(posted)


def test_a_return_of_an_order_before_the_span_lowers_nothing_and_is_named() -> None:
    """September alone has the volume that it has after August, and says whose return it does not recover."""
    case = CASES[1]
    company, terms = _company(case), _terms(plan())
    whole = _computed(company, terms)
    (alone,) = computed(company, [terms], SPAN[1:2], ZONE)

    assert _pv(whole[1], "A 0; B 100") == _pv(alone, "A 0; B 100")
    assert () == alone.adjustments
    assert [("2026-08", "B", 50_00)] == [(str(one.of_period), one.member, one.pv) for one in alone.unrecovered]
    assert [(), (), ()] == [one.unrecovered for one in whole]


def _disagreeing(seed: int, *, recovered: bool) -> list[str]:
    """Return the months of a drawn company that did not come to what they come to with all that is ever known."""
    random = Random(seed)
    company, terms = _drawn(random), _terms(random_terms(random))
    months, found = _computed(company, _terms(terms, recovered=recovered)), []
    carried = None
    for one in months:
        known = replace(company, orders=_brought_forward(company, one.period))
        (whole,) = computed(known, [terms], [one.period], ZONE, carried=carried)
        later = [line for month in months for line in month.adjustments if line.period == str(one.period)]
        if _amounts(whole) != _nonzero(_amounts(one) + _adjusted(later)):
            found.append(str(one.period))
        carried = carryover_of(one.snapshot, terms, one.outcome)
    return found


class _Amounts(Counter[tuple[str, Posted]]):
    """Amounts by month and what they are for; negative ones stay, which a counter's own sum would drop."""

    def __add__(self, other: Mapping[tuple[str, Posted], int]) -> "_Amounts":
        found = _Amounts(self)
        for key, amount in other.items():
            found[key] += amount
        return found


def _amounts(one: Computed) -> _Amounts:
    posting = posting_of(one.snapshot, one.terms, one.outcome)
    return _Amounts({(posting.period, of): amount for of, amount in posting.amounts_minor})


def _adjusted(lines: Iterable[Adjustment]) -> _Amounts:
    found = _Amounts()
    for line in lines:
        found[line.period, line.of] += line.amount_minor
    return found


def _nonzero(amounts: _Amounts) -> dict[tuple[str, Posted], int]:
    return {key: amount for key, amount in amounts.items() if amount}


def _terms(terms: Terms, *, recovered: bool = True) -> Terms:
    returns = Returns.RECOVERED if recovered else Returns.LOWER_THE_PERIOD
    own = {market: replace(each, returns=returns) for market, each in terms.elsewhere.items()}
    return replace(terms, returns=returns, elsewhere=own)


def _computed(company: Company, terms: Terms) -> list[Computed]:
    return list(computed(company, [terms] * len(SPAN), SPAN, ZONE))


def _company(case: Case) -> Company:
    placed = tree(case.tree)
    members = "".join(f"{who},{sponsor or ''},2025-01-01,yes\n" for who, sponsor in placed.items())
    rows = "".join(f"{row}\n" for row in _rows(case))
    return read_company(f"member,sponsor,joined,training\n{members}".encode(), (ORDERS + rows).encode(), zone=ZONE)


def _rows(case: Case) -> Iterator[str]:
    for month, said in case.sold.items():
        for who, much in points(said).items():
            yield f"{month}-{who},order,{who},K,{month}-10,{points_text(much)},{points_text(much)},"
    for month, of in case.back.items():
        for ordered, said in of.items():
            for who, much in points(said).items():
                text = points_text(much)
                yield f"{month}-{ordered}-{who},return,{who},K,{month}-20,{text},{text},{ordered}-{who}"


def _drawn(random: Random, *, all_back: bool = False) -> Company:
    """Draw a company of up to twelve with orders in each month, of which many come back, in part or whole."""
    ids = [f"M{number}" for number in range(random.randint(2, 12))]
    sponsors = ["", *(random.choice(ids[:at]) for at in range(1, len(ids)))]
    members = "".join(f"{who},{sponsor},2025-01-01,yes\n" for who, sponsor in zip(ids, sponsors, strict=True))
    rows = "".join(_drawn_order(random, number, ids, all_back=all_back) for number in range(3 * len(ids)))
    return read_company(f"member,sponsor,joined,training\n{members}".encode(), (ORDERS + rows).encode(), zone=ZONE)


def _drawn_order(random: Random, number: int, ids: list[str], *, all_back: bool) -> str:
    month, points_ = random.choice((8, 9, 10)), random.choice((40, 150, 400, 900))
    buyer = f"{random.choice(ids)},{random.choice(('', 'K'))}"
    rows = f"O{number},order,{buyer},2026-{month:02}-{random.randint(1, 20):02},{points_},{points_},\n"
    if all_back:
        return f"{rows}R{number},return,{buyer},2026-10-25,{points_},{points_},O{number}\n"
    for part in range(random.choice((0, 0, 1, 2))):
        back = points_ // 2 if random.random() < 0.7 else points_ // 5
        day = f"2026-{random.randint(month, 10):02}-{random.randint(21, 30)}"
        rows += f"R{number}-{part},return,{buyer},{day},{back},{back},O{number}\n"
    return rows


def _brought_forward(company: Company, period: Period) -> Orders:
    """Return the orders with every return of one of the month's own a second after it."""
    orders = company.orders
    placed = dict(zip(orders.order, orders.placed_at, strict=True))
    at = [
        placed[of] + timedelta(seconds=1) if of and Period.of(placed[of], ZONE) == period else instant
        for of, instant in zip(orders.returns, orders.placed_at, strict=True)
    ]
    return replace(orders, placed_at=at)


def _pv(one: Computed, said: str) -> str:
    pv = dict(zip(one.snapshot.members, one.outcome.pv.tolist(), strict=True))
    return "; ".join(f"{who} {points_text(pv[who])}" for who in words(said))


def _titles(one: Computed, said: str) -> str:
    titles = dict(zip(one.snapshot.members, one.outcome.title.tolist(), strict=True))
    return "; ".join(f"{who} {one.terms.titles[titles[who]].id}" for who in words(said))


def _line(one: Adjustment) -> str:
    """Write `2026-08 A differential through B: 12.00 posted, 9.00 due`, amounts in hundredths."""
    through = f" through {one.of.leg}" if one.of.leg else ""
    amounts = f"{one.posted_minor / 100:.2f} posted, {one.due_minor / 100:.2f} due"
    return f"{one.period} {one.of.earner} {one.of.bonus}{through}: {amounts}"
