"""What the project's code and text must be like, beyond what ruff and mypy see."""

import ast
import inspect
import pathlib
import re
import subprocess

import pytest

from saharaclient.api import base
from tests.support import make_client

ROOT = pathlib.Path(__file__).parents[2]
SOURCES = sorted((ROOT / "src").rglob("*.py"))
METHODS = {
    f"{version}.{name}.{method}": function
    for version in ("1.1", "2")
    for name, manager in vars(make_client(version)).items()
    for method, function in inspect.getmembers(manager, inspect.ismethod)
    if not method.startswith("_")
}


@pytest.mark.parametrize("where", METHODS)
def test_every_public_method_is_documented_whole(where):
    """What it does, each parameter, what it returns, what it raises, and the REST call."""
    function = METHODS[where]
    text = inspect.getdoc(function)
    assert text, "no docstring"
    assert "REST: " in text
    assert "Raises:" in text
    signature = inspect.signature(function)
    for parameter in signature.parameters.values():
        stars = r"\*\*" if parameter.kind is parameter.VAR_KEYWORD else ""
        assert re.search(rf"^    {stars}{parameter.name}: \S", text, re.MULTILINE), f"{parameter.name} is not described"
    described = set(re.findall(r"^    \**(\w+): ", text.partition("Args:")[2].partition("\n\n")[0], re.MULTILINE))
    assert described <= {*signature.parameters}, "describes what is not there"
    assert ("Returns:" in text) == (signature.return_annotation not in ("None", None))


@pytest.mark.parametrize("where", METHODS)
def test_every_public_method_is_typed(where):
    signature = inspect.signature(METHODS[where])
    assert signature.return_annotation is not signature.empty
    assert all(p.annotation is not p.empty for p in signature.parameters.values())


@pytest.mark.parametrize("version", ["1.1", "2"])
def test_every_resource_names_its_fields(version):
    for manager in vars(make_client(version)).values():
        own = [c for c in manager.resource_class.__mro__ if c not in base.Resource.__mro__]
        assert any(inspect.get_annotations(c) for c in own), manager.resource_class


@pytest.mark.parametrize("path", SOURCES, ids=lambda p: str(p.relative_to(ROOT)))
def test_every_module_says_what_is_in_it_and_is_short(path):
    text = path.read_text()
    assert ast.get_docstring(ast.parse(text))
    assert len(text.splitlines()) <= 460 or "\n# Made by tools/" in text


def test_a_body_is_made_of_parameters_alone():
    """Of a method that hands its `locals()` over, for a body, no local variable is anything but a parameter."""
    found = 0
    for path in SOURCES:
        for function in (node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.FunctionDef)):
            calls = [n for n in ast.walk(function) if isinstance(n, ast.Call) and ast.unparse(n) == "locals()"]
            if not calls:
                continue
            found += len(calls)
            [last] = [s for s in function.body if any(call in ast.walk(s) for call in calls)]
            before = [s for s in function.body[: function.body.index(last)] if not is_docstring(s)]
            assert before == [], f"{path}: {function.name}() takes locals() after other statements"
            assert not [n for n in ast.walk(last) if isinstance(n, ast.NamedExpr | ast.comprehension)], path
    assert found


def is_docstring(statement):
    return isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)


def test_no_path_of_a_machine_is_in_the_project():
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True)
    files = [ROOT / f for f in listed.stdout.splitlines()] if listed.returncode == 0 else SOURCES
    home = re.compile(r"/(home|root|work|Users)/\w+/")
    for path in files:
        if path.suffix in {".py", ".md", ".toml", ".rst", ""} and path.is_file():
            assert not home.search(path.read_text(errors="replace")), path
