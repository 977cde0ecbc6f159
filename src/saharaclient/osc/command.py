"""What all commands have in common: the client, exit codes, and the shapes show, list and delete.

Exit codes: 0 done, 1 error, 2 wrong use, 3 what was waited for failed, 4 it took longer than ``--timeout``, 130 Ctrl-C.
"""

from __future__ import annotations

import logging
import sys
from typing import TYPE_CHECKING, Any, ClassVar

from osc_lib import exceptions
from osc_lib.command import command as osc_command

from saharaclient._core import errors, redact
from saharaclient.osc import columns, explain, utils, versions
from saharaclient.osc.inputs import UsageError

if TYPE_CHECKING:
    import argparse

    from saharaclient.osc.columns import Kind

EXIT_INTERRUPTED = 130
_EXIT_CODES: dict[type[Exception], int] = {UsageError: 2, errors.OperationFailed: 3, errors.OperationTimedOut: 4}
_MACHINE_READABLE = frozenset({"csv", "json", "shell", "value", "yaml"})


class _Common:
    """The part of a command that all shapes share."""

    app: Any
    formatter_namespace: Any
    resumption: str | None = None  # while something is waited for: that it goes on, and how to take it up again

    parser: argparse.ArgumentParser | None = None
    parsed_args: argparse.Namespace | None = None

    def __init__(self, app: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(app, *args, **kwargs)  # type: ignore[call-arg]  # cliff's
        log = getattr(app, "LOG", None)
        if isinstance(log, logging.Logger):
            for old in [old for old in log.filters if isinstance(old, explain.Explaining)]:
                log.removeFilter(old)
            log.addFilter(explain.Explaining(self))

    def get_parser(self, prog_name: str) -> argparse.ArgumentParser:
        """The command's arguments, kept for what errors have to say of them."""
        parser: argparse.ArgumentParser = super().get_parser(prog_name)  # type: ignore[misc]
        self.parser = parser
        return parser

    @property
    def client(self) -> Any:
        """The data processing client."""
        return self.app.client_manager.data_processing

    @property
    def sdk(self) -> Any:
        """The connection to the cloud's other services."""
        return self.app.client_manager.sdk_connection

    @property
    def version(self) -> versions.Version:
        """The facts of the API version in use."""
        return versions.of(self.client)

    def get_epilog(self) -> str:
        """What a command's help ends with: nothing; cliff would look through all that is installed for its name."""
        return ""

    def run(self, parsed_args: argparse.Namespace) -> int:
        """Run the command; returns its exit code."""
        self.app.LOG.debug("run(%s)", redact.redact(vars(parsed_args)))
        self.parsed_args = parsed_args
        try:
            with explain.Impatience():
                # past osc-lib's own, which logs the arguments as they are, passwords and all
                code: int = super(osc_command.Command, self).run(parsed_args)  # type: ignore[misc]
            return code
        except tuple(_EXIT_CODES) as error:
            self._tell(error)
            return next(code for cls, code in _EXIT_CODES.items() if isinstance(error, cls))
        except OSError as error:
            if error.filename is None or isinstance(error, BrokenPipeError):
                raise
            raise exceptions.CommandError(f"{error.filename}: {error.strerror}") from error
        except KeyboardInterrupt:
            sys.stderr.write("\n" + (self.resumption or "Interrupted.") + "\n")
            return EXIT_INTERRUPTED

    def _tell(self, error: Exception) -> None:
        if self.app.options.debug:
            self.app.LOG.exception(error)
        else:
            self.app.LOG.error(error)
        if isinstance(error, errors.OperationTimedOut) and self.resumption:
            sys.stderr.write(self.resumption + "\n")

    def needs(self, version: versions.Version, option: str) -> None:
        """Raise if another API version is in use than an option needs."""
        if self.version is not version:
            raise UsageError(f"{option} needs --os-data-processing-api-version {version.number}")


class Command(_Common, osc_command.Command):
    """A command that shows no table."""


class _Formatted(_Common):
    """The part of the commands whose output has formats."""

    def get_parser(self, prog_name: str) -> argparse.ArgumentParser:
        """The command's arguments."""
        parser = super().get_parser(prog_name)
        parser.add_argument(
            "--nested", action="store_true", help="With -f json or yaml: leave lists as lists and objects as objects"
        )
        return parser

    def run(self, parsed_args: argparse.Namespace) -> int:
        """Run the command; returns its exit code."""
        asked = columns.nested.set(parsed_args.nested and parsed_args.formatter in ("json", "yaml"))
        try:
            return super().run(parsed_args)
        finally:
            columns.nested.reset(asked)

    def _load_formatter_plugins(self) -> Any:
        known = getattr(type(self.app), "formatters", None)  # the program `sahara` knows them without looking for them
        return known(self.formatter_namespace) if known else super()._load_formatter_plugins()  # type: ignore[misc]


class ShowOne(_Formatted, osc_command.ShowOne):
    """A command that shows one resource, or a few facts."""

    def produce_output(self, parsed_args: argparse.Namespace, column_names: Any, data: Any) -> int:
        """Show it; in a table, what holds other facts becomes rows of its own."""
        rows = [*zip(column_names, data, strict=True)]
        if parsed_args.formatter == "table":
            rows = [row for name, value in rows for row in _flat(name, value, whole=bool(parsed_args.columns))]
        code: int = super().produce_output(parsed_args, [name for name, _ in rows], [value for _, value in rows])
        return code


class Lister(_Formatted, osc_command.Lister):
    """A command that shows a list."""


class Show(ShowOne):
    """Show one resource of a kind, by name or id."""

    kind: ClassVar[Kind]
    purpose: ClassVar[str] = "to show"  # what the resource is named for

    def get_parser(self, prog_name: str) -> argparse.ArgumentParser:
        """The command's arguments."""
        parser = super().get_parser(prog_name)
        add_target(parser, self.kind, self.purpose)
        return parser

    def take_action(self, parsed_args: argparse.Namespace) -> Any:
        """Run the command."""
        return columns_of(self.kind.details(self.find(parsed_args)._info))

    def find(self, parsed_args: argparse.Namespace, **options: Any) -> Any:
        """The resource that the arguments name."""
        return utils.get_resource(self.kind.of(self.client), target(parsed_args, self.kind), **options)


class Delete(Command):
    """Delete resources of a kind; goes on past those that can't be deleted."""

    kind: ClassVar[Kind]
    _ignore_missing = False
    done = "has been removed successfully."

    def get_parser(self, prog_name: str) -> argparse.ArgumentParser:
        """The command's arguments."""
        parser = super().get_parser(prog_name)
        add_target(parser, self.kind, "to delete", nargs="+")
        parser.add_argument(
            "--ignore-missing", action="store_true", help="Say so, and no more, where there is nothing of a name or id"
        )
        return parser

    def take_action(self, parsed_args: argparse.Namespace) -> None:
        """Run the command."""
        names = list(dict.fromkeys(target(parsed_args, self.kind)))
        failures: list[Exception] = []
        self._ignore_missing = parsed_args.ignore_missing
        started: list[tuple[str, Any]] = []
        for name in names:
            with self._going_on(name, names, failures):
                started.append((name, self.delete(name, parsed_args)))
        for name, handle in started:
            with self._going_on(name, names, failures):
                self.finish(name, handle, parsed_args)
        if failures and len(names) > 1:
            raise exceptions.CommandError(f"{len(failures)} of {len(names)} could not be deleted.")

    def _going_on(self, name: str, names: list[str], failures: list[Exception]) -> Any:
        return _GoingOn(self, f'{self.kind.noun} "{name}"', failures, alone=len(names) == 1)

    def delete(self, name_or_id: str, parsed_args: argparse.Namespace) -> Any:  # noqa: ARG002
        """Delete one; returns what `finish` shall get."""
        manager = self.kind.of(self.client)
        manager.delete(utils.get_resource_id(manager, name_or_id))

    def finish(self, name_or_id: str, handle: Any, parsed_args: argparse.Namespace) -> None:  # noqa: ARG002
        """See one deletion through and say so."""
        sys.stdout.write(f'{self.kind.noun} "{name_or_id}" {self.done}\n')


class _GoingOn:
    """Tells of a failure and goes on; a failure that stands alone ends the command as it is."""

    def __init__(self, command: Delete, what: str, failures: list[Exception], *, alone: bool) -> None:
        self._command, self._what, self._failures, self._alone = command, what, failures, alone

    def __enter__(self) -> None:
        return None

    def __exit__(self, cls: object, error: BaseException | None, trace: object) -> bool:
        if isinstance(error, errors.NotFound) and self._command._ignore_missing:
            sys.stdout.write(f"{self._what} is not there.\n")
            return True
        if not isinstance(error, Exception) or self._alone:
            return False
        self._failures.append(error)
        told = explain.explanation(error, self._command)
        self._command.app.LOG.error("%s: %s", self._what, f"{error}\n{told}" if told else error)
        return True


def dest(kind: Kind) -> str:
    """The argument that names resources of a kind."""
    return kind.noun.lower().replace(" ", "_")


def target(parsed_args: argparse.Namespace, kind: Kind) -> Any:
    """What the arguments name resources of a kind by."""
    return getattr(parsed_args, dest(kind))


def add_target(parser: argparse.ArgumentParser, kind: Kind, purpose: str, nargs: str | None = None) -> None:
    """Add the argument that names one or several resources of a kind."""
    what = f"{kind.noun.lower()}{'(s)' if nargs else ''}"
    parser.add_argument(
        dest(kind),
        metavar=f"<{kind.noun.lower().replace(' ', '-')}>",
        nargs=nargs,
        help=f"Name or id of the {what} {purpose}",
    )


def _flat(name: str, value: Any, *, whole: bool) -> list[tuple[str, Any]]:
    """A row, or several where the value is an object; one with lines, where rows are chosen by their names."""
    if not (isinstance(value, dict) and value):
        return [(name, value)]
    rows = [row for key, inner in value.items() for row in _flat(f"{name}: {key}", inner, whole=False)]
    if not whole:
        return rows
    return [(name, "\n".join(f"{key.removeprefix(f'{name}: ')}: {inner}" for key, inner in rows))]


def columns_of(facts: dict[str, Any]) -> tuple[tuple[str, ...], tuple[Any, ...]]:
    """Facts as what a show command returns."""
    return tuple(facts), tuple(facts.values())


def say(parsed_args: argparse.Namespace, text: str, end: str = "\n") -> None:
    """Say something beside the table: where the output is for programs, on standard error."""
    machine = getattr(parsed_args, "formatter", None) in _MACHINE_READABLE
    (sys.stderr if machine else sys.stdout).write(text + end)
