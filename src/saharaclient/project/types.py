"""What a project file says, as types: one structure for each kind of resource. They read, send and compare nothing.

A field that is not given is `msgspec.UNSET`: it is neither sent nor compared, so a server's default is never a drift.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

import msgspec
from msgspec import UNSET, Meta, UnsetType

Value = str | int | float | bool
Text = Annotated[str, Meta(min_length=1)]
Count = Annotated[int, Meta(ge=0)]
HostName = Annotated[
    str,
    Meta(
        pattern=r"^(([a-zA-Z]|[a-zA-Z][a-zA-Z0-9\-]*[a-zA-Z0-9])\.)*([A-Za-z]|[A-Za-z][A-Za-z0-9\-]*[A-Za-z0-9])$",
        min_length=1,
        max_length=50,
    ),
]
Name = Annotated[str, Meta(pattern=r"^[a-zA-Z0-9][a-zA-Z0-9\-_\.]*$", min_length=1, max_length=50)]
Configs = Annotated[dict[Text, dict[Text, Value]], Meta(description="Configuration: names and values by service.")]
JobType = Literal["Hive", "Java", "MapReduce", "MapReduce.Streaming", "Pig", "Shell", "Spark", "Storm", "Storm.Pyleus"]
Description = Annotated[str, Meta(description="A text for people.")]
IsPublic = Annotated[bool, Meta(description="Whether other projects see it.")]
IsProtected = Annotated[bool, Meta(description="Whether it is safe from changes and deletion.")]
PluginName = Annotated[Text, Meta(description="The plugin, such as `spark`.")]
PluginVersion = Annotated[Text, Meta(description='The plugin\'s version, in quotes: "3.5".')]
ImageName = Annotated[Text, Meta(description="The image, by name: of the section `images`, or registered there.")]
NetworkName = Annotated[Text, Meta(description="The network of the instances, by name.")]


class Entry(msgspec.Struct, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """What all entries of a project file have in common."""

    def given(self) -> dict[str, Any]:
        """The fields that the file gives, as plain values."""
        found: dict[str, Any] = msgspec.to_builtins(self)
        return found


class Share(Entry, kw_only=True):
    """A shared file system to mount."""

    id: Annotated[Text, Meta(description="Its id.")]
    path: Annotated[str, Meta(description="Where it is mounted.")] | UnsetType = UNSET
    access_level: Annotated[Literal["rw", "ro"], Meta(description="How it may be used.")] | UnsetType = UNSET


Shares = Annotated[list[Share], Meta(description="Shared file systems to mount.")]


class _Instances(Entry, kw_only=True):
    """What the instances of a node group are like."""

    flavor: Annotated[Text, Meta(description="The flavor of each instance, by name.")] | UnsetType = UNSET
    node_processes: (
        Annotated[list[Text], Meta(description="The processes of each instance.", min_length=1)] | UnsetType
    ) = UNSET
    node_configs: Configs | UnsetType = UNSET
    image: ImageName | UnsetType = UNSET
    availability_zone: Annotated[str, Meta(description="Where the instances run.")] | UnsetType = UNSET
    security_groups: Annotated[list[Text], Meta(description="Names of security groups.")] | UnsetType = UNSET
    auto_security_group: (
        Annotated[bool, Meta(description="Whether a security group with the needed ports is made.")] | UnsetType
    ) = UNSET
    floating_ip_pool: Annotated[Text, Meta(description="The network of floating addresses, by name.")] | UnsetType = (
        UNSET
    )
    is_proxy_gateway: Annotated[bool, Meta(description="Whether the instances are the way to others.")] | UnsetType = (
        UNSET
    )
    volumes_per_node: Annotated[Count, Meta(description="Volumes attached to each instance.")] | UnsetType = UNSET
    volumes_size: Annotated[Count, Meta(description="GiB of each volume.")] | UnsetType = UNSET
    volume_type: Annotated[str, Meta(description="The type of the volumes.")] | UnsetType = UNSET
    volumes_availability_zone: Annotated[str, Meta(description="Where the volumes are.")] | UnsetType = UNSET
    volume_mount_prefix: Annotated[str, Meta(description="Where volumes are mounted.")] | UnsetType = UNSET
    volume_local_to_instance: Annotated[bool, Meta(description="Whether volumes are local.")] | UnsetType = UNSET
    use_autoconfig: Annotated[bool, Meta(description="Whether the plugin configures by flavor.")] | UnsetType = UNSET
    shares: Shares | UnsetType = UNSET


class NodeGroup(_Instances, kw_only=True):
    """A node group: how many instances, and what they are like, by a template or by fields of its own."""

    count: Annotated[Count, Meta(description="How many instances.")]
    template: Annotated[Text, Meta(description="The node group template, by name.")] | UnsetType = UNSET


NodeGroups = Annotated[dict[HostName, NodeGroup], Meta(description="What instances there are: groups by name.")]


class Image(Entry, kw_only=True):
    """A registration of an image."""

    username: Annotated[Text, Meta(description="The user that its instances are reached as.")]
    description: Description | UnsetType = UNSET
    tags: Annotated[list[Text], Meta(description="Its tags, mostly a plugin and its version.")] | UnsetType = UNSET


class NodeGroupTemplate(_Instances, kw_only=True):
    """A template of a node group."""

    plugin_name: PluginName
    plugin_version: PluginVersion
    flavor: Annotated[Text, Meta(description="The flavor of each instance, by name.")]
    node_processes: Annotated[list[Text], Meta(description="The processes of each instance.", min_length=1)]
    description: Description | UnsetType = UNSET
    boot_from_volume: Annotated[bool, Meta(description="Whether to boot from a volume; API 2.")] | UnsetType = UNSET
    boot_volume_type: Annotated[str, Meta(description="The type of the boot volume; API 2.")] | UnsetType = UNSET
    boot_volume_availability_zone: Annotated[str, Meta(description="Where the boot volume is; API 2.")] | UnsetType = (
        UNSET
    )
    boot_volume_local_to_instance: (
        Annotated[bool, Meta(description="Whether the boot volume is local; API 2.")] | UnsetType
    ) = UNSET
    is_public: IsPublic | UnsetType = UNSET
    is_protected: IsProtected | UnsetType = UNSET


class ClusterTemplate(Entry, kw_only=True):
    """A template of a cluster."""

    plugin_name: PluginName
    plugin_version: PluginVersion
    description: Description | UnsetType = UNSET
    node_groups: NodeGroups | UnsetType = UNSET
    cluster_configs: Configs | UnsetType = UNSET
    anti_affinity: Annotated[list[Text], Meta(description="Processes of which no two share a host.")] | UnsetType = (
        UNSET
    )
    image: ImageName | UnsetType = UNSET
    network: NetworkName | UnsetType = UNSET
    domain_name: Annotated[str, Meta(description="The DNS domain of the instances.")] | UnsetType = UNSET
    use_autoconfig: Annotated[bool, Meta(description="Whether the plugin configures by flavor.")] | UnsetType = UNSET
    shares: Shares | UnsetType = UNSET
    is_public: IsPublic | UnsetType = UNSET
    is_protected: IsProtected | UnsetType = UNSET


class Cluster(Entry, kw_only=True):
    """A cluster. What it does not say, its template gives."""

    template: Annotated[Text, Meta(description="The cluster template, by name.")] | UnsetType = UNSET
    plugin_name: PluginName | UnsetType = UNSET
    plugin_version: PluginVersion | UnsetType = UNSET
    description: Description | UnsetType = UNSET
    node_groups: NodeGroups | UnsetType = UNSET
    cluster_configs: Configs | UnsetType = UNSET
    anti_affinity: Annotated[list[Text], Meta(description="Processes of which no two share a host.")] | UnsetType = (
        UNSET
    )
    image: ImageName | UnsetType = UNSET
    network: NetworkName | UnsetType = UNSET
    keypair: Annotated[Text, Meta(description="The key pair to reach the instances with.")] | UnsetType = UNSET
    is_transient: Annotated[bool, Meta(description="Whether it ends after its last job.")] | UnsetType = UNSET
    use_autoconfig: Annotated[bool, Meta(description="Whether the plugin configures by flavor.")] | UnsetType = UNSET
    shares: Shares | UnsetType = UNSET
    is_public: IsPublic | UnsetType = UNSET
    is_protected: IsProtected | UnsetType = UNSET


class Credentials(Entry, kw_only=True):
    """Credentials for object storage: `user` and `password` for Swift, the others for S3. Sent, never compared."""

    user: Annotated[str, Meta(description="The user of Swift.")] | UnsetType = UNSET
    password: Annotated[str, Meta(description="Its password; `${env:NAME}` keeps it out of the file.")] | UnsetType = (
        UNSET
    )
    accesskey: Annotated[str, Meta(description="The access key of S3.")] | UnsetType = UNSET
    secretkey: (
        Annotated[str, Meta(description="The secret key of S3; `${env:NAME}` keeps it out of the file.")] | UnsetType
    ) = UNSET
    endpoint: Annotated[str, Meta(description="The address of S3, without `http://`.")] | UnsetType = UNSET
    ssl: Annotated[bool, Meta(description="Whether S3 is reached over TLS.")] | UnsetType = UNSET
    bucket_in_path: (
        Annotated[bool, Meta(description="Whether the bucket is in S3's paths; else in its host name.")] | UnsetType
    ) = UNSET


class DataSource(Entry, kw_only=True):
    """A data source."""

    type: Annotated[Literal["swift", "hdfs", "maprfs", "manila", "s3"], Meta(description="The kind of storage.")]
    url: Annotated[Text, Meta(description="Where the data is, such as `swift://container/object`.")]
    description: Description | UnsetType = UNSET
    credentials: Annotated[Credentials, Meta(description="Who may read and write it.")] | UnsetType = UNSET
    is_public: IsPublic | UnsetType = UNSET
    is_protected: IsProtected | UnsetType = UNSET


class JobBinary(Entry, kw_only=True):
    """A program or library: a file beside the document, or the URL of what is stored already."""

    file: Annotated[Text, Meta(description="Its file, relative to the document.")] | UnsetType = UNSET
    url: Annotated[Text, Meta(description="Where it is stored, such as `swift://container/object`.")] | UnsetType = (
        UNSET
    )
    description: Description | UnsetType = UNSET
    credentials: Annotated[Credentials, Meta(description="Who may read and write it.")] | UnsetType = UNSET
    is_public: IsPublic | UnsetType = UNSET
    is_protected: IsProtected | UnsetType = UNSET


class Argument(Entry, kw_only=True):
    """Something that a run of the job template may be given by name."""

    name: Annotated[Text, Meta(description="What the run calls it.")]
    location: Annotated[Text, Meta(description="Its place: a number among args, or a name.")]
    mapping_type: Annotated[Literal["args", "configs", "params"], Meta(description="Where it is put.")]
    value_type: (
        Annotated[
            Literal["string", "number", "data_source", "input_data_source", "output_data_source"],
            Meta(description="What it may be; a string unless said."),
        ]
        | UnsetType
    ) = UNSET
    required: Annotated[bool, Meta(description="Whether a run must give it.")] | UnsetType = UNSET
    default: Annotated[str, Meta(description="Its value where a run gives none.")] | UnsetType = UNSET
    description: Description | UnsetType = UNSET


class JobTemplate(Entry, kw_only=True):
    """A job template: a program, its libraries and what it wants to be told."""

    type: Annotated[JobType, Meta(description="The type of job.")]
    mains: Annotated[list[Text], Meta(description="The job binaries that are its program.")] | UnsetType = UNSET
    libs: Annotated[list[Text], Meta(description="The job binaries that are its libraries.")] | UnsetType = UNSET
    description: Description | UnsetType = UNSET
    interface: Annotated[list[Argument], Meta(description="What a run may be given by name.")] | UnsetType = UNSET
    is_public: IsPublic | UnsetType = UNSET
    is_protected: IsProtected | UnsetType = UNSET


class Job(Entry, kw_only=True):
    """A job to run once. Its name is kept with the run, so that it is known again."""

    template: Annotated[Text, Meta(description="The job template, by name.")]
    cluster: Annotated[Text, Meta(description="The cluster, by name.")]
    input: Annotated[Text, Meta(description="The data source to read from, by name.")] | UnsetType = UNSET
    output: Annotated[Text, Meta(description="The data source to write to, by name.")] | UnsetType = UNSET
    configs: Annotated[dict[Text, Value], Meta(description="Configuration of the run.")] | UnsetType = UNSET
    params: Annotated[dict[Text, Value], Meta(description="Parameters of the run.")] | UnsetType = UNSET
    args: (
        Annotated[list[str], Meta(description="Arguments; `datasource://NAME` is a data source's place.")] | UnsetType
    ) = UNSET
    interface: Annotated[dict[Text, str], Meta(description="Values for the template's interface.")] | UnsetType = UNSET
    is_public: IsPublic | UnsetType = UNSET
    is_protected: IsProtected | UnsetType = UNSET


class Sections(msgspec.Struct, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """A project file: everything by kind and name."""

    images: Annotated[dict[Text, Image], Meta(description="Registered images.")] = {}
    data_sources: Annotated[dict[Name, DataSource], Meta(description="Where jobs read and write.")] = {}
    job_binaries: Annotated[dict[Name, JobBinary], Meta(description="Programs and libraries.")] = {}
    node_group_templates: Annotated[dict[HostName, NodeGroupTemplate], Meta(description="Sorts of instances.")] = {}
    cluster_templates: Annotated[dict[HostName, ClusterTemplate], Meta(description="Sorts of clusters.")] = {}
    clusters: Annotated[dict[HostName, Cluster], Meta(description="Clusters.")] = {}
    job_templates: Annotated[dict[Name, JobTemplate], Meta(description="Jobs that can be run.")] = {}
    jobs: Annotated[dict[Name, Job], Meta(description="Jobs to run once.")] = {}


SECTIONS = tuple(Sections.__struct_fields__)
