"""Values from outside: ``${env:NAME}`` in any text of a project file; ``$${env:NAME}`` is the letters themselves."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_PLACE = re.compile(r"(\$?)\$\{env:([A-Za-z_][A-Za-z0-9_]*)\}")


def names_in(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[tuple[Any, ...], str]]:
    """The path and name of each value from outside."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from names_in(inner, (*path, key))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from names_in(inner, (*path, index))
    elif isinstance(value, str):
        yield from ((path, match[2]) for match in _PLACE.finditer(value) if not match[1])


def resolved(value: Any, environment: Mapping[str, str]) -> Any:
    """A copy of plain values with those from outside put in; what is not set stays as it is."""
    if isinstance(value, dict):
        return {key: resolved(inner, environment) for key, inner in value.items()}
    if isinstance(value, list):
        return [resolved(inner, environment) for inner in value]
    if not isinstance(value, str):
        return value
    return _PLACE.sub(lambda match: match[0][1:] if match[1] else environment.get(match[2], match[0]), value)


def from_outside(value: Any) -> bool:
    """Whether a value has something from outside in it."""
    return next(names_in(value), None) is not None


def escaped(value: Any) -> Any:
    """A copy of plain values that, read from a file, means these very letters."""
    if isinstance(value, dict):
        return {key: escaped(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [escaped(inner) for inner in value]
    return _PLACE.sub(lambda match: f"${match[0]}", value) if isinstance(value, str) else value


def place(name: str) -> str:
    """What stands in a file for a value from outside."""
    return f"${{env:{name}}}"
