"""
The project's files, as the guards read them; any folder laid out like the project will do, so faults can be planted.
"""

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TEXT = {
    ".py",
    ".md",
    ".toml",
    ".txt",
    ".html",
    ".css",
    ".js",
    ".json",
    ".svg",
    ".csv",
    ".webmanifest",
    ".po",
    ".pot",
    "",
}


def python_files(root: Path, folder: str = "backend") -> list[Path]:
    """Return the Python files of a folder, in order."""
    return sorted((root / folder).rglob("*.py"))


def text_files(root: Path, *folders: str) -> Iterator[tuple[Path, str]]:
    """Yield each text file of some folders with its text; what was vendored is not ours."""
    for folder in folders:
        for path in sorted((root / folder).rglob("*")):
            ours = "__pycache__" not in path.parts and "vendor" not in path.parts[:-1]
            if ours and path.is_file() and path.suffix in TEXT:
                yield path, path.read_text(encoding="utf-8")


def parsed(path: Path) -> ast.Module:
    """Return a Python file as a tree."""
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def functions(tree: ast.AST) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Yield every function and method, nested ones too."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def plant(root: Path, name: str, text: str) -> Path:
    """Write a file into a folder laid out like the project; return the folder."""
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return root
