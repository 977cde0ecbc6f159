"""What imports what in the package, read from its text: at the top of modules, in functions and for types alone."""

from __future__ import annotations

import ast
import functools
import pathlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

SOURCE = pathlib.Path(__file__).parents[2] / "src"
PACKAGE = "saharaclient"


@dataclass(frozen=True, order=True)
class Import:
    """One module's import of another.

    Attributes:
        importer: its dotted name.
        imported: that of the module, of the package or of what is outside.
        line: where it stands.
        for_types: whether it is there for the type checker alone, and happens in no run.
    """

    importer: str
    imported: str
    line: int
    for_types: bool

    def __str__(self) -> str:
        return f"{self.importer} -> {self.imported}"


@functools.cache
def modules(source: pathlib.Path = SOURCE) -> Mapping[str, pathlib.Path]:
    """The package's modules, and packages as such, by dotted name."""
    found = {}
    for path in sorted((source / PACKAGE).rglob("*.py")):
        parts = path.relative_to(source).with_suffix("").parts
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


@functools.cache
def every_import(source: pathlib.Path = SOURCE) -> tuple[Import, ...]:
    """All that the package's modules import, once for each place."""
    return tuple(
        sorted({found for name, path in modules(source).items() for found in _of(name, path, modules(source))})
    )


def within(found: Iterable[Import], names: Iterable[str]) -> list[Import]:
    """Those of one module by another of `names`."""
    known = set(names)
    return [each for each in found if each.imported in known and each.imported != each.importer]


def _of(importer: str, path: pathlib.Path, known: Mapping[str, pathlib.Path]) -> Iterator[Import]:
    tree = ast.parse(path.read_text(), str(path))
    package = importer if path.name == "__init__.py" else importer.rpartition(".")[0]
    for_types = {
        id(inner)
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test)
        for part in node.body
        for inner in ast.walk(part)
    }
    for node in ast.walk(tree):
        for imported in _names(node, package, known):
            yield Import(importer, imported, node.lineno, id(node) in for_types)  # type: ignore[attr-defined]


def _names(node: ast.AST, package: str, known: Mapping[str, pathlib.Path]) -> Iterator[str]:
    match node:
        case ast.Import(names=names):
            yield from (alias.name for alias in names)
        case ast.ImportFrom(module=module, names=names, level=level):
            base = ".".join(filter(None, [*package.split(".")[: len(package.split(".")) - level + 1], module]))
            base = base if level else module or ""
            for alias in names:
                inner = f"{base}.{alias.name}"
                yield inner if inner in known else base
        case ast.Call(func=ast.Attribute(attr="import_module") | ast.Name(id="import_module"), args=[first, *_]):
            if isinstance(first, ast.Constant) and isinstance(first.value, str):
                yield first.value


def circles(arrows: Iterable[tuple[str, str]]) -> list[list[str]]:
    """Groups of names of which each leads to every other one (Tarjan's strongly connected components)."""
    ahead: dict[str, list[str]] = {}
    for start, end in arrows:
        ahead.setdefault(start, []).append(end)
        ahead.setdefault(end, [])
    number: dict[str, int] = {}
    lowest: dict[str, int] = {}
    stack: list[str] = []
    found = []

    def visit(name: str) -> None:
        number[name] = lowest[name] = len(number)
        stack.append(name)
        for following in ahead[name]:
            if following not in number:
                visit(following)
                lowest[name] = min(lowest[name], lowest[following])
            elif following in stack:
                lowest[name] = min(lowest[name], number[following])
        if lowest[name] == number[name]:
            group = stack[stack.index(name) :]
            del stack[stack.index(name) :]
            if len(group) > 1:
                found.append(sorted(group))

    for name in sorted(ahead):
        if name not in number:
            visit(name)
    return sorted(found)
