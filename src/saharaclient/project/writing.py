"""A project as the text of a file: the same project gives the same text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import yaml

from saharaclient.project.types import SECTIONS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from saharaclient.project.types import Sections

_WIDTH = 110  # characters of a line


class _Dumper(yaml.SafeDumper):
    """Lists are indented, short lists of texts stand in one line, texts of several lines as blocks."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> Any:  # noqa: ARG002, FBT001, FBT002
        return super().increase_indent(flow, indentless=False)

    def ignore_aliases(self, data: Any) -> bool:  # noqa: ARG002 - PyYAML's
        return True


def _text(dumper: yaml.SafeDumper, value: str) -> yaml.Node:
    style = "|" if "\n" in value.strip("\n") and value == value.rstrip(" ") else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", value, style=style)


def _list(dumper: yaml.SafeDumper, value: list[Any]) -> yaml.Node:
    short = all(not isinstance(item, dict | list) for item in value) and len(str(value)) < _WIDTH - 30
    return dumper.represent_sequence("tag:yaml.org,2002:seq", value, flow_style=short)


_Dumper.add_representer(str, _text)
_Dumper.add_representer(list, _list)


def text(sections: Sections, head: Sequence[str] = ()) -> str:
    """A project as YAML.

    Args:
        sections: the project.
        head: lines of a comment at the beginning.
    """
    parts = ["".join(f"# {commented(line)}".rstrip() + "\n" for line in head)] if head else []
    for section in SECTIONS:
        entries = getattr(sections, section)
        if entries:
            given = {name: entries[name].given() for name in sorted(entries)}
            parts.append(_yaml({section: given}))
    if len(parts) == bool(head):
        parts.append("{}\n")
    return "\n".join(parts)


def commented(words: str) -> str:
    """Words as a comment has them: in one line, with nothing in it that ends a comment or that YAML refuses."""
    return "".join(one if one.isprintable() else one.encode("unicode_escape").decode() for one in words)


def _yaml(value: Any) -> str:
    written: str = yaml.dump(
        value, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=_WIDTH, default_flow_style=False
    )
    return written
