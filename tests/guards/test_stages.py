"""
The engine's house: a stage is a module, a page of cases, an explanation and a template of one name.

What stages share lies in rooms, and no room imports a stage.
"""

import ast

import pytest

from tests.guards.tree import ROOT, parsed

ENGINE = ROOT / "backend" / "engine"
ROOMS = ("columns", "gates", "upline", "groups", "amounts", "laws", "periods")


def _stages() -> list[str]:
    """Return the stages in their order, as the pipeline lists them; one that works twice is one stage."""
    for node in parsed(ENGINE / "pipeline.py").body:
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "STAGES":
            each = [ast.unparse(each).partition(".")[0] for each in ast.walk(node) if isinstance(each, ast.Attribute)]
            return list(dict.fromkeys(each))
    raise AssertionError("the pipeline names no stages")


STAGES = _stages()


@pytest.mark.parametrize("stage", STAGES)
def test_a_stage_stands_in_its_places_under_one_name(stage: str) -> None:
    """Whoever opens a stage finds its cases, its explanation and its template by the same name."""
    places = (
        ENGINE / f"{stage}.py",
        ENGINE / "explain" / f"{stage}.py",
        ROOT / "tests" / "engine" / "cases" / f"{stage}.toml",
        ROOT / "web" / "templates" / "explain" / f"{stage}.html",
    )
    assert [place for place in places if not place.is_file()] == []


def test_beside_the_stages_stand_only_the_documents_of_the_engine() -> None:
    """Every other module has a room; so the folder reads as the plan does."""
    documents = {"__init__", "pipeline", "snapshot", "outcome", "tiny"}
    assert {path.stem for path in ENGINE.glob("*.py")} == documents | set(STAGES)


def test_no_room_of_the_engine_imports_a_stage() -> None:
    """Stages read rooms and each other's columns; what they share knows none of them."""
    arrows = [
        f"{path.relative_to(ROOT)} imports {node.module}"
        for room in ROOMS
        for path in sorted((ENGINE / room).glob("*.py"))
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.ImportFrom)
        and node.module
        and (node.module.split(".")[2:3] or [""])[0] in {*STAGES, "pipeline", "explain"}
        and node.module.startswith("backend.engine")
    ]
    assert arrows == []
