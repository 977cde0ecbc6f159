"""What a handler of Sahara's API is given: the call, in which API version, and shorthands for records."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from saharaclient.local.sahara.api.versions import V2, Version
from saharaclient.local.sahara.errors import SaharaError, not_found
from saharaclient.local.sahara.records import pages
from saharaclient.local.web.calls import Call

if TYPE_CHECKING:
    from saharaclient.local.engines.base import Engine, VersionDescription
    from saharaclient.local.sahara.service import Sahara


T = TypeVar("T")


@dataclass(frozen=True)
class SaharaCall(Call):
    """One request of Sahara's API."""

    version: Version = V2

    @property
    def sahara(self) -> Sahara:
        """The service that answers."""
        sahara: Sahara = self.request.app.state.sahara
        return sahara

    @property
    def given(self) -> dict[str, Any]:
        """The body's fields under the names of records."""
        return self.version.rename(self.body or {})

    def find(self, table: type[T], id_: str) -> T | None:
        """The record with an id that the caller may see, or None."""
        found: T | None = pages.find(self.session, table, id_, self.project_id)
        return found

    def get(self, table: type[T], parameter: str = "id") -> T:
        """The record the path names. Raises 404."""
        id_ = self.path[parameter]
        record = self.find(table, id_)
        if record is None:
            raise not_found(id=id_)
        return record

    def engine(self, plugin: str) -> Engine | None:
        """The engine behind a plugin, or None."""
        return self.sahara.engines.get(plugin)

    def plugin_version(self, plugin: str, version: str) -> VersionDescription | None:
        """A plugin's version, or None."""
        engine = self.engine(plugin)
        return engine.describe().version(version) if engine else None


def show(call: SaharaCall, record: Any, leave_out: tuple[str, ...] = (), *, listed: bool = False) -> dict[str, Any]:  # noqa: ARG001 - others use it
    """A record as replies have it, for resources without a way of their own.

    Args:
        call: The request.
        record: The record.
        leave_out: Columns the reply does not have.
        listed: Whether it is one of a list, which some resources show with less.
    """
    call.session.flush()
    return call.version.show(record, leave_out=leave_out)


def require_owner_for_delete(call: SaharaCall, record: Any, kind: str) -> None:
    """Refuses to delete what is another project's or protected."""
    start = f"{kind} with id '{record.id}' could not be deleted because"
    if record.project_id != call.project_id:
        raise SaharaError("DELETION_FAILED", f"{start} it wasn't created in this tenant")
    if record.is_protected:
        raise SaharaError("DELETION_FAILED", f"{start} it's marked as protected")


def require_owner_for_update(call: SaharaCall, record: Any, kind: str, given: dict[str, Any]) -> None:
    """Refuses to change what is another project's, or protected, unless the protection itself is lifted."""
    start = f"{kind} with id '{record.id}' could not be updated because"
    if record.project_id != call.project_id:
        raise SaharaError("UPDATE_FAILED", f"{start} it wasn't created in this tenant")
    if record.is_protected and given.get("is_protected", True):
        unchanged = all(key == "is_public" or getattr(record, key, None) == value for key, value in given.items())
        if "is_public" not in given or not unchanged:
            raise SaharaError("UPDATE_FAILED", f"{start} it's marked as protected")


def assign(record: Any, values: dict[str, Any]) -> None:
    """Sets columns of a record; a null flag means the default."""
    for name, value in values.items():
        if name in ("is_public", "is_protected") and value is None:
            value = False
        setattr(record, name, value)
