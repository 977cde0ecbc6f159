"""The command `sahara`: ``sahara cluster list`` is ``openstack dataprocessing cluster list`` that starts at once.

It finds a command in the entry points of this package alone, imports that one module, and runs the very class that
OpenStackClient runs. What only a command that reaches the cloud needs is imported when it is first used.
"""

from __future__ import annotations

import importlib.util
import logging
import sys
import warnings
from typing import TYPE_CHECKING, Any

from saharaclient.osc import connection, plugin
from saharaclient.osc.command_line import NAME, command_at, commands_of, options_parser

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator, Mapping, Sequence
    from importlib.metadata import EntryPoint

_EXIT_USAGE, _EXIT_INTERRUPTED, _EXIT_PIPE = 2, 130, 141
_LATER = ("saharaclient.api.base", "saharaclient.api.pageable", "saharaclient._core.files")  # of no use for help
_FORMATTERS = {
    "cliff.formatter.list": ("csv", "json", "table", "value", "yaml"),
    "cliff.formatter.show": ("json", "shell", "table", "value", "yaml"),
}
_FORMATTER_CLASSES = {
    "csv": "commaseparated:CSVLister",
    "json": "json_format:JSONFormatter",
    "shell": "shell:ShellFormatter",
    "table": "table:TableFormatter",
    "value": "value:ValueFormatter",
    "yaml": "yaml_format:YAMLFormatter",
}
_LEVELS = {0: logging.ERROR, 1: logging.WARNING, 2: logging.INFO}  # by verbosity; above it is DEBUG


class Formatter:
    """One of cliff's formatters, as stevedore would hand it over."""

    def __init__(self, name: str) -> None:
        module, _, cls = _FORMATTER_CLASSES[name].partition(":")
        self.name = name
        self.obj = getattr(importlib.import_module(f"cliff.formatters.{module}"), cls)()


class Formatters:
    """The formatters of a kind of command, known without looking through what is installed."""

    def __init__(self, namespace: str) -> None:
        self._found = {name: Formatter(name) for name in _FORMATTERS[namespace]}

    def names(self) -> list[str]:
        """Their names."""
        return [*self._found]

    def __getitem__(self, name: str) -> Formatter:
        return self._found[name]

    def __iter__(self) -> Iterator[Formatter]:
        return iter(self._found.values())


class App:
    """What commands know as OpenStackClient's application."""

    NAME = NAME
    LOG = logging.getLogger(NAME)
    formatters = Formatters

    def __init__(self, options: argparse.Namespace) -> None:
        self.options = options
        self.stdin, self.stdout, self.stderr = sys.stdin, sys.stdout, sys.stderr
        self.api_version = {plugin.API_NAME: options.os_data_processing_api_version}
        self.client_manager = connection.Connection(options)

    def prepare_to_run_command(self, command: Any) -> None:
        """Nothing: the connection logs in when it is first used. OpenStackClient does it before commands that ask."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command.

    Args:
        arguments: the command line; None for the process' own.

    Returns:
        The exit code.
    """
    parser = options_parser()
    options, words = parser.parse_known_args(sys.argv[1:] if arguments is None else arguments)
    if options.os_data_processing_api_version not in plugin.API_VERSIONS:  # parsers check what is typed alone
        known = " or ".join(plugin.API_VERSIONS)
        parser.error(f"OS_DATA_PROCESSING_API_VERSION is {options.os_data_processing_api_version!r}; it can be {known}")
    _configure_logging(options)
    commands = commands_of(options.os_data_processing_api_version)
    if words[:1] == ["help"]:
        options.help, words = True, words[1:]
    if words[:1] == ["complete"]:
        from saharaclient.osc import complete  # a shell's start has it, other commands don't

        return complete.main(words[1:])
    name = command_at(words, commands)
    try:
        if name is not None:
            arguments = words[len(name) :] + ["--help"] * options.help
            return _run(App(options), commands[name], name, arguments)
        if not words:
            parser.print_help()
            options.help = True
        return _tell_commands(words, commands, asked=options.help)
    except BrokenPipeError:
        return _EXIT_PIPE
    except KeyboardInterrupt:
        return _EXIT_INTERRUPTED


def import_later(*names: str) -> None:
    """Have modules imported when something of theirs is first used."""
    for name in names:
        if name not in sys.modules and (spec := importlib.util.find_spec(name)) and spec.loader:
            spec.loader = importlib.util.LazyLoader(spec.loader)
            module = sys.modules[name] = importlib.util.module_from_spec(spec)
            spec.loader.exec_module(module)
            package, _, last = name.rpartition(".")
            setattr(sys.modules[package], last, module)  # where `from package import module` looks first


def _configure_logging(options: argparse.Namespace) -> None:
    """Messages as they are on standard error, as OpenStackClient has them."""
    level = logging.DEBUG if options.debug else _LEVELS.get(options.verbose_level, logging.DEBUG)
    root = logging.getLogger()
    root.setLevel(logging.DEBUG)
    handlers: list[logging.Handler] = [logging.StreamHandler()]
    handlers[0].setFormatter(logging.Formatter("%(message)s"))
    if options.log_file:
        handlers.append(logging.FileHandler(options.log_file))
        handlers[1].setFormatter(logging.Formatter("%(asctime)s %(process)d %(levelname)s %(name)s %(message)s"))
    for handler in handlers:
        handler.setLevel(level)
        root.addHandler(handler)
    if level >= logging.WARNING:
        warnings.simplefilter("ignore")


def _run(app: App, entry: EntryPoint, name: tuple[str, ...], arguments: list[str]) -> int:
    import_later(*_LATER)
    command = entry.load()(app, app.options)
    parsed_args = command.get_parser(" ".join([NAME, *name])).parse_args(arguments)
    try:
        code: int = command.run(parsed_args)
        sys.stdout.flush()
        return code
    except BrokenPipeError:
        sys.stdout = None  # there is nobody to flush it to
        raise
    except Exception as error:
        app.LOG.error(error, exc_info=app.options.debug)
        return 1


def _tell_commands(words: list[str], commands: Mapping[tuple[str, ...], Any], *, asked: bool) -> int:
    """Say which commands begin with `words`, or are like them; that is help if it was asked for, else an error."""
    names = {name: " ".join(name) for name in sorted(commands)}
    found = [text for name, text in names.items() if name[: len(words)] == tuple(words)]
    if found and asked:
        sys.stdout.write("".join(f"{line}\n" for line in ("", "commands:", *(f"  {text}" for text in found))))
        return 0
    from difflib import get_close_matches

    sys.stderr.write(f"{NAME}: {' '.join(words)!r} is no command. See '{NAME} --help'.\n")
    if near := found or get_close_matches(" ".join(words[:4]), names.values(), n=5, cutoff=0.7):
        sys.stderr.write("".join(f"{line}\n" for line in ("Did you mean one of these?", *(f"  {n}" for n in near))))
    return _EXIT_USAGE
