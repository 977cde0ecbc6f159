"""Who is let in: this machine's browser, with a link that works once and a cookie after that; to read, and no more."""

from __future__ import annotations

import hashlib
import secrets
from http.cookies import CookieError, SimpleCookie
from typing import TYPE_CHECKING

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import HTMLResponse, PlainTextResponse, Response

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.types import ASGIApp, Message, Receive, Scope, Send

LOGIN = "/login/"
STATIC = "/static/"
READS = ("GET", "HEAD")
MOST_LINKS = 20  # login links that are open at a time
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": _POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


class Access:
    """Stands before an application and lets nobody else pass.

    Args:
        app: the application.
        port: the port that it is reached at.
        page: makes the HTML of one of ``welcome.html`` and ``login.html``.
    """

    def __init__(self, app: ASGIApp, port: int, page: Callable[[str], str]) -> None:
        self._app = app
        self._port = port
        self._page = page
        self._hosts = {f"{name}:{port}" for name in ("127.0.0.1", "localhost")}
        self._cookie = f"sahara-console-{port}"  # cookies know no ports
        self._links: dict[bytes, None] = {}
        self._sessions: set[bytes] = set()

    def new_link(self) -> str:
        """An address that logs a browser in, once."""
        secret = secrets.token_urlsafe(32)
        self._links[_digest(secret)] = None
        while len(self._links) > MOST_LINKS:
            del self._links[next(iter(self._links))]
        return f"http://127.0.0.1:{self._port}{LOGIN}{secret}"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, or let the application answer."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
        elif scope["type"] == "http":
            answer = self._refusal(scope) or self._app
            await answer(scope, receive, _with_headers(send, scope["path"]))

    def _refusal(self, scope: Scope) -> Response | None:
        headers, path = Headers(scope=scope), scope["path"]
        # a name that leads here from elsewhere's page (DNS rebinding) is none of these
        if headers.getlist("host") not in [[host] for host in self._hosts]:
            return PlainTextResponse("This host name is not the console's.", 421)
        if scope["method"] not in READS:
            return PlainTextResponse("The console only reads.", 405, {"Allow": ", ".join(READS)})
        if path.startswith(LOGIN):
            return self._log_in(scope["method"], path.removeprefix(LOGIN), headers)
        if path.startswith(STATIC) or self._is_known(headers):
            return None
        return HTMLResponse(self._page("login.html"), 401)

    def _log_in(self, method: str, secret: str, headers: Headers) -> Response:
        # what looks ahead, such as a preview of the link, must not use it up
        if method == "HEAD" or "prefetch" in headers.get("sec-purpose", headers.get("purpose", "")):
            return Response(status_code=403)
        if _digest(secret) not in self._links:
            return HTMLResponse(self._page("login.html"), 401)
        del self._links[_digest(secret)]
        session = secrets.token_urlsafe(32)
        self._sessions.add(_digest(session))
        # a page, not a redirect: from a link in another program a browser would follow that without the strict cookie
        welcome = HTMLResponse(self._page("welcome.html"))
        welcome.set_cookie(self._cookie, session, httponly=True, samesite="strict", path="/")
        return welcome

    def _is_known(self, headers: Headers) -> bool:
        try:
            cookie = SimpleCookie(headers.get("cookie", "")).get(self._cookie)
        except CookieError:
            return False
        return cookie is not None and _digest(cookie.value) in self._sessions


def _digest(secret: str) -> bytes:
    """What is kept and compared in place of a secret: how long a comparison takes tells nothing of it."""
    return hashlib.sha256(secret.encode(errors="surrogateescape")).digest()


def _with_headers(send: Send, path: str) -> Send:
    async def send_with_headers(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            headers.update(HEADERS)
            headers.setdefault("Cache-Control", "private, max-age=3600" if path.startswith(STATIC) else "no-store")
        await send(message)

    return send_with_headers
