"""Tab completion of ``sahara`` and ``openstack dataprocessing``: commands, options, and names of what is in the cloud.

``eval "$(sahara complete)"`` in the start-up file of bash turns it on, with ``zsh`` or ``fish`` after it in that of
theirs. Shells ask by ``COMP_LINE``, what is typed before the cursor, and get a word a line. In bash everything else
that ``openstack`` can do is still completed by what ``openstack complete`` printed, if that was loaded.
"""

from __future__ import annotations

import os
import shlex
import sys
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from saharaclient.osc import command_line, connection

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Iterable
    from importlib.metadata import EntryPoint

_TIMEOUT = 5.0  # seconds; a shell should not hang
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
# What each shell has to be told; {ask} prints what can follow COMP_LINE.
_SHELL_CODE = {
    "bash": """\
_saharaclient() {{
    if [[ $1 == sahara || " ${{COMP_WORDS[*]}} " == *" dataprocessing "* ]]; then
        local IFS=$'\\n' COMP_LINE="${{COMP_LINE:0:COMP_POINT}}"
        COMPREPLY=( $(COMP_LINE="$COMP_LINE" {ask}) )
    elif declare -F _openstack > /dev/null; then
        _openstack
    fi
}}
complete -o default -F _saharaclient openstack sahara
""",
    "zsh": """\
(( $+functions[compdef] )) || {{ autoload -Uz compinit && compinit }}
_saharaclient() {{
    if [[ $words[1] != sahara ]] && (( ! $words[(I)dataprocessing] )); then
        _default
        return
    fi
    local typed="${{(j: :)words[1,CURRENT-1]}} $PREFIX"
    compadd -- ${{(f)"$(COMP_LINE="$typed" {ask})"}}
}}
compdef _saharaclient openstack sahara
""",
    "fish": """\
function __saharaclient
    COMP_LINE=(commandline -cp | string collect) {ask}
end
complete -c sahara -f -a '(__saharaclient)'
complete -c openstack -n 'contains dataprocessing (commandline -opc)' -f -a '(__saharaclient)'
""",
}


def next_words(words: list[str], prefix: str, commands: Iterable[tuple[str, ...]]) -> list[str]:
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
    from saharaclient import client

    reached = connection.Connection(options)
    return client.Client(
        options.os_data_processing_api_version,
        session=reached.session,
        sahara_url=options.os_data_processing_url,
        region_name=reached._region_name,
        endpoint_type=reached._interface,
        timeout=_TIMEOUT,
        retry_deadline=0,
    )


def answers(line: str) -> list[str]:
    """What can follow a command line: the next words of commands, else names, else options."""
    from argcomplete import finders
    from argcomplete.lexers import split_line

    _, prefix, _, before, _ = split_line(line, len(line))
    globals_ = command_line.options_parser()
    given, words = _split(before[1:], globals_)
    options = globals_.parse_known_args(given)[0]
    commands = command_line.commands_of(options.os_data_processing_api_version)
    name = command_line.command_at(words, commands)
    if following := next_words(words, prefix, commands):
        return following
    if name is None:
        return (
            [] if words else sorted(flag for flag in globals_._option_string_actions if flag.startswith(prefix or "-"))
        )
    parser = parser_of(commands[name], lambda: _client_of(options))
    for every in (False, True):  # names first: options only where there are none, or a - was typed
        finder = finders.CompletionFinder(parser, always_complete_options=every, append_space=False)
        if found := finder._get_completions(["command", *words[len(name) :]], prefix, "", None):  # type: ignore[no-untyped-call]
            return sorted({word.strip() for word in found})
    return []


def _split(words: list[str], parser: argparse.ArgumentParser) -> tuple[list[str], list[str]]:
    """The global options of a command line, and the words of its command."""
    if _PREFIX in words:
        at = words.index(_PREFIX)
        return words[:at], words[at + 1 :]
    at = 0
    while at < len(words) and words[at].startswith("-"):
        action = parser._option_string_actions.get(words[at])
        at += 2 if action is not None and action.nargs is None else 1
    return words[:at], words[at:]


def main(arguments: list[str]) -> int:
    """Answer a shell that asks what can follow, or print what turns completion on in it."""
    wanted = arguments[0] if arguments else "bash"
    if wanted == "answer":
        sys.stdout.write("".join(f"{word}\n" for word in answers(os.environ["COMP_LINE"])))
        return 0
    if wanted not in _SHELL_CODE:
        sys.stderr.write(f"There is completion for {', '.join(_SHELL_CODE)}, not for {wanted}.\n")
        return 2
    ask = f"{shlex.quote(sys.executable)} -m saharaclient.osc.complete answer </dev/null 2>/dev/null"
    sys.stdout.write(_SHELL_CODE[wanted].format(ask=ask))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
