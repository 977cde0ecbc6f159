"""In which order things are done: what is named before what names it. No I/O."""

from __future__ import annotations

import graphlib
from typing import TYPE_CHECKING

from saharaclient.project.kinds import references
from saharaclient.project.types import SECTIONS

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from saharaclient.project.desired import Wanted

Key = tuple[str, str]  # section and name


def needs(wanted: Iterable[Wanted]) -> dict[Key, set[Key]]:
    """What each entry names, of those that are there."""
    found = {(one.section, one.name): one for one in wanted}
    return {
        key: {(section, name) for _, section, name in references(one.section, one.fields) if (section, name) in found}
        for key, one in found.items()
    }


def sequence(graph: Mapping[Key, Collection[Key]]) -> list[Key]:
    """The keys, each after those it needs; otherwise by kind and name, so that it is always the same."""
    sorter = graphlib.TopologicalSorter(graph)
    sorter.prepare()
    found: list[Key] = []
    while sorter.is_active():
        ready = sorted(sorter.get_ready(), key=lambda key: (SECTIONS.index(key[0]), key[1]))
        found += ready
        sorter.done(*ready)
    return found
