"""
The intake command tries files, takes them, and ends with 1 on a mistake; `held` lists what waits, and lets it go.
"""

import json
from pathlib import Path

from click.testing import CliRunner, Result

from backend.cli import group
from tests.cli.test_import_command import FILES


def run(dsn: str, folder: Path, *words: str) -> Result:
    """Run a command of the product on a database."""
    environment = {"DATABASE_URL": dsn, "HANDRAIL_DATA": str(folder / "data")}
    return CliRunner().invoke(group, list(words), env=environment)


def test_files_are_tried_then_taken(database: str, tmp_path: Path) -> None:
    """A dry run names each row and changes nothing; the same then happens; a mistake is named with its line."""
    (tmp_path / "company").mkdir()
    for name, text in FILES.items():
        (tmp_path / "company" / name).write_text(text)
    assert 0 == run(database, tmp_path, "import", str(tmp_path / "company")).exit_code
    drop = tmp_path / "drop"
    drop.mkdir()
    (drop / "members.csv").write_text("member,sponsor,joined\nNEW,LEG,2026-01-01\nLOW,LATE,2026-01-02\n")
    (drop / "orders.csv").write_text("order,member,placed_at,pv,cv\nA-1,LEG,2026-10-05,50,45\n")

    refused = run(database, tmp_path, "intake", str(drop))
    assert (1, True) == (refused.exit_code, "orders.csv:2 key-reused" in refused.output)
    tried = run(database, tmp_path, "intake", str(drop / "members.csv"), "--dry-run")
    assert 0 == tried.exit_code
    assert "members.csv:2 accepted: member member:NEW\n" in tried.output
    assert "members.csv:3 held: member member:LOW lacks member LATE\n" in tried.output
    assert "Nothing is held.\n" == run(database, tmp_path, "held").output
    taken = run(database, tmp_path, "intake", str(drop / "members.csv"))
    assert (0, True) == (taken.exit_code, "All of it was taken." in taken.output)
    (held,) = json.loads(run(database, tmp_path, "held", "--json").output)
    assert ("member:LOW", ["member LATE"], "files") == (held["key"], held["lacks"], held["source"])
    assert "member LATE" in run(database, tmp_path, "held").output

    words = ("held", "withdraw", "member:LOW", "--by", "Ines", "--why", "LATE never came.")
    assert (2, "withdrawn: member member:LOW\n") == (
        run(database, tmp_path, *words[:-2]).exit_code,
        run(database, tmp_path, *words).output,
    )
    assert ("Nothing is held.\n", 1) == (
        run(database, tmp_path, "held").output,
        run(database, tmp_path, *words).exit_code,
    )
    (gone,) = json.loads(run(database, tmp_path, "held", "--withdrawn", "--json").output)
    assert ("LATE never came.", "LOW") == (gone["why"], gone["body"]["member"])
    assert "Ines" in run(database, tmp_path, "held", "--withdrawn").output
