"""What the parts of the HTTP API share: what a part is, and a handler's view of a request."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from saharaclient.local.web.errors import ApiError, root_url, unauthorized

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from sqlalchemy.orm import Session
    from starlette.exceptions import HTTPException
    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.routing import BaseRoute

    from saharaclient.local.settings import Settings
    from saharaclient.local.store.database import Database
    from saharaclient.local.web.caller import Identity


@dataclass(frozen=True)
class Part:
    """One API of the service and where it is mounted.

    Args:
        name: The service's type in the catalog.
        prefix: Path it is mounted at, `""` for the root.
        routes: Its route table.
        error_answer: Makes an error reply of its form: of the error and the header `Accept` of what it answers.
        offers: What it does, in words; an answer 501 names it.
    """

    name: str
    prefix: str
    routes: list[BaseRoute]
    error_answer: Callable[[HTTPException, str], Response]
    offers: str


class Backend(Protocol):
    """What every part of the API may use: found at `request.app.state.service`."""

    @property
    def settings(self) -> Settings:
        """The service's settings."""
        ...

    @property
    def database(self) -> Database:
        """Where every record is."""
        ...

    def machines(self, session: Session, project_id: str) -> Sequence[Any]:
        """The instances of a project's clusters."""
        ...

    def network_names(self, session: Session) -> Mapping[str, str]:
        """The names of the networks, by their ids."""
        ...


@dataclass(frozen=True)
class Call:
    """One request, as a handler sees it.

    Args:
        request: The request; its body is in `body` already.
        session: Database session of the request's transaction.
        body: What was made of its body, most often decoded JSON; `None` without one.
        caller: Who sent it; `None` without a valid token.
    """

    request: Request
    session: Session
    body: Any = None
    caller: Identity | None = None

    @property
    def backend(self) -> Backend:
        """What every part may use."""
        return backend(self.request)

    @property
    def settings(self) -> Settings:
        """The service's settings."""
        return self.backend.settings

    @property
    def database(self) -> Database:
        """The service's database, for what shall not end with the request's transaction."""
        return self.backend.database

    @property
    def identity(self) -> Identity:
        """The caller; only handlers of public routes may have none."""
        if self.caller is None:
            raise unauthorized(self.request)
        return self.caller

    @property
    def project_id(self) -> str:
        """The caller's project. Raises 403 for an unscoped token."""
        if self.identity.project_id is None:
            raise ApiError(403, "The token is not scoped to a project: authenticate with a project name or id.")
        return self.identity.project_id

    @property
    def path(self) -> dict[str, Any]:
        """Parameters of the path."""
        return self.request.path_params

    @property
    def query(self) -> Mapping[str, str]:
        """Parameters of the query; of a repeated one the last."""
        return self.request.query_params

    @property
    def root(self) -> str:
        """URL of the service as the caller reaches it, without a slash at the end."""
        return root_url(self.request)

    def member(self, *names: str) -> dict[str, Any]:
        """The JSON object under a path of names in the body, for example `member("auth", "identity")`.

        Raises:
            ApiError: 400 if it is missing or no object.
        """
        value = self.body
        for name in names:
            value = value.get(name) if isinstance(value, dict) else None
        if not isinstance(value, dict):
            raise ApiError(400, f"The request body must be a JSON object with an object at '{'.'.join(names)}'.")
        return value


def backend(request: Request) -> Backend:
    """What answers a request."""
    found: Backend = request.app.state.service
    return found


def page(call: Call, items: list[dict[str, Any]], *, key: str = "id") -> list[dict[str, Any]]:
    """The items of a list that `limit` and `marker` of the query ask for.

    Args:
        call: The request.
        items: The whole list, in its order.
        key: The field the marker names.

    Raises:
        ApiError: 400 for a limit that is no number, or a marker that is in no item.
    """
    marker, limit = call.query.get("marker"), call.query.get("limit")
    if marker:
        position = next((i for i, item in enumerate(items) if item[key] == marker), None)
        if position is None:
            raise ApiError(400, f"The marker '{marker}' is not in the list.")
        items = items[position + 1 :]
    if limit is not None:
        number = whole_number(limit)
        if number is None:
            raise ApiError(400, f"The limit '{limit}' must be a whole number, zero or more.")
        items = items[:number]
    return items


def whole_number(text: str) -> int | None:
    """The number that a text of up to 18 digits is: what a database takes. None for any other text."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= 18 else None
