"""What holds for every exchange on the wire, Keystone's and the discovery of endpoints included.

A reply's body has a largest size, and a redirect never takes a token, a password or a creation to another host.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar
from urllib import parse

import requests
from keystoneauth1.session import Session

from saharaclient._core import connections, errors

if TYPE_CHECKING:
    from keystoneauth1.adapter import Adapter

T = TypeVar("T")

CHUNK = 256 * 1024  # bytes; smaller ones make large lists slow
MOST_REDIRECTS = 10
_REDIRECTS = frozenset({301, 302, 303, 305, 307, 308})


class Wire:
    """Sends for a keystoneauth1 session, in place of its `requests.Session`, and remembers what it sent last.

    Args:
        session: what sends.
        largest: bytes of a reply that are read at most; None for no limit.
        redirects: how many redirects of a request are followed at most.

    Attributes:
        own: whether the last request was the library's, not one of Keystone's or of the discovery's.
        method: of the last request; None before the first.
        url: of the last request.
        request_id: what the server calls it, once the head of a reply has told it.
    """

    def __init__(self, session: requests.Session, largest: int | None, redirects: int) -> None:
        self._session = session
        self._largest = largest
        self._redirects = redirects
        self.own = False
        self.method: str | None = None
        self.url: str | None = None
        self.request_id: str | None = None

    def request(
        self, method: str, url: str, *, stream: bool = False, own: bool = False, **kwargs: Any
    ) -> requests.Response:
        """Send a request, as `requests.Session.request` does; all but a stream that succeeds is read."""
        self.own = own
        connections.bound(self._session)
        history: list[requests.Response] = []
        while True:
            response = self._send(method, url, **kwargs)
            target = redirected(method, response) if len(history) < self._redirects else None
            if target is None:
                break
            response.close()
            history.append(response)
            url = target
            kwargs.pop("params", None)  # the target has its own query
        response.history = history
        if not stream or not response.ok:
            _read(response, self._largest)
        return response

    def _send(self, method: str, url: str, **kwargs: Any) -> requests.Response:
        self.method, self.url, self.request_id = method, url, None
        kwargs["allow_redirects"] = False
        response = self._session.request(method, url, stream=True, **kwargs)
        self.url, self.request_id = response.url, response.headers.get("x-openstack-request-id")
        return response


def guarded(adapter: Adapter, largest: int | None) -> tuple[Adapter, Wire | None]:
    """A copy of `adapter` whose whole traffic goes over a `Wire`, and that wire.

    The caller's session stays as it is; the copy shares its authentication, its cache and its connections. What is no
    session of keystoneauth1's own, such as another adapter, is used as it stands.
    """
    session = adapter.session
    if not isinstance(session, Session) or not isinstance(session.session, requests.Session):
        return adapter, None
    allowed = session.redirect
    wire = Wire(session.session, largest, MOST_REDIRECTS if allowed is True else min(max(0, allowed), MOST_REDIRECTS))
    guard, twin = _twin(session), _twin(adapter)
    guard._session = None  # what a session made itself it closes at its end; that is the original's part
    guard.session = wire  # type: ignore[assignment]
    guard.redirect = False
    twin.session = guard
    return twin, wire


def _twin(original: T) -> T:
    """A shallow copy; `copy.copy` takes ten times as long, and every request needs two."""
    twin = object.__new__(type(original))
    twin.__dict__.update(original.__dict__)
    return twin


def redirected(method: str, response: requests.Response) -> str | None:
    """Where a reply sends the request, if it may go there: to the same host, with its method as it is."""
    location = response.headers.get("Location")
    if response.status_code not in _REDIRECTS or not location:
        return None
    if response.status_code == 303 and method not in ("GET", "HEAD"):
        return None  # it has been carried out, and must not be again
    try:
        target = parse.urljoin(response.url, location)
        here, there = parse.urlsplit(response.url), parse.urlsplit(target)
        same_port = (here.scheme, here.port) == (there.scheme, there.port)
    except ValueError:  # no URL
        return None
    safer = (here.scheme, there.scheme) == ("http", "https")
    return target if here.hostname == there.hostname and (same_port or safer) else None


def _read(response: requests.Response, largest: int | None) -> None:
    """Read a reply's body, as far as `largest` allows."""
    if response.raw is None:  # not from a connection: it has its body already
        return
    pieces, size = [], 0
    for piece in response.iter_content(CHUNK):
        pieces.append(piece)
        size += len(piece)
        if largest is not None and size > largest:
            response.close()
            raise errors.locate(
                errors.MalformedResponse(
                    error_message=f"The server's reply (HTTP {response.status_code}) is larger than {largest} bytes; "
                    "a client takes larger ones with max_reply_bytes"
                ),
                response,
            )
    response._content = b"".join(pieces)  # requests has no public way to hand it a body that was read in pieces
