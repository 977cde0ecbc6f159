"""`job run`: from a program in a file to the job's outcome in one command, for both API versions.

Job binaries and templates are named by what is in them, so that the same program again uses the same ones.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from osc_lib import exceptions

from saharaclient.api import base
from saharaclient.osc import command, existing, inputs, job_output, jobs, options, progress, storage, utils
from saharaclient.osc.job_binaries import JOB_BINARY
from saharaclient.osc.job_templates import JOB_TEMPLATE

if TYPE_CHECKING:
    import argparse

_TYPES = {".py": "Spark", ".jar": "Spark", ".sh": "Shell", ".pig": "Pig", ".hql": "Hive", ".q": "Hive"}
_BY_LIBRARIES = frozenset({"Java", "MapReduce"})  # types of job whose program is a library
_LONGEST_NAME = 50  # characters
_MAIN_CLASS = "edp.java.main_class"
MARK = "made by job run"  # the description of what this command makes


class RunJob(command.ShowOne):
    """Run a program on a cluster: upload it, submit it, follow it, show its output, exit with its outcome."""

    def get_parser(self, prog_name: str) -> argparse.ArgumentParser:
        """The command's arguments."""
        parser = super().get_parser(prog_name)
        parser.add_argument("program", metavar="<program>", help="File, or name or id of a job binary")
        parser.add_argument("--cluster", metavar="<cluster>", required=True, help="Name or id of the cluster")
        options.job_type(parser, "--type", explanation="Type of job (default: what the program's name ends in says)")
        options.text(
            parser,
            main_class="Main class of a Java archive",
            job_template="Name of the job template to make or to use (default: one named by the program)",
            container=f"Container of object storage for files (default in API 2: {storage.CONTAINER})",
            username="User name that the cluster reads object storage with (default: yours, with your password)",
            password="Its password",  # noqa: S106 - its help
        )
        options.several(parser, "--libs", "<lib>", "Libraries: files, or names or ids of job binaries")
        jobs.add_run_options(parser)
        after = parser.add_mutually_exclusive_group()
        after.add_argument("--detach", action="store_true", help="Return once the job is submitted")
        after.add_argument(
            "--rm", action="store_true", help="Delete the job afterwards, with the template and binaries made for it"
        )
        parser.add_argument("--quiet", action="store_true", help="Show what the program prints only when it has ended")
        progress.add_timeout(parser)
        return parser

    def take_action(self, parsed_args: argparse.Namespace) -> Any:
        """Run the command."""
        kind = parsed_args.type or _type_of(parsed_args.program)
        cluster_id = utils.get_resource_id(self.client.clusters, parsed_args.cluster)
        body = jobs.run_body(self, parsed_args)
        if parsed_args.main_class:
            body.setdefault("configs", {}).setdefault("configs", {})[_MAIN_CLASS] = parsed_args.main_class
        program = self._binary(parsed_args.program, parsed_args)
        libraries = [self._binary(library, parsed_args) for library in parsed_args.libs or []]
        template = self._template(parsed_args, kind, program, libraries)
        manager = jobs.JOB.of(self.client)
        run = manager.create(**{self.version.job_template_id: template.id}, cluster_id=cluster_id, **body)
        if parsed_args.detach:
            return command.columns_of(jobs.details(run))
        try:
            run = self._follow(run.id, parsed_args)
        finally:
            if parsed_args.rm:
                self._forget(run, template, [program, *libraries])
        return command.columns_of(jobs.details(run))

    def _follow(self, job_id: str, parsed_args: argparse.Namespace) -> Any:
        # `openstack` takes --quiet for its own option, wherever it stands
        quiet = parsed_args.quiet or getattr(self.app.options, "verbose_level", 1) == 0
        stream = None if quiet else job_output.Stream(self, job_id, parsed_args)
        try:
            with stream or contextlib.nullcontext():
                run = jobs.wait(self, job_id, parsed_args.timeout)
            if stream and stream.shown:
                job_output.say_where(run, parsed_args)
            else:
                job_output.show_output(self, run, parsed_args)
            return run
        except base.OperationFailed as error:
            printed = stream is not None and stream.shown
            job_output.explain_failure(self, error.resource, parsed_args, printed=printed)
            raise
        except KeyboardInterrupt:
            if sys.stdin.isatty() and sys.stderr.isatty():
                sys.stderr.write(f"\nJob {job_id} is still running. Cancel it? [y/N] ")
                sys.stderr.flush()
                if sys.stdin.readline().strip().lower() in ("y", "yes"):
                    jobs.JOB.of(self.client).cancel(job_id)
                    self.resumption = f"Job {job_id} is being cancelled."
            raise

    def _binary(self, given: str, parsed_args: argparse.Namespace) -> Any:
        """The job binary for a file, made if there is none with these bytes; or an existing one by name or id."""
        manager = self.client.job_binaries
        path = Path(given)
        if not path.is_file():
            try:
                return utils.get_resource(manager, given)
            except base.NotFound:
                raise exceptions.CommandError(f"{given}: there is neither such a file nor such a job binary") from None
        with path.open("rb") as file:
            name = _named(path.stem, hashlib.file_digest(file, "sha256").hexdigest(), path.suffix)

        def look() -> Any:
            return next(iter(manager.find(name=name)), None)

        return existing.or_made(look, lambda: self._store(given, name, parsed_args))

    def _store(self, given: str, name: str, parsed_args: argparse.Namespace) -> Any:
        credentials = utils.create_dict_from_kwargs(user=parsed_args.username, password=parsed_args.password)
        with storage.stored(self, given, name, parsed_args.container) as url:
            extra = storage.readable_with(self, url, credentials)
            return self.client.job_binaries.create(name=name, url=url, description=MARK, extra=extra)

    def _template(self, parsed_args: argparse.Namespace, kind: str, program: Any, libraries: list[Any]) -> Any:
        mains = [] if kind in _BY_LIBRARIES else [program.id]
        libs = [*([program.id] if kind in _BY_LIBRARIES else []), *(library.id for library in libraries)]
        content = hashlib.sha256(json.dumps([kind, mains, libs]).encode()).hexdigest()
        name = parsed_args.job_template or _named(Path(parsed_args.program).stem, content, "")
        manager = JOB_TEMPLATE.of(self.client)

        def look() -> Any:
            for found in manager.find(name=name):
                there = [[binary.get("id") for binary in found._info.get(part) or []] for part in ("mains", "libs")]
                if found.type != kind or there != [mains, libs]:
                    raise exceptions.CommandError(
                        f"There is a job template {name} of another program; name another one with --job-template"
                    )
                return found
            return None

        return existing.or_made(
            look, lambda: manager.create(name=name, type=kind, mains=mains, libs=libs, description=MARK)
        )

    def _forget(self, run: Any, template: Any, binaries: list[Any]) -> None:
        """Delete the run and what a `job run` made for it, unless something else uses it."""
        manager = jobs.JOB.of(self.client)
        manager.delete(run.id)
        manager.wait_deleted(run.id)
        for kind, thing in [(JOB_TEMPLATE, template), *((JOB_BINARY, binary) for binary in binaries)]:
            if thing._info.get("description") != MARK:
                continue
            try:
                kind.of(self.client).delete(thing.id)
                if kind is JOB_BINARY:
                    storage.forget(self, thing.url, objects=True)
            except base.NotFound:
                continue
            except (base.APIException, exceptions.CommandError) as error:
                self.app.LOG.warning("%s %s stays: %s", kind.noun, thing.name, error)


def _type_of(program: str) -> str:
    """The type of job that a program's name speaks for."""
    ending = os.path.splitext(program)[1].lower()  # noqa: PTH122 - it need not be a path
    if ending not in _TYPES:
        raise inputs.UsageError(f"--type must be given: {program!r} does not end in {', '.join(_TYPES)}")
    return _TYPES[ending]


def _named(stem: str, digest: str, ending: str) -> str:
    """A name that the server takes and that says what it is the name of."""
    tail = f"-{digest[:12]}{ending}"
    return re.sub(r"[^A-Za-z0-9_.-]", "-", stem).lstrip("-_.")[: _LONGEST_NAME - len(tail)] + tail
