"""
Where every key and value of a TOML text stands: a path leads to a line and a column.

`tomllib` reads values and forgets their places; tree-sitter knows the places. Both read the same text, so a path
through the values is a path through the places.
"""

import tomllib
from collections.abc import Iterator

import tree_sitter_toml
from msgspec import Struct, field
from tree_sitter import Language, Node, Parser

from backend.kernel.finding import Finding, Place
from backend.plan.forms import Fault

Path = tuple[str | int, ...]
Spot = tuple[int, int]

_LANGUAGE = Language(tree_sitter_toml.language())
_TABLES = ("table", "table_array_element")


class Source(Struct):
    """The places of one text: of keys and of values by path, and of keys that stand twice, with their first place."""

    name: str
    text: str
    keys: dict[Path, Spot] = field(default_factory=dict)
    values: dict[Path, Spot] = field(default_factory=dict)
    twice: list[tuple[Path, Spot, Spot]] = field(default_factory=list)

    def key(self, path: Path, fault: Fault) -> Finding:
        """Return the fault as a finding at the key of a path, or at the nearest place around it."""
        return self._finding(self.keys, path, fault)

    def value(self, path: Path, fault: Fault) -> Finding:
        """Return the fault as a finding at the value of a path, or at the nearest place around it."""
        return self._finding(self.values, path, fault)

    def line(self, path: Path) -> int:
        """Return the line of a value, for words such as "see line 12"."""
        return _nearest(self.values, path)[0]

    def _finding(self, spots: dict[Path, Spot], path: Path, fault: Fault) -> Finding:
        line, column = spots.get(path) or _nearest(self.values, path)
        return self.at((line, column), fault, path)

    def at(self, spot: Spot, fault: Fault, path: Path = ()) -> Finding:
        """Return the fault as a finding at a line and a column."""
        place = Place(source=self.name, line=spot[0], column=spot[1], path=path_text(path))
        return Finding(code=fault.code, place=place, message=fault.message, remedy=fault.remedy)


def path_text(path: Path) -> str:
    """`steps[2].percent.2026-01-01`, counted from zero as the file's arrays are."""
    parts = [f"[{part}]" if isinstance(part, int) else f".{part}" for part in path]
    return "".join(parts).removeprefix(".")


def index(text: str, name: str) -> Source:
    """Return the places of a text that follows TOML's grammar; of another text there are none."""
    source = Source(name=name, text=text)
    source.values[()] = (1, 1)
    root = Parser(_LANGUAGE).parse(text.encode()).root_node
    if not root.has_error:
        _Walk(source).document(root)
    return source


def _nearest(spots: dict[Path, Spot], path: Path) -> Spot:
    while path and path not in spots:
        path = path[:-1]
    return spots.get(path, (1, 1))


class _Walk:
    def __init__(self, source: Source) -> None:
        self.source = source
        self.lines = source.text.encode().split(b"\n")
        self.counts: dict[Path, int] = {}
        self.defined: set[Path] = set()

    def document(self, root: Node) -> None:
        for node in root.named_children:
            if node.type in _TABLES:
                self.table(node)
            elif node.type == "pair":
                self.pair((), node)

    def table(self, node: Node) -> None:
        keys = [(_key_text(key), self.spot(key)) for child in node.named_children[:1] for key in _parts(child)]
        base: Path = ()
        for part, spot in keys[:-1]:
            base = self.last((*base, part))
            self.source.keys.setdefault(base, spot)
            self.source.values.setdefault(base, self.spot(node))
        if keys:
            self.header(node, (*base, keys[-1][0]), keys[-1][1])

    def header(self, node: Node, path: Path, spot: Spot) -> None:
        if node.type == "table_array_element":
            self.source.keys.setdefault(path, spot)
            self.source.values.setdefault(path, self.spot(node))
            self.counts[path] = self.counts.get(path, -1) + 1
            path = (*path, self.counts[path])
        if not self.put(path, spot, self.spot(node)):
            return
        for child in node.named_children:
            if child.type == "pair":
                self.pair(path, child)

    def last(self, path: Path) -> Path:
        return (*path, self.counts[path]) if path in self.counts else path

    def pair(self, base: Path, node: Node) -> None:
        if len(node.named_children) < 2:
            return
        key, value = node.named_children[0], node.named_children[-1]
        parts = [(_key_text(part), self.spot(part)) for part in _parts(key)]
        for part, spot in parts[:-1]:
            base = (*base, part)
            self.source.keys.setdefault(base, spot)
            self.source.values.setdefault(base, spot)
        path = (*base, parts[-1][0])
        if self.put(path, parts[-1][1], self.spot(value)):
            self.value(path, value)

    def value(self, path: Path, node: Node) -> None:
        if node.type == "inline_table":
            for child in node.named_children:
                if child.type == "pair":
                    self.pair(path, child)
        if node.type == "array":
            for number, child in enumerate(c for c in node.named_children if c.type != "comment"):
                self.source.values[(*path, number)] = self.spot(child)
                self.value((*path, number), child)

    def put(self, path: Path, key: Spot, value: Spot) -> bool:
        if path in self.defined:
            self.source.twice.append((path, key, self.source.keys[path]))
            return False
        self.defined.add(path)
        self.source.keys[path] = key
        self.source.values[path] = value
        return True

    def spot(self, node: Node) -> Spot:
        row, column = node.start_point.row, node.start_point.column
        return row + 1, len(self.lines[row][:column].decode()) + 1


def _parts(node: Node) -> Iterator[Node]:
    if node.type == "dotted_key":
        for child in node.named_children:
            yield from _parts(child)
    else:
        yield node


def _key_text(node: Node) -> str:
    text = (node.text or b"").decode()
    if node.type == "bare_key":
        return text
    try:
        return str(next(iter(tomllib.loads(f"{text} = 1"))))
    except tomllib.TOMLDecodeError:
        return text
