"""Whether and when a request is sent again: decisions only, no waiting and no sending."""

from __future__ import annotations

import email.utils
import random
import time
from dataclasses import dataclass

import requests
import urllib3.exceptions
from keystoneauth1 import exceptions

RETRIED_STATUSES = frozenset({429, 502, 503, 504})
_REPEATABLE = frozenset({"GET", "HEAD", "DELETE"})


@dataclass(frozen=True)
class RetryPolicy:
    """When a request is sent again.

    Reads and deletes are repeated after a failed connection and after the statuses in `statuses`. A request that
    creates or changes something is repeated only when no connection was made, for then it can't have been received.

    Attributes:
        deadline: seconds from the first attempt after which nothing is tried again; 0 turns retries off.
        statuses: HTTP statuses that are tried again.
        connect_retries: how often at most after failed connections; None for no limit but the deadline.
        status_retries: how often at most after the statuses; None for no limit but the deadline.
        first_delay: seconds before the first repetition; each further one waits twice as long, with jitter.
        longest_delay: seconds that a delay grows to at most.
    """

    deadline: float = 20.0
    statuses: frozenset[int] = RETRIED_STATUSES
    connect_retries: int | None = None
    status_retries: int | None = None
    first_delay: float = 0.25
    longest_delay: float = 5.0

    def after_failure(self, method: str, error: Exception, attempt: int, elapsed: float) -> float | None:
        """Seconds to wait before sending again after `error`, or None to give up.

        Args:
            method: the HTTP method.
            error: keystoneauth1's connection failure.
            attempt: how many attempts failed so before this one.
            elapsed: seconds since the first attempt began.
        """
        if not may_repeat(method, error):
            return None
        if self.connect_retries is not None and attempt >= self.connect_retries:
            return None
        return self._within_deadline(self._backoff(attempt), elapsed)

    def after_status(
        self, method: str, status: int, retry_after: str | None, attempt: int, elapsed: float
    ) -> float | None:
        """Seconds to wait before sending again after a reply of `status`, or None to take the reply as it is.

        Args:
            method: the HTTP method.
            status: the reply's status.
            retry_after: the reply's Retry-After header: seconds or an HTTP date.
            attempt: how many attempts were answered so before this one.
            elapsed: seconds since the first attempt began.
        """
        if status not in self.statuses or method not in _REPEATABLE:
            return None
        if self.status_retries is not None and attempt >= self.status_retries:
            return None
        asked = _seconds(retry_after)
        return self._within_deadline(self._backoff(attempt) if asked is None else asked, elapsed)

    def _backoff(self, attempt: int) -> float:
        longest = min(self.longest_delay, self.first_delay * 2 ** min(attempt, 16))
        return random.uniform(longest / 2, longest)  # noqa: S311 - jitter, not a secret

    def _within_deadline(self, delay: float, elapsed: float) -> float | None:
        return delay if elapsed + delay < self.deadline else None


def may_repeat(method: str, error: Exception) -> bool:
    """Whether a request of `method` that ended in `error` can be sent again without being done twice."""
    if isinstance(error, exceptions.SSLError):
        return False  # a certificate does not become valid by asking again
    return method in _REPEATABLE or never_connected(error)


def never_connected(error: BaseException) -> bool:
    """Whether `error` says that no connection was made, so that the server has seen nothing of the request."""
    cause = error.__cause__ or error.__context__
    while cause is not None:
        if isinstance(cause, requests.exceptions.ConnectTimeout | urllib3.exceptions.NewConnectionError):
            return True
        if isinstance(cause, requests.exceptions.ConnectionError) and cause.args:
            reason = getattr(cause.args[0], "reason", None)
            return isinstance(reason, urllib3.exceptions.NewConnectionError | urllib3.exceptions.ConnectTimeoutError)
        cause = cause.__cause__ or cause.__context__
    return False


def _seconds(retry_after: str | None) -> float | None:
    """A Retry-After header in seconds from now, or None if there is none or it can't be read."""
    if not retry_after:
        return None
    if retry_after.strip().isdecimal():
        return float(retry_after)
    try:
        return max(0.0, email.utils.parsedate_to_datetime(retry_after).timestamp() - time.time())
    except (TypeError, ValueError):
        return None
