"""The asynchronous clients: an asynchronous manager for each kind of resource."""
# Made by tools/make_aio.py from src/saharaclient/api/client.py: change that and run `make aio`.

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Unpack

from saharaclient._core.http import LARGEST_REPLY
from saharaclient.aio import (
    cluster_templates,
    clusters,
    data_sources,
    driver,
    images,
    job_binaries,
    job_binary_internals,
    job_executions,
    job_types,
    jobs,
    node_group_templates,
    plugins,
)
from saharaclient.aio.v2 import job_templates
from saharaclient.aio.v2 import jobs as v2_jobs
from saharaclient.api import client as sync
from saharaclient.api.client import REPLY_TIMEOUT, RETRY_DEADLINE, TIMEOUT

if TYPE_CHECKING:
    from keystoneauth1.session import Session

    from saharaclient.types import SessionOptions


class Client(driver.AnyClient):
    """A client of API 1.1.

    Args:
        session: a Keystone session; it authenticates every request.
        sahara_url: the endpoint, to which paths are appended as it stands; by default the service catalog's.
        endpoint_type: which of the catalog's endpoints: ``publicURL``, ``internalURL`` or ``adminURL``.
        service_type: the service's type in the catalog.
        region_name: the region in the catalog; by default any.
        timeout: seconds for connecting and for each silence of the server, default 60; None waits for ever.
        reply_timeout: seconds that a whole reply may take once its request is sent, default 600; None for no limit. Of
            a download it counts for the beginning alone: the bytes may flow as long as they do.
        max_reply_bytes: largest reply that is read into memory, default 512 MiB; None for no limit. `download` writes
            to files and has none.
        retry_deadline: seconds from the first attempt after which a request is not tried again, default 20; 0: never.
            Reads and deletes are repeated after failed connections and HTTP 429, 502, 503 and 504; what creates or
            changes something is repeated only if no connection was made.
        width: threads at most, and so requests under way at once; pauses and waits need none.
        **kwargs: what `keystoneauth1.adapter.Adapter` takes; or, deprecated, what to make a session from: ``auth_url``,
            ``username``, ``password`` or ``api_key``, ``project_id`` or ``tenant_id``, ``project_name`` or
            ``tenant_name``, ``user_domain_id``, ``user_domain_name``, ``project_domain_id``, ``project_domain_name``,
            ``token`` or ``input_auth_token``, ``cacert``, ``insecure``.

    Raises:
        ConfigurationError: neither a session nor enough to make one was given.
        TypeError: a keyword that nothing takes.
        ValueError: a limit that is 0, negative or no number.

    Attributes:
        plugins: `PluginManagerV1`
        clusters: `ClusterManagerV1`
        cluster_templates: `ClusterTemplateManagerV1`
        node_group_templates: `NodeGroupTemplateManagerV1`
        images: `ImageManagerV1`
        data_sources: `DataSourceManagerV1`
        job_binaries: `JobBinariesManagerV1`
        job_binary_internals: `JobBinaryInternalsManager`
        jobs: `JobsManagerV1`
        job_executions: `JobExecutionsManager`
        job_types: `JobTypesManager`
    """

    def __init__(
        self,
        session: Session | None = None,
        sahara_url: str | None = None,
        endpoint_type: str = "publicURL",
        service_type: str = "data-processing",
        region_name: str | None = None,
        *,
        timeout: float | None = TIMEOUT,
        reply_timeout: float | None = REPLY_TIMEOUT,
        max_reply_bytes: int | None = LARGEST_REPLY,
        retry_deadline: float = RETRY_DEADLINE,
        width: int = driver.WIDTH,
        **kwargs: Unpack[SessionOptions],
    ) -> None:
        self._start(
            sync.Client(
                session,
                sahara_url,
                endpoint_type,
                service_type,
                region_name,
                timeout=timeout,
                reply_timeout=reply_timeout,
                max_reply_bytes=max_reply_bytes,
                retry_deadline=retry_deadline,
                **kwargs,
            ),
            width,
        )

    def _register_managers(self, sync: Any, driver: driver.Driver) -> None:
        self.plugins = plugins.PluginManagerV1(sync.plugins, driver)
        self.clusters = clusters.ClusterManagerV1(sync.clusters, driver)
        self.cluster_templates = cluster_templates.ClusterTemplateManagerV1(sync.cluster_templates, driver)
        self.node_group_templates = node_group_templates.NodeGroupTemplateManagerV1(sync.node_group_templates, driver)
        self.images = images.ImageManagerV1(sync.images, driver)
        self.data_sources = data_sources.DataSourceManagerV1(sync.data_sources, driver)
        self.job_binaries = job_binaries.JobBinariesManagerV1(sync.job_binaries, driver)
        self.job_binary_internals = job_binary_internals.JobBinaryInternalsManager(sync.job_binary_internals, driver)
        self.jobs = jobs.JobsManagerV1(sync.jobs, driver)
        self.job_executions = job_executions.JobExecutionsManager(sync.job_executions, driver)
        self.job_types = job_types.JobTypesManager(sync.job_types, driver)


class ClientV2(driver.AnyClient):
    """A client of API 2.

    Parameters and errors are those of `Client`.

    Attributes:
        plugins: `PluginManagerV2`
        clusters: `ClusterManagerV2`
        cluster_templates: `ClusterTemplateManagerV2`
        node_group_templates: `NodeGroupTemplateManagerV2`
        images: `ImageManagerV2`
        data_sources: `DataSourceManagerV2`
        job_binaries: `JobBinariesManagerV2`
        job_templates: `JobTemplatesManagerV2`
        jobs: `JobsManagerV2`
        job_types: `JobTypesManager`
    """

    def __init__(
        self,
        session: Session | None = None,
        sahara_url: str | None = None,
        endpoint_type: str = "publicURL",
        service_type: str = "data-processing",
        region_name: str | None = None,
        *,
        timeout: float | None = TIMEOUT,
        reply_timeout: float | None = REPLY_TIMEOUT,
        max_reply_bytes: int | None = LARGEST_REPLY,
        retry_deadline: float = RETRY_DEADLINE,
        width: int = driver.WIDTH,
        **kwargs: Unpack[SessionOptions],
    ) -> None:
        self._start(
            sync.ClientV2(
                session,
                sahara_url,
                endpoint_type,
                service_type,
                region_name,
                timeout=timeout,
                reply_timeout=reply_timeout,
                max_reply_bytes=max_reply_bytes,
                retry_deadline=retry_deadline,
                **kwargs,
            ),
            width,
        )

    def _register_managers(self, sync: Any, driver: driver.Driver) -> None:
        self.plugins = plugins.PluginManagerV2(sync.plugins, driver)
        self.clusters = clusters.ClusterManagerV2(sync.clusters, driver)
        self.cluster_templates = cluster_templates.ClusterTemplateManagerV2(sync.cluster_templates, driver)
        self.node_group_templates = node_group_templates.NodeGroupTemplateManagerV2(sync.node_group_templates, driver)
        self.images = images.ImageManagerV2(sync.images, driver)
        self.data_sources = data_sources.DataSourceManagerV2(sync.data_sources, driver)
        self.job_binaries = job_binaries.JobBinariesManagerV2(sync.job_binaries, driver)
        self.job_templates = job_templates.JobTemplatesManagerV2(sync.job_templates, driver)
        self.jobs = v2_jobs.JobsManagerV2(sync.jobs, driver)
        self.job_types = job_types.JobTypesManager(sync.job_types, driver)
