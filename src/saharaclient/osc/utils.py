"""Helpers that programs import from here: resources by name or id, rows and headings for what is shown.

The commands use them too; whatever only commands need lives in the modules beside this one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from saharaclient.api import base
from saharaclient.osc import versions
from saharaclient.osc.explain import near

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence


def get_resource(manager: Any, name_or_id: str, **kwargs: Any) -> Any:
    """The one resource of a name or an id.

    Args:
        manager: one of the client's managers.
        name_or_id: what looks like an id is tried as one first, then as a name.
        **kwargs: options of the manager's ``get``.

    Returns:
        The resource.

    Raises:
        NotFound: there is none.
        MultipleMatches: several have this name.
        APIException: what else the server reports.
    """
    try:
        return manager.resolve(name_or_id, **kwargs)
    except base.NotFound as error:
        if str(error).startswith("No matches found"):
            error.error_message = f"{error}{_names_like(manager, name_or_id)}"
        raise


def _names_like(manager: Any, name: str) -> str:
    """A question for the names that may have been meant."""
    try:
        return near(name, [resource.name for resource in manager.list()])
    except Exception:  # what matters is the error that is told anyway
        return ""


def get_resource_id(manager: Any, name_or_id: str) -> str:
    """The id of the one resource of a name or an id; see `get_resource`."""
    resource_id: str = get_resource(manager, name_or_id).id
    return resource_id


def get_by_name_substring(data: Iterable[Any], name: str) -> list[Any]:
    """Of some resources, those whose name has `name` in it."""
    return [resource for resource in data if name in str(getattr(resource, "name", ""))]


def create_dict_from_kwargs(**kwargs: Any) -> dict[str, Any]:
    """The arguments that are not None."""
    return {name: value for name, value in kwargs.items() if value is not None}


def prepare_column_headers(columns: Iterable[str], remap: Mapping[str, str] | None = None) -> list[str]:
    """Headings for fields: ``plugin_name`` becomes ``Plugin name``.

    Args:
        columns: names of fields.
        remap: other names for some of them.
    """
    remap = remap or {}
    return [remap.get(column, column).replace("_", " ").capitalize() for column in columns]


def prepare_data(data: Mapping[str, Any], fields: Iterable[str]) -> dict[str, Any]:
    """Of a resource's members those in `fields`, with headings in place of names."""
    return {prepare_column_headers([field])[0]: data[field] for field in fields if field in data}


def extend_columns(columns: Sequence[Any], items: Iterable[Any]) -> list[Any]:
    """Columns, an empty one, and more columns."""
    return [*columns, ("", ""), *items]


def unzip(data: Mapping[str, Any]) -> Any:
    """The keys of `data` and its values, as two sequences."""
    return zip(*data.items(), strict=True)


def wait_for_delete(
    manager: Any,
    obj_id: str,
    sleep_time: float = 5,  # noqa: ARG001 - the manager chooses its pace
    timeout: float = 3000,
) -> bool:
    """Wait until a cluster or a run of a job is gone.

    Args:
        manager: the client's manager of it.
        obj_id: its id.
        sleep_time: without effect; the pauses between looks grow from fractions of a second to a few seconds.
        timeout: seconds.

    Returns:
        Whether it went away in time.
    """
    try:
        manager.wait_deleted(obj_id, timeout=timeout)
    except base.OperationTimedOut:
        return False
    return True


def get_api_version(app: Any) -> str:
    """The API version that an OpenStackClient application uses: ``1.1`` or ``2``."""
    version: str = app.api_version["data_processing"]
    return version


def is_api_v2(app: Any) -> bool:
    """Whether an OpenStackClient application uses API 2."""
    return get_api_version(app) == versions.V2.number
