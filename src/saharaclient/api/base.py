"""What resources and managers have in common, and the names that programs import from here.

The exceptions and `Resource` are defined in `saharaclient._core`; programs find them here. No exception of anybody
else's may become a name of this module: some programs treat every exception class in it as the client's own.
"""

from __future__ import annotations

import itertools
import re
from typing import TYPE_CHECKING, Any, ClassVar, Generic, NoReturn, TypeVar, cast
from urllib import parse

from saharaclient._core import errors, waiting
from saharaclient._core.clock import DEFAULT_WAIT as DEFAULT_WAIT
from saharaclient._core.clock import SystemClock
from saharaclient._core.errors import (
    APIException,
    BadRequest,
    ConfigurationError,
    Conflict,
    Forbidden,
    InUse,
    InvalidReference,
    InvalidState,
    MalformedResponse,
    MultipleMatches,
    NameAlreadyExists,
    NotFound,
    NotSupported,
    OperationCancelled,
    OperationFailed,
    OperationTimedOut,
    OverLimit,
    QuotaExceeded,
    ServerError,
    ServiceUnavailable,
    Unauthorized,
)
from saharaclient._core.http import GONE
from saharaclient._core.resource import Resource
from saharaclient.api.pages import Page, get_query_string
from saharaclient.api.replies import get_json, get_list, malformed

if TYPE_CHECKING:
    import threading
    from collections.abc import Callable, Iterator, Mapping

    import requests

__all__ = [
    "APIException",
    "BadRequest",
    "ConfigurationError",
    "Conflict",
    "Forbidden",
    "InUse",
    "InvalidReference",
    "InvalidState",
    "MalformedResponse",
    "MultipleMatches",
    "NameAlreadyExists",
    "NotFound",
    "NotSupported",
    "NotUpdated",
    "OperationCancelled",
    "OperationFailed",
    "OperationTimedOut",
    "OverLimit",
    "Page",
    "QuotaExceeded",
    "Resource",
    "ResourceManager",
    "ServerError",
    "ServiceUnavailable",
    "Unauthorized",
    "get_json",
    "get_query_string",
]

R = TypeVar("R", bound=Resource)

PAGE_SIZE = 500  # resources; a reply of about 0.3 MB
# Many servers match a text filter as a regular expression: only plain text may be left to them.
_PLAIN_TEXT = re.compile(r"[A-Za-z0-9_.-]+")
_ID = re.compile(r"[0-9a-f]{8}(-?[0-9a-f]{4}){3}-?[0-9a-f]{12}", re.IGNORECASE)


class NotUpdated:
    """The type of "not given" in updates, where None means null."""

    def __repr__(self) -> str:
        return "NotUpdated"


NOT_UPDATED = NotUpdated()


class ResourceManager(Generic[R]):
    """The requests that one kind of resource takes.

    What differs between kinds and API versions is in the class attributes.

    Args:
        api: the seam to the network, or None for a manager that only makes resources.
    """

    resource_class: type[R] = cast("type[R]", None)
    NotUpdated: ClassVar[NotUpdated] = NOT_UPDATED

    path: ClassVar[str] = ""  # of the collection
    response_key: ClassVar[str] = ""  # of one resource in a reply
    list_key: ClassVar[str] = ""  # of several
    update_method: ClassVar[str] = "PATCH"
    server_filters: ClassVar[frozenset[str]] = frozenset()  # fields by whose text the server can filter a list

    def __init__(self, api: Any) -> None:
        self.api = api

    # --- one request each ---

    def _url(self, *parts: object, query: str = "") -> str:
        """The path of something in this collection; each part stays one part whatever is in it."""
        return "".join([self.path, *(f"/{self._quote(part)}" for part in parts), query])

    def _quote(self, part: object) -> str:
        text = str(part)
        if text in ("", ".", ".."):
            raise ValueError(f"{text!r} can't be the id or name of a {self.resource_class.resource_name}")
        return parse.quote(text, safe="")

    def _send(self, method: str, url: str, **kwargs: Any) -> requests.Response:
        """Send a request; raises what the server's error reply says."""
        response: requests.Response = self.api.request(url, method, **kwargs)
        if not (200 <= response.status_code < 300 or getattr(response, GONE, False)):
            raise errors.from_response(response)
        return response

    def _write(self, method: str, url: str, data: Any, dump_json: bool) -> requests.Response:
        if dump_json:
            return self._send(method, url, json=data)
        return self._send(method, url, data=data, headers={"Content-Type": "application/octet-stream"})

    def _get(self, url: str, response_key: str | None = None) -> R:
        return self._resource(self._send("GET", url), response_key)

    def _create(self, url: str, data: Any, response_key: str | None = None, dump_json: bool = True) -> R:
        return self._resource(self._write("POST", url, data, dump_json), response_key)

    def _update(
        self,
        url: str,
        data: Any,
        response_key: str | None = None,
        dump_json: bool = True,
    ) -> R:
        return self._resource(self._write("PUT", url, data, dump_json), response_key)

    def _patch(self, url: str, data: Any, response_key: str | None = None, dump_json: bool = True) -> R:
        return self._resource(self._write("PATCH", url, data, dump_json), response_key)

    def _change(self, url: str, data: Any, response_key: str | None = None) -> R:
        """Update by the method that this kind of resource and the API version have for it."""
        return self._resource(self._write(self.update_method, url, data, dump_json=True), response_key)

    def _delete(self, url: str, data: Any = None) -> Any:
        """Delete; returns the decoded body of a reply that has one."""
        response = self._send("DELETE", url, **({} if data is None else {"json": data}))
        return get_json(response) if response.status_code == 200 and response.content else None

    def _list(self, url: str, response_key: str, limit: int | None = None) -> Page[R]:
        """A list's resources, each of them decoded only when it is looked into."""
        items, markers = get_list(self._send("GET", url), response_key)
        make, manager = self.resource_class.from_json, self
        return Page([make(manager, item) for item in items], markers.get("prev"), markers.get("next"), limit)

    _page = _list  # programs' own managers call these by 4.2.0's names
    _post = _create

    @staticmethod
    def _raise_api_exception(resp: requests.Response) -> NoReturn:
        raise errors.from_response(resp)

    @staticmethod
    def _copy_if_defined(data: dict[str, Any], **kwargs: Any) -> None:
        data.update({name: value for name, value in kwargs.items() if value is not None})

    @staticmethod
    def _copy_if_updated(data: dict[str, Any], **kwargs: Any) -> None:
        data.update({name: value for name, value in kwargs.items() if not isinstance(value, NotUpdated)})

    def _resource(self, response: requests.Response, key: str | None) -> R:
        return self.resource_class(self, self._member(response, key))

    @staticmethod
    def _member(response: requests.Response, key: str | None) -> dict[str, Any]:
        """The member `key` of a reply, which must be an object; of None, the whole reply."""
        body = get_json(response)
        info = body.get(key) if key is not None and isinstance(body, dict) else body
        if not isinstance(info, dict):
            raise malformed(response, f"it has no {key!r}" if key is not None else "it is no object")
        return info

    # --- more than one request ---

    def iterate(self, search_opts: Mapping[str, Any] | None = None) -> Iterator[R]:
        """All resources, one after the other; this kind's list has no pages. REST: ``GET`` of the list.

        Args:
            search_opts: what the server shall filter by; names and values.

        Returns:
            An iterator; the request is sent when it is first asked.

        Raises:
            APIException: what the server reports.
        """
        yield from cast("Any", self).list(search_opts)

    def resolve(self, name_or_id: str, **options: Any) -> R:
        """The one resource of a name or an id, as the commands find what they are told.

        What looks like an id is tried as one first, then as a name. REST: ``GET`` of the resource, or of the list.

        Args:
            name_or_id: the name or the id.
            **options: options of `get`, such as ``show_progress``.

        Returns:
            The resource.

        Raises:
            NotFound: there is none.
            MultipleMatches: several have this name.
            APIException: what else the server reports.
        """
        get: Callable[..., R] = cast("Any", self).get
        missing: NotFound | None = None
        if _ID.fullmatch(name_or_id):
            try:
                return get(name_or_id, **options)
            except NotFound as error:
                missing = error
        kind = self.resource_class.resource_name
        try:
            resource = self.find_unique(name=name_or_id)
        except NotFound as error:
            if missing is not None:
                raise missing from None
            error.error_message = f"No matches found. There is no {kind} of the name or id {name_or_id!r}."
            raise
        except MultipleMatches as error:
            error.error_message = (
                f"Multiple matches found. Name the {kind} by its id: several are called {name_or_id!r}."
            )
            raise
        return get(cast("Any", resource).id, **options) if options else resource

    def find(self, **kwargs: Any) -> list[R]:
        """All resources whose attributes equal the given values.

        The server filters by what it can; what it answers is compared again here.
        REST: ``GET`` of the list, page by page.

        Args:
            **kwargs: names and values of attributes.

        Returns:
            The resources; an empty list if there is none.

        Raises:
            APIException: what the server reports.
        """
        return list(self._matching(kwargs))

    def find_unique(self, **kwargs: Any) -> R:
        """The one resource whose attributes equal the given values.

        The search ends at the second match. REST: ``GET`` of the list, page by page.

        Args:
            **kwargs: names and values of attributes.

        Returns:
            The resource.

        Raises:
            NotFound: there is none (``error_code`` 404).
            MultipleMatches: there are several (``error_code`` 409).
            APIException: what else the server reports.
        """
        found = list(itertools.islice(self._matching(kwargs), 2))
        if not found:
            raise NotFound(404, "NOT_FOUND", "No matches found.")
        if len(found) > 1:
            raise MultipleMatches(409, "NO_UNIQUE_MATCH", "Multiple matches found.")
        return found[0]

    def _matching(self, wanted: Mapping[str, Any]) -> Iterator[R]:
        search_opts = {
            name: value
            for name, value in wanted.items()
            if name in self.server_filters and isinstance(value, str) and _PLAIN_TEXT.fullmatch(value)
        }
        missing = object()
        for resource in self._candidates(search_opts):
            if all(getattr(resource, name, missing) == value for name, value in wanted.items()):
                yield resource

    def _candidates(self, search_opts: dict[str, Any]) -> Iterator[R]:
        """What the server finds for `search_opts`; kinds that have pages read them one by one."""
        listed = cast("Any", self).list
        if str(getattr(listed, "__module__", None)).partition(".")[0] != "saharaclient":
            return iter(listed())  # a program's own, which comes before ours and may take nothing
        return self.iterate(search_opts)

    @property
    def _clock(self) -> Any:
        return getattr(self.api, "clock", None) or SystemClock()

    def _wait(
        self,
        watch: waiting.Watch,
        look: Callable[[bool], R],
        on_progress: Callable[[R], object] | None,
        cancel: threading.Event | None,
    ) -> R:
        """Look until `watch` is content; see `saharaclient._core.waiting`."""
        return waiting.run(watch, look, self._clock, on_progress, cancel)
