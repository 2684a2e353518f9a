"""
The style of the house, as far as a program can read it: sizes, names, docstrings, and what never stands in a file.
"""

import ast
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.guards.tree import ROOT, functions, parsed, plant, python_files, text_files

MODULE_LINES = 300
BODY_LINES = 40
KERNEL_LINES = 90
USUAL_LINES = 20
SCRIPT_LINES = 50
TOP_LEVEL = {"pyproject.toml", "README.md", "LICENSE", "backend", "web", "tests", "manifest", "scripts"}
VAGUE = {"manager", "helper", "helpers", "util", "utils", "service", "base", "common", "handler", "handlers", "misc"}
UNFINISHED = re.compile("TO" + "DO|FIX" + r"ME|\bXX" + "X\b|NotImplemented" + "Error|for " + "now")
PROMISES = re.compile(
    r"(unlimited|passive|effortless|guaranteed)\s+income|financial\s+freedom|get\s+rich", re.IGNORECASE
)
MACHINE = re.compile(r"(?:^|[^\w.])/(?:" + "wo" + "rk|fa" + "rm)/[a-z.]")
SKIPS = re.compile(r"pytest\.(mark\.)?(skip|xfail|importor" + "skip)")
ADDRESS = re.compile(r"://(?!127\.0\.0\.1|localhost|user:password@)")


def without_docstring(root: Path) -> list[str]:
    """Return each module, public function and test that does not say what it is or claims."""
    return [
        f"{path.relative_to(root)}:{line} {name} has no docstring: say what it is, or claims, in a sentence."
        for folder in ("backend", "tests")
        for path in python_files(root, folder)
        for line, name in _silent(parsed(path), tests=folder == "tests")
    ]


def _silent(tree: ast.Module, *, tests: bool) -> Iterator[tuple[int, str]]:
    if not ast.get_docstring(tree) and tree.body:
        yield 1, "the module"
    for node in _public(tree):
        if (not tests or node.name.startswith("test_")) and not ast.get_docstring(node):
            yield node.lineno, node.name


def _public(
    parent: ast.Module | ast.ClassDef,
) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef]:
    """Yield what others may call by name: not what is private, nor what stands inside of it or of a function."""
    for node in parent.body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) and not node.name.startswith("_"):
            yield node
            if isinstance(node, ast.ClassDef):
                yield from _public(node)


def too_long(root: Path) -> list[str]:
    """Return each module and function that passes its size."""
    return [*_long_modules(root), *_long_functions(root)]


def _long_modules(root: Path) -> Iterator[str]:
    for folder in ("backend", "tests"):
        for path in python_files(root, folder):
            lines = len(path.read_text().splitlines())
            if lines > MODULE_LINES:
                yield f"{path.relative_to(root)} has {lines} lines, {MODULE_LINES} are the most: part it."


def _long_functions(root: Path) -> Iterator[str]:
    for path in python_files(root):
        for function in functions(parsed(path)):
            most = KERNEL_LINES if _is_kernel(function) else BODY_LINES
            if (lines := _body_lines(function)) > most:
                place = f"{path.relative_to(root)}:{function.lineno}"
                yield f"{place} {function.name} has {lines} lines, {most} are the most."


def usually_short(root: Path) -> tuple[int, int]:
    """Return how many functions stay under twenty lines, and how many there are; compiled kernels are not counted."""
    sizes = [
        _body_lines(function)
        for path in python_files(root)
        for function in functions(parsed(path))
        if not _is_kernel(function)
    ]
    return sum(size < USUAL_LINES for size in sizes), len(sizes)


def _is_kernel(function: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    return any(re.search(r"jit|kernel", ast.unparse(decorator)) for decorator in function.decorator_list)


def _body_lines(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    body = function.body[1:] if ast.get_docstring(function) else function.body
    return (function.end_lineno or 0) - body[0].lineno + 1 if body else 0


def vague_names(root: Path) -> list[str]:
    """Return each module and class whose name could be any other's."""
    return [
        f"{path.relative_to(root)}: the name {name} says nothing; name it after the thing in the trade."
        for path in python_files(root)
        for name in [path.stem, *(node.name for node in ast.walk(parsed(path)) if isinstance(node, ast.ClassDef))]
        if VAGUE & set(re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower().split("_"))
    ]


def swallowed(root: Path) -> list[str]:
    """Return each place where an exception vanishes."""
    return [
        f"{path.relative_to(root)}:{node.lineno} swallows an exception: name it, and do something about it."
        for folder in ("backend", "tests")
        for path in python_files(root, folder)
        for node in ast.walk(parsed(path))
        if _swallows(node)
    ]


def _swallows(node: ast.AST) -> bool:
    if isinstance(node, ast.ExceptHandler):
        return node.type is None or all(isinstance(line, ast.Pass | ast.Continue) for line in node.body)
    return isinstance(node, ast.Call) and ast.unparse(node).endswith(("suppress(Exception)", "suppress(BaseException)"))


def forbidden_words(root: Path) -> list[str]:
    """Return each line that is unfinished, promises a member what nobody can, or names this machine."""
    return [
        *_matches(root, UNFINISHED, "is unfinished: finish it, or leave it out", "backend", "web", "scripts"),
        *_matches(
            root, PROMISES, "promises what nobody can: say what was earned, by whom", "backend", "web", "manifest"
        ),
        *_matches(root, MACHINE, "names a path of one machine", "backend", "web", "manifest", "tests", "scripts"),
        *_matches(root, SKIPS, "lets a test not run: make it run, or delete it", "tests"),
    ]


def _matches(root: Path, pattern: re.Pattern[str], reason: str, *folders: str) -> Iterator[str]:
    for path, text in text_files(root, *folders):
        for number, line in enumerate(text.splitlines(), 1):
            if pattern.search(line):
                yield f"{path.relative_to(root)}:{number} {reason}: {line.strip()[:80]}"


def foreign_addresses(root: Path) -> list[str]:
    """Return each build file that holds an address; where packages come from is the machine's business."""
    files = [root / "pyproject.toml", *(root / "scripts").glob("*"), *(root / "manifest/requirements").glob("*")]
    return [
        f"{path.relative_to(root)} holds an address: leave it to the machine."
        for path in files
        if ADDRESS.search(path.read_text())
    ]


def wrong_scripts(root: Path) -> list[str]:
    """Return each script that is longer than a screen, does not stop at errors, or does not say what it is for."""
    return [
        f"{path.relative_to(root)} {fault}."
        for path in sorted((root / "scripts").glob("*"))
        for fault in _script_faults(path)
    ]


def _script_faults(path: Path) -> Iterator[str]:
    lines = path.read_text().splitlines()
    if len(lines) > SCRIPT_LINES:
        yield f"has {len(lines)} lines, {SCRIPT_LINES} are a screen: what is a rule belongs to the backend"
    if "set -euo pipefail" not in lines:
        yield "does not stop at errors: set -euo pipefail"
    if len(lines) < 2 or not lines[1].startswith("# "):
        yield "does not say in its second line what it is for"
    if not path.stat().st_mode & 0o100:
        yield "cannot be run: chmod +x"


def strangers(root: Path) -> list[str]:
    """Return what stands at the top level and does not belong there."""
    names = {path.name for path in root.iterdir() if not path.name.startswith(".")}
    return [
        f"{name} does not belong at the top level: see the layout in manifest/decisions/0001."
        for name in sorted(names - TOP_LEVEL)
    ]


def unused(root: Path) -> list[str]:
    """Return each public function and class that no other line names; decorated ones are called by their library."""
    words = re.findall(r"\w+", "\n".join(text for _, text in text_files(root, "backend", "tests", "web")))
    seen: dict[str, int] = {}
    for word in words:
        seen[word] = seen.get(word, 0) + 1
    return [
        f"{path.relative_to(root)}:{node.lineno} {node.name} is used nowhere: delete it."
        for path in python_files(root)
        if "migrations" not in path.parts
        for node in parsed(path).body
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
        if not node.name.startswith("_") and not node.decorator_list and seen.get(node.name, 0) < 2
    ]


Rule = Callable[[Path], list[str]]

RULES: list[Rule] = [
    without_docstring,
    too_long,
    vague_names,
    swallowed,
    forbidden_words,
    foreign_addresses,
    wrong_scripts,
    strangers,
    unused,
]


@pytest.mark.parametrize("rule", RULES)
def test_the_house_is_tidy(rule: Rule) -> None:
    """No file breaks a rule of the house."""
    assert [] == rule(ROOT)


def test_nine_in_ten_are_short() -> None:
    """Nine functions in ten stay under twenty lines."""
    short, all_of_them = usually_short(ROOT)
    assert short * 10 >= all_of_them * 9


LONG = "\n".join(f"    a{number} = {number}" for number in range(BODY_LINES + 1))

FAULTS = [
    (without_docstring, "backend/a.py", "x = 1\n"),
    (without_docstring, "backend/a.py", '"""A."""\ndef public():\n    return 1\n'),
    (without_docstring, "backend/a.py", '"""A."""\nclass Public:\n    """A."""\n    def said(self): ...\n'),
    (without_docstring, "tests/test_a.py", '"""A."""\ndef test_a():\n    assert True\n'),
    (too_long, "backend/a.py", "x = 1\n" * (MODULE_LINES + 1)),
    (too_long, "backend/a.py", f"def long():\n{LONG}\n"),
    (vague_names, "backend/order_utils.py", ""),
    (vague_names, "backend/a.py", "class OrderManager: ...\n"),
    (swallowed, "backend/a.py", "try:\n    x = 1\nexcept OSError:\n    pass\n"),
    (swallowed, "backend/a.py", "with contextlib.suppress(Exception):\n    x = 1\n"),
    (forbidden_words, "backend/a.py", "# TO" + "DO: later\n"),
    (forbidden_words, "web/templates/a.html", "<p>Passive  income awaits you</p>\n"),
    (forbidden_words, "manifest/a.toml", 'path = "/wo' + 'rk/main"\n'),
    (forbidden_words, "tests/test_a.py", "@pytest.mark.sk" + "ip\n"),
    (foreign_addresses, "manifest/requirements/a.txt", "--index-url https://example.org/simple\n"),
    (wrong_scripts, "scripts/a", "#!/bin/sh\n"),
    (strangers, "docs/a.md", ""),
    (unused, "backend/a.py", "def forgotten():\n    return 1\n"),
]


@pytest.mark.parametrize(("rule", "name", "text"), FAULTS)
def test_a_planted_fault_is_caught(*, rule: Rule, name: str, text: str, tmp_path: Path) -> None:
    """Each rule names the file that breaks it."""
    plant(tmp_path, "pyproject.toml", "")
    assert any(name.partition("/")[0] in sentence for sentence in rule(plant(tmp_path, name, text)))


def test_kernels_may_be_longer(tmp_path: Path) -> None:
    """A compiled loop may be longer, where splitting would hide the rule."""
    assert [] == too_long(plant(tmp_path, "backend/a.py", f"@njit(cache=True)\ndef long():\n{LONG}\n"))
    assert (0, 1) == usually_short(plant(tmp_path, "backend/a.py", f"def long():\n{LONG}\n"))
