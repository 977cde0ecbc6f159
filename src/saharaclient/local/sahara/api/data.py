"""Handlers of data sources, job binaries, and the binaries that the service itself stores."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import exists, or_, select

from saharaclient.local.sahara.api import checks
from saharaclient.local.sahara.api.context import assign, require_owner_for_delete, require_owner_for_update
from saharaclient.local.sahara.api.data_urls import check_source
from saharaclient.local.sahara.errors import SaharaError, invalid_data, invalid_reference
from saharaclient.local.sahara.jobs.binaries import binary_file
from saharaclient.local.sahara.records.jobs import DataSource, JobBinary, JobBinaryInternal, JobExecution, libs, mains
from saharaclient.local.sahara.urls import split_url
from saharaclient.local.store.contents import remove_after_commit
from saharaclient.local.web.files import ContentResponse
from saharaclient.states import JobStatus

if TYPE_CHECKING:
    from pathlib import Path

    from saharaclient.local.sahara.api.context import SaharaCall

Fields = dict[str, Any]


def create_data_source(call: SaharaCall) -> DataSource:
    """POST: a new data source."""
    given = call.given
    checks.unique_name(call, DataSource, given["name"], "Data source")
    check_source(given)
    source = DataSource(project_id=call.project_id)
    assign(source, given)
    call.session.add(source)
    return source


def update_data_source(call: SaharaCall) -> DataSource:
    """PUT or PATCH: changes a data source that no pending job reads or writes."""
    source = call.get(DataSource)
    given = call.given
    require_owner_for_update(call, source, "DataSource", given)
    uses = or_(JobExecution.input_id == source.id, JobExecution.output_id == source.id)
    if call.session.scalar(select(exists().where(uses, JobExecution.status == JobStatus.PENDING))):
        raise SaharaError("UPDATE_FAILED", "DataSource is used in a PENDING Job and can not be updated.")
    if given.get("name", source.name) != source.name:
        checks.unique_name(call, DataSource, given["name"], "Data source")
    check_source({key: given.get(key) or getattr(source, key) for key in ("type", "url", "credentials")})
    assign(source, given)
    return source


def check_data_source_unused(call: SaharaCall, source: DataSource) -> None:
    """Refuses to delete a data source that a job's record names."""
    require_owner_for_delete(call, source, "DataSource")
    uses = or_(JobExecution.input_id == source.id, JobExecution.output_id == source.id)
    if call.session.scalar(select(exists().where(uses))):
        raise SaharaError("DELETION_FAILED", "Data Source deletion failed on foreign key constraint")


def _check_binary(call: SaharaCall, given: Fields, *, new: bool) -> None:
    url = given.get("url")
    if not url:
        return
    parts, extra = split_url(url), given.get("extra") or {}
    if parts.scheme == "internal-db" and call.find(JobBinaryInternal, parts.netloc) is None:
        raise invalid_reference(f"JobBinaryInternal with id '{parts.netloc}' doesn't exist")
    if new and parts.scheme == "swift" and not (extra.get("user") and extra.get("password")):
        raise SaharaError(
            "BAD_JOB_BINARY", "To work with JobBinary located in internal swift add 'user' and 'password' to extra"
        )
    if new and parts.scheme == "s3" and extra.keys() != {"accesskey", "secretkey", "endpoint"}:
        raise invalid_data("Configs 'accesskey', 'secretkey', and 'endpoint' must be provided.")


def create_job_binary(call: SaharaCall) -> JobBinary:
    """POST: a new job binary."""
    given = call.given
    _check_binary(call, given, new=True)
    checks.unique_name(call, JobBinary, given["name"], "Job binary")
    binary = JobBinary(project_id=call.project_id)
    assign(binary, given)
    call.session.add(binary)
    return binary


def update_job_binary(call: SaharaCall) -> JobBinary:
    """PUT or PATCH: changes a job binary."""
    binary = call.get(JobBinary)
    given = call.given
    _check_binary(call, given, new=False)
    require_owner_for_update(call, binary, "JobBinary", given)
    if "internal-db://" in binary.url and given.get("url", binary.url) != binary.url:
        raise SaharaError(
            "UPDATE_FAILED",
            f"The url for JobBinary Id '{binary.id}' can not be updated because it is an internal-db url.",
        )
    if given.get("name", binary.name) != binary.name:
        checks.unique_name(call, JobBinary, given["name"], "Job binary")
    assign(binary, given)
    return binary


def check_job_binary_unused(call: SaharaCall, binary: JobBinary) -> None:
    """Refuses to delete a job binary that a job template names."""
    require_owner_for_delete(call, binary, "JobBinary")
    for uses in (mains, libs):
        if call.session.scalar(select(exists().where(uses.c.job_binary_id == binary.id))):
            raise SaharaError("DELETION_FAILED", "JobBinary is referenced and cannot be deleted")


def read_job_binary_data(call: SaharaCall) -> ContentResponse:
    """GET: the bytes of a job binary, from where its URL says."""
    return _stream(binary_file(call.sahara.storage, call.session, call.get(JobBinary)))


def _stream(path: Path) -> ContentResponse:
    return ContentResponse(path, media_type="text/html; charset=utf-8")


def read_internal_data(call: SaharaCall) -> ContentResponse:
    """GET: the bytes of an internal binary."""
    return _stream(call.sahara.storage.binaries / call.get(JobBinaryInternal).id)


def update_internal(call: SaharaCall) -> JobBinaryInternal:
    """PATCH: renames an internal binary or changes its flags."""
    internal = call.get(JobBinaryInternal)
    given = call.given
    require_owner_for_update(call, internal, "JobBinaryInternal", given)
    if given.get("name", internal.name) != internal.name:
        checks.unique_name(call, JobBinaryInternal, given["name"], "Job binary internal")
    assign(internal, given)
    return internal


def delete_internal(call: SaharaCall) -> None:
    """DELETE: an internal binary and its bytes."""
    internal = call.get(JobBinaryInternal)
    require_owner_for_delete(call, internal, "JobBinaryInternal")
    call.session.delete(internal)
    remove_after_commit(call.session, call.sahara.storage.binaries / internal.id)
