"""The seam to the network: every request of the library goes through `HTTPClient.request`.

Above it nothing knows connections and repetitions; it knows no resource and no error body.
"""

from __future__ import annotations

import copy
import functools
import logging
import math
import sys
import time
import traceback
from typing import TYPE_CHECKING, Any

from keystoneauth1 import adapter, exceptions

from saharaclient._core import bounds, redact, steps, tokens, wire
from saharaclient._core.clock import Clock, SystemClock
from saharaclient._core.errors import MalformedResponse, names_missing
from saharaclient._core.retry import RetryPolicy, may_repeat, never_connected

if TYPE_CHECKING:
    from collections.abc import Generator

    import requests

LOG = logging.getLogger("saharaclient.http")
USER_AGENT = "python-saharaclient"
# What reads replies for whoever asks it to
_NOBODYS = sys.stdlib_module_names | {"requests", "urllib3", "iso8601", "os_service_types"}
# Attribute of a reply: what was to be deleted is gone, perhaps by an attempt of this client's whose reply was lost.
GONE = "gone_already"
_PERHAPS_DONE = frozenset({502, 504})  # a proxy's word for a reply that it did not get
SHORTEST_TIMEOUT = 0.05  # seconds; a deadline just missed still leaves a request a moment to fail in
LARGEST_REPLY = 512 * 1024 * 1024  # bytes; a list of a million resources has about as many


class HTTPClient(adapter.Adapter):
    """A keystoneauth1 adapter that repeats what is safe to repeat and keeps secrets out of logs.

    Attributes:
        timeout: seconds for connecting and for each silence of the server; None leaves it to the session.
        reply_timeout: seconds that a whole reply may take, of a stream its head; None for no limit.
        largest_reply: bytes of a reply that is no stream; None for no limit.
        retry: when to send again.
        clock: the time; tests put their own here.
    """

    timeout: float | None = None
    reply_timeout: float | None = None
    largest_reply: int | None = LARGEST_REPLY
    retry = RetryPolicy()
    clock: Clock = SystemClock()
    _own: tuple[Any, Any] | None = None  # the caller's session, and what stands in for it

    def request(self, *args: Any, **kwargs: Any) -> requests.Response:
        """Send a request and return the reply, whatever its status.

        Args:
            *args: the URL or path, and the HTTP method.
            **kwargs: as `keystoneauth1.session.Session.request` takes them.

        Returns:
            The reply of the last attempt.

        Raises:
            MalformedResponse: the reply is larger than `largest_reply`.
            keystoneauth1.exceptions.ClientException: no connection, no endpoint, or no authentication. Failures of a
                connection have `method`, `url` and `request_id` and say if a change may have been made all the same.
        """
        attempts = functools.partial(self._exchange, *args, **kwargs)
        stepwise = steps.current()
        if stepwise is not None and not hasattr(kwargs.get("data"), "read"):  # a stream can't be begun again
            return stepwise.reply(attempts)
        exchange = attempts()
        try:
            seconds = next(exchange)
            while True:
                seconds = exchange.send(bounds.pause(self.clock, seconds))
        except StopIteration as done:
            response: requests.Response = done.value
            return response

    def beside(self, service_type: str) -> HTTPClient:
        """The way to another service of the same cloud, with the same limits over the same connections.

        Args:
            service_type: its type in the catalog.
        """
        self._sender()  # makes the connections that both have
        twin = copy.copy(self)
        twin.service_type, twin.service_name, twin.endpoint_override = service_type, None, None
        twin.version = twin.min_version = twin.max_version = twin.default_microversion = None
        return twin

    def close(self) -> None:
        """Close the connections; the caller's session keeps its own, and the next request opens new ones."""
        if self._own is not None and self._own[0] is not self._own[1]:
            self._own[1].session.close()

    def _exchange(self, url: str, method: str, **kwargs: Any) -> Generator[float, bool | None, requests.Response]:
        """The attempts at a request: yields the seconds before each further one, and takes whether it is called off."""
        kwargs.setdefault("raise_exc", False)
        renew = kwargs.pop("allow_reauth", True)
        kwargs.setdefault("allow", {"allow_experimental": True})
        # keystoneauth1 itself would log bodies with their secrets, and repeat what must not be done twice.
        # Its own renewal of tokens gives up where another thread has just begun one.
        kwargs.update(log=False, connect_retries=0, status_code_retries=0, allow_reauth=False)
        timeout, policy = self._limits(kwargs.pop("timeout", self.timeout))
        if timeout is not None:
            kwargs["timeout"] = timeout
        started = self.clock.now()
        failures = refusals = 0
        lost = False  # whether a reply was, to a request that may have been carried out
        while True:
            try:
                response = self._attempt(url, method, kwargs, renew=renew)
            except exceptions.ConnectionError as error:
                delay = policy.after_failure(method, error, failures, self.clock.now() - started)
                if delay is None:
                    raise
                failures += 1
                lost = lost or not never_connected(error)
                LOG.info("%s %s: no connection; trying again in %.1f s", method, url, delay)
                if (yield delay):
                    raise
            else:
                status = response.status_code
                delay = policy.after_status(method, status, response.headers, refusals, self.clock.now() - started)
                if delay is None:
                    setattr(response, GONE, lost and method == "DELETE" and status == 404 and names_missing(response))
                    return response
                refusals += 1
                lost = lost or status in _PERHAPS_DONE
                LOG.info("%s %s: HTTP %s; trying again in %.1f s", method, url, status, delay)
                response.close()
                if (yield delay):
                    return response

    def _limits(self, timeout: float | None) -> tuple[float | None, RetryPolicy]:
        """The timeout and retry policy that fit into the deadline of the current task."""
        left = max(bounds.current().left(), SHORTEST_TIMEOUT)
        if left == math.inf:
            return timeout, self.retry
        shortened = self.retry._replace(deadline=min(self.retry.deadline, left))
        return (left if timeout is None else min(timeout, left)), shortened

    def _attempt(self, url: str, method: str, kwargs: dict[str, Any], *, renew: bool) -> requests.Response:
        """Send once, but for a refused token, and write to the debug log what was sent and answered, less its secrets.

        Args:
            url: as `request` takes it.
            method: the HTTP method.
            kwargs: what else keystoneauth1 is given.
            renew: whether to send again with a new token if the server refuses the one there is.
        """
        sender, guarded = self._sender()
        exchange = bounds.Exchange(
            self.reply_timeout,
            head=bool(kwargs.get("stream")),
            largest=self.largest_reply,
            redirects=wire.redirects_of(self.session),
        )
        if LOG.isEnabledFor(logging.DEBUG):
            LOG.debug("request: %s %s, %s", method, url, redact.describe_body(kwargs.get("json", kwargs.get("data"))))
        started = time.perf_counter()
        token = bounds.begin(exchange)
        try:
            response = sender.request(url, method, **kwargs, **({"own": True} if guarded else {}))
            if response.status_code == 401 and renew and _renewed(sender, response):
                LOG.debug("%s %s: the token is refused; trying a new one", method, url)
                return self._attempt(url, method, kwargs, renew=False)
        except exceptions.ClientException as error:
            if isinstance(error, exceptions.ConnectionError) and guarded:
                _locate(error, method, exchange)
            LOG.debug("failure: %s %s after %.3f s: %s", method, url, time.perf_counter() - started, error)
            raise
        except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as error:
            if exchange.own or not exchange.asked or not _is_keystoneauths(error):
                raise
            raise _not_understood(sender, exchange, error) from error
        finally:
            bounds.end(token)
        if LOG.isEnabledFor(logging.DEBUG):
            LOG.debug(
                "reply: %s %s %s in %.3f s, request id %s, %s",
                response.status_code,
                method,
                response.url,
                time.perf_counter() - started,
                response.headers.get("x-openstack-request-id"),
                "a stream" if kwargs.get("stream") else redact.describe_body(response.content),
            )
        return response

    def _sender(self) -> tuple[_Sender, bool]:
        """What sends with the options of this adapter as they are now, and whether over connections of its own."""
        if self._own is None or self._own[0] is not self.session:
            self._own = self.session, wire.stand_in(self.session)
        sender = _Sender.__new__(_Sender)
        sender.__dict__ = self.__dict__
        return sender, self._own[0] is not self._own[1]


class _Sender(adapter.Adapter):
    """An `HTTPClient` as keystoneauth1 is to see it: with a session that stands in for the caller's."""

    session = property(lambda self: self._own[1])


def _renewed(client: adapter.Adapter, response: requests.Response) -> bool:
    """Whether there is, or can be, another token than the one that `response` refuses."""
    refused = response.request.headers.get("X-Auth-Token")
    if isinstance(refused, bytes):
        refused = refused.decode()
    with tokens.turn(client.auth or client.session.auth):
        return refused is not None and (client.get_token() != refused or client.invalidate())


def _is_keystoneauths(error: Exception) -> bool:
    """Whether keystoneauth1 itself stumbled, and not the plugin of somebody else."""
    names = [str(frame.f_globals.get("__name__")) for frame, _ in traceback.walk_tb(error.__traceback__)]
    roots = [root for name in names if (root := name.partition(".")[0]) not in _NOBODYS]
    return roots[-1:] == ["keystoneauth1"]


def _not_understood(client: adapter.Adapter, exchange: bounds.Exchange, error: Exception) -> MalformedResponse:
    """The error for a reply of Keystone's or of the discovery's that keystoneauth1 stumbles over."""
    for holder in (client.session, client.auth or client.session.auth):
        # nonsense that it has found out it would remember for ever
        getattr(holder, "_discovery_cache", {}).clear()
    method, url = exchange.last
    made = MalformedResponse(error_message=f"The reply to {method} {url} can't be understood: {error}")
    made.method, made.url, made.request_id = method, url, exchange.request_id
    return made


def _locate(error: exceptions.ConnectionError, method: str, exchange: bounds.Exchange) -> None:
    """Write into `error` which request failed, and whether what it asks for may have been done."""
    told: Any = error  # keystoneauth1's own exceptions have no such attributes
    told.unsent = not exchange.own
    told.method, told.url = exchange.last
    told.request_id = exchange.request_id
    text = f"{told.method} {told.url} failed: {error}"
    if exchange.request_id:
        text += f" (request id {exchange.request_id})"
    if not may_repeat(method, error) and not isinstance(error, exceptions.SSLError):
        text += ". The server may have carried it out all the same: look before you ask again"
    error.message = redact.mask_urls(text)
    error.args = (error.message, *error.args[1:])
