"""What users hand to commands, checked: JSON files, ``name:value`` pairs, numbers, and bodies made of them.

Every error names the thing, the reason and what to do. Nothing here sends requests.
"""

from __future__ import annotations

import argparse
import functools
import inspect
import json
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from osc_lib import exceptions

from saharaclient.osc import versions

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

N = TypeVar("N", int, float)

_OTHER_NAMES = {"neutron_management_network": "net_id"}  # the server's names of what the library names otherwise
_NEVER_SET = frozenset({"id", "created_at", "updated_at", "tenant_id", "project_id", "is_default"})


class UsageError(exceptions.CommandError):
    """The arguments don't fit together; the exit code is that of any wrong use, 2."""


def read_json(path: str) -> Any:
    """What a JSON file says; ``-`` is standard input.

    Raises:
        CommandError: it can't be read, or is no JSON; then with line and column.
    """
    try:
        text = sys.stdin.read() if path == "-" else Path(path).read_text("utf-8")
    except OSError as error:
        raise exceptions.CommandError(f"{path}: can't be read: {error.strerror or error}") from None
    except UnicodeDecodeError as error:
        raise exceptions.CommandError(f"{path}: is no text in UTF-8 (byte {error.start}), so it is no JSON") from None
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        place = f"line {error.lineno}, column {error.colno}"
        raise exceptions.CommandError(f"{path}: is no JSON: {place}: {error.msg}") from None
    except RecursionError:
        raise exceptions.CommandError(f"{path}: is nested too deeply") from None


def read_object(path: str) -> dict[str, Any]:
    """What a JSON file says, which must be an object."""
    value: dict[str, Any] = _expect(dict, "an object, { … }", path)
    return value


def read_list(path: str) -> list[Any]:
    """What a JSON file says, which must be a list."""
    value: list[Any] = _expect(list, "a list, [ … ]", path)
    return value


def _expect(kind: type, wanted: str, path: str) -> Any:
    value = read_json(path)
    if not isinstance(value, kind):
        raise exceptions.CommandError(f"{path}: should hold {wanted}, not {json.dumps(value)[:60]}")
    return value


def pairs(texts: Iterable[str], option: str) -> dict[str, str]:
    """``name:value`` pairs as a mapping; a value may have colons."""
    found: dict[str, str] = {}
    for text in texts:
        name, colon, value = text.partition(":")
        if not (name and colon):
            raise UsageError(f"{option}: {text!r} should be <name>:<value>")
        found[name] = value
    return found


def counts(texts: Iterable[str], option: str) -> dict[str, int]:
    """``name:count`` pairs as a mapping."""
    found: dict[str, int] = {}
    for text in texts:
        name, _, count = text.rpartition(":")
        if not (name and count.isdecimal()):
            raise UsageError(f"{option}: {text!r} should be <name>:<count>, like workers:3")
        if name in found:
            raise UsageError(f"{option}: {name!r} is there twice")
        found[name] = int(count)
    return found


def positive_seconds(text: str) -> float:
    """The type of an option in seconds."""
    return _number(float, text, "a number of seconds above 0")


def positive_count(text: str) -> int:
    """The type of an option that counts something."""
    return _number(int, text, "a whole number above 0")


def regular_expression(text: str) -> re.Pattern[str]:
    """The type of an option that names match."""
    try:
        return re.compile(text)
    except re.error as error:
        raise argparse.ArgumentTypeError(f"{text!r} is no regular expression: {error}") from None


def _number(kind: Callable[[str], N], text: str, wanted: str) -> N:
    try:
        value = kind(text)
    except ValueError:
        value = kind("0")
    if not 0 < value < float("inf"):
        raise argparse.ArgumentTypeError(f"{text!r} should be {wanted}")
    return value


def require(parsed_args: argparse.Namespace, *names: str) -> None:
    """Raise if one of the options is missing that a command needs where no JSON file is given."""
    missing = [f"--{name.replace('_', '-')}" for name in names if getattr(parsed_args, name) is None]
    if missing:
        raise UsageError(f"{', '.join(missing)} must be given, or everything in a JSON file with --json")


def fit(body: Mapping[str, Any], method: Callable[..., Any], version: versions.Version) -> dict[str, Any]:
    """A body with the names that the API version has for what another calls otherwise, less what only servers set."""
    others = {**_OTHER_NAMES, **{v.version_field: version.version_field for v in (versions.V1, versions.V2)}}
    if "net_id" not in inspect.signature(method).parameters:
        del others["neutron_management_network"]
    return {others.get(name, name): value for name, value in body.items() if name not in _NEVER_SET}


def call(method: Callable[..., Any], body: Mapping[str, Any], source: str) -> Any:
    """Call a manager's method with a body that a user wrote.

    Args:
        method: the method; its parameters are the members that the body may have.
        body: the body.
        source: where it comes from, for messages.

    Raises:
        CommandError: the body has members too many or too few.
    """
    parameters = inspect.signature(method).parameters
    if unknown := sorted(body.keys() - parameters.keys()):
        known = ", ".join(sorted(parameters))
        raise exceptions.CommandError(f"{source}: unknown: {', '.join(unknown)}; what there can be: {known}")
    needed = [name for name, p in parameters.items() if p.default is p.empty and name not in body]
    if needed:
        raise exceptions.CommandError(f"{source}: missing: {', '.join(needed)}")
    return method(**body)


def with_id(update: Callable[..., Any], resource_id: str) -> Callable[..., Any]:
    """An update method for one resource, whose id the body need not name."""
    return functools.partial(update, resource_id)
