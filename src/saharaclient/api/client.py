"""The clients: a manager for each kind of resource, over one seam to the network.

API 1.1 and 2 differ in which managers they have; what else differs is in the managers.
"""

from __future__ import annotations

import contextlib
import functools
import inspect
from typing import TYPE_CHECKING, Any, ClassVar, Self, Unpack, cast

from keystoneauth1 import adapter

from saharaclient._core import authentication, bounds
from saharaclient._core.http import LARGEST_REPLY, USER_AGENT, HTTPClient
from saharaclient._core.retry import RetryPolicy
from saharaclient.api import (
    cluster_templates,
    clusters,
    data_sources,
    images,
    job_binaries,
    job_binary_internals,
    job_executions,
    job_types,
    jobs,
    node_group_templates,
    plugins,
)
from saharaclient.api.v2 import job_templates
from saharaclient.api.v2 import jobs as v2_jobs

if TYPE_CHECKING:
    from collections.abc import Iterator

    from keystoneauth1.session import Session

    from saharaclient.types import SessionOptions

__all__ = ["USER_AGENT", "Client", "ClientV2", "HTTPClient"]

TIMEOUT = 60.0  # seconds
REPLY_TIMEOUT = 600.0  # seconds
_DEFAULTS = RetryPolicy()
RETRY_DEADLINE = _DEFAULTS.deadline


@functools.cache
def _adapter_keywords() -> frozenset[str]:
    return frozenset(inspect.signature(adapter.Adapter).parameters) - {"session"}


class AnyClient:
    """What the clients of both API versions have in common: how they are made, and what they do beside managers."""

    _api_version: ClassVar[str]

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
        **kwargs: Unpack[SessionOptions],
    ) -> None:
        for name, value in (
            ("timeout", timeout),
            ("reply_timeout", reply_timeout),
            ("max_reply_bytes", max_reply_bytes),
        ):
            if value is not None and not value > 0:
                raise ValueError(f"{name} must be more than 0, or None for no limit, not {value!r}")
        if not retry_deadline >= 0:
            raise ValueError(f"retry_deadline must be 0 seconds or more, not {retry_deadline!r}")
        keywords: dict[str, Any] = {**kwargs}
        credentials = authentication.take_credentials(keywords)
        if unknown := sorted(keywords.keys() - _adapter_keywords()):
            raise TypeError(
                f"{type(self).__name__}() takes no keyword {', '.join(map(repr, unknown))}: it is neither one of the "
                "client's nor one of keystoneauth1.adapter.Adapter's"
            )
        session = session or authentication.session_from(credentials, endpoint_known=sahara_url is not None)
        options: dict[str, Any] = {
            "user_agent": USER_AGENT,
            "interface": endpoint_type,
            "service_type": service_type,
            "region_name": region_name,
            "endpoint_override": sahara_url,
            "version": self._api_version,
            **keywords,
        }
        if options.get("min_version") or options.get("max_version"):
            options.pop("version")  # the adapter takes one or the other
        api = HTTPClient(session, **options)
        api.timeout, api.reply_timeout, api.largest_reply = timeout, reply_timeout, max_reply_bytes
        api.retry = _policy(retry_deadline, keywords)
        self._register_managers(api)

    def close(self) -> None:
        """Close the connections to the server. The session given stays open; the next request opens new connections."""
        self._api.close()

    @contextlib.contextmanager
    def deadline(self, seconds: float) -> Iterator[None]:
        """Within this block, what this thread asks of the server takes no longer than so many seconds in all.

        A request that doesn't end by then, its repetitions included, raises what a silent server raises; a wait raises
        OperationTimedOut.

        Args:
            seconds: more than 0.

        Raises:
            ValueError: they are not.
        """
        if not seconds > 0:
            raise ValueError(f"a deadline must be more than 0 seconds away, not {seconds}")
        clock = self._api.clock
        with bounds.deadline(clock, clock.now() + seconds):
            yield

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @classmethod
    def split_options(cls, keywords: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
        """Part `keywords` into those that the client takes beside a session, and others."""
        named = inspect.signature(AnyClient.__init__).parameters.keys()
        own = (named | _adapter_keywords()) - {"self", "session", "kwargs"}
        return {k: v for k, v in keywords.items() if k in own}, {k: v for k, v in keywords.items() if k not in own}

    def _register_managers(self, api: HTTPClient) -> None:
        raise NotImplementedError

    @property
    def _api(self) -> HTTPClient:
        return cast("HTTPClient", cast("Any", self).plugins.api)


class Client(AnyClient):
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

    _api_version = "1.1"

    def _register_managers(self, api: HTTPClient) -> None:
        self.plugins = plugins.PluginManagerV1(api)
        self.clusters = clusters.ClusterManagerV1(api)
        self.cluster_templates = cluster_templates.ClusterTemplateManagerV1(api)
        self.node_group_templates = node_group_templates.NodeGroupTemplateManagerV1(api)
        self.images = images.ImageManagerV1(api)
        self.data_sources = data_sources.DataSourceManagerV1(api)
        self.job_binaries = job_binaries.JobBinariesManagerV1(api)
        self.job_binary_internals = job_binary_internals.JobBinaryInternalsManager(api)
        self.jobs = jobs.JobsManagerV1(api)
        self.job_executions = job_executions.JobExecutionsManager(api)
        self.job_types = job_types.JobTypesManager(api)


if TYPE_CHECKING:
    # It has managers that API 1.1 has not, and the other way round: who has one must not take it for the other.
    _Client = AnyClient
else:
    _Client = Client  # programs written against 4.2.0 ask isinstance()


class ClientV2(_Client):
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

    _api_version = "2"

    def _register_managers(self, api: HTTPClient) -> None:
        self.plugins = plugins.PluginManagerV2(api)
        self.clusters = clusters.ClusterManagerV2(api)
        self.cluster_templates = cluster_templates.ClusterTemplateManagerV2(api)
        self.node_group_templates = node_group_templates.NodeGroupTemplateManagerV2(api)
        self.images = images.ImageManagerV2(api)
        self.data_sources = data_sources.DataSourceManagerV2(api)
        self.job_binaries = job_binaries.JobBinariesManagerV2(api)
        self.job_templates = job_templates.JobTemplatesManagerV2(api)
        self.jobs = v2_jobs.JobsManagerV2(api)
        self.job_types = job_types.JobTypesManager(api)


def _policy(deadline: float, options: dict[str, Any]) -> RetryPolicy:
    """The retry policy that the adapter's own keywords for retries ask for."""
    return RetryPolicy(
        deadline=deadline,
        statuses=frozenset(options.get("retriable_status_codes") or _DEFAULTS.statuses),
        connect_retries=options.get("connect_retries"),
        status_retries=options.get("status_code_retries"),
        first_delay=options.get("connect_retry_delay")
        or options.get("status_code_retry_delay")
        or _DEFAULTS.first_delay,
    )
