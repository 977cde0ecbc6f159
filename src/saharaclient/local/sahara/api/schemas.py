"""JSON schemas of request bodies, built once for both API versions; how a body is checked is in `validation.py`.

Fields have the names of API 2. `for_version` gives a schema with a version's own names and fields.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from saharaclient.local.sahara.api.versions import Version

Schema = dict[str, Any]


def _object(properties: Schema, required: tuple[str, ...] = (), **more: Any) -> Schema:
    return {
        "type": "object",
        "properties": properties,
        "additionalProperties": False,
        "required": list(required),
        **more,
    }


def _or_null(type_: str, **more: Any) -> Schema:
    return {"type": [type_, "null"], **more}


def _list_of(items: Schema, **more: Any) -> Schema:
    return {"type": "array", "items": items, **more}


TEXT = {"type": "string"}
TEXT_OR_NULL = _or_null("string")
FLAG = {"type": "boolean"}
FLAG_OR_NULL = _or_null("boolean")
NUMBER = {"type": "integer"}
UUID = {"type": "string", "format": "uuid"}
UUID_OR_NULL = _or_null("string", format="uuid")
HOST_NAME = {"type": "string", "minLength": 1, "maxLength": 50, "format": "valid_name_hostname"}
NAME = {"type": "string", "minLength": 1, "maxLength": 50, "format": "valid_name"}
SHARED = {"is_public": FLAG_OR_NULL, "is_protected": FLAG_OR_NULL}
SHARES = _list_of(
    _object(
        {"id": UUID, "path": TEXT_OR_NULL, "access_level": _or_null("string", enum=["rw", "ro"], default="rw")}, ("id",)
    )
)

NODE = {
    "name": HOST_NAME,
    "flavor_id": {"type": "flavor"},
    "node_processes": _list_of(TEXT, minItems=1),
    "image_id": UUID_OR_NULL,
    "node_configs": _or_null("configs"),
    "volumes_per_node": {"type": "integer", "minimum": 0},
    "volumes_size": _or_null("integer", minimum=1),
    "volume_type": TEXT_OR_NULL,
    "volumes_availability_zone": TEXT_OR_NULL,
    "volume_mount_prefix": _or_null("string", format="posix_path"),
    "description": TEXT_OR_NULL,
    "floating_ip_pool": TEXT_OR_NULL,
    "security_groups": {"type": ["array", "null"], "items": TEXT},
    "auto_security_group": FLAG_OR_NULL,
    "availability_zone": TEXT_OR_NULL,
    "is_proxy_gateway": FLAG_OR_NULL,
    "volume_local_to_instance": FLAG_OR_NULL,
    "shares": SHARES,
    "use_autoconfig": FLAG_OR_NULL,
    **SHARED,
}
BOOT = {
    "boot_from_volume": FLAG,
    "boot_volume_type": TEXT,
    "boot_volume_availability_zone": TEXT,
    "boot_volume_local_to_instance": FLAG,
}
_GROUP = {**NODE, "count": NUMBER}
NODE_GROUPS = {
    "type": ["array", "null"],
    "items": {
        "oneOf": [
            _object({**_GROUP, "node_group_template_id": UUID}, ("node_group_template_id", "name", "count")),
            _object(_GROUP, ("name", "flavor_id", "node_processes", "count")),
        ]
    },
}
PLUGIN = {"plugin_name": TEXT, "plugin_version": TEXT}

NODE_GROUP_TEMPLATE = _object(
    {**NODE, **PLUGIN, **BOOT}, ("name", "flavor_id", "plugin_name", "plugin_version", "node_processes")
)
CLUSTER_TEMPLATE = _object(
    {
        "name": HOST_NAME,
        **PLUGIN,
        "default_image_id": UUID_OR_NULL,
        "cluster_configs": _or_null("configs"),
        "node_groups": NODE_GROUPS,
        "anti_affinity": {"type": ["array", "null"], "items": TEXT},
        "description": TEXT_OR_NULL,
        "neutron_management_network": UUID_OR_NULL,
        "shares": SHARES,
        "use_autoconfig": FLAG_OR_NULL,
        **SHARED,
        "domain_name": TEXT_OR_NULL,
    },
    ("name", "plugin_name", "plugin_version"),
)
CLUSTER = _object(
    {
        **CLUSTER_TEMPLATE["properties"],
        "is_transient": FLAG,
        "user_keypair_id": {"type": "string", "format": "valid_keypair_name"},
        "cluster_template_id": UUID,
        "count": NUMBER,
    },
    ("name", "plugin_name", "plugin_version"),
)
CLUSTERS = {**CLUSTER, "required": [*CLUSTER["required"], "count"]}
CLUSTER_UPDATE = _object(
    {
        "description": TEXT_OR_NULL,
        "name": HOST_NAME,
        **SHARED,
        "verification": {"type": "object", "properties": {"status": {"enum": ["START"]}}},
        "shares": SHARES,
        "update_keypair": FLAG_OR_NULL,
    }
)
CLUSTER_SCALE = _object(
    {
        "resize_node_groups": _list_of(
            _object(
                {"name": TEXT, "count": {"type": "integer", "minimum": 0}, "instances": _list_of(TEXT)},
                ("name", "count"),
            ),
            minItems=1,
        ),
        "add_node_groups": NODE_GROUPS,
    },
    anyOf=[{"required": ["resize_node_groups"]}, {"required": ["add_node_groups"]}],
)
CLUSTER_DELETE = _object({"force": FLAG})

DATA_SOURCE = _object(
    {
        "name": NAME,
        "description": TEXT,
        "type": {"type": "string", "enum": ["swift", "hdfs", "maprfs", "manila", "s3"]},
        "url": TEXT,
        "credentials": {"type": "object"},
        **SHARED,
    },
    ("name", "type", "url"),
)
JOB_BINARY = _object(
    {
        "name": NAME,
        "description": TEXT,
        "url": {"type": "string", "format": "valid_job_location"},
        **SHARED,
        "extra": {"type": "simple_config"},
    },
    ("name", "url"),
)
JOB_BINARY_INTERNAL_UPDATE = _object({"name": NAME, **SHARED})

JOB_TYPES = ["Hive", "Java", "MapReduce", "MapReduce.Streaming", "Pig", "Shell", "Spark", "Storm", "Storm.Pyleus"]
_BINARIES = _list_of({"type": "string", "minLength": 1}, uniqueItems=True)
INTERFACE = {
    "type": ["array", "null"],
    "uniqueItems": True,
    "items": _object(
        {
            "name": {"type": "string", "minLength": 1},
            "description": TEXT_OR_NULL,
            "mapping_type": {"type": "string", "enum": ["args", "configs", "params"]},
            "location": {"type": "string", "minLength": 1},
            "value_type": {"type": "string", "enum": ["string", "number", "data_source"], "default": "string"},
            "required": FLAG,
            "default": TEXT_OR_NULL,
        },
        ("name", "mapping_type", "location", "required"),
    ),
}
JOB_TEMPLATE = _object(
    {
        "name": NAME,
        "description": TEXT,
        "type": {"type": "string", "enum": JOB_TYPES},
        "mains": _BINARIES,
        "libs": _BINARIES,
        "streaming": FLAG,
        "interface": INTERFACE,
        **SHARED,
    },
    ("name", "type"),
)
JOB_TEMPLATE_UPDATE = _object({"name": NAME, "description": TEXT_OR_NULL, **SHARED})
JOB = _object(
    {
        "input_id": UUID,
        "output_id": UUID,
        "cluster_id": UUID,
        "interface": {"type": "simple_config"},
        "job_configs": {
            "type": "object",
            "properties": {
                "configs": {"type": "simple_config"},
                "params": {"type": "simple_config"},
                "args": _list_of(TEXT),
                "job_execution_info": {"type": "simple_config"},
            },
            "additionalProperties": False,
        },
        **SHARED,
        "job_template_id": UUID,
    },
    ("cluster_id", "job_template_id"),
)
JOB_UPDATE = _object(
    {
        **SHARED,
        "info": {
            "type": "simple_config",
            "properties": {"status": {"enum": ["suspend", "cancel"]}},
            "additionalProperties": False,
        },
    }
)

IMAGE = _object({"username": TEXT, "description": TEXT}, ("username",))
IMAGE_TAGS = _object({"tags": _list_of({"type": "string", "format": "valid_tag"})}, ("tags",))
_LABELS = _object({name: _object({"status": FLAG}) for name in ("hidden", "stable", "enabled", "deprecated")})
PLUGIN_UPDATE = _object(
    {"plugin_labels": _LABELS, "version_labels": {"type": "object", "additionalProperties": _LABELS}}
)


def update_of(schema: Schema) -> Schema:
    """The schema of an update: the same fields, none of them required."""
    return {**schema, "required": []}


def for_version(schema: Schema, version: Version) -> Schema:
    """A schema as a version has it: its names, and without the fields that are API 2's alone."""
    if version.number == 2:
        return schema
    dropped = set(BOOT) | {"update_keypair"}
    if "job_configs" in schema["properties"]:
        dropped.add("job_template_id")  # it is in the path
    if "count" not in schema["required"]:
        dropped.add("count")  # several clusters have a path of their own
    properties = {
        version.names.get(key, key): value for key, value in schema["properties"].items() if key not in dropped
    }
    required = [version.names.get(key, key) for key in schema["required"] if key not in dropped]
    if "resize_node_groups" in properties:
        resize = properties["resize_node_groups"]
        known = {key: value for key, value in resize["items"]["properties"].items() if key != "instances"}
        properties["resize_node_groups"] = {**resize, "items": {**resize["items"], "properties": known}}
    return {**schema, "properties": properties, "required": required}
