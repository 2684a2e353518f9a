"""
The page for who connects a company's systems: each message on it is sent, and answered as it says.
"""

import asyncio
import json
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

import httpx
from click.testing import CliRunner
from jsonschema import Draft202012Validator
from tortoise.connection import get_connection

from backend.cli import group
from backend.flows.set_clock import set_clock
from backend.flows.shop_secret import secret_of, secret_text
from backend.intake.schemas import schemas
from tests.http.test_intake import MASTER, SHOP, Door, opened_door

PAGE = (Path(__file__).parents[2] / "manifest/intake/README.md").read_text()
NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
BLOCK = re.compile(r"^```(\w+) ?([^\n]*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


class Block(NamedTuple):
    """A block of the page: its language, what stands beside that, and its text."""

    language: str
    about: str
    text: str


BLOCKS = [Block(*found) for found in BLOCK.findall(PAGE)]


def test_each_message_of_the_page_is_answered_as_it_says(database: str, tmp_path: Path) -> None:
    """Signed by the page's own words and sent in its order, each is answered as shown; then its files are taken."""
    volumes = asyncio.run(_sent(database, tmp_path))
    assert [("A-1", 105_00), ("A-2", 60_00), ("R-1", -25_00), ("R-2", -10_00), ("X-1", -80_00)] == volumes

    (tmp_path / "drop").mkdir()
    for block in BLOCKS:
        if block.language == "csv":
            (tmp_path / "drop" / block.about).write_text(block.text)
    commands, outputs = ([block.text for block in BLOCKS if block.language == language] for language in ("sh", "text"))
    assert outputs == [_run(command, database, tmp_path) for command in commands]
    assert all(
        "repeated" in line for line in _run("handrail intake drop --dry-run", database, tmp_path).splitlines()[:5]
    )


def test_the_pages_messages_fit_the_published_schemas() -> None:
    """The schemas take what the page sends, but for the amount with a comma and the message of nothing."""
    sent = [block for block in BLOCKS if block.about.startswith("POST /intake/")]
    checked = {name: Draft202012Validator(schema) for name, schema in schemas().items()}
    wrong = [
        block.text
        for block in sent
        if not checked[f"{block.about.rpartition('/')[2]}.message.schema.json"].is_valid(json.loads(block.text))
    ]
    assert [True, True] == [mistake in text for mistake, text in zip(("1,5", '"events": []'), wrong, strict=True)]
    assert len(sent) > 10


async def _sent(dsn: str, folder: Path) -> list[tuple[str, int]]:
    """Send what the page sends, compare the answers, and return what each order brought."""
    async with opened_door(dsn, folder) as door:
        await set_clock(real_at=datetime.now(UTC), company_at=NOW, speed=1)
        asked = [block for block in BLOCKS if block.language == "json"]
        for message, answer in zip(asked[::2], asked[1::2], strict=True):
            given = await _post(door, message)
            assert (answer.about, given.json()) == (
                str(given.status_code),
                _over(json.loads(answer.text), given.json()),
            )
        rows = await get_connection("default").execute_query_dict(
            "SELECT key, entry.pv_points AS pv FROM volume_entry AS entry JOIN sales_order ON sales_order.id = order_id"
            " ORDER BY key"
        )
    return [(row["key"], row["pv"]) for row in rows]


async def _post(door: Door, message: Block) -> httpx.Response:
    """Send a message as the page says that it is signed."""
    words: dict[str, Any] = {}
    exec(next(block.text for block in BLOCKS if block.about == "headers"), words)
    body, secret = message.text.encode(), secret_text(secret_of(MASTER, SHOP, 1))
    headers = words["headers"](body, key=SHOP, secret=secret, message_id="page")
    return await door.client.post(message.about.removeprefix("POST "), content=body, headers=headers)


def _over(shown: Any, given: Any) -> Any:
    """Return an answer with what the page shows of it written over it: the same where the page is right."""
    if isinstance(shown, dict) and isinstance(given, dict):
        return {**given, **{name: _over(value, given.get(name)) for name, value in shown.items()}}
    if isinstance(shown, list) and isinstance(given, list) and len(shown) == len(given):
        return [_over(one, other) for one, other in zip(shown, given, strict=True)]
    return shown


def _run(command: str, dsn: str, folder: Path) -> str:
    """Run a command of the page in a folder, and return what it prints, without blanks at the ends of lines."""
    words = [str(folder / word) if word == "drop" else word for word in command.split()[1:]]
    environment = {"DATABASE_URL": dsn, "HANDRAIL_DATA": str(folder / "data")}
    result = CliRunner().invoke(group, words, env=environment)
    assert 0 == result.exit_code, result.output
    return "".join(f"{line.rstrip()}\n" for line in result.output.splitlines())
