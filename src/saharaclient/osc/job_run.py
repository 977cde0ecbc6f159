"""`job run`: from a program in a file to the job's outcome in one command, for both API versions.

Job binaries and templates are named by what is in them, so that the same program again uses the same ones.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from osc_lib import exceptions

from saharaclient.api import base
from saharaclient.osc import command, inputs, jobs, options, progress, storage, utils
from saharaclient.osc.job_templates import JOB_TEMPLATE

if TYPE_CHECKING:
    import argparse

_TYPES = {".py": "Spark", ".jar": "Spark", ".sh": "Shell", ".pig": "Pig", ".hql": "Hive", ".q": "Hive"}
_BY_LIBRARIES = frozenset({"Java", "MapReduce"})  # types of job whose program is a library
_LONGEST_NAME = 50  # characters
_MAIN_CLASS = "edp.java.main_class"
_ENDED_BADLY = 20  # lines of a failed job's log to show
_LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


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
        parser.add_argument("--detach", action="store_true", help="Return once the job is submitted")
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
        run = self._follow(run.id, parsed_args)
        self._show_output(run, parsed_args)
        return command.columns_of(jobs.details(run))

    def _follow(self, job_id: str, parsed_args: argparse.Namespace) -> Any:
        try:
            return jobs.wait(self, job_id, parsed_args.timeout)
        except base.OperationFailed as error:
            self._show_output(error.resource, parsed_args, failed=True)
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
        if found := manager.find(name=name):
            return found[0]
        credentials = utils.create_dict_from_kwargs(user=parsed_args.username, password=parsed_args.password)
        with storage.stored(self, given, name, parsed_args.container) as url:
            return manager.create(name=name, url=url, extra=storage.readable_with(self, url, credentials))

    def _template(self, parsed_args: argparse.Namespace, kind: str, program: Any, libraries: list[Any]) -> Any:
        mains = [] if kind in _BY_LIBRARIES else [program.id]
        libs = [*([program.id] if kind in _BY_LIBRARIES else []), *(library.id for library in libraries)]
        content = hashlib.sha256(json.dumps([kind, mains, libs]).encode()).hexdigest()
        name = parsed_args.job_template or _named(program.name, content, "")
        manager = JOB_TEMPLATE.of(self.client)
        for found in manager.find(name=name):
            there = [[binary.get("id") for binary in found._info.get(part) or []] for part in ("mains", "libs")]
            if found.type != kind or there != [mains, libs]:
                raise exceptions.CommandError(
                    f"There is a job template {name} of another program; name another one with --job-template"
                )
            return found
        return manager.create(name=name, type=kind, mains=mains, libs=libs)

    def _show_output(self, run: Any, parsed_args: argparse.Namespace, *, failed: bool = False) -> None:
        """Show what the job printed, if its folder is on this machine; else say where it is."""
        folder = (run._info.get("info") or {}).get("spark-path")
        if not folder:
            return
        host = urlsplit(self.client.clusters.api.get_endpoint() or "").hostname
        if host not in _LOOPBACK or not Path(folder).is_dir():
            command.say(parsed_args, f"The job's output is in {folder} on the cluster's master instance.")
            return
        for name in ("stderr",) if failed else ("stdout",):
            file = Path(folder) / name
            if file.is_file():
                text = file.read_text("utf-8", "replace")
                shown = text.splitlines()[-_ENDED_BADLY:] if failed else text.splitlines()
                command.say(parsed_args, "\n".join(shown))
        command.say(parsed_args, f"Files of the run: {folder}")


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
