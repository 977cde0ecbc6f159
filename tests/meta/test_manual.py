"""The manual is complete: every public name, every command and every make target is in it, and links lead somewhere."""

import importlib
import json
import re
from importlib.metadata import entry_points
from pathlib import Path
from types import SimpleNamespace
from typing import TypeVar

import pytest

import saharaclient
from saharaclient.api import base
from tests.support import make_client

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
PAGES = [*ROOT.glob("*.md"), *sorted(DOCS.rglob("*.md"))]
REFERENCE = "\n".join(page.read_text() for page in PAGES)
DOCUMENTED = re.compile(r"^\.\. (auto\w+|currentmodule):: ([\w.]+)((?:\n   :.*)*)", re.MULTILINE)
OLD_NAMES = json.loads((Path(__file__).parent / "python_api.json").read_text())
COMMANDS = {v: {e.name: e for e in entry_points(group=f"openstack.data_processing.v{v}")} for v in ("1", "2")}


def documented():
    """What the pages document by autodoc: full names, and the options of each directive."""
    found = {}
    for page in PAGES:
        module = ""
        for directive, name, options in DOCUMENTED.findall(page.read_text()):
            if directive == "currentmodule":
                module = name
            elif directive == "automodule":
                members = vars(importlib.import_module(name)) if ":members:" in options else {}
                found |= {f"{name}.{m}": "" for m, v in members.items() if getattr(v, "__module__", None) == name}
            else:
                found[name if name.startswith("saharaclient.") else f"{module}.{name}"] = options
    return found


NAMES = documented()


def public_names():
    """What programs may use: all of the modules for that, what 4.2.0 had, and the managers of clients."""
    for name in (
        "saharaclient",
        "saharaclient.client",
        "saharaclient.bulk",
        "saharaclient.states",
        "saharaclient.types",
        "saharaclient.aio",
        "saharaclient.osc.plugin",
    ):
        for member, value in vars(importlib.import_module(name)).items():
            own = getattr(value, "__module__", None) == name and not isinstance(value, TypeVar)
            if own and not member.startswith("_"):
                yield f"{name}.{member}"
    yield from (f"saharaclient.api.base.{name}" for name in base.__all__)
    for module, names in OLD_NAMES.items():
        if module != "managers":
            yield from (f"{module}.{name}" for name, entry in names.items() if entry["kind"] in ("class", "function"))
    for version in ("1.1", "2"):
        for manager in vars(make_client(version)).values():
            yield f"{type(manager).__module__}.{type(manager).__name__}"
            yield f"{type(manager).__module__}.{manager.resource_class.__name__}"


@pytest.mark.parametrize("name", sorted({*public_names()}))
def test_every_public_name_is_in_the_reference(name):
    assert name in NAMES


@pytest.mark.parametrize("version", ["1.1", "2"])
def test_managers_are_documented_with_all_their_methods(version):
    for manager in vars(make_client(version)).values():
        options = NAMES[f"{type(manager).__module__}.{type(manager).__name__}"]
        assert {":members:", ":inherited-members:"} <= set(options.split()), manager


ENTRY = re.compile(
    r"""^```\{eval-rst\}
\.\. autoprogram-cliff:: openstack\.data_processing\.v2
   :command: dataprocessing (.+)
```

(?:% skip: .*

)?```(?:console|shell)
((?:.*\n)*?)```$""",
    re.MULTILINE,
)


def test_every_command_has_an_entry_with_an_example():
    """The examples are run with the pages' code; the manual shows each in the command's own section."""
    commands = sorted(name.replace("_", " ").removeprefix("dataprocessing ") for name in COMMANDS["2"])
    entries = [entry for page in PAGES for entry in ENTRY.findall(page.read_text())]
    assert sorted(command for command, _ in entries) == commands
    for command, example in entries:
        assert re.search(rf"(sahara|openstack dataprocessing)( --\S+ \d)? {command}\b", example), example


def test_commands_are_the_same_in_both_versions():
    """So that the manual describes them once."""
    assert set(COMMANDS["2"]) - set(COMMANDS["1"]) == {"dataprocessing_cluster_update_keypair"}
    assert set(COMMANDS["1"]) <= set(COMMANDS["2"])
    for name, entry in COMMANDS["1"].items():
        assert described(entry) == described(COMMANDS["2"][name]), name


def described(entry):
    command = entry.load()(SimpleNamespace(command_manager=SimpleNamespace(namespace="")), None)
    return command.get_description(), command.get_parser("command").format_help()


def test_the_readme_counts_the_commands():
    counts = f"The {len(COMMANDS['1'])} commands of API 1.1 and {len(COMMANDS['2'])} of API 2"
    assert counts in (ROOT / "README.md").read_text()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_relative_links_resolve(page):
    for target in re.findall(r"\]\((?!https?:|#|mailto:)([^)#]+)", page.read_text()):
        assert (page.parent / target).exists(), target


def test_every_page_is_in_a_table_of_contents():
    listed = {DOCS / "index.md", DOCS / "reference" / "figures-table.md"}
    for page in DOCS.rglob("*.md"):
        for toctree in re.findall(r"^```\{toctree\}\n(.*?)^```", page.read_text(), re.MULTILINE | re.DOTALL):
            entries = [line for line in toctree.splitlines() if line and not line.startswith(":")]
            listed |= {(page.parent / f"{entry}.md").resolve() for entry in entries}
    assert listed == set(DOCS.rglob("*.md"))


@pytest.mark.parametrize("page", sorted(DOCS.rglob("*.md")), ids=lambda page: str(page.relative_to(ROOT)))
def test_no_line_of_code_is_cut_in_a_browser(page):
    """106 characters fit into a page 1,280 pixels wide; what commands print is wrapped there."""
    blocks = re.findall(
        r"^```(python|shell|console|yaml|json|ini)\n(.*?)^```", page.read_text(), re.MULTILINE | re.DOTALL
    )
    lines = [
        line for kind, code in blocks for line in code.splitlines() if kind != "console" or line[:2] in ("$ ", "> ")
    ]
    assert [line for line in lines if len(line) > 106] == []


def test_every_managers_page_has_an_example():
    pages = [page for page in (DOCS / "client").glob("api-*/*.md") if page.stem != "index"]
    assert len(pages) > 20
    assert [page.name for page in pages if "```python" not in page.read_text()] == []


def test_the_readmes_make_commands_are_the_makefiles():
    makefile = (ROOT / "Makefile").read_text()
    targets = set(re.findall(r"^([a-z-]+):", makefile, re.MULTILINE))
    pages = "".join((ROOT / name).read_text() for name in ("README.md", "CONTRIBUTING.md"))
    named = set(re.findall(r"\bmake ([a-z-]+)", pages))
    assert named <= targets


def test_the_manual_is_of_this_version():
    assert f"## {saharaclient.__version__}" in (ROOT / "CHANGELOG.md").read_text()
