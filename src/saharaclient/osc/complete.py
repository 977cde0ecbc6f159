"""Tab completion of ``openstack dataprocessing``: commands, options, and the names of what is in the cloud.

``eval "$(python -m saharaclient.osc.complete)"`` in a shell's start-up file turns it on; everything else that
``openstack`` can do is still completed by what ``openstack complete`` printed, if that was loaded.
"""

from __future__ import annotations

import argparse
import os
import shlex
import sys
from importlib.metadata import EntryPoint, entry_points
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from saharaclient.osc import plugin

if TYPE_CHECKING:
    from collections.abc import Callable

_TIMEOUT = 5.0  # seconds; a shell should not hang
_SEPARATOR = "\013"
_PREFIX = "dataprocessing"
_MANAGERS = {
    "cluster": "clusters",
    "cluster_template": "cluster_templates",
    "node_group_template": "node_group_templates",
    "image": "images",
    "data_source": "data_sources",
    "input": "data_sources",
    "output": "data_sources",
    "job_binary": "job_binaries",
    "mains": "job_binaries",
    "libs": "job_binaries",
    "program": "job_binaries",
    "plugin": "plugins",
}
_SHELL_CODE = """\
_saharaclient() {{
    if [[ " ${{COMP_WORDS[*]}} " == *" dataprocessing "* ]]; then
        local IFS=$'\\013'
        COMPREPLY=( $(_ARGCOMPLETE=1 _ARGCOMPLETE_IFS="$IFS" COMP_LINE="$COMP_LINE" COMP_POINT="$COMP_POINT" \\
            {python} -m saharaclient.osc.complete 8>&1 9>/dev/null 1>/dev/null 2>/dev/null) )
    elif declare -F _openstack > /dev/null; then
        _openstack
    fi
}}
complete -o default -F _saharaclient openstack
"""


def commands_of(version: str) -> dict[tuple[str, ...], EntryPoint]:
    """The commands of an API version by their words after ``dataprocessing``."""
    found = entry_points(group=f"openstack.{plugin.API_NAME}.v{version[0]}")
    return {tuple(entry.name.split("_")[1:]): entry for entry in found}


def command_at(words: list[str], commands: dict[tuple[str, ...], EntryPoint]) -> tuple[str, ...] | None:
    """The longest command that `words` begin with."""
    return max((name for name in commands if tuple(words[: len(name)]) == name), key=len, default=None)


def next_words(words: list[str], prefix: str, commands: dict[tuple[str, ...], EntryPoint]) -> list[str]:
    """The words that can follow `words` on the way to a command."""
    here = len(words)
    following = {name[here] for name in commands if name[:here] == tuple(words) and len(name) > here}
    return sorted(word for word in following if word.startswith(prefix))


def parser_of(entry: EntryPoint, client: Callable[[], Any]) -> argparse.ArgumentParser:
    """A command's parser, whose arguments know how to complete names.

    Args:
        entry: the command.
        client: makes the client; it is called only if names are asked for.
    """
    parser: argparse.ArgumentParser = entry.load()(SimpleNamespace(), None).get_parser("openstack")
    for action in parser._actions:
        if action.dest in _MANAGERS:
            action.completer = _names(client, _MANAGERS[action.dest])  # type: ignore[attr-defined]
        elif action.dest in ("job", "job_template"):
            action.completer = _names(client, action.dest)  # type: ignore[attr-defined]
    return parser


def _names(client: Callable[[], Any], what: str) -> Callable[..., list[str]]:
    def completer(prefix: str, **_: Any) -> list[str]:
        from saharaclient.osc import versions

        try:
            api = client()
            version = versions.of(api)
            manager = getattr(api, {"job": version.jobs, "job_template": version.job_templates}.get(what, what))
            found = (str(getattr(resource, "id" if what == "job" else "name", "")) for resource in manager.list())
            return [name for name in found if name.startswith(prefix)]
        except Exception:  # completion must never disturb a shell
            return []

    return completer


def _client_of(options: argparse.Namespace) -> Any:
    import openstack.config

    from saharaclient import client

    region = openstack.config.OpenStackConfig().get_one(argparse=options)
    return client.Client(
        options.os_data_processing_api_version,
        session=region.get_session(),
        sahara_url=options.os_data_processing_url,
        region_name=region.get_region_name("data-processing"),
        timeout=_TIMEOUT,
        retry_deadline=0,
    )


def _global_options(words: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(add_help=False)
    parser.add_argument("--os-cloud", default=None)
    parser.add_argument("--os-region-name", default=None)
    return plugin.build_option_parser(parser).parse_known_args(words)[0]


def complete() -> None:
    """Answer a shell that asks what can follow."""
    import argcomplete
    from argcomplete.lexers import split_line

    line, point = os.environ["COMP_LINE"], int(os.environ["COMP_POINT"])
    _, prefix, _, before, _ = split_line(line, point)
    at = before.index(_PREFIX)
    options, words = _global_options(before[1:at]), before[at + 1 :]
    commands = commands_of(options.os_data_processing_api_version)
    name = command_at(words, commands)
    if name is None or next_words(words, prefix, commands):
        with os.fdopen(8, "w") as answer:
            answer.write(_SEPARATOR.join(next_words(words, prefix, commands)))
        return
    rest = shlex.join(["openstack", *words[len(name) :]]) + " " + prefix
    os.environ.update(COMP_LINE=rest, COMP_POINT=str(len(rest)))
    argcomplete.autocomplete(parser_of(commands[name], lambda: _client_of(options)))


if __name__ == "__main__":
    if "_ARGCOMPLETE" in os.environ:
        complete()
    else:
        sys.stdout.write(_SHELL_CODE.format(python=shlex.quote(sys.executable)))
