"""How resources become rows: which fields are shown, under which headings, and how values look."""

from __future__ import annotations

import logging
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from saharaclient.api import base
from saharaclient.osc import utils, versions

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

LOG = logging.getLogger(__name__)

# A field is known to users by one name, whatever the API version calls it.
_NAMES = {"hadoop_version": "plugin_version", "default_image_id": "image", "oozie_job_id": "engine_job_id"}


# Whether values stay lists and objects; else lists become the text that 4.2.0 made of them.
nested: ContextVar[bool] = ContextVar("nested", default=False)


def joined(values: Any) -> Any:
    """A list as ``a, b``, in alphabetical order; anything else as it is."""
    if isinstance(values, list | tuple | set | frozenset):
        return ", ".join(sorted(str(value) for value in values))
    return values


@dataclass(frozen=True)
class Kind:
    """What commands know of a kind of resource.

    Attributes:
        noun: what messages call it.
        manager: the client's attribute that manages it; where versions differ, a function of the version.
        listed: the fields of a list.
        long: the fields that ``--long`` adds.
        shown: the fields of one resource, as far as it has them.
        formats: how fields are shown that are not shown as they are.
        only_if_set: fields that are shown only if there is something in them.
        rename: other names of fields, besides those that versions differ in.
    """

    noun: str
    manager: str | Callable[[versions.Version], str]
    listed: tuple[str, ...]
    long: tuple[str, ...]
    shown: tuple[str, ...]
    formats: Mapping[str, Callable[[Any], Any]] = field(default_factory=dict)
    only_if_set: frozenset[str] = frozenset()
    rename: Mapping[str, str] = field(default_factory=dict)

    def of(self, client: Any) -> Any:
        """The client's manager of this kind."""
        name = self.manager if isinstance(self.manager, str) else self.manager(versions.of(client))
        return getattr(client, name)

    def details(self, info: Mapping[str, Any]) -> dict[str, Any]:
        """Headings and values of one resource, in alphabetical order.

        Args:
            info: its members.
        """
        values = self._values(info)
        shown = [name for name in self.shown if values.get(name) or name not in self.only_if_set]
        return dict(sorted(utils.prepare_data(values, shown).items()))

    def table(self, resources: Iterable[Any], fields: tuple[str, ...]) -> tuple[list[str], Iterator[tuple[Any, ...]]]:
        """Headings and rows of several resources."""
        return utils.prepare_column_headers(fields), self._rows(resources, fields)

    def _rows(self, resources: Iterable[Any], fields: tuple[str, ...]) -> Iterator[tuple[Any, ...]]:
        for resource in resources:
            values = self._values(info_of(resource))
            yield tuple(values.get(name) for name in fields)

    def _values(self, info: Mapping[str, Any]) -> dict[str, Any]:
        names = {**_NAMES, **self.rename}
        return {names.get(name, name): self._value(names.get(name, name), value, info) for name, value in info.items()}

    def _value(self, name: str, value: Any, info: Mapping[str, Any]) -> Any:
        if nested.get():
            return value
        show = self.formats.get(name)
        try:
            return joined(value) if show is None else show(value)
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            # one odd record must not break a list
            LOG.debug("%s %s: its %s is not as expected: %r", self.noun, info.get("id"), name, error)
            return str(value)


def info_of(resource: Any) -> dict[str, Any]:
    """A resource's members; what can't be read has none."""
    try:
        info: dict[str, Any] = resource._info
    except base.MalformedResponse as error:
        LOG.warning("%s", error)
        return {}
    return info


def unwrapped(resource: Any) -> dict[str, Any]:
    """The members of a resource, also where it is the one member of a whole reply, ``{"cluster": {…}}``."""
    info = info_of(resource)
    inner = (value for value in info.values() if isinstance(value, dict) and "id" in value)
    return info if "id" in info else next(inner, info)
