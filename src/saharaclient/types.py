"""What goes into requests and comes out of replies, for type checkers: dictionaries with known keys, whole replies.

At run time they are plain dictionaries and resources, in which members that a newer server adds stay as they come.
Whatever a server always sends is a required key; what a request may leave out is not.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, NotRequired, Protocol, TypeAlias, TypedDict

if TYPE_CHECKING:
    from collections.abc import Sequence

    from keystoneauth1.plugin import BaseAuthPlugin

ClusterInfo: TypeAlias = dict[str, dict[str, str]]
"""Addresses of a cluster's pages and masters by service, as the plugin tells them."""


class Share(TypedDict):
    """A shared file system that instances mount."""

    id: str
    path: NotRequired[str | None]
    access_level: NotRequired[Literal["rw", "ro"] | None]


class NodeGroupSpec(TypedDict):
    """A node group as a cluster or a template is given it: from a template of its own, or with all its fields."""

    name: str
    count: int
    node_group_template_id: NotRequired[str | None]
    description: NotRequired[str | None]
    flavor_id: NotRequired[str]
    image_id: NotRequired[str | None]
    node_processes: NotRequired[Sequence[str]]
    node_configs: NotRequired[dict[str, Any] | None]
    security_groups: NotRequired[Sequence[str] | None]
    auto_security_group: NotRequired[bool | None]
    availability_zone: NotRequired[str | None]
    floating_ip_pool: NotRequired[str | None]
    is_proxy_gateway: NotRequired[bool | None]
    is_public: NotRequired[bool | None]
    is_protected: NotRequired[bool | None]
    use_autoconfig: NotRequired[bool | None]
    shares: NotRequired[Sequence[Share] | None]
    volumes_per_node: NotRequired[int]
    volumes_size: NotRequired[int | None]
    volume_type: NotRequired[str | None]
    volumes_availability_zone: NotRequired[str | None]
    volume_mount_prefix: NotRequired[str | None]
    volume_local_to_instance: NotRequired[bool | None]
    boot_from_volume: NotRequired[bool]
    boot_volume_type: NotRequired[str | None]
    boot_volume_availability_zone: NotRequired[str | None]
    boot_volume_local_to_instance: NotRequired[bool]


class Instance(TypedDict):
    """One machine of a cluster."""

    id: str
    instance_id: str
    instance_name: str
    internal_ip: str | None
    management_ip: str | None
    dns_hostname: str | None
    storage_devices_number: int
    created_at: str
    updated_at: str | None


class NodeGroup(TypedDict):
    """A node group of a cluster or of a template, as the server shows it."""

    id: str
    name: str
    count: int
    node_group_template_id: str | None
    flavor_id: str
    image_id: str | None
    node_processes: list[str]
    node_configs: dict[str, Any]
    security_groups: list[str] | None
    auto_security_group: bool
    availability_zone: str | None
    floating_ip_pool: str | None
    is_proxy_gateway: bool
    use_autoconfig: bool
    shares: list[Share] | None
    volumes_per_node: int
    volumes_size: int | None
    volume_type: str | None
    volumes_availability_zone: str | None
    volume_mount_prefix: str | None
    volume_local_to_instance: bool
    boot_from_volume: bool
    boot_volume_type: str | None
    boot_volume_availability_zone: str | None
    boot_volume_local_to_instance: bool
    created_at: str
    updated_at: str | None
    instances: NotRequired[list[Instance]]  #: of a cluster's


class NodeGroupResize(TypedDict):
    """How many instances a node group shall have."""

    name: str
    count: int
    instances: NotRequired[Sequence[str]]  #: ids of those to remove, in API 2


class ScaleObject(TypedDict, total=False):
    """What a scaling wants: node groups of another size, and new ones."""

    resize_node_groups: Sequence[NodeGroupResize]
    add_node_groups: Sequence[NodeGroupSpec]


class ProvisionEvent(TypedDict):
    """What happened to one instance in a provisioning step."""

    id: str
    node_group_id: str | None
    instance_id: str | None
    instance_name: str | None
    event_info: str | None
    successful: bool
    created_at: str
    updated_at: str | None


class ProvisionStep(TypedDict):
    """One step of making or changing a cluster; `successful` is None while it lasts."""

    id: str
    cluster_id: str
    step_name: str
    step_type: str
    total: int
    successful: bool | None
    events: list[ProvisionEvent]
    created_at: str
    updated_at: str | None


class HealthCheck(TypedDict):
    """One question that a check of a cluster's health asked."""

    id: str
    verification_id: str
    name: str
    status: str
    description: str
    created_at: str
    updated_at: str | None


class Verification(TypedDict):
    """A check of a cluster's health; its status is CHECKING, GREEN, YELLOW or RED."""

    id: str
    cluster_id: str
    status: str
    checks: list[HealthCheck]
    created_at: str
    updated_at: str | None


class JobConfigs(TypedDict, total=False):
    """The configuration of a run of a job."""

    configs: dict[str, Any]
    args: Sequence[str]
    params: dict[str, Any]
    job_execution_info: dict[str, Any]


class JobArgument(TypedDict):
    """What a run of a job template may be given by name, part of a template's interface."""

    name: str
    mapping_type: Literal["args", "configs", "params"]
    location: str
    required: bool
    description: NotRequired[str | None]
    value_type: NotRequired[Literal["string", "number", "data_source"]]
    default: NotRequired[str | None]


class S3Credentials(TypedDict, total=False):
    """How to reach data in S3."""

    accesskey: str
    secretkey: str
    endpoint: str
    ssl: bool
    bucket_in_path: bool


class PluginConfig(TypedDict):
    """One configuration parameter of a plugin; `saharaclient.api.parameters.Parameter` is the same for forms."""

    name: str
    description: str | None
    config_type: str
    config_values: list[Any] | None
    default_value: Any
    applicable_target: str
    scope: Literal["cluster", "node"]
    is_optional: bool
    priority: int


class PluginLabel(TypedDict):
    """A label of a plugin or of one of its versions."""

    status: bool
    mutable: bool
    description: str


class LabelStatus(TypedDict):
    """What a label shall be."""

    status: bool


class PluginUpdate(TypedDict, total=False):
    """The labels to change; what is not named stays."""

    plugin_labels: dict[str, LabelStatus]
    version_labels: dict[str, dict[str, LabelStatus]]


class JobTypePlugin(TypedDict):
    """A plugin that runs a type of job, with its versions and, where they were asked for, hints for each."""

    name: str
    title: str
    description: str
    versions: dict[str, dict[str, Any] | None]


class SessionOptions(TypedDict, total=False):
    """Keywords of a client that it hands on.

    The first go to `keystoneauth1.adapter.Adapter`; the others, deprecated, are what to make a session from.
    """

    service_name: str | None
    interface: str | list[str] | None
    endpoint_override: str | None
    auth: BaseAuthPlugin | None
    user_agent: str | None
    connect_retries: int | None
    logger: Any
    allow: dict[str, Any] | None
    additional_headers: dict[str, str] | None
    client_name: str | None
    client_version: str | None
    allow_version_hack: bool | None
    global_request_id: str | None
    min_version: str | None
    max_version: str | None
    default_microversion: str | None
    status_code_retries: int | None
    retriable_status_codes: list[int] | None
    raise_exc: bool | None
    rate_limit: float | None
    concurrency: int | None
    connect_retry_delay: float | None
    status_code_retry_delay: float | None

    auth_url: str | None
    username: str | None
    user_id: str | None
    api_key: str | None
    password: str | None
    project_id: str | None
    tenant_id: str | None
    project_name: str | None
    tenant_name: str | None
    user_domain_id: str | None
    user_domain_name: str | None
    project_domain_id: str | None
    project_domain_name: str | None
    input_auth_token: str | None
    token: str | None
    cacert: str | None
    insecure: bool | None


class ClientOptions(SessionOptions, total=False):
    """Keywords of `saharaclient.client.Client`, as those of the classes that it makes clients of."""

    timeout: float | None
    reply_timeout: float | None
    max_reply_bytes: int | None
    retry_deadline: float


class AsyncClientOptions(ClientOptions, total=False):
    """Keywords of `saharaclient.aio.Client`."""

    sahara_url: str | None
    endpoint_type: str
    service_type: str
    region_name: str | None
    width: int


class Reply(Protocol):
    """A reply whose whole body became the resource, so that what was changed is a member of it."""

    _info: dict[str, Any]

    def to_dict(self) -> dict[str, Any]:
        """A copy of the reply's members that can be changed freely."""


class ClusterReply(Reply, Protocol):
    """A whole reply about a cluster."""

    cluster: dict[str, Any]


class ClusterTemplateReply(Reply, Protocol):
    """A whole reply about a cluster template."""

    cluster_template: dict[str, Any]


class NodeGroupTemplateReply(Reply, Protocol):
    """A whole reply about a node group template."""

    node_group_template: dict[str, Any]


class ImageReply(Reply, Protocol):
    """A whole reply about an image."""

    image: dict[str, Any]


class DataSourceReply(Reply, Protocol):
    """A whole reply about a data source."""

    data_source: dict[str, Any]


class JobBinaryInternalReply(Reply, Protocol):
    """A whole reply about an internal job binary."""

    job_binary_internal: dict[str, Any]


class JobReply(Reply, Protocol):
    """A whole reply about a job template of API 1.1 or a run of API 2."""

    job: dict[str, Any]


class JobTemplateReply(Reply, Protocol):
    """A whole reply about a job template of API 2."""

    job_template: dict[str, Any]


class JobExecutionReply(Reply, Protocol):
    """A whole reply about a run of API 1.1."""

    job_execution: dict[str, Any]


class JobConfigHints(Reply, Protocol):
    """Hints for configuring jobs of a type."""

    job_config: dict[str, Any]
