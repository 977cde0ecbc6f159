"""The exceptions of the library and the rule that picks one for a server's error reply.

::

    APIException
    ├── ConfigurationError         too little given to make a client
    ├── BadRequest                 400 and other 4xx: the request as it stands can't be served
    │   ├── InvalidReference       names something that doesn't exist or doesn't fit
    │   └── InvalidState           the resource is not in a state that allows it
    ├── Unauthorized               401
    ├── Forbidden                  403
    │   └── QuotaExceeded          more than the project may have
    ├── NotFound                   404
    ├── NotSupported               this server has no such call
    ├── Conflict                   409
    │   ├── NameAlreadyExists
    │   ├── MultipleMatches        a search for one found several
    │   └── InUse                  protected, or something else refers to it
    ├── OverLimit                  413, 429: too large, or too many requests
    ├── ServerError                5xx
    │   └── ServiceUnavailable     502, 503, 504: it may work again soon
    ├── MalformedResponse          a reply that is not what the API promises, or larger than a client takes
    ├── OperationFailed            what was waited for ended in failure
    ├── OperationTimedOut          what was waited for took longer than its deadline
    └── OperationCancelled         the program itself ended a wait

Failures of the connection and of authentication stay keystoneauth1's own exceptions. Nothing here sends requests.
"""

from __future__ import annotations

import re
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, TypeVar

from saharaclient._core import lazy_msgspec as msgspec
from saharaclient._core import redact

if TYPE_CHECKING:
    import requests


E = TypeVar("E", bound=Exception)

REPLY_TOO_LARGE = "REPLY_TOO_LARGE"  # the name of a client's own error


class APIException(Exception):
    """A failure that the server reported, or that follows from what it answered.

    Args:
        error_code: the server's code, nearly always the HTTP status.
        error_name: the server's name of the cause, such as ``NOT_FOUND``.
        error_message: what went wrong; this is ``str(error)``.

    Attributes:
        error_code: as given.
        error_name: as given.
        error_message: as given.
        status_code: the HTTP status, or None if no reply is behind the error.
        request_id: the server's id of the request, to look it up in the server's log, or None.
        method: the HTTP method of the request, or None.
        url: the URL of the request, or None.
    """

    # Programs look for these classes in saharaclient.api.base, and see that name in a traceback.
    __module__ = "saharaclient.api.base"

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        cls.__module__ = APIException.__module__

    def __init__(
        self,
        error_code: int | None = None,
        error_name: str | int | None = None,
        error_message: str | None = None,
    ) -> None:
        super().__init__(error_message)
        self.error_code = error_code
        self.error_name = error_name
        self.error_message = error_message
        self.status_code: int | None = None
        self.request_id: str | None = None
        self.method: str | None = None
        self.url: str | None = None

    def __reduce__(self) -> tuple[Any, ...]:
        return _rebuild, (type(self), self.args, self.__dict__)

    def __str__(self) -> str:
        return str(self.error_message)


def _rebuild(cls: type[APIException], args: tuple[Any, ...], attributes: dict[str, Any]) -> APIException:
    """A copied or unpickled error: no class's own parameters are known here."""
    error = cls.__new__(cls, *args)
    error.__dict__.update(attributes)
    return error


class ConfigurationError(APIException, RuntimeError):
    """Too little, or something contradictory, was given to make a client."""


class BadRequest(APIException):
    """The server can't serve the request as it stands."""


class InvalidReference(BadRequest):
    """The request names something that doesn't exist or doesn't fit."""


class InvalidState(BadRequest):
    """The resource is not in a state that allows the operation."""


class Unauthorized(APIException):
    """The server refuses the token."""


class Forbidden(APIException):
    """The user may not do this."""


class QuotaExceeded(Forbidden):
    """The request asks for more than the project may have."""


class NotFound(APIException):
    """No such resource, or no such path."""


class NotSupported(APIException):
    """This server has no such call: another one may, such as the embedded Sahara."""


class Conflict(APIException):
    """The request contradicts what is there."""


class NameAlreadyExists(Conflict):
    """A resource of this kind has this name already."""


class MultipleMatches(Conflict):
    """A search for one resource found several."""


class InUse(Conflict):
    """The resource is protected, or something else refers to it."""


class OverLimit(APIException):
    """Too large, or too many requests."""


class ServerError(APIException):
    """The server failed."""


class ServiceUnavailable(ServerError):
    """The server, or a proxy before it, can't answer now; it may work again soon."""


class MalformedResponse(APIException):
    """The server's reply is not what the API promises: no JSON, not the expected members, or far too large."""


class OperationFailed(APIException):
    """What was waited for ended in failure; `resource` is its last state."""

    def __init__(self, error_message: str | None = None, resource: Any = None) -> None:
        super().__init__(error_message=error_message)
        self.resource = resource


class OperationTimedOut(APIException):
    """What was waited for took longer than its deadline; `resource` is its last known state, or None."""

    def __init__(self, error_message: str | None = None, resource: Any = None) -> None:
        super().__init__(error_message=error_message)
        self.resource = resource


class OperationCancelled(APIException):
    """The program itself ended a wait; `resource` is the last known state of what was waited for, or None."""

    def __init__(self, error_message: str | None = None, resource: Any = None) -> None:
        super().__init__(error_message=error_message)
        self.args = (error_message, resource)
        self.resource = resource


_BY_NAME: dict[str, type[APIException]] = {
    "NOT_FOUND": NotFound,
    "NAME_ALREADY_EXISTS": NameAlreadyExists,
    "DB_DUPLICATE_ENTRY": NameAlreadyExists,
    "NO_UNIQUE_MATCH": MultipleMatches,
    "QUOTA_ERROR": QuotaExceeded,
    "FORBIDDEN": Forbidden,
    "INVALID_REFERENCE": InvalidReference,
    "IMAGE_NOT_REGISTERED": InvalidReference,
    "DELETION_FAILED": InUse,
    "UPDATE_FAILED": InUse,
    "CANNOT_VERIFY": InvalidState,
    "CLUSTER_CANNOT_BE_SCALED": InvalidState,
    "NODE_GROUP_CANNOT_BE_SCALED": InvalidState,
    "INCORRECT_STATE_ERROR": InvalidState,
    "CANCELING_FAILED": InvalidState,
    "SUSPENDING_FAILED": InvalidState,
    "INVALID_JOB_STATUS": InvalidState,
    "DATA_TOO_BIG": OverLimit,
}
_BY_CODE: dict[int, type[APIException]] = {
    HTTPStatus.UNAUTHORIZED: Unauthorized,
    HTTPStatus.FORBIDDEN: Forbidden,
    HTTPStatus.NOT_FOUND: NotFound,
    HTTPStatus.CONFLICT: Conflict,
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: OverLimit,
    HTTPStatus.TOO_MANY_REQUESTS: OverLimit,
    HTTPStatus.BAD_GATEWAY: ServiceUnavailable,
    HTTPStatus.SERVICE_UNAVAILABLE: ServiceUnavailable,
    HTTPStatus.GATEWAY_TIMEOUT: ServiceUnavailable,
}
# The server words these uses with the name that it also has for unknown references.
_IN_USE = r"\bin use by\b"
_WRONG_STATE = r"\bcannot be scaled not in\b"
_HTML_TEXT = rb"(?i)<title>\s*([^<]*?)\s*</title>"
_EXCERPT = 200  # characters of a body that is no error's


def _class_for(name: object, message: str, *codes: int | None) -> type[APIException]:
    """The class for an error: by its name, else by the first of its codes that tells something."""
    if name == "INVALID_REFERENCE":
        if re.search(_IN_USE, message):
            return InUse
        if re.search(_WRONG_STATE, message):
            return InvalidState
    if isinstance(name, str) and name in _BY_NAME:
        return _BY_NAME[name]
    for code in codes:
        if code in _BY_CODE:
            return _BY_CODE[code]
        if code is not None and 400 <= code < 500:
            return BadRequest
        if code is not None and 500 <= code < 600:
            return ServerError
    return APIException


def _integer(value: object) -> int | None:
    """`value` as an HTTP-like code, if it is one."""
    if isinstance(value, str) and value.isdecimal() and len(value) < 4:
        value = int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _text(value: object) -> str:
    """What an error body's member says, whatever its type."""
    if isinstance(value, str):
        return value
    return "" if value is None else msgspec.json.encode(value).decode()


def _read_error(response: requests.Response) -> tuple[int | None, str | int | None, str]:
    """Code, name and message from an error body: Sahara's, Flask's, Keystone's, or anything else."""
    content = response.content
    try:
        body = msgspec.json.decode(content)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        body = None
    if isinstance(body, dict):
        if "error_message" in body or "error_code" in body:
            name = body.get("error_name")
            code = _integer(body.get("error_code"))
            if code is None:  # Flask's own: {"error": 404, "error_message": …}
                code = _integer(body.get("error"))
            return code, name if isinstance(name, str | int) else None, _text(body.get("error_message"))
        inner = body.get("error")
        if isinstance(inner, dict):  # Keystone's
            title = inner.get("title")
            return _integer(inner.get("code")), title if isinstance(title, str) else None, _text(inner.get("message"))
        for key in ("error", "message", "faultstring"):
            if isinstance(body.get(key), str):
                return None, None, body[key]
    if body is not None:
        return None, None, redact.describe_body(content)[:_EXCERPT]
    title_found = re.search(_HTML_TEXT, content)
    excerpt = title_found[1] if title_found else content[:_EXCERPT]
    return None, None, " ".join(excerpt.decode("utf-8", "replace").split())


def locate(error: E, response: requests.Response) -> E:
    """Write into `error` which request it came from; returns it."""
    told: Any = error  # keystoneauth1's exceptions have no such attributes of their own
    told.status_code = response.status_code
    told.request_id = response.headers.get("x-openstack-request-id")
    told.url = response.url
    told.method = response.request.method if response.request is not None else None
    return error


def names_missing(response: requests.Response) -> bool:
    """Whether the server itself names in an error reply a resource that it has not; others may not know the path."""
    return _read_error(response)[1] == "NOT_FOUND"


def from_response(response: requests.Response) -> APIException:
    """The exception for a reply that is not a success; nothing is raised here."""
    code, name, message = _read_error(response)
    status = response.status_code
    if 300 <= status < 400 and (location := response.headers.get("Location")):
        message = (
            f"The server redirects to {redact.mask_urls(location)}. Redirects are followed on the same host only, "
            "since the token and what is sent are meant for no other, and never after a change was made"
        )
    cls = _class_for(name, message, code, status)
    return locate(
        cls(code if code is not None else status, name, message or f"HTTP {status} {response.reason}"), response
    )
