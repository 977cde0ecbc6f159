"""A project as code: the commands `export`, `plan`, `apply` and `destroy`, for both API versions."""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from osc_lib import exceptions

from saharaclient.osc import command, inputs, progress

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from saharaclient import project

DIFFERS = 5  # the exit code of `plan --check` where there is something to do
_SIGNS = {
    "create": ("+", "green", "create"),
    "update": ("~", "yellow", "change in place"),
    "scale": ("~", "yellow", "scale"),
    "replace": ("±", "red", "replace"),
    "wait": ("…", "cyan", "wait for"),
    "delete": ("-", "red", "delete"),
}
_MAPPED = {"flavor": "flavors", "image": "images", "network": "networks", "keypair": "keypairs", "version": "versions"}


class _ProjectCommand(command.Command):
    """What the four commands share."""

    @contextlib.contextmanager
    def problems(self) -> Iterator[Any]:
        """Gives `saharaclient.project`; what is wrong with a project is told in lines of its own."""
        try:
            from saharaclient import project
        except ImportError as error:
            raise exceptions.CommandError(
                f"{error}: a project as code needs pip install 'python-saharaclient[project]>=5'"
            ) from None
        try:
            yield project
        except (project.ProjectError, project.Unfinished) as error:
            raise exceptions.CommandError(str(error)) from None

    def environment(self) -> Mapping[str, str]:
        """The values from outside: the environment's, and the login's where it is in clouds.yaml."""
        own = self.sdk.config.get_auth_args()
        login = {f"OS_{name.upper()}": str(own[name]) for name in ("username", "password") if own.get(name)}
        return {**login, **os.environ}


def _mapped(text: str) -> tuple[str, str, str]:
    """``flavor:m1.large=m1.small``."""
    kind, colon, names = text.partition(":")
    old, equals, new = names.partition("=")
    if kind not in _MAPPED or not (colon and equals and old and new):
        raise argparse.ArgumentTypeError(
            f"{text!r} should be <kind>:<name>=<name here>, with {' or '.join(_MAPPED)}, like flavor:m1.large=m1.small"
        )
    return _MAPPED[kind], old, new


def _add_file(parser: argparse.ArgumentParser, what: str = "Project file") -> None:
    parser.add_argument("file", metavar="<file>", help=what)
    parser.add_argument(
        "--map",
        metavar="<kind>:<name>=<name>",
        type=_mapped,
        action="append",
        default=[],
        help="Take another flavor, image, network, keypair or plugin's version of this cloud for one of the file; "
        "can be repeated",
    )


class PlanProject(_ProjectCommand):
    """Say what has to be done so that the cloud holds what a project file says; nothing is changed."""

    def get_parser(self, prog_name: str) -> argparse.ArgumentParser:
        """The command's arguments."""
        parser = super().get_parser(prog_name)
        _add_file(parser)
        parser.add_argument(
            "--check", action="store_true", help=f"Exit with 0 if there is nothing to do, with {DIFFERS} if there is"
        )
        parser.add_argument("--output", metavar="<plan>", help="File to keep the plan in, for apply")
        parser.add_argument("-f", "--format", choices=("text", "json"), default="text", help="Default: text")
        return parser

    def take_action(self, parsed_args: argparse.Namespace) -> int:
        """Run the command."""
        with self.problems() as project:
            read = project.Project.read(parsed_args.file)
            plan = project.plan(self.client, read, maps=parsed_args.map, environment=self.environment())
        if parsed_args.output:
            Path(parsed_args.output).write_text(plan.to_json(), "utf-8")
        if parsed_args.format == "json":
            sys.stdout.write(_as_json(plan))
        else:
            _show(plan)
        return DIFFERS if parsed_args.check and not plan.empty else 0


class ApplyProject(_ProjectCommand):
    """Make the cloud hold what a project file, or a kept plan, says; what it does not name is left alone."""

    def get_parser(self, prog_name: str) -> argparse.ArgumentParser:
        """The command's arguments."""
        parser = super().get_parser(prog_name)
        _add_file(parser, "Project file, or a plan that `plan --output` kept, which ends in .json")
        parser.add_argument("--yes", action="store_true", help="Do not ask")
        parser.add_argument(
            "--replace", action="store_true", help="Delete and make anew what can't be changed in place"
        )
        progress.add_timeout(parser)
        return parser

    def take_action(self, parsed_args: argparse.Namespace) -> None:
        """Run the command."""
        with self.problems() as project:
            values = self.environment()
            plan = self._plan(project, parsed_args, values)
            _show(plan, stderr=True)
            if plan.empty or not (parsed_args.yes or _agreed("Do this?")):
                return
            self.resumption = "Interrupted; what is done is done. The same command goes on from there."
            with _told(plan) as tell:
                project.apply(
                    self.client,
                    plan,
                    tell,
                    replace=parsed_args.replace,
                    timeout=parsed_args.timeout,
                    environment=values,
                )

    def _plan(self, project: Any, parsed_args: argparse.Namespace, values: Mapping[str, str]) -> Any:
        path = Path(parsed_args.file)
        if path.suffix != ".json":
            return project.plan(self.client, project.Project.read(path), maps=parsed_args.map, environment=values)
        if parsed_args.map:
            raise inputs.UsageError("--map is for project files: a kept plan has its own")
        try:
            return project.Plan.from_json(path.read_bytes())
        except ValueError as error:
            raise exceptions.CommandError(f"{path}: is no plan: {error}") from None


class DestroyProject(_ProjectCommand):
    """Delete what a project file names, after asking; images stay and are unregistered."""

    def get_parser(self, prog_name: str) -> argparse.ArgumentParser:
        """The command's arguments."""
        parser = super().get_parser(prog_name)
        _add_file(parser)
        parser.add_argument("--yes", action="store_true", help="Do not ask")
        progress.add_timeout(parser)
        return parser

    def take_action(self, parsed_args: argparse.Namespace) -> None:
        """Run the command."""
        with self.problems() as project:
            read = project.Project.read(parsed_args.file)
            plan = project.plan_destroy(self.client, read, maps=parsed_args.map)
            _show(plan, stderr=True)
            if plan.empty or not (parsed_args.yes or _agreed(f"Delete these {len(plan.actions)}?")):
                return
            self.resumption = "Interrupted; what is deleted is gone. The same command goes on from there."
            with _told(plan) as tell:
                project.apply(self.client, plan, tell, timeout=parsed_args.timeout)


class ExportProject(_ProjectCommand):
    """Write down what the cloud holds as a project file: by name, without secrets, the same text each time."""

    auth_required = False  # scenario files need no cloud; for all else the login is asked for when it is known

    def get_parser(self, prog_name: str) -> argparse.ArgumentParser:
        """The command's arguments."""
        parser = super().get_parser(prog_name)
        parser.add_argument(
            "only",
            metavar="<kind> <name>",
            nargs="*",
            help="What to write down, with all that it needs, such as: cluster c1 data-source in (default: everything)",
        )
        parser.add_argument(
            "--output",
            metavar="<folder>",
            help="Folder for project.yaml and the files of job binaries (default: the text alone, on standard output)",
        )
        parser.add_argument(
            "--fetch", action="store_true", help="Take the bytes of job binaries in object storage along too"
        )
        parser.add_argument(
            "--last-runs", action="store_true", help="Write down the newest run of each job template as a job to run"
        )
        other = parser.add_mutually_exclusive_group()
        other.add_argument(
            "--to",
            choices=("spark-submit", "sparkapplication"),
            help="Write a script, or a manifest for Kubernetes' spark-operator, for each job template, into --output",
        )
        other.add_argument(
            "--from-scenario", metavar="<file>", nargs="+", help="Write down scenario files of sahara-tests, no cloud"
        )
        return parser

    def take_action(self, parsed_args: argparse.Namespace) -> None:
        """Run the command."""
        if parsed_args.to and not parsed_args.output:
            raise inputs.UsageError("--to needs --output")
        with self.problems() as project:
            if parsed_args.from_scenario:
                from saharaclient.project import scenario

                exported = scenario.read(parsed_args.from_scenario)
            else:
                self._log_in()
                moving = bool(parsed_args.to)
                exported = project.export(
                    self.client,
                    _only(parsed_args.only),
                    fetch=parsed_args.fetch or moving,
                    last_runs=parsed_args.last_runs or moving,
                )
            if parsed_args.to:
                exported.files |= project.moved(exported.project, parsed_args.to)
        if parsed_args.output:
            path = exported.write(parsed_args.output)
            sys.stderr.write(f"Written: {path}, with {len(exported.files)} files.\n")
        else:
            sys.stdout.write(exported.text())
        for variable, purpose in sorted(exported.variables.items()):
            sys.stderr.write(f"To be set in the environment: {variable}, {purpose}\n")
        for reason in exported.lost:
            sys.stderr.write(f"Not carried over: {reason}\n")
        if exported.files and not parsed_args.output:
            sys.stderr.write(f"{len(exported.files)} files of job binaries need --output.\n")

    def _log_in(self) -> None:
        """What programs do before a command that needs a cloud."""
        self.auth_required = True
        self.app.prepare_to_run_command(self)


def _only(words: list[str]) -> list[tuple[str, str]]:
    from saharaclient.project.kinds import KINDS

    sections = {kind.noun.replace(" ", "-"): section for section, kind in KINDS.items()}
    if len(words) % 2:
        raise inputs.UsageError(f"kinds and names go in pairs: {words[-1]!r} has no name after it")
    found = []
    for kind, name in zip(words[::2], words[1::2], strict=True):
        key = kind.replace("_", "-").removesuffix("s")
        if key not in sections:
            raise inputs.UsageError(f"{kind!r} is no kind: there are {', '.join(sections)}")
        found.append((sections[key], name))
    return found


def _show(plan: project.Plan, *, stderr: bool = False) -> None:
    """A plan for people: what is to be done, field by field."""
    from rich.console import Console
    from rich.markup import escape

    console = Console(stderr=stderr, highlight=False, soft_wrap=True)
    nouns = _nouns()
    for kind, old, new in plan.maps:
        console.print(f"[cyan]{nouns.get(kind, kind.removesuffix('s'))} {escape(old)} is {escape(new)} here[/cyan]")
    for action in plan.actions:
        sign, colour, words = _SIGNS[action.do]
        why = f": {action.reason}" if action.reason else ""
        console.print(f"[{colour}]{sign} {words} {nouns[action.kind]} {escape(action.name + why)}[/{colour}]")
        for change in action.changes:
            if action.do == "create":
                console.print(f"[{colour}]    {escape(change.field)}: {escape(_value(change.after))}[/{colour}]")
            else:
                before = "" if change.before is None else f"[red]{escape(_value(change.before))}[/red] → "
                after = "nothing" if change.after is None else _value(change.after)
                console.print(f"    {escape(change.field)}: {before}[green]{escape(after)}[/green]")
    counts = [f"{len(found)} to {_SIGNS[do][2]}" for do in _SIGNS if (found := [*plan.of(do)])]  # type: ignore[arg-type]
    console.print(", ".join([*counts, f"{len(plan.equal)} as they should be"]) + ".")
    for note in plan.notes:
        console.print(f"[dim]{escape(note)}[/dim]")
    if plan.unnamed:
        told = ", ".join(f"{nouns[kind]} {name}" for kind, name in plan.unnamed[:8])
        more = f" and {len(plan.unnamed) - 8} more" if len(plan.unnamed) > 8 else ""
        console.print(f"[dim]Not in the file, left alone: {escape(told)}{more}.[/dim]")


def _nouns() -> dict[str, str]:
    from saharaclient.project.kinds import KINDS

    return {section: kind.noun for section, kind in KINDS.items()}


def _value(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _as_json(plan: project.Plan) -> str:
    told = json.loads(plan.to_json())
    for name in ("sections", "base", "contents"):  # the project itself is in its file
        told.pop(name, None)
    return json.dumps(told, indent=2, ensure_ascii=False) + "\n"


def _agreed(question: str) -> bool:
    if not sys.stdin.isatty():
        raise inputs.UsageError("there is nobody to ask: --yes does it without")
    sys.stderr.write(f"{question} [y/N] ")
    sys.stderr.flush()
    return sys.stdin.readline().strip().lower() in ("y", "yes")


@contextlib.contextmanager
def _told(plan: project.Plan) -> Iterator[Any]:
    """Progress on standard error, a line for each action that ends and each state of what is waited for."""
    nouns, began, done = _nouns(), time.monotonic(), 0

    def tell(step: project.Progress) -> None:
        nonlocal done
        what = f"{nouns[step.action.kind]} {step.action.name}"
        if step.state == "begun":
            return
        if step.state in ("done", "failed", "skipped"):
            done += 1
        count = f"[{done}/{len(plan.actions)}]"
        state = "skipped, since what it needs failed" if step.state == "skipped" else step.state
        error = f": {step.error}" if step.error is not None else ""
        sys.stderr.write(f"{count} {what}: {state} ({step.seconds:.1f} s){error}\n")
        sys.stderr.flush()

    yield tell
    sys.stderr.write(f"Done in {time.monotonic() - began:.1f} s.\n")
