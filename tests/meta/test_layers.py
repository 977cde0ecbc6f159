"""Imports go down the layers of `tests.meta.layers` and never in a circle; what still does not is listed there."""

from __future__ import annotations

import ast
import re

import pytest

from tests.meta import imports, layers

# A package in which every kind of import makes a circle.
ROUND = {
    "__init__.py": "",
    "top.py": "from saharaclient import lazy, typed\n",
    "lazy.py": "def later():\n    import saharaclient.named\n",
    "named.py": "import importlib\n\nimportlib.import_module('saharaclient.top')\n",
    "typed.py": "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from .inner.relative import thing\n",
    "inner/__init__.py": "",
    "inner/relative.py": "from .. import typed\nfrom ..named import anything\n",
}

MODULES = imports.modules()
INNER = imports.within(imports.every_import(), MODULES)


def short(name: str) -> str:
    return name.removeprefix(imports.PACKAGE).removeprefix(".")


def shown(found: imports.Import) -> str:
    return f"{short(found.importer) or 'saharaclient'} -> {short(found.imported) or 'saharaclient'}"


def room_of(module: str) -> str:
    """The room whose name for it is the longest."""
    place = short(module)
    named = {
        name: room
        for room, names in layers.ROOMS.items()
        for name in names
        if name == place or (name and place.startswith(f"{name}."))
    }
    assert named, f"{module} is in no room of tests/meta/layers.py"
    return named[max(named, key=len)]


def row_of(room: str, house: list[list[str]]) -> int | None:
    return next((number for number, row in enumerate(house) if room in row), None)


def goes_down(importer: str, imported: str) -> bool:
    """Whether the layers let one room import another."""
    for house in (layers.LIBRARY, layers.SERVICE):
        above, below = row_of(importer, house), row_of(imported, house)
        if above is not None and below is not None:
            return importer == imported or above < below
    users = layers.SERVICE_USES.get(imported, set())
    return row_of(importer, layers.SERVICE) is not None and (importer in users or "*" in users)


def is_allowed(found: imports.Import) -> bool:
    room = room_of(found.importer)
    inner = found.imported in MODULES
    if any(f"{found.imported}.".startswith(f"{name}.") for name in layers.WITHOUT.get(room, ())):
        return found.for_types and not inner  # what comes from elsewhere may be named in annotations
    return not inner or goes_down(room, room_of(found.imported))


def against_the_rules() -> set[str]:
    return {shown(found) for found in imports.every_import() if not is_allowed(found)}


def going_round() -> set[str]:
    """The imports that are part of a circle."""
    circles = imports.circles((found.importer, found.imported) for found in INNER)
    return {shown(f) for f in INNER if any(f.importer in circle and f.imported in circle for circle in circles)}


def test_each_room_is_in_one_row():
    placed = [room for house in (layers.LIBRARY, layers.SERVICE) for row in house for room in row]
    assert sorted(placed) == sorted(layers.ROOMS)


@pytest.mark.parametrize("module", MODULES)
def test_each_module_is_in_a_room(module):
    assert room_of(module)


def test_imports_keep_the_rules():
    assert not against_the_rules() - layers.KNOWN, "against the layers in tests/meta/layers.py"


def test_no_imports_go_in_a_circle():
    """Not even lazy ones, inside a function, nor those for types: what is in a circle is understood as a whole only."""
    arrows = [(found.importer, found.imported) for found in INNER if shown(found) not in layers.KNOWN]
    assert not imports.circles(arrows)


def test_what_is_listed_as_known_is_still_there():
    gone = layers.KNOWN - against_the_rules() - going_round()
    assert not gone, "no longer there: remove them from KNOWN in tests/meta/layers.py"


# `requests.exceptions` and `urllib3.exceptions` are no senders.
SENDS = re.compile(r"(requests|urllib3)\.(?!exceptions\b)\w|(urlopen|http\.client|socket)\b|.*\.request$")


def calls_of(path):
    return {ast.unparse(node.func) for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Call)}


def test_one_way_to_the_network():
    """Of the library and what is built on it; the embedded service is a server."""
    library = {short(name): path for name, path in MODULES.items() if row_of(room_of(name), layers.LIBRARY) is not None}
    sending = {
        name: found
        for name, path in library.items()
        if (found := {call for call in calls_of(path) if SENDS.match(call)} - {"self.api.request"})
    }
    assert sending == layers.SENDERS
    connections = {"saharaclient._core.wire", "saharaclient._core.connections"}
    assert {short(f.importer) for f in INNER if f.imported in connections} == layers.KNOW_CONNECTIONS


def test_every_kind_of_import_is_seen(tmp_path):
    for name, text in ROUND.items():
        path = tmp_path / imports.PACKAGE / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    known = imports.modules(tmp_path)
    found = imports.within(imports.every_import(tmp_path), known)
    assert {shown(each) for each in found} == {
        "top -> lazy",
        "top -> typed",
        "lazy -> named",
        "named -> top",
        "typed -> inner.relative",
        "inner.relative -> typed",
        "inner.relative -> named",
    }
    assert {shown(each) for each in found if each.for_types} == {"typed -> inner.relative"}
    [circle] = imports.circles((each.importer, each.imported) for each in found)
    assert len(circle) == 5
    without = [each for each in found if shown(each) not in {"named -> top", "typed -> inner.relative"}]
    assert imports.circles((each.importer, each.imported) for each in without) == []
