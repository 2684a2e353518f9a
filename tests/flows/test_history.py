"""
A history from another system: read with findings by line, compared member by member, and where titles begin.
"""

import asyncio
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner

from backend.cli.history import command as history_command
from backend.cli.network import command as network_command
from backend.engine.periods.adjustments import posting_of
from backend.files.calculation import Computed, computed, terms_of
from backend.files.company import read_company
from backend.flows.compare_history import compare_history
from backend.flows.import_history import import_history
from backend.flows.recall import recall
from backend.flows.refresh_standing import refresh_standing
from backend.flows.set_clock import set_clock
from backend.forecast.deviation import Former, compared, ranked
from backend.kernel.finding import Refused
from backend.kernel.period import Period, periods_between
from backend.plan.currencies import DECIMALS
from backend.plan.reading import read_plan
from backend.store.database import opened
from tests.flows.companies import PLAN, ZONE, found, orders_csv

MEMBERS = b"""member,sponsor,joined,market
TOP,,2024-01-01,US
LEG,TOP,2024-02-01,EU
LOW,LEG,2024-03-01,US
"""
FIRST, LAST = Period(2026, 8), Period(2026, 10)
SPAN = list(periods_between(FIRST, LAST))
ORDERS = orders_csv(
    *(
        f"{month}-{who},order,{who},{customer},2026-{month:02d}-05T10:00:00Z,{pv},{pv},"
        for month in (8, 9, 10)
        for who, customer, pv in (("TOP", "", 200), ("LEG", "C-1", 300 * (month - 7)), ("LOW", "C-2", 4000))
    )
)
NOW = datetime(2026, 11, 4, 12, tzinfo=UTC)


def year() -> list[Computed]:
    """Compute the span from the files alone."""
    terms = [terms_of(read_plan(PLAN, "plan"), period) for period in SPAN]
    company = read_company(MEMBERS, ORDERS, zone=ZONE, terms=terms[0])
    return list(computed(company, terms, SPAN, ZONE))


def as_history(months: list[Computed]) -> list[dict[str, str]]:
    """Return what the plan computes, as another system would export it."""
    rows: list[dict[str, str]] = []
    for one in months:
        posting = posting_of(one.snapshot, one.terms, one.outcome)
        for i, code in enumerate(one.snapshot.members):
            decimals = DECIMALS[one.terms.markets[one.snapshot.market[i]].currency]
            row = {"period": str(one.period), "member": code, "title": one.terms.titles[one.outcome.title[i]].id}
            row |= {name: f"{getattr(one.outcome, name)[i] / 100:.2f}" for name in ("pv", "gv")}
            for of, amount in posting.amounts_minor:
                if of.earner == code:
                    row[of.bonus] = f"{float(row.get(of.bonus, 0)) + amount / 10**decimals:.{decimals}f}"
            rows.append(row)
    return rows


def csv_of(rows: list[dict[str, str]]) -> bytes:
    """Return rows as a CSV file."""
    header = list(dict.fromkeys(name for row in rows for name in row))
    lines = [",".join(header), *(",".join(row.get(name, "") for name in header) for row in rows)]
    return ("\n".join(lines) + "\n").encode()


async def begun(orders: bytes, plan: str = PLAN) -> None:
    """Import the company; it is November."""
    await found(members=MEMBERS, orders=orders, plan=plan, now=NOW)
    await set_clock(real_at=datetime.now(UTC), company_at=NOW, speed=1)


async def test_the_comparison_finds_what_differs_and_nothing_else(database: str) -> None:
    """Its own figures agree; a cent, a title and a volume that were changed are found, the largest difference first."""
    rows = as_history(year())
    async with opened(database):
        await begun(ORDERS)
        done = await import_history(csv_of(rows), "history.csv")
        assert (("2026-08", "2026-09", "2026-10"), 9) == (done.periods, done.rows)
        agreed = await compare_history()
        titles = [one for each in agreed[1:] for one in each.deviations]
        assert [] == titles
        assert all(each.from_orders and each.sums for each in agreed)
        assert all(one.former_minor == one.computed_minor for each in agreed[1:] for one in each.sums)

        october = {row["member"]: row for row in rows if row["period"] == str(LAST)}
        bonus = next(name for name in october["LEG"] if name not in {"period", "member", "title", "pv", "gv"})
        october["LEG"][bonus] = f"{float(october['LEG'][bonus]) + 0.05:.2f}"
        october["TOP"] |= {"title": year()[0].terms.titles[0].id, "gv": "1.00"}
        await import_history(csv_of(list(october.values())), "history.csv")
        (changed,) = await compare_history([LAST])
        (tolerant,) = await compare_history([LAST], tolerance_minor=5)
    told = [(one.member, one.what, one.difference if one.unit == "EUR" else 0) for one in changed.deviations]
    assert [("LEG", bonus, -5), ("TOP", "gv", 0)] == [each for each in told if each[1] not in {"title", "total"}]
    assert ("TOP", "gv") == next((one.member, one.what) for one in tolerant.deviations)
    assert changed.differing == 2
    assert [("LEG", "EUR", -5)] == [(one.member, one.currency, one.difference_minor) for one in changed.by_member]
    assert tolerant.by_member == changed.by_member
    assert {"EUR": -5, "USD": 0} == {one.currency: one.difference_minor for one in changed.totals}
    assert ranked(changed.deviations) == changed.deviations


def test_who_came_after_the_period_was_sealed_is_computed_to_nothing() -> None:
    """Pay of somebody whom the period does not know yet stands whole among the differences, in the own currency."""
    one = year()[-1]
    paid = {"LATE": Former(amounts_minor={"differential": 700})}
    markets = {"LATE": "EU"}
    said = compared(paid, one.snapshot, one.terms, outcome=one.outcome, from_orders=True, markets=markets)
    (late,) = (each for each in said.by_member if each.member == "LATE")

    assert ("EUR", 700, 0, -700) == (late.currency, late.former_minor, late.computed_minor, late.difference_minor)
    for total in said.totals:
        apart = [each.difference_minor for each in said.by_member if each.currency == total.currency]
        assert total.difference_minor == sum(apart) != 0


async def test_a_history_without_orders_is_computed_from_its_volumes(database: str) -> None:
    """From personal volumes alone later months come to the same; the last titles go into the first month of orders."""
    rows = as_history(year())
    november = orders_csv("N-1,order,LOW,,2026-11-02T10:00:00Z,10,10,")
    async with opened(database):
        await begun(november)
        memory = await recall(NOW)
        assert memory is not None
        await refresh_standing(memory, NOW)
        assert memory.shown is not None
        assert not memory.shown.snapshot.title_before.any()
        await import_history(csv_of(rows), "history.csv")
        months = await compare_history()
        assert not any(each.from_orders for each in months)
        assert [] == [one for each in months[1:] for one in each.deviations]
        await refresh_standing(memory, NOW)
        snapshot, terms = memory.shown.snapshot, memory.shown.terms
    last = {row["member"]: row["title"] for row in rows if row["period"] == str(LAST)}
    brought = zip(snapshot.members, snapshot.title_before.tolist(), strict=True)
    assert last == {code: terms.titles[title].id for code, title in brought}
    assert snapshot.title_before.any()


WRONG = b"""period,member,title,pv,gv,diferential
2026-13,TOP,,100,,
2026-10,NOBODY,,100,,
2026-10,LEG,emperor,100,,1.234
2026-10,LEG,,-1.5,,x
"""


async def test_every_mistake_of_a_history_is_named(database: str) -> None:
    """Periods, members, titles, bonuses, amounts, doubled rows: each has a finding at its line, and nothing is kept."""
    async with opened(database):
        await begun(ORDERS)
        with pytest.raises(Refused) as refused:
            await import_history(WRONG, "history.csv")
        told = {(finding.code, finding.place.line) for finding in refused.value.findings}
        with pytest.raises(Refused) as none:
            await compare_history()
    assert told == {
        ("bonus-unknown", 1),
        ("period-wrong", 2),
        ("member-unknown", 3),
        ("title-unknown", 4),
        ("amount-decimals", 4),
        ("history-doubled", 5),
        ("amount-wrong", 5),
    }
    assert ["history-missing"] == [finding.code for finding in none.value.findings]


async def test_the_commands_say_the_same(database: str, tmp_path: Path) -> None:
    """`history import` and `compare --csv`, `network move` shown and applied, `leave`: each answers in words."""
    async with opened(database):
        await begun(ORDERS)
    rows = as_history(year())
    rows[-1] |= {"gv": "7.00"}
    (tmp_path / "history.csv").write_bytes(csv_of(rows))
    environment = {"DATABASE_URL": database, "HANDRAIL_DATA": str(tmp_path / "data")}

    async def said(group: object, *words: str) -> str:
        answer = await asyncio.to_thread(CliRunner().invoke, group, list(words), env=environment)
        assert (0, None) == (answer.exit_code, answer.exception), answer.output
        return str(answer.output)

    assert "9 rows of 2026-08 to 2026-10" in await said(history_command, "import", str(tmp_path / "history.csv"))
    words = ("compare", "--period", "2026-10", "--csv", str(tmp_path / "out.csv"))
    assert "1 of 3 members differ" in await said(history_command, *words)
    assert "2026-10,LOW,gv,points,7.00,4000.00,3993.00" in (tmp_path / "out.csv").read_text()
    told = json.loads(await said(history_command, "compare", "--period", "2026-10", "--json"))
    (month,) = told["periods"]
    assert [("LOW", "gv", 3993_00)] == [(one["member"], one["what"], one["difference"]) for one in month["deviations"]]
    assert ([], {"EUR", "USD"}) == (month["by_member"], {one["currency"] for one in told["totals"]})
    assert month["totals"] == told["totals"]
    assert all(one["former_minor"] == one["computed_minor"] > 0 == one["difference_minor"] for one in told["totals"])
    move = ("move", "LOW", "--to", "TOP", "--since", "2026-10-01")
    assert "Nothing is written yet" in await said(network_command, *move)
    assert "LOW stands under TOP instead of LEG" in await said(network_command, *move, "--apply")
    assert "It is recorded" in await said(network_command, "leave", "LEG", "--on", "2026-11-02", "--apply")
