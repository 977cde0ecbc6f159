"""What a server's JSON object looks like in Python: attributes that are decoded when they are first needed."""

from __future__ import annotations

import copy
import functools
import inspect
from typing import TYPE_CHECKING, Any, ClassVar, Self

from saharaclient._core import decoding
from saharaclient._core import lazy_msgspec as msgspec
from saharaclient._core.errors import MalformedResponse
from saharaclient._core.redact import redact

if TYPE_CHECKING:
    from collections.abc import Callable


class _Fields:
    """Gives `Resource` an instance dict that it can look into without filling it."""


_dict_of: Callable[[object], dict[str, Any]] = _Fields.__dict__["__dict__"].__get__
_UNDECODED = "_undecoded"


class Resource(_Fields):
    """One object of the server; each member of its body is an attribute, unknown ones too.

    Attribute access never asks the server: `manager.get()` reads the resource again.

    Args:
        manager: the manager that read it.
        info: its members.

    Attributes:
        manager: as given; None once the resource has been pickled.
    """

    # Its public name and home; the class is defined apart to keep the files short.
    __module__ = "saharaclient.api.base"

    resource_name: ClassVar[str] = "Something"
    defaults: ClassVar[dict[str, Any]] = {}

    manager: Any
    _info: dict[str, Any]

    def __init__(self, manager: Any, info: dict[str, Any]) -> None:
        self.manager = manager
        self._set_info({**info})

    @classmethod
    def from_json(cls, manager: Any, body: msgspec.Raw) -> Self:
        """A resource that decodes its `body`, a JSON object, when it is first looked into."""
        resource = cls.__new__(cls)
        fields = _dict_of(resource)
        fields["manager"] = manager
        fields[_UNDECODED] = body
        return resource

    @property
    def __dict__(self) -> dict[str, Any]:  # type: ignore[override]
        return self._fields()

    def _look_up(self, name: str) -> Any:
        """A member that was not decoded yet, or that no annotation names; `__getattr__` to all but type checkers."""
        fields = _dict_of(self)
        if (body := fields.get(_UNDECODED)) is not None:
            # Most loops over a list read one text of each resource, its name or status: that needs no whole decoding.
            if len(fields) == _UNTOUCHED and (text := _peek(type(self), name, body)) is not None:
                return fields.setdefault(name, text)
            self._fields()
        try:
            return fields[name]  # another thread may have decoded it since it was looked for
        except KeyError:
            message = f"{type(self).__name__!r} object has no attribute {name!r}"
            raise AttributeError(message, name=name, obj=self) from None

    def __delattr__(self, name: str) -> None:
        self._fields()
        super().__delattr__(name)

    if not TYPE_CHECKING:  # a checker that knew of it would take every misspelt attribute for a member
        __getattr__ = _look_up

    def _fields(self) -> dict[str, Any]:
        """The attributes, decoded.

        Several threads may do so at once: the body is there until all that it says can be read elsewhere.
        """
        fields = _dict_of(self)
        if (body := fields.get(_UNDECODED)) is not None:
            try:
                info = decoding.decode(body)
            except decoding.NotJSON as error:
                raise MalformedResponse(error_message=f"A {self.resource_name} can't be read: {error}") from error
            self._set_info(info)
            fields.pop(_UNDECODED, None)
        return fields

    def _set_info(self, info: dict[str, Any]) -> None:
        """Take the members of a body as attributes; what was set on the resource before stays."""
        if self.defaults:
            info = {**self.defaults, **info}
        fields = _dict_of(self)
        info = fields.setdefault("_info", self._complete(info))  # of several threads the first one's counts
        for name, value in info.items():
            if name not in _RESERVED:  # in _info alone; it must not hide the class's own
                fields.setdefault(name, value)

    def _complete(self, info: dict[str, Any]) -> dict[str, Any]:
        """Add what the server leaves to be known; some resources have an id that is not in the body."""
        return info

    def to_dict(self) -> dict[str, Any]:
        """A copy of the resource's members that can be changed freely."""
        return copy.deepcopy(self._info)

    def __str__(self) -> str:
        return f"{self.resource_name} {redact(self._info)}"  # what is printed can end in a log

    def __repr__(self) -> str:
        try:
            info = self._info
        except MalformedResponse as error:
            return f"<{type(self).__name__} unreadable: {error}>"
        shown = [f"{k}={info[k]!r}" for k in ("name", "id") if isinstance(info.get(k), str | int)]
        if (status := self._status()) is not None:
            shown.append(f"status={status!r}")
        return f"<{' '.join([type(self).__name__, *shown])}>"

    def _status(self) -> object:
        """The state that `repr` shows, if the resource has one."""
        return self._info.get("status")

    def __copy__(self) -> Self:
        return self._clone(dict(self._fields()))

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        fields = dict(self._fields())
        manager = fields.pop("manager", None)
        clone = self._clone(copy.deepcopy(fields, memo))
        clone.manager = manager
        return clone

    def __getstate__(self) -> dict[str, Any]:
        # a manager holds connections, which can't go to another process
        return {**self._fields(), "manager": None}

    def __setstate__(self, state: dict[str, Any]) -> None:
        _dict_of(self).update(state)

    def _clone(self, fields: dict[str, Any]) -> Self:
        clone = type(self).__new__(type(self))
        _dict_of(clone).update(fields)
        return clone


_RESERVED = frozenset({*vars(Resource), "manager", "_info", _UNDECODED})
_UNTOUCHED = 2  # fields of a resource that nobody looked into: its manager and its body


@functools.lru_cache(maxsize=1024)
def _peeker(cls: type[Resource], name: str) -> Callable[[msgspec.Raw], Any] | None:
    """Reads one documented member of a class's body and skips the others."""
    documented = any(name in inspect.get_annotations(base) for base in cls.__mro__)
    if not documented or cls._complete is not Resource._complete:
        return None
    return msgspec.json.Decoder(msgspec.defstruct("Peek", [(name, str | None, None)])).decode


def _peek(cls: type[Resource], name: str, body: msgspec.Raw) -> str | None:
    """The text that a body has under `name`; None if it has none, so that the whole body must be looked into."""
    decode = _peeker(cls, name)  # type: ignore[arg-type]  # mypy takes the instances' __hash__ for the class's
    if decode is None:
        return None
    try:
        text: str | None = getattr(decode(body), name)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None
    return text
