"""Spark's and Hadoop's configuration files: Java properties and Hadoop XML, readable by this user alone.

It writes XML and reads none.
"""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING
from xml.etree import ElementTree  # nosec B405

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

_ESCAPES = {"\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t", "\f": "\\f"}
_UNESCAPES = {escape[1]: plain for plain, escape in _ESCAPES.items()}


def write_private(path: Path, text: str) -> None:
    """Write a file that only this user can read, from its first byte on."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)


def write_properties(path: Path, properties: Mapping[str, str]) -> None:
    """Write Java properties, one ``name=value`` a line."""
    lines = (f"{_escaped(name, ' =:#!')}={_escaped(value)}\n" for name, value in properties.items())
    write_private(path, "".join(lines))


def read_properties(path: Path) -> dict[str, str]:
    """What `write_properties` wrote."""
    found = {}
    for line in path.read_text(encoding="utf-8").split("\n"):
        if match := re.fullmatch(r"((?:\\.|[^\\=])+)=(.*)", line):
            found[_plain(match[1])] = _plain(match[2])
    return found


def write_hadoop_xml(path: Path, properties: Mapping[str, str]) -> None:
    """Write a Hadoop configuration file."""
    root = ElementTree.Element("configuration")
    for name, value in properties.items():
        entry = ElementTree.SubElement(root, "property")
        ElementTree.SubElement(entry, "name").text = name
        ElementTree.SubElement(entry, "value").text = value
    write_private(path, ElementTree.tostring(root, encoding="unicode", xml_declaration=True))


def _escaped(text: str, further: str = "") -> str:
    escaped = "".join(_ESCAPES.get(char, f"\\{char}" if char in further else char) for char in text)
    # Java drops blanks before a value.
    return f"\\{escaped}" if escaped.startswith(" ") else escaped


def _plain(text: str) -> str:
    return re.sub(r"\\(.)", lambda match: _UNESCAPES.get(match[1], match[1]), text)
