"""Whether and when a request is sent again: decisions only, no waiting and no sending."""

from __future__ import annotations

import email.utils
import random
import time
from typing import TYPE_CHECKING, NamedTuple

import requests
import urllib3.exceptions
from keystoneauth1 import exceptions

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

RETRIED_STATUSES = frozenset({429, 502, 503, 504})
_UNMADE = (
    requests.exceptions.ConnectTimeout,
    urllib3.exceptions.NewConnectionError,
    urllib3.exceptions.ConnectTimeoutError,
)
_REPEATABLE = frozenset({"GET", "HEAD", "DELETE"})


class RetryPolicy(NamedTuple):
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
        self, method: str, status: int, headers: Mapping[str, str], attempt: int, elapsed: float
    ) -> float | None:
        """Seconds to wait before sending again after a reply of `status`, or None to take the reply as it is.

        Never sooner than without the reply's Retry-After.

        Args:
            method: the HTTP method.
            status: the reply's status.
            headers: the reply's: its Retry-After may be seconds or an HTTP date, which its Date is subtracted from.
            attempt: how many attempts were answered so before this one.
            elapsed: seconds since the first attempt began.
        """
        if status not in self.statuses or method not in _REPEATABLE:
            return None
        if self.status_retries is not None and attempt >= self.status_retries:
            return None
        asked = _seconds(headers.get("Retry-After", ""), headers.get("Date"))
        return self._within_deadline(max(self._backoff(attempt), asked), elapsed)

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
    """Whether `error` says that no connection was made, so that the server has seen nothing of the request.

    So it is too if what failed came before the request: a token, the discovery of the endpoint.
    """
    if getattr(error, "unsent", False):
        return True
    return any(isinstance(cause, _UNMADE) for cause in causes(error))


def causes(error: BaseException) -> Iterator[BaseException]:
    """What led to keystoneauth1's failure of a connection, the nearest first.

    requests and urllib3 hand some of it on as an argument. What a program happened to be handling is no cause.
    """
    cause = error.__cause__ or error.__context__
    while isinstance(cause, BaseException) and (cause is not error.__context__ or _of_requests(cause)):
        yield cause
        inner = getattr(cause, "reason", None) or next(iter(cause.args), None)
        cause = inner if isinstance(inner, BaseException) else cause.__cause__


def _of_requests(error: BaseException) -> bool:
    return isinstance(error, requests.exceptions.RequestException)


def _seconds(retry_after: str, date: str | None) -> float:
    """A Retry-After header in seconds; 0 if there is none or it can't be read.

    A date is one of the server's clock, which may be far from this machine's.
    """
    if retry_after.strip().isdecimal():
        return float(retry_after)
    then = _time(retry_after)
    return 0.0 if then is None else then - (_time(date or "") or time.time())


def _time(date: str) -> float | None:
    """Seconds since the epoch of an HTTP date."""
    try:
        return email.utils.parsedate_to_datetime(date).timestamp()
    except (TypeError, ValueError, OverflowError):
        return None
