"""What a command line of `sahara` is made of: the options before a command, and the commands that there are."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from saharaclient.osc import connection, plugin

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from importlib.metadata import EntryPoint

NAME = "sahara"


def options_parser() -> argparse.ArgumentParser:
    """The options that come before a command."""
    from saharaclient import __version__

    parser = argparse.ArgumentParser(
        NAME,
        usage=f"{NAME} [options] <command> [arguments]",
        description="Data processing on OpenStack: the commands of `openstack dataprocessing`.",
        epilog='Completion: eval "$(sahara complete)" in bash, `sahara complete zsh`, `sahara complete fish | source`.',
        add_help=False,
        allow_abbrev=False,
    )
    parser.add_argument("-h", "--help", action="store_true", help="Show this, or what a command takes")
    parser.add_argument("--version", action="version", version=f"{NAME} {__version__}")
    parser.add_argument("-v", "--verbose", dest="verbose_level", action="count", default=1, help="Tell more")
    parser.add_argument(
        "-q", "--quiet", dest="verbose_level", action="store_const", const=0, help="Tell errors and no more"
    )
    parser.add_argument("--log-file", metavar="<file>", help="File for what is told")
    parser.add_argument("--debug", action="store_true", help="Tell every request, and tracebacks of errors")
    connection.add_options(parser)
    return parser


def commands_of(version: str) -> dict[tuple[str, ...], EntryPoint]:
    """The commands of an API version by their words after ``dataprocessing``, as this package's entry points say."""
    from importlib.metadata import distribution

    group = f"openstack.{plugin.API_NAME}.v{version[0]}"
    found = distribution("python-saharaclient").entry_points.select(group=group)
    return {tuple(entry.name.split("_")[1:]): entry for entry in found}


def command_at(words: Sequence[str], commands: Mapping[tuple[str, ...], Any]) -> tuple[str, ...] | None:
    """The longest command that `words` begin with."""
    return max((name for name in commands if tuple(words[: len(name)]) == name), key=len, default=None)
