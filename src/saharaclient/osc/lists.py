"""The list commands' shape: filters, options for order and number, and reading page by page."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple

from osc_lib import exceptions

from saharaclient._core.paging import Pager
from saharaclient.api import base, pageable
from saharaclient.osc import command
from saharaclient.osc.columns import info_of, joined
from saharaclient.osc.inputs import UsageError, positive_count

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterable, Iterator, Sequence

    from saharaclient.osc.columns import Kind


class _Order(NamedTuple):
    field: str | None
    reverse: bool | None


class List(command.Lister):
    """List the resources of a kind."""

    kind: ClassVar[Kind]
    by_plugin: ClassVar[bool] = False  # whether it can be filtered by plugin and version
    by_name: ClassVar[bool] = False  # by a part of the name

    def get_parser(self, prog_name: str) -> argparse.ArgumentParser:
        """The command's arguments."""
        parser = super().get_parser(prog_name)
        if self.kind.long:
            parser.add_argument("--long", action="store_true", help="List additional fields in output")
        if self.by_plugin:
            add_plugin_filters(parser)
        if self.by_name:
            parser.add_argument("--name", metavar="<name-substring>", help="List those with this text in their name")
        parser.add_argument(
            "--property",
            metavar="<name=value>",
            action="append",
            default=[],
            help="List those whose field has this value, such as is_public=true (repeat for several fields)",
        )
        parser.add_argument(
            "--limit", metavar="<count>", type=positive_count, help="List so many at most (default: all)"
        )
        parser.add_argument("--marker", metavar="<id>", help="Begin after the one of this id")
        parser.add_argument(
            "--sort-by",
            metavar="<field>",
            help="Sort by this field, as the API names it; <field>:desc sorts the other way round",
        )
        return parser

    def take_action(self, parsed_args: argparse.Namespace) -> Any:
        """Run the command."""
        resources = self.found(parsed_args)
        return self.kind.table(resources, self.fields(long=getattr(parsed_args, "long", False)))

    def found(self, parsed_args: argparse.Namespace) -> list[Any]:
        """The resources that the arguments ask for."""
        wanted = {**self.wanted(parsed_args), **_properties(parsed_args.property)}
        known: set[str] = set()
        found = (
            resource
            for resource in self._candidates(parsed_args, wanted)
            if _fits(resource, wanted, known) and self.keep(resource, parsed_args)
        )
        resources = list(itertools.islice(found, self.most(parsed_args)))
        if known and (unknown := sorted(wanted.keys() - known)):
            fields = ", ".join(sorted(known))
            raise UsageError(f"{self.kind.noun}s have no field {', '.join(unknown)}; they have: {fields}")
        return resources

    def most(self, parsed_args: argparse.Namespace) -> int | None:
        """How many to read at most."""
        limit: int | None = parsed_args.limit
        return limit

    def fields(self, *, long: bool) -> tuple[str, ...]:
        """The fields to show."""
        return self.kind.listed + (self.kind.long if long else ())

    def wanted(self, parsed_args: argparse.Namespace) -> dict[str, str]:
        """Fields and the values that they must have."""
        if not self.by_plugin:
            return {}
        given = {"plugin_name": parsed_args.plugin, self.version.version_field: parsed_args.plugin_version}
        return {name: value for name, value in given.items() if value is not None}

    def keep(self, resource: Any, parsed_args: argparse.Namespace) -> bool:
        """Whether a resource is to be listed, as far as `wanted` does not say."""
        part = getattr(parsed_args, "name", None)
        return part is None or part in str(info_of(resource).get("name"))

    def search_opts(self, parsed_args: argparse.Namespace) -> dict[str, Any]:  # noqa: ARG002
        """What else the server shall filter by."""
        return {}

    def _candidates(self, parsed_args: argparse.Namespace, wanted: dict[str, str]) -> Iterator[Any]:
        manager = self.kind.of(self.client)
        by_server = {name: value for name, value in wanted.items() if name in manager.server_filters}
        by_server.update(self.search_opts(parsed_args))
        order = _order(parsed_args.sort_by)
        if not isinstance(manager, pageable.PageableManager):
            return iter(_page_of(manager.list(by_server or None), parsed_args.marker, order))
        pager = Pager(min(parsed_args.limit or base.PAGE_SIZE, base.PAGE_SIZE))
        pager.marker = parsed_args.marker
        return _pages(manager, pager, by_server, order)


def add_plugin_filters(parser: argparse.ArgumentParser) -> None:
    """Add the filters by plugin and by its version."""
    parser.add_argument("--plugin", metavar="<plugin>", help="List those of this plugin")
    parser.add_argument("--plugin-version", metavar="<plugin_version>", help="List those of this version of a plugin")


def _pages(manager: Any, pager: Pager, search_opts: dict[str, Any], order: _Order) -> Iterator[Any]:
    while not pager.done:
        try:
            page = manager.list(
                search_opts or None, limit=pager.limit, marker=pager.marker, sort_by=order.field, reverse=order.reverse
            )
        except (base.BadRequest, base.ServerError) as error:
            if order.field is None:
                raise
            # servers answer an unknown field with no more than "Internal Server Error"
            raise exceptions.CommandError(f"--sort-by: the server refuses to sort by {order.field}: {error}") from error
        pager.advance(page.next)
        yield from page


def _page_of(resources: Iterable[Any], marker: str | None, order: _Order) -> Sequence[Any]:
    """The part of a list that the server can't sort or cut itself."""
    found = list(resources)
    if (field := order.field) is not None:
        if found and not any(field in info_of(resource) for resource in found):
            raise UsageError(f"--sort-by: there is no field {field}")
        found.sort(key=lambda resource: _text(info_of(resource).get(field)), reverse=bool(order.reverse))
    if marker is None:
        return found
    for index, resource in enumerate(found):
        if marker in (info_of(resource).get("id"), info_of(resource).get("name")):
            return found[index + 1 :]
    raise exceptions.CommandError(f"--marker: there is none of the id {marker!r}")


def _order(text: str | None) -> _Order:
    """What ``--sort-by`` says."""
    if text is None:
        return _Order(None, None)
    name, _, direction = text.partition(":")
    if direction not in ("", "asc", "desc"):
        raise UsageError(f"--sort-by: the direction should be asc or desc, not {direction!r}")
    return _Order(name.removeprefix("-"), direction == "desc" or name.startswith("-"))


def _properties(texts: Iterable[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for text in texts:
        name, equals, value = text.partition("=")
        if not (name and equals):
            raise UsageError(f"--property: {text!r} should be <name>=<value>")
        found[name] = value
    return found


def _fits(resource: Any, wanted: dict[str, str], known: set[str]) -> bool:
    """Whether a resource has the wanted values; what fields there are is added to `known`."""
    if not wanted:
        return True
    info = info_of(resource)
    known.update(info)
    return all(name in info and _text(info[name]) == _text(value) for name, value in wanted.items())


def _text(value: Any) -> str:
    """A value as users write it: ``true``, ``none``, ``a, b``; capitals don't count."""
    return str(joined(value)).casefold()
