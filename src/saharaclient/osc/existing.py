"""`--if-not-exists`: scripts that can be run again, since what is there already is not created but compared."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from osc_lib import exceptions

from saharaclient.api import base
from saharaclient.osc import columns, inputs

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Iterator, Mapping

    from saharaclient.osc import command
    from saharaclient.osc.columns import Kind

# What the library and the server call differently.
_FIELDS = {"data_source_type": "type", "net_id": "neutron_management_network"}
# What a server does not tell again: secrets, and how many were asked for.
_NEVER_TOLD = frozenset({"extra", "credential_user", "credential_pass", "s3_credentials", "count"})


def add_option(parser: Any) -> None:
    """Add ``--if-not-exists``."""
    parser.add_argument(
        "--if-not-exists",
        action="store_true",
        help="If there is one of this name that is alike, show it; exit code 1 if it differs, saying in what",
    )


def or_made(look: Callable[[], Any], make: Callable[[], Any]) -> Any:
    """What is there, else what is made; somebody else may make it at the same moment.

    Args:
        look: finds what is there, or nothing.
        make: makes it.

    Raises:
        NameAlreadyExists: the name is taken by something that `look` does not find.
    """
    if there := look():
        return there
    try:
        return make()
    except base.NameAlreadyExists:
        if there := look():
            return there
        raise


def create(
    cmd: command._Common,
    kind: Kind,
    body: Mapping[str, Any],
    parsed_args: argparse.Namespace,
    make: Callable[[], Any] | None = None,
) -> Any:
    """Create something, unless there is one of its name and ``--if-not-exists`` was given.

    Args:
        cmd: the command.
        kind: what is to be created.
        body: the arguments of the manager's ``create``, as far as they are known before.
        parsed_args: the command's arguments.
        make: creates it; None calls the manager.

    Raises:
        CommandError: there is one of this name that differs, or there are several; or the body has members too many
            or too few.
    """
    source = getattr(parsed_args, "json", None) or "the options"
    make = make or (lambda: inputs.call(kind.of(cmd.client).create, body, source))
    if not parsed_args.if_not_exists:
        return make()
    return or_made(lambda: _same_as(cmd, kind, body), make)


def _same_as(cmd: command._Common, kind: Kind, body: Mapping[str, Any]) -> Any | None:
    name = body.get("name")
    found = kind.of(cmd.client).find(name=name)
    if not found:
        return None
    if len(found) > 1:
        raise exceptions.CommandError(f"There are {len(found)} of the name {name!r}: --if-not-exists can't tell which")
    if told := "; ".join(_differences(body, columns.info_of(found[0]))):
        raise exceptions.CommandError(f"{kind.noun} {name!r} is there and differs: {told}")
    return found[0]


def _differences(wanted: Mapping[str, Any], there: Mapping[str, Any]) -> Iterator[str]:
    for name, value in wanted.items():
        field = _FIELDS.get(name, name)
        if value is not None and name not in _NEVER_TOLD and not _alike(value, there.get(field)):
            yield f"{field} is {there.get(field)!r}, not {value!r}"


def _alike(wanted: Any, there: Any) -> bool:
    """Whether what is there has all that is wanted; servers add members, and tell binaries as wholes."""
    if isinstance(wanted, dict) and isinstance(there, dict):
        return all(_alike(value, there.get(name)) for name, value in wanted.items())
    if isinstance(wanted, list | tuple) and isinstance(there, list | tuple):
        return len(wanted) == len(there) and all(any(_alike(one, other) for other in there) for one in wanted)
    if isinstance(wanted, str) and isinstance(there, dict):
        return wanted == there.get("id")
    return bool(wanted == there) or (not wanted and not there) or str(wanted) == str(there)
