"""Handlers of job templates and their runs. How runs go on is in `saharaclient.local.sahara.jobs.life_cycle`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import exists, select

from saharaclient.local.sahara.api import checks, history
from saharaclient.local.sahara.api.context import assign, require_owner_for_delete, require_owner_for_update
from saharaclient.local.sahara.api.schemas import JOB_TYPES
from saharaclient.local.sahara.errors import SaharaError, invalid_data, invalid_reference, missing_reference, not_found
from saharaclient.local.sahara.records.clusters import Cluster
from saharaclient.local.sahara.records.jobs import (
    DELETING,
    DataSource,
    InterfaceArgument,
    JobBinary,
    JobExecution,
    JobTemplate,
)
from saharaclient.local.sahara.urls import is_uuid, split_url
from saharaclient.states import JobStatus

if TYPE_CHECKING:
    from saharaclient.local.sahara.api.context import SaharaCall

Fields = dict[str, Any]
NEED_MAIN = {
    "Pig": "script",
    "Hive": "script",
    "Shell": "script",
    "Spark": "jar",
    "Storm": "jar",
    "Storm.Pyleus": "jar",
}
MAPPINGS: dict[str, set[str]] = {
    "Hive": {"configs", "params"},
    "Pig": {"configs", "params", "args"},
    "MapReduce": {"configs"},
    "MapReduce.Streaming": {"configs"},
    "Java": {"configs", "args"},
    "Shell": {"configs", "params", "args"},
    "Spark": {"configs", "args"},
    "Storm": {"args"},
    "Storm.Pyleus": set(),
}
NO_PARAMS = ("MapReduce", "MapReduce.Streaming", "Java", "Spark", "Storm", "Storm.Pyleus")
NO_ARGS = ("Hive", "MapReduce", "MapReduce.Streaming")


def _check_binaries(call: SaharaCall, given: Fields) -> tuple[list[JobBinary], list[JobBinary]]:
    type_, mains, libs = given["type"], given.get("mains", []), given.get("libs", [])
    if type_ in NEED_MAIN:
        if not mains:
            asked = f"{type_} job requires main application jar" if NEED_MAIN[type_] == "jar" else None
            raise invalid_data(asked or f"{type_} flow requires main script")
        if set(mains) & set(libs):
            raise invalid_data("'mains' and 'libs' overlap")
    else:
        if type_ != "MapReduce.Streaming" and not libs:
            raise invalid_data(f"{type_} flow requires libs")
        if mains:
            raise invalid_data(f"{type_} flow does not use mains")
    return [_binary(call, id_) for id_ in mains], [_binary(call, id_) for id_ in libs]


def _binary(call: SaharaCall, id_: str) -> JobBinary:
    binary: JobBinary | None = call.find(JobBinary, id_)
    if binary is None:
        raise missing_reference(f"Job binary '{id_}' does not exist")
    return binary


def _check_interface(call: SaharaCall, type_: str, interface: list[Fields]) -> None:
    if len({argument["name"] for argument in interface}) != len(interface):
        raise invalid_data("Name must be unique within the interface for any job.")
    if any(argument["mapping_type"] not in MAPPINGS[type_] for argument in interface):
        raise invalid_data(f"Only mapping types {sorted(MAPPINGS[type_])} are allowed for job type {type_}.")
    positional = [argument for argument in interface if argument["mapping_type"] == "args"]
    numbers = [a["location"] for a in positional if a["location"].isascii() and a["location"].isdecimal()]
    if len(numbers) != len(positional) or {int(n) for n in numbers if len(n) < 10} != set(range(len(set(numbers)))):
        raise invalid_data("Locations of positional arguments must be an unbroken integer sequence ascending from 0.")
    if any(not argument["required"] and not argument.get("default") for argument in positional):
        raise invalid_data("Positional arguments must be given default values if they are not required.")
    if len({(argument["mapping_type"], argument["location"]) for argument in interface}) != len(interface):
        raise invalid_data(
            "The combination of mapping type and location must be unique within the interface for any job."
        )
    for argument in interface:
        if argument.get("default") is not None:
            _check_value(call, argument.get("value_type", "string"), argument["default"])


def _check_value(call: SaharaCall, type_: str, value: Any) -> None:
    if type_ == "number" and not str(value).isnumeric():
        raise invalid_data(f"Value '{value}' is not a valid number.")
    if type_ == "string" and not isinstance(value, str):
        raise invalid_data(f"Value '{value}' is not a valid string.")
    if type_ == "data_source":
        if is_uuid(str(value)):
            _source(call, str(value))
        elif not split_url(str(value)).scheme:
            raise invalid_data(f"Data source value '{value}' is neither a valid data source ID nor a valid URL.")


def _source(call: SaharaCall, id_: str) -> DataSource:
    source: DataSource | None = call.find(DataSource, id_)
    if source is None:
        raise invalid_reference(f"DataSource with id '{id_}' doesn't exist")
    return source


def create_template(call: SaharaCall) -> JobTemplate:
    """POST: a new job template."""
    given = call.given
    mains, libs = _check_binaries(call, given)
    interface = given.get("interface") or []
    _check_interface(call, given["type"], interface)
    checks.unique_name(call, JobTemplate, given["name"], "Job")
    template = JobTemplate(project_id=call.project_id, mains=mains, libs=libs)
    assign(template, {key: given[key] for key in given.keys() - {"mains", "libs", "interface", "streaming"}})
    call.session.add(template)
    call.session.flush()
    template.interface = [
        InterfaceArgument(
            **{"value_type": "string", **argument},
            order=order, project_id=call.project_id, tenant_id=call.project_id, job_id=template.id,
        )
        for order, argument in enumerate(interface)
    ]  # fmt: skip
    return template


def update_template(call: SaharaCall) -> JobTemplate:
    """PATCH: a job template's name, description and flags."""
    template = call.get(JobTemplate)
    given = call.given
    require_owner_for_update(call, template, "Job", given)
    if given.get("name", template.name) != template.name:
        checks.unique_name(call, JobTemplate, given["name"], "Job")
    assign(template, given)
    return template


def check_template_unused(call: SaharaCall, template: JobTemplate) -> None:
    """Refuses to delete a job template that has runs."""
    require_owner_for_delete(call, template, "Job")
    if call.session.scalar(select(exists().where(JobExecution.job_template_id == template.id))):
        raise SaharaError("DELETION_FAILED", "Job deletion failed on foreign key constraint")


def config_hints(call: SaharaCall) -> Fields:
    """GET: what a job of a type takes."""
    type_ = call.path["job_type"]
    if type_ not in JOB_TYPES:
        raise not_found(job_type=type_)
    hints: Fields = {"configs": []}
    if type_ not in NO_PARAMS:
        hints["params"] = {}
    if type_ not in NO_ARGS:
        hints["args"] = []
    return {"job_config": hints}


def _check_run(call: SaharaCall, template: JobTemplate, given: Fields) -> None:
    """What a type of job needs to run."""
    configs = given.get("job_configs", {}).get("configs", {})
    if template.type in ("Java", "Spark"):
        python = template.type == "Spark" and any(main.name.endswith(".py") for main in template.mains)
        main_class = configs.get("edp.java.main_class")
        if not (python or (main_class and isinstance(main_class, str))):
            raise invalid_data(f"{template.type} job must specify edp.java.main_class")
    elif template.type not in ("Shell", "Storm", "Storm.Pyleus"):
        if not ("input_id" in given and "output_id" in given):
            raise invalid_data(f"{template.type} job requires 'input_id' and 'output_id'")
        read, written = _source(call, given["input_id"]), _source(call, given["output_id"])
        if (read.type, read.url) == (written.type, written.url):
            raise invalid_data(f"Provided input and output DataSources reference the same location: {read.url}")
        if (
            template.type.endswith("Streaming")
            and not {"edp.streaming.mapper", "edp.streaming.reducer"} <= configs.keys()
        ):
            raise invalid_data(f"{template.type} job must specify streaming mapper and reducer")


def _check_arguments(call: SaharaCall, template: JobTemplate, given: Fields) -> None:
    known = {argument.name: argument for argument in template.interface}
    passed = given.get("interface")
    if known and passed is None:
        raise invalid_data(
            "An interface was specified with the template for this job. "
            "Please pass an interface map with this job (even if empty)."
        )
    unknown = sorted((passed or {}).keys() - known.keys())
    if unknown:
        raise invalid_data(f"Argument names: {unknown} were not found in the interface for this job.")
    unset = sorted({argument.name for argument in template.interface if argument.required} - (passed or {}).keys())
    if unset:
        raise invalid_data(f"Argument names: {unset} are required for this job.")
    for name, value in (passed or {}).items():
        argument = known[name]
        _check_value(call, argument.value_type, value)
        if argument.mapping_type == "args":
            continue
        other = given.get("job_configs", {}).get(argument.mapping_type, {}).get(argument.location, value)
        if other != value:
            raise invalid_data(
                f"Argument '{name}' was passed both through the interface and in location "
                f"'{argument.mapping_type}'.'{argument.location}'. Please pass this through either the interface or "
                "the configuration maps, not both."
            )


def _merged(template: JobTemplate, given: Fields) -> Fields:
    """The run's configuration with what the interface says."""
    configs: Fields = {**given.get("job_configs", {}), "job_execution_info": {}}
    passed = given.get("interface") or {}
    positional: dict[int, Any] = {}
    for argument in template.interface:
        section = configs.setdefault(argument.mapping_type, [] if argument.mapping_type == "args" else {})
        value = passed.get(argument.name, argument.default)
        if argument.mapping_type == "args":
            positional[int(argument.location)] = value
        elif argument.name in passed:
            section[argument.location] = value
        elif value is not None:
            section.setdefault(argument.location, value)
    if positional:
        configs["args"] = [str(positional[number]) for number in sorted(positional)] + configs["args"]
    return configs


def execute(call: SaharaCall) -> JobExecution:
    """POST: runs a job template on a cluster."""
    given = call.given
    cluster = call.find(Cluster, given["cluster_id"])
    if cluster is None:
        raise invalid_reference(f"Cluster with id '{given['cluster_id']}' doesn't exist")
    checks.plugin_enabled(call, cluster.plugin_name, cluster.plugin_version)
    template_id = call.path["id"] if call.version.number == 1 else given["job_template_id"]
    template = call.find(JobTemplate, template_id)
    if template is None:
        raise invalid_reference(f"Job template with id '{template_id}' doesn't exist")
    described = call.plugin_version(cluster.plugin_name, cluster.plugin_version)
    if described is None:
        raise invalid_reference(
            f"Cluster '{cluster.name}' is of version {cluster.plugin_version} of plugin '{cluster.plugin_name}', which "
            f"is not here any more. {cluster.status_description}".rstrip()
        )
    if template.type not in described.job_types:
        raise invalid_reference(f"Cluster with id '{cluster.id}' doesn't support job type '{template.type}'")
    _check_arguments(call, template, given)
    _check_run(call, template, given)
    for key in ("input_id", "output_id"):
        if given.get(key):
            _source(call, given[key])
    run = JobExecution(
        project_id=call.project_id, job_template_id=template.id, cluster_id=cluster.id,
        info={"status": JobStatus.PENDING},
        job_configs=_merged(template, given), input_id=given.get("input_id"), output_id=given.get("output_id"),
    )  # fmt: skip
    assign(run, {key: given[key] for key in ("is_public", "is_protected") if key in given})
    call.session.add(run)
    call.session.flush()
    call.sahara.jobs.after_commit(call.session, call.sahara.jobs.launch, run.id)
    return run


def show(call: SaharaCall, run: JobExecution, leave_out: tuple[str, ...] = (), *, listed: bool = False) -> Fields:
    """A run as replies of the version have it."""
    call.session.flush()
    shown = call.version.show(run, leave_out=leave_out)
    configs = dict(shown["job_configs"])
    configs["configs"] = {k: "" if k in SECRET_CONFIGS else v for k, v in configs.get("configs", {}).items()}
    shown["job_configs"] = configs if "configs" in run.job_configs else run.job_configs
    if page := history.url_of(call.request, run):
        shown["info"] = {**shown["info"], "spark-history": page}
    if call.version.number == 1:
        shown["oozie_job_id"] = run.engine_job_id
        if leave_out:
            del shown["engine_job_id"]
    elif not listed:
        shown["extra"] = run.extra
    return shown


SECRET_CONFIGS = {
    "fs.swift.service.sahara.username",
    "fs.swift.service.sahara.password",
    "fs.s3a.access.key",
    "fs.s3a.secret.key",
}


def update(call: SaharaCall) -> JobExecution:
    """PATCH: flags of a run, or in `info` what is to be done with it."""
    run = call.get(JobExecution)
    given = call.given
    require_owner_for_update(call, run, "JobExecution", given)
    action = given.pop("info", {}).get("status")
    if action and given:
        raise SaharaError("INVALID_JOB_STATUS", "Invalid status parameter")
    if action == "suspend":
        raise invalid_reference("Engine doesn't support suspending job feature")
    if action == "cancel":
        _cancel(call, run)
    assign(run, given)
    return run


def _cancel(call: SaharaCall, run: JobExecution) -> None:
    if run.end_time is None and run.status != DELETING:
        run.status, run.info = JobStatus.TO_BE_KILLED, {**run.info, "status": JobStatus.TO_BE_KILLED}
        call.sahara.jobs.after_commit(call.session, call.sahara.jobs.cancel, run.id)


def cancel(call: SaharaCall) -> JobExecution:
    """GET …/cancel: ends a run (API 1.1)."""
    run = call.get(JobExecution)
    start = f"Job execution with id '{run.id}' cannot be canceled because"
    if run.project_id != call.project_id:
        raise SaharaError("CANCELING_FAILED", f"{start} it wasn't created in this tenant")
    if run.is_protected:
        raise SaharaError("CANCELING_FAILED", f"{start} it's marked as protected")
    _cancel(call, run)
    return run


def read(call: SaharaCall) -> JobExecution:
    """GET: a run, as new as it gets: it is followed all the time."""
    run: JobExecution = call.get(JobExecution)
    return run


def delete(call: SaharaCall) -> None:
    """DELETE: forgets a run; one under way is ended."""
    run = call.get(JobExecution)
    require_owner_for_delete(call, run, "JobExecution")
    call.sahara.jobs.delete(call.session, run)
