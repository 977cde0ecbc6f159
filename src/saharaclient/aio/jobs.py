"""Job templates of API 1.1, which calls them jobs; API 2 has them in `saharaclient.api.v2.job_templates`."""
# Made by tools/make_aio.py from src/saharaclient/api/jobs.py: change that and run `make aio`.

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Generic

from saharaclient.aio import pageable
from saharaclient.api import base
from saharaclient.api import jobs as sync
from saharaclient.api.jobs import Job, Whole

if TYPE_CHECKING:
    from collections.abc import Sequence

    from saharaclient import types


class JobTemplateMethods(pageable.PageableManager[base.R], Generic[base.R, Whole]):
    """What both API versions can do with job templates."""

    _sync: sync.JobTemplateMethods[base.R, Whole]

    NotUpdated = base.NOT_UPDATED

    async def create(
        self,
        name: str,
        type: str,
        mains: list[str] | None = None,
        libs: list[str] | None = None,
        description: str | None = None,
        interface: Sequence[types.JobArgument] | None = None,
        is_public: bool | None = None,
        is_protected: bool | None = None,
    ) -> base.R:
        """Create a job template. REST: ``POST /jobs`` in API 1.1, ``POST /job-templates`` in 2.

        Args:
            name: its name, 1 to 50 characters, unique in the project.
            type: the type of job, such as ``Spark`` or ``Shell``.
            mains: ids of the job binaries that are its program.
            libs: ids of the job binaries that are its libraries.
            description: a text.
            interface: what a run may be given by name, each with ``name``, ``mapping_type``, ``location`` and
                ``required``.
            is_public: whether other projects see it.
            is_protected: whether it is safe from changes and deletion.

        Returns:
            The new job template.

        Raises:
            NameAlreadyExists: the project has one of this name.
            BadRequest: the type wants another kind of program, or a value is not as the server wants it.
            APIException: what else the server reports.
        """
        return await self._driver.call(
            self._sync.create, name, type, mains, libs, description, interface, is_public, is_protected
        )

    async def update(
        self,
        job_id: str,
        name: str | base.NotUpdated | None = NotUpdated,
        description: str | base.NotUpdated | None = NotUpdated,
        is_public: bool | base.NotUpdated | None = NotUpdated,
        is_protected: bool | base.NotUpdated | None = NotUpdated,
    ) -> Whole:
        """Change what is said of a job template. REST: ``PATCH /jobs/<id>``, ``PATCH /job-templates/<id>`` in API 2.

        Args:
            job_id: its id.
            name: its name.
            description: a text.
            is_public: whether other projects see it.
            is_protected: whether it is safe from changes and deletion.

        Returns:
            The server's whole reply, in which the job template is the member ``job`` or, in API 2, ``job_template``.

        Raises:
            NotFound: there is no such job template.
            BadRequest: a value is not as the server wants it.
            APIException: what else the server reports.
        """
        return await self._driver.call(self._sync.update, job_id, name, description, is_public, is_protected)

    async def list(
        self,
        search_opts: dict[str, Any] | None = None,
        limit: int | None = None,
        marker: str | None = None,
        sort_by: str | None = None,
        reverse: bool | None = None,
    ) -> base.Page[base.R]:
        """All job templates, or a page of them. REST: ``GET /jobs`` in API 1.1, ``GET /job-templates`` in 2.

        Args:
            search_opts: filters: ``name``, ``type``.
            limit: job templates at most; by default all.
            marker: the id after which the page begins.
            sort_by: the field to sort by.
            reverse: whether to sort the other way round.

        Returns:
            The job templates, with the markers of the pages beside it.

        Raises:
            APIException: what the server reports.
        """
        return await self._driver.call(self._sync.list, search_opts, limit, marker, sort_by, reverse)

    async def get(self, job_id: str) -> base.R:
        """A job template. REST: ``GET /jobs/<id>`` in API 1.1, ``GET /job-templates/<id>`` in 2.

        Args:
            job_id: its id.

        Returns:
            The job template.

        Raises:
            NotFound: there is no such job template.
            APIException: what else the server reports.
        """
        return await self._driver.call(self._sync.get, job_id)

    async def get_configs(self, job_type: str) -> types.JobConfigHints:
        """Hints for configuring jobs of a type.

        REST: ``GET /jobs/config-hints/<type>`` in API 1.1, ``GET /job-templates/config-hints/<type>`` in 2.

        Args:
            job_type: the type of job.

        Returns:
            The server's whole reply, with the member ``job_config``.

        Raises:
            NotFound: there is no such type.
            APIException: what else the server reports.
        """
        return await self._driver.call(self._sync.get_configs, job_type)

    async def delete(self, job_id: str) -> None:
        """Delete a job template. REST: ``DELETE /jobs/<id>`` in API 1.1, ``DELETE /job-templates/<id>`` in 2.

        Args:
            job_id: its id.

        Raises:
            NotFound: there is no such job template.
            InUse: it is protected, or a run of it is there.
            APIException: what else the server reports.
        """
        return await self._driver.call(self._sync.delete, job_id)


class JobsManagerV1(JobTemplateMethods[Job, "types.JobReply"]):
    """Job templates in API 1.1, which calls them jobs."""

    _sync: sync.JobsManagerV1


JobsManager = JobsManagerV1
