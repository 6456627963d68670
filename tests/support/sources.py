"""Our source files and what they import, read without running them."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
FOLDERS = {
    "mdat_audit": "audit",
    "mdat_data": "data",
    "mdat_extract": "extract",
    "mdat_keras": "mdat_keras",
    "mdat_predict": "predict",
    "mdat_train": "train",
}
"""Name of a package -> its folder."""


@dataclass(frozen=True)
class Import:
    """A module that is imported.

    Attributes:
        name: Full name; of `from a import b` it is `a.b`.
        at_once: It is imported with the file, not inside a function nor for type checking.
    """

    name: str
    at_once: bool

    @property
    def package(self) -> str:
        """First part of the name."""
        return self.name.partition(".")[0]


def modules() -> dict[str, Path]:
    """Every module of ours by its full name."""
    found = {}
    for package, folder in FOLDERS.items():
        for path in sorted((ROOT / folder).rglob("*.py")):
            parts = path.relative_to(ROOT / folder).with_suffix("").parts
            found[".".join([package, *(p for p in parts if p != "__init__")])] = path
    return found


@cache
def tree(path: Path) -> ast.Module:
    """The syntax tree of a file."""
    return ast.parse(path.read_text(encoding="utf-8"))


@cache
def imports(path: Path) -> tuple[Import, ...]:
    """All imports of a file, wherever they stand in it."""
    return tuple(_imports(tree(path), at_once=True))


def loaded_at_once(module: str) -> set[str]:
    """Names of all modules that come with the import of one of ours, through all of ours."""
    ours, seen, waiting = modules(), set(), [module]
    while waiting:
        name = waiting.pop()
        if name in seen:
            continue
        seen.add(name)
        if name.partition(".")[0] in FOLDERS:
            parent, _, last = name.rpartition(".")
            waiting += [parent] if parent else []
            path = ours.get(name)  # none where the name is that of a class in its module
            waiting += [i.name for i in imports(path) if i.at_once] if path else _lazily(name, ours)
    return seen


def _lazily(name: str, ours: dict[str, Path]) -> list[str]:
    """The module that brings a name which its package loads at the first use.

    Packages list such names in `__init__.pyi`, as relative imports.
    """
    package, _, last = name.rpartition(".")
    path = ours.get(package)
    stub = path.with_suffix(".pyi") if path else None
    if stub is None or not stub.is_file():
        return []
    nodes = [node for node in tree(stub).body if isinstance(node, ast.ImportFrom)]
    return [
        f"{package}.{node.module}"
        for node in nodes
        if last in {alias.asname or alias.name for alias in node.names}
    ]


def _imports(node: ast.AST, *, at_once: bool) -> Iterator[Import]:
    if isinstance(node, ast.Import):
        yield from (Import(alias.name, at_once) for alias in node.names)
    elif isinstance(node, ast.ImportFrom):
        # A relative import has no name of ours and is caught by that.
        start = "." * node.level + (node.module or "")
        yield from (Import(f"{start}.{alias.name}", at_once) for alias in node.names)
    later = isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
    if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
        later = True
    for child in ast.iter_child_nodes(node):
        yield from _imports(child, at_once=at_once and not later)
