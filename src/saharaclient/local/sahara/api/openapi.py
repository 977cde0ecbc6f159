"""The OpenAPI document of the service's Sahara API, made of the route table and the schemas that check bodies."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import saharaclient
from saharaclient.local.sahara.api import schemas
from saharaclient.local.sahara.api.validation import PATTERNS

if TYPE_CHECKING:
    from saharaclient.local.sahara.api.answers import Rule
    from saharaclient.local.sahara.api.versions import Version

CONFIG_VALUES = {"type": "object", "additionalProperties": {"type": ["string", "integer", "boolean"]}}
OWN_TYPES: dict[str, dict[str, Any]] = {
    "simple_config": CONFIG_VALUES,
    "configs": {"type": "object", "additionalProperties": CONFIG_VALUES},
    "flavor": {"type": ["string", "integer"]},
}


def document(tables: list[tuple[str, list[Rule], Version]]) -> dict[str, Any]:
    """The document.

    Args:
        tables: Route tables, each with the path it is mounted at and its API version.
    """
    paths: dict[str, dict[str, Any]] = {}
    for prefix, rules, version in tables:
        for rule in rules:
            method, path = rule.rule.split(" ", 1)
            paths.setdefault(prefix + path, {})[method.lower()] = _operation(prefix + path, rule, version)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Sahara (embedded)", "version": saharaclient.__version__},
        "components": {"securitySchemes": {"token": {"type": "apiKey", "in": "header", "name": "X-Auth-Token"}}},
        "security": [{"token": []}],
        "paths": paths,
    }


def _operation(path: str, rule: Rule, version: Version) -> dict[str, Any]:
    in_path = [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
        for name in re.findall(r"{(\w+)}", path)
    ]
    in_query = [{"name": name, "in": "query", "schema": {"type": "string"}} for name in rule.params or ()]
    operation: dict[str, Any] = {
        "parameters": in_path + in_query,
        "responses": {"default": {"description": "The reply, or an error in Sahara's form"}},
    }
    if rule.schema is not None:
        schema = _plain(schemas.for_version(rule.schema, version))
        operation["requestBody"] = {"required": True, "content": {"application/json": {"schema": schema}}}
    return operation


def _plain(schema: Any) -> Any:
    """A schema in which Sahara's own types and formats are written out."""
    if isinstance(schema, list):
        return [_plain(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    plain = {key: _plain(value) for key, value in schema.items()}
    format_, types = plain.get("format"), plain.get("type")
    if isinstance(format_, str) and format_ in PATTERNS:
        del plain["format"]
        plain["pattern"] = f"^{PATTERNS[format_]}$"
    if isinstance(types, str) and types in OWN_TYPES:
        plain.update(OWN_TYPES[types])
    elif types == ["configs", "null"]:
        plain.update(OWN_TYPES["configs"], type=["object", "null"])
    return plain
