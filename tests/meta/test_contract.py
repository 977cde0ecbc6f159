"""Every module, class, method and signature of release 4.2.0 is still there; additions are free."""

import importlib
import inspect
import json
import pathlib
import re

import pytest

from tests.support import make_client

API = json.loads((pathlib.Path(__file__).parent / "python_api.json").read_text())
MANAGERS = API.pop("managers")
NAMES = [
    pytest.param(module, name, entry, id=f"{module}.{name}")
    for module, names in API.items()
    for name, entry in names.items()
    if name != "LOG"
]


def parameters(signature):
    """'(self, a, b=None, **kw)' -> [('self', False), ('a', False), ('b', True)]"""
    inner = signature.strip()[1 : signature.rindex(")")]
    parts, depth, word = [], 0, ""
    for char in inner:
        depth += (char in "([{") - (char in ")]}")
        if char == "," and depth == 0:
            parts.append(word)
            word = ""
        else:
            word += char
    stripped = [p.strip() for p in (*parts, word)]
    return [(re.split(r"[:=]", p)[0].strip(), "=" in p) for p in stripped if p and not p.startswith(("*", "/"))]


def check_signature(wanted, function):
    have = [*inspect.signature(function).parameters.values()]
    positional = [p for p in have if p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD)]
    names = parameters(wanted)
    assert [p.name for p in positional[: len(names)]] == [name for name, _ in names]
    for parameter, (_, optional) in zip(positional, names, strict=False):
        assert not optional or parameter.default is not parameter.empty
    added = [p for p in have if p.name not in dict(names) and p.kind not in (p.VAR_POSITIONAL, p.VAR_KEYWORD)]
    assert all(p.default is not p.empty for p in added)


@pytest.mark.parametrize(("module_name", "name", "entry"), NAMES)
def test_name(module_name, name, entry):
    module = importlib.import_module(module_name)
    thing = getattr(module, name)
    if entry["kind"] == "function":
        check_signature(entry["signature"], thing)
    elif entry["kind"] == "class":
        for method, signature in entry["methods"].items():
            found = getattr(thing, method)
            if (method, signature) != ("__init__", "(self, /, *args, **kwargs)"):
                check_signature(signature, found)
        assert all(hasattr(thing, attribute) for attribute in entry.get("attributes", {}))
        if "alias_of" in entry:
            assert getattr(module, entry["alias_of"]) is thing


@pytest.mark.parametrize("version", MANAGERS)
def test_managers(version):
    client = make_client(version)
    for attribute, path in MANAGERS[version].items():
        module, _, name = path.rpartition(".")
        assert isinstance(getattr(client, attribute), getattr(importlib.import_module(module), name))
