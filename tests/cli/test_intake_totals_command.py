"""
A shop's two days on the command line: what it counted, what Handrail has of it, what is missing, and how it ends.
"""

import asyncio
import json
from datetime import UTC, datetime
from pathlib import Path

from click.testing import CliRunner, Result

from backend.cli import group
from backend.flows.state_totals import state_totals
from backend.flows.take_event_message import take_event_message
from backend.store.database import opened
from tests.flows.companies import found

DAYS = ("--from", "2026-11-18", "--to", "2026-11-19")
MEMBER = {"kind": "member", "member": "NEW", "sponsor": "LEG", "joined": "2026-11-18"}


def order(key: str, hour: str, member: str = "LEG") -> dict[str, str]:
    """Return an order of 40.50 PV, placed on the 18th or the 19th of November in UTC."""
    return {"kind": "order", "order": key, "member": member, "placed_at": f"2026-11-{hour}Z", "pv": "40.50", "cv": "36"}


def counted(day: str, *keys: str) -> dict[str, object]:
    """Return what the shop counted of orders of 40.50 PV."""
    return {"day": day, "orders": len(keys), "pv": f"{40.5 * len(keys):.2f}", "cv": f"{36 * len(keys)}", "keys": keys}


async def told(dsn: str, *, events: list[dict[str, str]], counts: list[dict[str, object]]) -> None:
    """Tell events, and state what was counted, as the shop at the till."""
    async with opened(dsn):
        await take_event_message(source="till", raw=json.dumps(events).encode())
        if counts:
            await state_totals(shop="till", raw=json.dumps(counts).encode())


def test_a_day_that_does_not_agree_ends_with_one_until_all_of_it_is_here(database: str, tmp_path: Path) -> None:
    """
    Of three orders of the 18th one never came, so the day does not agree; of the 19th one is held, which has come.

    An order shortly before midnight in UTC is of the next day in Berlin, as the shop counts it too.
    """

    def said(*words: str) -> Result:
        environment = {"DATABASE_URL": database, "HANDRAIL_DATA": str(tmp_path / "data")}
        return CliRunner().invoke(group, ["intake-totals", *words], env=environment)

    asyncio.run(begun(database))
    nothing = said(*DAYS)
    sent = [order("A-1", "18T09:00:00"), order("A-2", "18T10:00:00"), order("B-1", "18T23:30:00")]
    counts = [counted("2026-11-18", "A-1", "A-2", "A-3"), counted("2026-11-19", "B-1", "B-2")]
    asyncio.run(told(database, events=[*sent, order("B-2", "19T10:00:00", "NEW")], counts=counts))
    short, listed = said(*DAYS), said(*DAYS, "--json")
    others = said(*DAYS, "--shop", "kiosk"), said("--from", "2026-11-19", "--to", "2026-11-19")
    asyncio.run(told(database, events=[order("A-3", "18T11:00:00"), MEMBER], counts=[]))
    whole = said(*DAYS)

    assert [0, 1, 1, 0, 0, 0] == [one.exit_code for one in (nothing, short, listed, *others, whole)], short.output
    first, second = json.loads(listed.output)
    assert ("2026-11-18", "till", ["A-3"], []) == tuple(first[name] for name in ("day", "source", "missing", "unknown"))
    figures = [(first[name]["orders"], first[name]["pv"]) for name in ("counted", "accepted", "held", "difference")]
    assert [(3, "121.5"), (2, "81"), (0, "0"), (1, "40.5")] == figures
    assert (True, 1, 1) == (second["agrees"], second["accepted"]["orders"], second["held"]["orders"])
    assert "2026-11-18 till missing: A-3" in short.output
    assert (1, 2) == (short.output.count("none"), whole.output.count("none"))
    assert "missing" not in whole.output


async def begun(dsn: str) -> None:
    """Import a company of three members."""
    async with opened(dsn):
        await found(now=datetime.now(UTC))


def test_what_came_in_files_is_counted_from_a_file(database: str, tmp_path: Path) -> None:
    """Of two orders that were laid down one is here: stated for the source `files`, the day names the other."""
    asyncio.run(begun(database))
    (tmp_path / "orders.csv").write_text("order,member,placed_at,pv,cv\nF-1,LEG,2026-11-18,40.50,36\n")
    (tmp_path / "totals.json").write_text(json.dumps(counted("2026-11-18", "F-1", "F-2")))

    def said(*words: str) -> Result:
        environment = {"DATABASE_URL": database, "HANDRAIL_DATA": str(tmp_path / "data")}
        return CliRunner().invoke(group, list(words), env=environment)

    assert 0 == said("intake", str(tmp_path / "orders.csv")).exit_code
    state = ("intake-totals", "--state", str(tmp_path / "totals.json"))
    stated, nobody = said(*state, "--shop", "files", "--json"), said(*state)
    (day,) = json.loads(stated.output)
    assert (1, ["F-2"], 2) == (stated.exit_code, day["missing"], nobody.exit_code)
    assert "2026-11-18 files missing: F-2" in said("intake-totals", *DAYS).output
