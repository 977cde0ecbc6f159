"""What differs between the API versions: names of fields. Records have the names of API 2."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from saharaclient.local.sahara.records.clusters import Record
from saharaclient.local.sahara.records.jobs import InterfaceArgument


@dataclass(frozen=True)
class Version:
    """One API version.

    Args:
        number: 1 or 2.
        names: This version's name of a field, by its name in API 2, where they differ.
    """

    number: int
    names: dict[str, str]

    @property
    def plugin_version(self) -> str:
        """What this version calls a plugin's version."""
        return self.names.get("plugin_version", "plugin_version")

    def rename(self, given: dict[str, Any]) -> dict[str, Any]:
        """The fields of a request under the names of records."""
        back = {wire: name for name, wire in self.names.items()}
        return {back.get(key, key): value for key, value in given.items()}

    def show(self, record: Record, *, leave_out: tuple[str, ...] = ()) -> dict[str, Any]:
        """A record as a reply has it.

        Args:
            record: The record.
            leave_out: Columns the reply does not have.
        """
        shown = {}
        names = {} if isinstance(record, InterfaceArgument) else self.names
        for name in record.wire:
            if name not in leave_out:
                shown[names.get(name, name)] = self._value(getattr(record, name))
        return shown

    def _value(self, value: Any) -> Any:
        if isinstance(value, Record):
            return self.show(value)
        if isinstance(value, datetime):
            return value.isoformat(timespec="seconds")
        if isinstance(value, list):
            return [self._value(item) for item in value]
        return value


V1 = Version(1, {"plugin_version": "hadoop_version", "project_id": "tenant_id", "job_template_id": "job_id"})
V2 = Version(2, {})
