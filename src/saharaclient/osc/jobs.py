"""The commands of runs of jobs, which API 1.1 calls job executions, for both API versions."""

from __future__ import annotations

import sys
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from saharaclient.api import base
from saharaclient.osc import columns, command, inputs, lists, options, progress, utils
from saharaclient.osc.headings import heading
from saharaclient.osc.job_templates import JOB_TEMPLATE

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Iterable

_STATES = ("done-with-error", "failed", "killed", "pending", "running", "succeeded", "to-be-killed")


JOB = columns.Kind(
    "Job",
    lambda version: version.jobs,
    listed=("id", "cluster_id", "job_template_id", "status"),
    long=("start_time", "end_time"),
    shown=(
        "cluster_id",
        "end_time",
        "engine_job_id",
        "id",
        "input_id",
        "is_protected",
        "is_public",
        "job_template_id",
        "output_id",
        "start_time",
        "status",
    ),
    formats={"status": lambda info: info and info.get("status")},
    rename={"info": "status"},
)


def details(run: Any) -> dict[str, Any]:
    """Headings and values of a run."""
    info = columns.unwrapped(run)
    if "job_id" in info:  # API 1.1's name
        info = {**info, "job_template_id": info["job_id"]}
    facts = JOB.details(info)
    if not info.get("start_time"):  # then there is nothing in these yet
        for name in ("Start time", "End time", *(["Engine job id"] if "oozie_job_id" in info else [])):
            facts.pop(name, None)
    return dict(sorted({**facts, **_told(info)}.items()))


def _told(info: dict[str, Any]) -> dict[str, Any]:
    """What an engine tells of a run beside its state: why it failed, where it printed and can be looked at."""
    told = info.get("info") or {}
    pages = {heading(name): value for name, value in told.items() if str(value).startswith(("http://", "https://"))}
    facts = {"Reason": told.get("reason"), "Output": told.get("spark-path"), **pages}
    found = {name: value for name, value in facts.items() if value}
    return {**found, "Duration": duration(info)} if found and info.get("start_time") else found


def duration(info: dict[str, Any]) -> str:
    """How long a run took, or takes by now; empty for one that has not begun."""
    began, ended = (_time(info.get(name)) for name in ("start_time", "end_time"))
    return str(timedelta(seconds=int(((ended or datetime.now(UTC)) - began).total_seconds()))) if began else ""


def _time(text: Any) -> datetime | None:
    try:
        return datetime.fromisoformat(str(text)).replace(tzinfo=UTC)
    except ValueError:
        return None


def add_job(parser: argparse.ArgumentParser, purpose: str) -> None:
    """Add the argument that names a job."""
    parser.add_argument("job", metavar="<job>", help=f"Id of the job {purpose}, or name of a template: its latest job")


def find(cmd: command._Common, name_or_id: str) -> Any:
    """A run by its id, or the latest one of a job template's name."""
    manager = JOB.of(cmd.client)
    try:
        return manager.get(name_or_id)
    except base.NotFound as missing:
        templates = JOB_TEMPLATE.of(cmd.client).find(name=name_or_id)
        ids = {template.id for template in templates}
        found = [run for run in manager.iterate() if columns.info_of(run).get(cmd.version.job_template_id) in ids]
        if not found:
            missing.error_message = f"There is no job of the id {name_or_id!r}, and none of a template of this name."
            raise
        return max(found, key=lambda run: str(run._info.get("created_at") or run._info.get("start_time")))


def wait(cmd: command._Common, job_id: str, timeout: float) -> Any:
    """Wait for a run's end, with progress."""
    with progress.following(cmd, f'Job "{job_id}"', f"job wait {job_id}", progress.of_job) as tell:
        return JOB.of(cmd.client).wait(job_id, timeout=timeout, on_progress=tell)


def add_run_options(parser: Any) -> None:
    """Add what a run takes beside its template and cluster."""
    options.text(parser, input="Name or id of the data source to read", output="Name or id of the one to write")
    options.several(parser, "--params", "<name:value>", "Parameters")
    options.several(parser, "--args", "<argument>", "Arguments")
    configs = parser.add_mutually_exclusive_group()
    options.json_file(configs, "configuration by name", "--config-json")
    options.several(configs, "--configs", "<name:value>", "Configuration")


def run_body(cmd: command._Common, parsed_args: argparse.Namespace) -> dict[str, Any]:
    """The part of a run's body that `add_run_options` has options for."""
    configs: dict[str, Any] = {}
    if parsed_args.config_json:
        configs = inputs.read_object(parsed_args.config_json)
        if not isinstance(configs.get("configs"), dict):  # else it is the whole, with configs, args and params
            configs = {"configs": configs}
    elif parsed_args.configs:
        configs = {"configs": inputs.pairs(parsed_args.configs, "--configs")}
    if parsed_args.params:
        configs["params"] = inputs.pairs(parsed_args.params, "--params")
    if parsed_args.args:
        configs["args"] = parsed_args.args
    sources = cmd.client.data_sources
    return utils.create_dict_from_kwargs(
        input_id=parsed_args.input and utils.get_resource_id(sources, parsed_args.input),
        output_id=parsed_args.output and utils.get_resource_id(sources, parsed_args.output),
        configs=configs or None,
    )


class ExecuteJob(command.ShowOne):
    """Run a job on a cluster."""

    def get_parser(self, prog_name: str) -> argparse.ArgumentParser:
        """The command's arguments."""
        parser = super().get_parser(prog_name)
        options.text(parser, job_template="Name or id of the job template", cluster="Name or id of the cluster")
        add_run_options(parser)
        options.sharing(parser, "job")
        options.json_file(parser, "values for the job template's interface", "--interface")
        options.json_file(parser, "the run, in place of the other options")
        progress.add_wait(parser, "the job has ended")
        return parser

    def take_action(self, parsed_args: argparse.Namespace) -> Any:
        """Run the command."""
        manager = JOB.of(self.client)
        if parsed_args.json:
            run = inputs.call(manager.create, self._file_body(parsed_args.json), parsed_args.json)
        else:
            inputs.require(parsed_args, "job_template", "cluster")
            template = utils.get_resource_id(JOB_TEMPLATE.of(self.client), parsed_args.job_template)
            run = manager.create(
                **{self.version.job_template_id: template},
                cluster_id=utils.get_resource_id(self.client.clusters, parsed_args.cluster),
                interface=parsed_args.interface and inputs.read_object(parsed_args.interface),
                is_public=parsed_args.public,
                is_protected=parsed_args.protected,
                **run_body(self, parsed_args),
            )
        if parsed_args.wait:
            run = wait(self, run.id, parsed_args.timeout)
        return command.columns_of(details(run))

    def _file_body(self, path: str) -> dict[str, Any]:
        names = {"job_id": "job_template_id", "job_configs": "configs"}
        body = {names.get(name, name): value for name, value in inputs.read_object(path).items()}
        if "job_template_id" in body:
            body[self.version.job_template_id] = body.pop("job_template_id")
        return body


_NAMED = ("Id", "Program", "Cluster", "Status", "Started", "Duration")


class _Names:
    """Names for what runs have ids of; those that are gone keep their ids."""

    def __init__(self, cmd: command._Common) -> None:
        self._field = cmd.version.job_template_id
        self._programs = self._of(JOB_TEMPLATE.of(cmd.client).list)
        self._clusters = self._of(cmd.client.clusters.list)

    def _of(self, listed: Callable[[], Iterable[Any]]) -> dict[Any, Any]:
        return {info.get("id"): info.get("name") for info in map(columns.info_of, listed())}

    def row(self, info: dict[str, Any]) -> tuple[Any, ...]:
        """A run as a row of `_NAMED`."""
        program, cluster = info.get(self._field), info.get("cluster_id")
        status = (info.get("info") or {}).get("status")
        named = self._programs.get(program, program), self._clusters.get(cluster, cluster)
        return (info.get("id"), *named, status, info.get("start_time") or "", duration(info))


def _state(text: str) -> str:
    """A state as users write it: capitals, hyphens and underscores don't count."""
    plain = {state.replace("-", ""): state for state in _STATES}
    return plain.get(text.lower().replace("-", "").replace("_", ""), text)


class ListJobs(lists.List):
    """List jobs."""

    kind = JOB

    def get_parser(self, prog_name: str) -> argparse.ArgumentParser:
        """The command's arguments."""
        parser = super().get_parser(prog_name)
        parser.add_argument(
            "--status",
            metavar="<status>",
            type=_state,
            choices=_STATES,
            help=f"List those in this state: {', '.join(_STATES)}",
        )
        parser.add_argument("--cluster", metavar="<cluster>", help="List those on this cluster, by name or id")
        parser.add_argument(
            "--named",
            action="store_true",
            help="Show program and cluster by name, begin and duration, the newest first",
        )
        return parser

    def take_action(self, parsed_args: argparse.Namespace) -> Any:
        """Run the command."""
        if not parsed_args.named:
            return super().take_action(parsed_args)
        names = _Names(self)
        runs = self.found(parsed_args)
        if parsed_args.sort_by is None:
            runs.sort(key=lambda run: str(run._info.get("start_time") or "~"), reverse=True)  # those to come are newest
        limit = slice(parsed_args.limit)
        return _NAMED, [names.row(columns.info_of(run)) for run in runs[limit]]

    def wanted(self, parsed_args: argparse.Namespace) -> dict[str, str]:
        """The cluster, if one was given."""
        return utils.create_dict_from_kwargs(
            cluster_id=parsed_args.cluster and utils.get_resource_id(self.client.clusters, parsed_args.cluster)
        )

    def most(self, parsed_args: argparse.Namespace) -> int | None:
        """How many to read: all, where they are still to be put in order."""
        return None if parsed_args.named and parsed_args.sort_by is None else super().most(parsed_args)

    def fields(self, *, long: bool) -> tuple[str, ...]:
        """The fields to show; the template's has the API version's own name."""
        names = {"job_template_id": self.version.job_template_id}
        return tuple(names.get(name, name) for name in super().fields(long=long))

    def keep(self, resource: Any, parsed_args: argparse.Namespace) -> bool:
        """Whether a run is in the wanted state."""
        return parsed_args.status is None or str(resource._status()) == parsed_args.status.replace("-", "").upper()


class ShowJob(command.Show):
    """Show a job."""

    kind = JOB

    def take_action(self, parsed_args: argparse.Namespace) -> Any:
        """Run the command."""
        return command.columns_of(details(self.find(parsed_args)))

    def find(self, parsed_args: argparse.Namespace, **options: Any) -> Any:  # noqa: ARG002 - runs have none
        """The run that the arguments name."""
        return find(self, parsed_args.job)


class UpdateJob(ShowJob):
    """Change who may see or delete a job."""

    purpose = "to change"

    def get_parser(self, prog_name: str) -> argparse.ArgumentParser:
        """The command's arguments."""
        parser = super().get_parser(prog_name)
        options.sharing_changes(parser, "job")
        return parser

    def take_action(self, parsed_args: argparse.Namespace) -> Any:
        """Run the command."""
        changes = utils.create_dict_from_kwargs(is_public=parsed_args.is_public, is_protected=parsed_args.is_protected)
        return command.columns_of(details(JOB.of(self.client).update(parsed_args.job, **changes)))


class DeleteJob(command.Delete):
    """Delete jobs; those that still run are cancelled."""

    kind = JOB

    def get_parser(self, prog_name: str) -> argparse.ArgumentParser:
        """The command's arguments."""
        parser = super().get_parser(prog_name)
        progress.add_wait(parser, "the jobs are gone")
        return parser

    def delete(self, name_or_id: str, parsed_args: argparse.Namespace) -> None:  # noqa: ARG002
        """Begin to delete one."""
        JOB.of(self.client).delete(name_or_id)
        sys.stdout.write(f'Job "{name_or_id}" deletion has been started.\n')

    def finish(self, name_or_id: str, handle: None, parsed_args: argparse.Namespace) -> None:
        """Wait for the end of a deletion."""
        if parsed_args.wait:
            what, again = f'Job "{name_or_id}"', f"job show {name_or_id}"
            with progress.following(self, what, again, progress.of_job) as tell:
                JOB.of(self.client).wait_deleted(name_or_id, timeout=parsed_args.timeout, on_progress=tell)
            super().finish(name_or_id, handle, parsed_args)


class CancelJob(ShowJob):
    """Cancel a job."""

    purpose = "to cancel"

    def get_parser(self, prog_name: str) -> argparse.ArgumentParser:
        """The command's arguments."""
        parser = super().get_parser(prog_name)
        progress.add_wait(parser, "the job has ended")
        return parser

    def take_action(self, parsed_args: argparse.Namespace) -> Any:
        """Run the command."""
        run = JOB.of(self.client).cancel(parsed_args.job)
        if parsed_args.wait:
            try:
                run = wait(self, parsed_args.job, parsed_args.timeout)
            except base.OperationFailed as ended:  # as it was asked to
                run = ended.resource
        return command.columns_of(details(run))


class SuspendJob(ShowJob):
    """Suspend a job, where its engine can."""

    purpose = "to suspend"

    def take_action(self, parsed_args: argparse.Namespace) -> Any:
        """Run the command."""
        return command.columns_of(details(JOB.of(self.client).suspend(parsed_args.job)))
