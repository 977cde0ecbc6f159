"""A project file, read: YAML with lines, checked against the schema, every problem told at once."""

from __future__ import annotations

import difflib
import functools
import re
from typing import TYPE_CHECKING, Any

import jsonschema
import msgspec
import yaml

from saharaclient.project import schema
from saharaclient.project.problems import Origin, Problem, ProjectError
from saharaclient.project.types import Sections

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

DEEPEST = 40  # levels
_LARGEST = 16 * 1024 * 1024  # characters; of two hundred resources there are about a hundred thousand
_KINDS = {
    "string": "a text",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false",
    "array": "a list",
    "object": "names and values",
}


class _Loader(yaml.SafeLoader):
    """Safe, and what looks like a date stays a text."""


_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def read(path: Path) -> tuple[Sections, Path, Origin]:
    """What a file says, the folder it is in, and where in it things are; see `Project.read`."""
    try:
        text = path.read_text("utf-8")
    except UnicodeDecodeError as error:
        raise ProjectError([Problem(0, 0, f"is no text in UTF-8 (byte {error.start})", str(path))]) from None
    sections, origin = parse(text, str(path))
    return sections, path.parent, origin


def parse(text: str, file: str = "") -> tuple[Sections, Origin]:
    """What a text says, and where in it.

    Args:
        text: YAML.
        file: its name, for messages.

    Raises:
        ProjectError: what is wrong with it, all at once, with lines.
    """
    if len(text) > _LARGEST:
        raise ProjectError([Problem(0, 0, f"is larger than {_LARGEST} characters", file)])
    document, origin, problems = load(text, file)
    problems += [origin.problem(*found) for found in violations(document)]
    if problems:
        raise ProjectError(problems)
    return msgspec.convert(document, Sections), origin


def load(text: str, file: str) -> tuple[Any, Origin, list[Problem]]:
    """A YAML document as plain values, where in the text each is, and names that are there twice.

    Raises:
        ProjectError: it is no YAML, or nested without end.
    """
    try:
        loader = _Loader(text)
        node = loader.get_single_node()
        marks: dict[tuple[Any, ...], tuple[int, int]] = {(): (1, 1)}
        problems: list[Problem] = []
        value = {} if node is None else _Builder(loader, file, marks, problems).build(node, (), ())
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = (mark.line + 1, mark.column + 1) if mark else (0, 0)
        told = ", ".join(part for part in (error.context, error.problem) if part)
        raise ProjectError([Problem(*place, f"is no YAML: {told}", file)]) from None
    except yaml.YAMLError as error:
        raise ProjectError([Problem(0, 0, f"is no YAML: {' '.join(str(error).split())}", file)]) from None
    except (ValueError, OverflowError) as error:
        raise ProjectError([Problem(0, 0, f"has a value that can't be read: {error}", file)]) from None
    except RecursionError:
        raise ProjectError([Problem(0, 0, "is nested too deeply", file)]) from None
    return value, Origin(file, marks), problems


class _Builder:
    """Plain values from YAML's nodes."""

    def __init__(
        self, loader: Any, file: str, marks: dict[tuple[Any, ...], tuple[int, int]], problems: list[Problem]
    ) -> None:
        self.loader, self.file, self.marks, self.problems = loader, file, marks, problems
        self.left = 200_000  # values; anchors can make more of a small text than any memory holds

    def build(self, node: Any, path: tuple[Any, ...], within: tuple[int, ...]) -> Any:
        place = (node.start_mark.line + 1, node.start_mark.column + 1)
        self.marks.setdefault(path, place)
        self.left -= 1
        if id(node) in within or len(within) > DEEPEST or self.left < 0:
            reason = "contains itself" if id(node) in within else "is nested too deeply, or too large"
            raise ProjectError([Problem(*place, f"what stands here {reason}", self.file)])
        within = (*within, id(node))
        if isinstance(node, yaml.SequenceNode):
            return [self.build(item, (*path, index), within) for index, item in enumerate(node.value)]
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, path, within)
        return self.loader.construct_object(node)

    def _mapping(self, node: Any, path: tuple[Any, ...], within: tuple[int, ...]) -> dict[str, Any]:
        found: dict[str, Any] = {}
        merged: dict[str, Any] = {}
        for key_node, value_node in node.value:
            place = (key_node.start_mark.line + 1, key_node.start_mark.column + 1)
            if key_node.tag == "tag:yaml.org,2002:merge":
                for part in self._parts(value_node, path, within):
                    merged = {**part, **merged}
                continue
            if not isinstance(key_node, yaml.ScalarNode):
                self.problems.append(Problem(*place, "a name should stand here, no list and no mapping", self.file))
                continue
            key = key_node.value  # as it is written: names are texts, also where YAML would see a number
            if key in found:
                before, _ = self.marks[(*path, key)]
                self.problems.append(
                    Problem(*place, f"{key!r} is there twice, at first in line {before}; names are unique", self.file)
                )
                continue
            self.marks[(*path, key)] = place
            found[key] = self.build(value_node, (*path, key), within)
        return {**merged, **found}

    def _parts(self, node: Any, path: tuple[Any, ...], within: tuple[int, ...]) -> list[Any]:
        nodes = node.value if isinstance(node, yaml.SequenceNode) else [node]
        parts = [self.build(one, path, within) for one in nodes]
        return [part for part in parts if isinstance(part, dict)]


@functools.cache
def _validator() -> Any:
    return jsonschema.Draft202012Validator(schema.document())


def violations(document: Any) -> Iterator[tuple[tuple[Any, ...], str]]:
    """What the schema has against a document: path and message."""
    if not isinstance(document, dict):
        yield (), "a project file holds sections such as images, clusters and job_templates, each with names"
        return
    errors = [*_validator().iter_errors(document)]
    for error in errors:
        yield from _explain(error, tuple(error.absolute_path))


def _explain(error: Any, path: tuple[Any, ...]) -> Iterator[tuple[tuple[Any, ...], str]]:
    where = f"{path[-1]}: " if path else ""
    if error.validator == "anyOf":
        kinds = [_KINDS.get(option.get("type"), "") for option in error.validator_value]
        yield path, f"{where}should be {' or '.join(filter(None, kinds)) or 'something else'}, not {_shown(error)}"
    elif error.validator == "additionalProperties":
        known = [*error.schema.get("properties", {})]
        for name in error.instance.keys() - known:
            yield (*path, name), f"{name!r} is unknown here; {_nearest(name, known)}"
    elif error.validator == "type":
        advice = ""
        if error.validator_value == "string" and isinstance(error.instance, int | float):
            advice = ": write it in quotes"
        elif error.instance is None:
            advice = ": leave the name away where there is nothing to say"
        yield path, f"{where}should be {_KINDS[error.validator_value]}, not {_shown(error)}{advice}"
    elif error.validator == "required":
        missing = [name for name in error.validator_value if name not in error.instance]
        yield path, f"{where}{' and '.join(missing)} must be given"
    elif error.validator == "enum":
        yield path, f"{where}{_shown(error)} should be one of {', '.join(map(str, error.validator_value))}"
    elif error.validator == "pattern" or (error.validator in ("maxLength", "minLength") and "pattern" in error.schema):
        dotted = "letters, digits, - and ." + (" and _" if "_" in error.schema["pattern"] else "")
        # a name that is wrong is a key: the path ends at what holds it
        named = (*path, error.instance) if isinstance(error.instance, str) else path
        yield named, f"{error.instance!r} can't be a name: 1 to 50 {dotted}, beginning with a letter"
    else:
        yield path, f"{where}{error.message}"


def _nearest(name: str, known: list[str]) -> str:
    near = difflib.get_close_matches(re.sub(r"[^a-z0-9]+", "_", name.lower()), known, n=1)
    return f"did you mean {near[0]!r}?" if near else f"known are {', '.join(sorted(known))}"


def _shown(error: Any) -> str:
    value = error.instance
    if isinstance(value, dict | list):
        return "a list" if isinstance(value, list) else "names and values"
    if value is None:
        return "nothing"
    return "true" if value is True else "false" if value is False else repr(value)
