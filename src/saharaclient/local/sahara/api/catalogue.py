"""Handlers of what the service offers: plugins, job types and registered images."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from saharaclient.local.neighbours.image import records as image
from saharaclient.local.sahara.api.schemas import JOB_TYPES
from saharaclient.local.sahara.errors import SaharaError, invalid_data, invalid_reference, not_found
from saharaclient.local.sahara.records.clusters import PluginLabels

if TYPE_CHECKING:
    from saharaclient.local.engines.base import ConfigOption, PluginDescription
    from saharaclient.local.neighbours.image.records import Image
    from saharaclient.local.sahara.api.context import SaharaCall

Fields = dict[str, Any]
LABELS = {
    "enabled": "Plugin or its version is enabled and can be used by user.",
    "hidden": "Existence of plugin or its version is hidden, but still can be used for cluster creation by CLI and "
    "directly by client.",
}


def _described(call: SaharaCall, parameter: str = "plugin_name") -> tuple[PluginDescription, PluginLabels | None]:
    name = call.path[parameter]
    engine = call.engine(name)
    if engine is None:
        raise not_found(plugin_name=name)
    return engine.describe(), call.session.get(PluginLabels, name)


def _label(name: str, status: bool) -> Fields:  # noqa: FBT001
    return {"status": status, "mutable": True, "description": LABELS[name]}


def _show_plugin(call: SaharaCall, plugin: PluginDescription, changed: PluginLabels | None) -> Fields:
    labels = changed.labels if changed else {}
    of_plugin = {"enabled": True, **({"hidden": True} if plugin.hidden else {}), **labels.get("plugin_labels", {})}
    shown: Fields = {
        "name": plugin.name,
        "title": plugin.title,
        "description": plugin.description,
        "versions": [version.version for version in plugin.versions],
        "plugin_labels": {name: _label(name, status) for name, status in of_plugin.items()},
        "version_labels": {
            version.version: {
                name: _label(name, status)
                for name, status in {
                    "enabled": True,
                    **labels.get("version_labels", {}).get(version.version, {}),
                }.items()
            }
            for version in plugin.versions
        },
    }
    return {**shown, "tenant_id": call.project_id} if changed else shown


def list_plugins(call: SaharaCall) -> Fields:
    """GET: every plugin."""
    changed = {labels.name: labels for labels in call.session.scalars(select(PluginLabels))}
    described = [engine.describe() for engine in call.sahara.engines.values()]
    return {"plugins": [_show_plugin(call, plugin, changed.get(plugin.name)) for plugin in described]}


def read_plugin(call: SaharaCall) -> Fields:
    """GET: a plugin."""
    return {"plugin": _show_plugin(call, *_described(call))}


def _show_config(option: ConfigOption) -> Fields:
    return {
        "name": option.name,
        "description": option.description or None,
        "config_type": "dropdown" if option.kind == "enum" else option.kind,
        "config_values": [[choice, choice] for choice in option.choices] or None,
        "default_value": option.default,
        "applicable_target": option.target,
        "scope": option.scope,
        "is_optional": option.optional,
        "priority": option.priority,
    }


def read_plugin_version(call: SaharaCall) -> Fields:
    """GET: what a version of a plugin offers."""
    plugin, changed = _described(call)
    version = plugin.version(call.path["version"])
    if version is None:
        raise not_found(plugin_name=plugin.name, version=call.path["version"])
    more = {
        "node_processes": {service: list(names) for service, names in version.node_processes.items()},
        "required_image_tags": list(version.required_image_tags),
        "configs": [_show_config(option) for option in version.configs],
    }
    return {"plugin": {**_show_plugin(call, plugin, changed), **more}}


def update_plugin(call: SaharaCall) -> Fields:
    """PATCH: switches a plugin's labels, for administrators."""
    if not call.identity.is_admin:
        raise SaharaError("FORBIDDEN", "You are not authorized to complete this action", 403)
    plugin, changed = _described(call)
    given = call.body or {}
    changed = changed or PluginLabels(name=plugin.name, labels={})
    labels: Fields = {**changed.labels}
    known = {"enabled", "hidden"} if plugin.hidden else {"enabled"}
    of_plugin = given.get("plugin_labels", {})
    _check_labels(of_plugin, known)
    labels["plugin_labels"] = {**labels.get("plugin_labels", {}), **_statuses(of_plugin)}
    versions = dict(labels.get("version_labels", {}))
    for version, of_version in given.get("version_labels", {}).items():
        if plugin.version(version) is None:
            raise invalid_data(f"Unknown plugin version '{version}' of {plugin.name}")
        _check_labels(of_version, {"enabled"})
        versions[version] = {**versions.get(version, {}), **_statuses(of_version)}
    labels["version_labels"] = versions
    changed.labels = labels
    call.session.add(changed)
    call.session.flush()
    return {"plugin": _show_plugin(call, plugin, changed)}


def _check_labels(given: Fields, known: set[str]) -> None:
    for name in given:
        if name not in known:
            raise invalid_data(f"Label '{name}' can't be updated because it's not available for plugin or its version")


def _statuses(given: Fields) -> Fields:
    return {name: label["status"] for name, label in given.items() if "status" in label}


def convert_config(call: SaharaCall) -> Fields:
    """POST: no plugin can make a template of a configuration file."""
    plugin, _ = _described(call)
    raise invalid_reference(
        f"Requested plugin '{plugin.name}' doesn't support converting config files to cluster templates"
    )


def list_job_types(call: SaharaCall) -> Fields:
    """GET: which job types which versions of which plugins run."""
    query = call.request.query_params
    by_plugin, by_version = ("plugin", "version") if call.version.number == 1 else ("plugin_name", "plugin_version")
    types = query.getlist("type") or JOB_TYPES
    hints: Fields | None = None if query.get("hints", "").lower() == "true" else {}
    plugins = [engine.describe() for engine in call.sahara.engines.values()]
    chosen = query.getlist(by_plugin)
    found = []
    for type_ in types:
        running = []
        for plugin in plugins:
            versions = {
                version.version: hints
                for version in plugin.versions
                if type_ in version.job_types
                and (not query.getlist(by_version) or version.version in query.getlist(by_version))
            }
            if versions and (not chosen or plugin.name in chosen):
                head = {"name": plugin.name, "title": plugin.title, "description": plugin.description}
                running.append({**head, "versions": versions})
        if running:
            found.append({"name": type_, "plugins": running})
    return {"job_types": found}


USERNAME, DESCRIPTION, TAG = "_sahara_username", "_sahara_description", "_sahara_tag_"


def _show_image(shown: Image) -> Fields:
    metadata = {key: value for key, value in shown.properties.items() if key.startswith("_sahara_")}
    return {
        "OS-EXT-IMG-SIZE:size": shown.size,
        "metadata": metadata,
        "minDisk": shown.min_disk,
        "minRam": shown.min_ram,
        "progress": 100 if shown.status == "active" else 0,
        "status": shown.status.upper(),
        "created": shown.created_at.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "updated": shown.updated_at.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "username": metadata.get(USERNAME),
        "description": metadata.get(DESCRIPTION),
        "tags": _tags(shown),
        "id": shown.id,
        "name": shown.name,
    }


def _tags(shown: Image) -> list[str]:
    return [key.removeprefix(TAG) for key in shown.properties if key.startswith(TAG)]


def list_images(call: SaharaCall) -> Fields:
    """GET: the registered images, of a name and with tags if asked for."""
    query = call.request.query_params
    name, username, tags = query.get("name"), query.get("username"), set(query.getlist("tags"))
    found = [
        _show_image(known)
        for known in image.list_images(call.session, call.project_id)
        if USERNAME in known.properties
        and (name is None or known.name == name)
        and (username is None or known.properties[USERNAME] == username)
        and tags <= set(_tags(known))
    ]
    return {"images": found}


def _image(call: SaharaCall) -> Image:
    found = image.get_image(call.session, call.path["id"], call.project_id)
    if found is None:
        raise not_found(id=call.path["id"])
    return found


def read_image(call: SaharaCall) -> Fields:
    """GET: a registered image."""
    found = _image(call)
    if USERNAME not in found.properties:
        raise SaharaError("IMAGE_NOT_REGISTERED", f"Image {found.id} is not registered in Sahara", 400)
    return {"image": _show_image(found)}


def register_image(call: SaharaCall) -> Fields:
    """POST: registers an image, or changes what it is registered with."""
    found = _image(call)
    given = call.body
    properties = {**found.properties, USERNAME: given["username"]}
    if given.get("description"):  # without one it keeps what it has
        properties[DESCRIPTION] = given["description"]
    found.properties = properties
    return {"image": _show_image(found)}


def unregister_image(call: SaharaCall) -> None:
    """DELETE: takes the registration away, tags included."""
    found = _image(call)
    found.properties = {key: value for key, value in found.properties.items() if not key.startswith("_sahara_")}


def _set_tags(found: Image, tags: list[str]) -> Fields:
    others = {key: value for key, value in found.properties.items() if not key.startswith(TAG)}
    found.properties = {**others, **{TAG + tag: "True" for tag in tags}}
    return {"image": _show_image(found)}


def add_tags(call: SaharaCall) -> Fields:
    """POST …/tag: more tags (API 1.1)."""
    found = _image(call)
    return _set_tags(found, list(dict.fromkeys([*_tags(found), *call.body["tags"]])))


def remove_tags(call: SaharaCall) -> Fields:
    """POST …/untag: fewer tags (API 1.1)."""
    found = _image(call)
    return _set_tags(found, [tag for tag in _tags(found) if tag not in call.body["tags"]])


def read_tags(call: SaharaCall) -> list[str]:
    """GET …/tags: the tags (API 2)."""
    return _tags(_image(call))


def set_tags(call: SaharaCall) -> Fields:
    """PUT …/tags: these tags and no others (API 2)."""
    return _set_tags(_image(call), list(dict.fromkeys(call.body["tags"])))


def delete_tags(call: SaharaCall) -> None:
    """DELETE …/tags: no tags (API 2)."""
    _set_tags(_image(call), [])
