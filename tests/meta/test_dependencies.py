"""What the package imports is what it declares: the library little, each extra what it names."""

import ast
import functools
import importlib.metadata
import json
import pathlib
import re
import subprocess
import sys
import tomllib

import pytest
from packaging.requirements import Requirement

ROOT = pathlib.Path(__file__).parents[2]
PACKAGE = ROOT / "src" / "saharaclient"
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
BASE = {"keystoneauth1", "msgspec"}
# the part of the package → the extra that brings what it imports beyond the library's own
PARTS = {"osc": "cli", "local": "local", "console": "console", "project": "project"}
# imported if it is there, and done without if not
OPTIONAL = {
    "_core/clouds.py": {"openstack"},  # reads clouds.yaml
    "local/pytest_plugin.py": {"pytest"},  # loaded by pytest itself
}


def names(requirements):
    return {Requirement(r).name for r in requirements}


def canonical(name):
    return re.sub(r"[-_.]+", "-", name).lower()


@functools.cache
def closure(distribution):
    """The distributions that installing one brings along, itself among them."""
    found, left = set(), [distribution]
    while left:
        name = canonical(left.pop())
        if name in found:
            continue
        found.add(name)
        try:
            requirements = map(Requirement, importlib.metadata.requires(name) or [])
        except importlib.metadata.PackageNotFoundError:
            continue  # not in this environment: what has it cannot be imported here either
        left += [r.name for r in requirements if not r.marker or r.marker.evaluate({"extra": ""})]
    return frozenset(found)


@functools.cache
def modules_of(distributions):
    """The top-level modules of distributions; of one that is not here, a module of its name."""
    installed = importlib.metadata.packages_distributions().items()
    here = {module for module, owners in installed if distributions & {canonical(o) for o in owners}}
    return frozenset(here | {name.replace("-", "_") for name in distributions})


def brought(distributions):
    """The top-level modules that come with distributions and with what they need."""
    return modules_of(frozenset().union(*map(closure, distributions)))


def third_party(modules):
    return {m.partition(".")[0] for m in modules} - sys.stdlib_module_names - {"saharaclient"}


def imported_by(path):
    """Every module that a file imports, anywhere in it."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module


def test_the_base_install_is_small():
    assert names(PROJECT["dependencies"]) == BASE


def test_every_lower_bound_is_given():
    for requirement in [*PROJECT["dependencies"], *sum(PROJECT["optional-dependencies"].values(), [])]:
        parsed = Requirement(requirement)
        assert parsed.name == PROJECT["name"] or re.search(r">=|==", str(parsed.specifier)), requirement


def test_importing_the_library_imports_nothing_of_its_extras():
    script = (
        "import json, sys; before = {*sys.modules}\n"
        "import saharaclient.client, saharaclient.api.client, saharaclient.bulk\n"
        "print(json.dumps([*{*sys.modules} - before]))"
    )
    done = subprocess.run([sys.executable, "-I", "-c", script], capture_output=True, text=True, check=True)
    loaded = third_party(json.loads(done.stdout))
    extras = {canonical(n) for extra in PROJECT["optional-dependencies"].values() for n in names(extra)}
    assert loaded & BASE == {"keystoneauth1"}, "msgspec comes with the first JSON: its import is slow"
    # Not "nothing else": urllib3 and others import what they find of their own options.
    assert not loaded & modules_of(frozenset(extras) - frozenset().union(*map(closure, BASE)))


@pytest.mark.parametrize("path", sorted(PACKAGE.rglob("*.py")), ids=lambda p: str(p.relative_to(PACKAGE)))
def test_what_a_module_imports_is_declared(path):
    place = path.relative_to(PACKAGE)
    extra = PARTS.get(place.parts[0])
    declared = BASE | names(PROJECT["optional-dependencies"][extra] if extra else [])
    undeclared = third_party(imported_by(path)) - brought(declared) - OPTIONAL.get(str(place), set())
    assert not undeclared
