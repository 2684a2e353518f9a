"""
The desk answers over its socket, and whoever asks hears in time when nobody does.
"""

import asyncio
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from backend.flows.ports import EngineAway
from backend.forecast.preview import NeverOvertakes
from backend.kernel.finding import Refused
from backend.kernel.trace import Trace
from backend.live.desk import Desk
from backend.live.wire import LENGTH_BYTES, Question, desk_path
from backend.worker.desk import answering
from tests.databases import short_folder
from tests.http import foreseen

TRACES = (Trace(name="gv", value=624050, unit="points", parts=(Trace(name="pv", value=624050, unit="points"),)),)


@pytest.fixture
def path() -> Iterator[Path]:
    """Yield where the desk of a short data folder stands."""
    with short_folder() as folder:
        yield desk_path(folder)


async def found(question: Question) -> object:
    """Know one member, and nobody else."""
    known = {"explain": TRACES, "changes": foreseen.changes(), "breakaway": foreseen.preview()}
    return known[question.asked] if question.member == "AMARA" else None


async def slow(question: Question) -> object:
    """Take longer than anybody waits."""
    await asyncio.sleep(5)
    return await found(question)


async def test_what_lies_ahead_is_answered_whole(path: Path) -> None:
    """Changes and the preview of a breakaway arrive as they were, either ending of the override's race included."""
    never = foreseen.preview(overtake=NeverOvertakes(reason="title"))

    async def other(_: Question) -> object:
        return never

    async with answering(path, found):
        desk = Desk(path)
        assert (foreseen.changes(), foreseen.preview()) == (
            await desk.changes("AMARA"),
            await desk.breakaway("AMARA", "MEI"),
        )
        with pytest.raises(EngineAway):
            await desk.breakaway("NOBODY", "MEI")
    async with answering(path, other):
        assert never == await Desk(path).breakaway("AMARA", "MEI")
        with pytest.raises(EngineAway):
            await Desk(path).changes("AMARA")


async def test_a_question_is_answered_whole(path: Path) -> None:
    """The traces arrive as they were, parts included, for fifty that ask at once."""
    async with answering(path, found):
        answers = await asyncio.gather(*(Desk(path).explain("AMARA") for _ in range(50)))

    assert [TRACES] * 50 == answers


async def test_an_answer_that_is_not_there_yet_is_an_engine_away(path: Path) -> None:
    """Before the first refresh the worker answers that it has nothing."""
    async with answering(path, found):
        with pytest.raises(EngineAway):
            await Desk(path).explain("NOBODY")


async def test_no_worker_is_an_engine_away(path: Path) -> None:
    """Neither a missing socket nor one whose worker was killed keeps anybody waiting."""
    with pytest.raises(EngineAway):
        await Desk(path).explain("AMARA")
    async with answering(path, found):
        path.rename(path.with_name("kept"))
    path.with_name("kept").rename(path)
    with pytest.raises(EngineAway):
        await Desk(path).explain("AMARA")


async def test_a_slow_worker_is_an_engine_away_in_time(path: Path) -> None:
    """Whoever asks waits no longer than its patience."""
    began = time.monotonic()
    async with answering(path, slow):
        with pytest.raises(EngineAway):
            await Desk(path, patience_seconds=0.2).explain("AMARA")
        waited = time.monotonic() - began

    assert 0.2 <= waited < 1


async def test_a_killed_workers_socket_is_replaced(path: Path) -> None:
    """The next worker answers where the last one left its socket behind."""
    path.parent.mkdir(mode=0o700)
    path.touch()
    async with answering(path, found):
        assert TRACES == await Desk(path).explain("AMARA")


@pytest.mark.parametrize("words", [b"\xff" * 9, (9).to_bytes(LENGTH_BYTES, "big") + b"no json{}", b"\x00"])
async def test_a_stranger_is_hung_up_on_and_the_others_are_answered(path: Path, words: bytes) -> None:
    """Who speaks another language gets no answer; the desk goes on."""
    async with answering(path, found):
        reader, writer = await asyncio.open_unix_connection(str(path))
        writer.write(words)
        writer.write_eof()
        assert b"" == await asyncio.wait_for(reader.read(), 2)
        writer.close()
        assert TRACES == await Desk(path).explain("AMARA")


async def test_a_folder_that_others_may_open_is_refused_on_both_sides(path: Path) -> None:
    """Neither worker nor web trusts a socket that somebody else could have put there."""
    path.parent.mkdir(mode=0o700)
    path.parent.chmod(0o755)
    with pytest.raises(Refused):
        await answering(path, found).__aenter__()
    with pytest.raises(EngineAway):
        await Desk(path).explain("AMARA")


def test_a_long_data_folder_has_a_short_socket(tmp_path: Path) -> None:
    """A path that no socket can bear is exchanged for a short one, the same each time, another for each folder."""
    deep = tmp_path / ("x" * 120)
    assert desk_path(deep) == desk_path(deep) != desk_path(deep / "y")
    assert 100 > len(str(desk_path(deep)))
