"""The seam to the network: every request of the library goes through `HTTPClient.request`.

Above it nothing knows connections and repetitions; it knows no resource and no error body.
"""

from __future__ import annotations

import contextlib
import logging
import time
from contextvars import ContextVar
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from keystoneauth1 import adapter, exceptions

from saharaclient._core import redact
from saharaclient._core.clock import Clock, SystemClock
from saharaclient._core.retry import RetryPolicy

if TYPE_CHECKING:
    from collections.abc import Iterator

    import requests

LOG = logging.getLogger("saharaclient.http")
USER_AGENT = "python-saharaclient"
SHORTEST_TIMEOUT = 0.05  # seconds; a deadline just missed still leaves a request a moment to fail in

# How long everything that this task sends may take: a client's clock and the second on it.
_deadline: ContextVar[tuple[Clock, float] | None] = ContextVar("saharaclient-deadline", default=None)


@contextlib.contextmanager
def deadline(clock: Clock, at: float) -> Iterator[None]:
    """Within this block no request waits, and none is repeated, past the second `at` of `clock`."""
    token = _deadline.set((clock, at))
    try:
        yield
    finally:
        _deadline.reset(token)


class HTTPClient(adapter.Adapter):
    """A keystoneauth1 adapter that repeats what is safe to repeat and keeps secrets out of logs.

    Attributes:
        timeout: seconds for connecting and for each silence of the server; None leaves it to the session.
        retry: when to send again.
        clock: the time; tests put their own here.
    """

    timeout: float | None = None
    retry = RetryPolicy()
    clock: Clock = SystemClock()

    def request(self, *args: Any, **kwargs: Any) -> requests.Response:
        """Send a request and return the reply, whatever its status.

        Args:
            *args: the URL or path, and the HTTP method.
            **kwargs: as `keystoneauth1.session.Session.request` takes them.

        Returns:
            The reply of the last attempt.

        Raises:
            keystoneauth1.exceptions.ClientException: no connection, no endpoint, or no authentication.
        """
        return self._exchange(*args, **kwargs)

    def _exchange(self, url: str, method: str, **kwargs: Any) -> requests.Response:
        kwargs.setdefault("raise_exc", False)
        kwargs.setdefault("allow", {"allow_experimental": True})
        # keystoneauth1 itself would log bodies with their secrets, and repeat what must not be done twice.
        kwargs.update(log=False, connect_retries=0, status_code_retries=0)
        timeout, retry = self._limits(kwargs.pop("timeout", self.timeout))
        if timeout is not None:
            kwargs["timeout"] = timeout
        started = self.clock.now()
        failures = refusals = 0
        while True:
            try:
                response = self._attempt(url, method, kwargs)
            except exceptions.ConnectionError as error:
                delay = retry.after_failure(method, error, failures, self.clock.now() - started)
                if delay is None:
                    raise
                failures += 1
                LOG.info("%s %s: no connection; trying again in %.1f s", method, url, delay)
            else:
                status, asked = response.status_code, response.headers.get("Retry-After")
                delay = retry.after_status(method, status, asked, refusals, self.clock.now() - started)
                if delay is None:
                    return response
                refusals += 1
                LOG.info("%s %s: HTTP %s; trying again in %.1f s", method, url, status, delay)
                response.close()
            self.clock.sleep(delay)

    def _limits(self, timeout: float | None) -> tuple[float | None, RetryPolicy]:
        """The timeout and retry policy that fit into the deadline of the current task."""
        limit = _deadline.get()
        if limit is None:
            return timeout, self.retry
        clock, at = limit
        left = max(at - clock.now(), SHORTEST_TIMEOUT)
        return (left if timeout is None else min(timeout, left)), replace(
            self.retry, deadline=min(self.retry.deadline, left)
        )

    def _attempt(self, url: str, method: str, kwargs: dict[str, Any]) -> requests.Response:
        """Send once, and write to the debug log what was sent and answered, without its secrets."""
        if not LOG.isEnabledFor(logging.DEBUG):
            return super().request(url, method, **kwargs)
        sent = kwargs.get("json", kwargs.get("data"))
        LOG.debug("request: %s %s, %s", method, url, redact.describe_body(sent))
        started = time.perf_counter()
        try:
            response = super().request(url, method, **kwargs)
        except exceptions.ClientException as error:
            LOG.debug("failure: %s %s after %.3f s: %s", method, url, time.perf_counter() - started, error)
            raise
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
