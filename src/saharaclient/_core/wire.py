"""What holds for every exchange on the wire, Keystone's and the discovery of endpoints included.

A reply's body has a largest size, and a redirect never takes a token, a password or a creation to another host. The
caller's sessions say how to connect and stay as they are: what is sent goes over connections of the library's own.
"""

from __future__ import annotations

import functools
import os
import re
from typing import TYPE_CHECKING, Any, cast
from urllib import parse

import requests
from keystoneauth1.session import Session
from requests.cookies import RequestsCookieJar, merge_cookies
from requests.utils import get_netrc_auth

from saharaclient._core import bounds, endpoints, errors, tokens
from saharaclient._core.connections import BoundedAdapter, is_plain

if TYPE_CHECKING:
    from requests.adapters import BaseAdapter

CHUNK = 256 * 1024  # bytes; smaller ones make large lists slow
MOST_REDIRECTS = 10
_REDIRECTS = frozenset({301, 302, 303, 305, 307, 308})
_USUAL = frozenset({"headers", "data", "timeout", "verify", "cert"})  # what keystoneauth1 gives most requests


class Wire(requests.Session):
    """Sends in the place of a caller's session of requests, with its settings as they are at the time.

    Only what comes from the environment (proxies, a bundle of certificates, `.netrc`) is read once for each host.

    Args:
        theirs: the caller's session.
    """

    def __init__(self, theirs: requests.Session) -> None:
        # Not requests' own: what is not set here is the caller's.
        self.theirs = theirs
        self._adapters: dict[BaseAdapter, BoundedAdapter] = {}
        self._environment: dict[Any, tuple[dict[str, Any], Any]] = {}
        self._process = os.getpid()

    def __getattr__(self, name: str) -> Any:
        return getattr(self.__dict__["theirs"], name)

    def request(  # type: ignore[override]  # as keystoneauth1 calls it
        self, method: str, url: str, *, stream: bool = False, own: bool = False, **kwargs: Any
    ) -> requests.Response:
        """Send a request, as `requests.Session.request` does; all but a stream that succeeds is read."""
        exchange = bounds.exchange()
        exchange.own = own
        history: list[requests.Response] = []
        while True:
            exchange.sends(method, url)
            response = self._send(method, url, kwargs)
            exchange.got(response.url, response.status_code, response.headers.get("x-openstack-request-id"))
            target = redirected(method, response) if len(history) < exchange.redirects else None
            if target is None:
                break
            response.close()
            history.append(response)
            url = target
            kwargs.pop("params", None)  # the target has its own query
        response.history = history
        if not stream or not response.ok:
            _read(response, exchange.largest)
        return response

    def _send(self, method: str, url: str, kwargs: dict[str, Any]) -> requests.Response:
        kwargs["allow_redirects"] = False
        if _sends_in_its_own_way(self.theirs):
            return self.theirs.request(method, url, stream=True, **kwargs)
        if not _USUAL.issuperset(kwargs.keys() - {"allow_redirects"}) or self.params:
            return super().request(method, url, stream=True, **kwargs)
        settings, auth = self._settings(url, kwargs.get("verify"), kwargs.get("cert"))
        # requests' own dictionary for them takes ten times as long
        headers = {name.lower(): (name, value) for name, value in self.headers.items()}
        headers.update({name.lower(): (name, value) for name, value in (kwargs.get("headers") or {}).items()})
        request = _Request()
        request.prepare(
            method=method,
            url=url,
            headers={name: value for name, value in headers.values() if value is not None},
            data=kwargs.get("data"),
            auth=self.auth or auth,
            cookies=merge_cookies(RequestsCookieJar(), self.cookies) if self.cookies else None,
            hooks=self.hooks,
        )
        return self.send(request, timeout=kwargs.get("timeout"), allow_redirects=False, **settings)

    def _settings(self, url: str, verify: Any, cert: Any) -> tuple[dict[str, Any], Any]:
        """What `send` is told, of session and environment as requests merges them, and a user from `.netrc`."""
        host = tuple(url.split("/", 3)[:3])
        key = (host, verify, cert, self.trust_env, self.verify, self.cert, *self.proxies.items())
        found = self._environment.get(key)
        if found is None:
            settings = self.merge_environment_settings(url, {}, True, verify, cert)  # noqa: FBT003 - requests' signature
            found = settings, get_netrc_auth(url) if self.trust_env else None
            self._environment[key] = found
        return found

    def get_adapter(self, url: str) -> BaseAdapter:
        """What connects to a URL: the like of the caller's adapter, or that itself if it is of another kind."""
        theirs = self.theirs.get_adapter(url)
        if not is_plain(theirs):
            return theirs
        if self._process != os.getpid():  # a child must not read what its parent's connections bring
            self._adapters, self._process = {}, os.getpid()
        own = self._adapters.get(theirs)
        return own or self._adapters.setdefault(theirs, BoundedAdapter(theirs))  # type: ignore[arg-type]

    def close(self) -> None:
        """Close the connections; the caller's stay open, and the next request opens new ones."""
        for adapter in [*self._adapters.values()]:
            adapter.close()


class _Request(requests.PreparedRequest):
    """A request whose URL is looked at closely only where there may be something in it to encode or to take out."""

    _as_it_is = re.compile(
        r"https?://[a-z0-9][a-z0-9.-]*(:([1-9]\d{0,3}|[1-5]\d{4}))?(?!.*/\.)/[\w/.~-]+(\?[\w=&.~-]+)?", re.ASCII
    ).fullmatch

    def prepare_url(self, url: Any, params: Any) -> None:
        """Set the URL."""
        if isinstance(url, str) and not params and self._as_it_is(url):
            self.url = url
        else:
            super().prepare_url(url, params)

    def prepare_auth(self, auth: Any, url: str | bytes = "") -> None:
        """Set what is told by a user and a password, perhaps those in the URL."""
        if auth or "@" in str(self.url):
            super().prepare_auth(auth, url)


def _sends_in_its_own_way(session: requests.Session) -> bool:
    cls = type(session)
    changed = cls.send is not requests.Session.send or cls.request is not requests.Session.request
    return changed or not vars(session).keys().isdisjoint(("send", "request"))


class _StandIn:
    """A caller's session of keystoneauth1 but for what it sends with, and that it follows no redirect of its own.

    It has the very attributes of the caller's session, whatever becomes of them: its authentication, its caches.
    """

    __slots__ = ("wire",)

    auth: Any
    wire: Wire

    @property
    def session(self) -> Any:
        theirs = self.__dict__["session"]
        if not isinstance(theirs, requests.Session):
            return theirs
        if self.wire.theirs is not theirs:
            self.wire = Wire(theirs)
        return self.wire

    def get_auth_headers(self, auth: Any = None) -> Any:
        """The headers with a token."""
        with tokens.turn(auth or self.auth):
            return super().get_auth_headers(auth)  # type: ignore[misc]  # of the class that it is mixed with

    def invalidate(self, auth: Any = None) -> Any:
        """Give up a token that the server refuses."""
        with tokens.turn(auth or self.auth):
            return super().invalidate(auth)  # type: ignore[misc]

    def get_endpoint(self, auth: Any = None, **wanted: Any) -> Any:
        """Where the service is."""
        if endpoints.is_discovered(auth or self.auth, wanted):
            return endpoints.discover(cast("Session", self), auth, **wanted)
        return super().get_endpoint(auth, **wanted)  # type: ignore[misc]

    redirect = property(lambda _: False)
    _session = property(
        lambda _: None
    )  # what a session has made itself it closes at its end; that is the caller's part


@functools.cache
def _stand_in(cls: Any) -> Any:
    return type(cls.__name__, (_StandIn, cls), {"__slots__": ()})


def stand_in(original: object) -> Any:
    """What sends in the place of a session. What is none of keystoneauth1's, such as another adapter, sends itself."""
    if not isinstance(original, Session) or not isinstance(original.session, requests.Session):
        return original
    cls = _stand_in(cast("Any", type(original)))
    made = cls.__new__(cls)
    made.__dict__ = original.__dict__
    made.wire = Wire(original.session)
    return made


def redirects_of(session: Any) -> int:
    """How many redirects of a request are followed at most."""
    allowed = getattr(session, "redirect", True)
    return MOST_REDIRECTS if allowed is True else min(max(0, allowed), MOST_REDIRECTS)


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
                    error_name=errors.REPLY_TOO_LARGE,
                    error_message=f"The server's reply (HTTP {response.status_code}) is larger than {largest} bytes; "
                    "a client takes larger ones with max_reply_bytes",
                ),
                response,
            )
    response._content = b"".join(pieces)  # requests has no public way to hand it a body that was read in pieces
