"""What is sent again, when, and what never is."""

import random
import socket

import pytest
import requests
import urllib3
from keystoneauth1 import exceptions
from requests_mock import ANY

from saharaclient._core.retry import RetryPolicy, may_repeat
from saharaclient.api import base
from tests.support import make_client

REFUSED = requests.exceptions.ConnectionError(
    urllib3.exceptions.MaxRetryError(
        None, "/", urllib3.exceptions.NewConnectionError(urllib3.connection.HTTPConnection("h"), "refused")
    )
)
RESET = requests.exceptions.ConnectionError(urllib3.exceptions.ProtocolError("aborted", ConnectionResetError()))
CONNECT_TIMEOUT = requests.exceptions.ConnectTimeout("slow")
READ_TIMEOUT = requests.exceptions.ReadTimeout("silent")
TRUNCATED = requests.exceptions.ChunkedEncodingError("cut")
OK = {"json": {"cluster": {"id": "1"}}}


def busy(status=503, **headers):
    return {"status_code": status, "headers": headers, "text": "busy"}


def fault(error):
    return {"exc": error}


def get(client):
    return client.clusters.get("1")


def create(client):
    return client.clusters.create("n", "p", "1")


def update(client):
    return client.clusters.update("1", name="n")


def delete(client):
    return client.clusters.delete("1")


METHODS = {get: "GET", create: "POST", update: "PATCH", delete: "DELETE"}


@pytest.mark.parametrize(
    ("call", "first", "attempts"),
    [
        (get, fault(REFUSED), 2),
        (get, fault(RESET), 2),
        (get, fault(READ_TIMEOUT), 2),
        (get, fault(TRUNCATED), 2),
        (get, busy(429), 2),
        (get, busy(502), 2),
        (get, busy(503), 2),
        (get, busy(504), 2),
        (get, busy(500), 1),
        (delete, fault(RESET), 2),
        (delete, busy(503), 2),
        (create, fault(REFUSED), 2),
        (create, fault(CONNECT_TIMEOUT), 2),
        (create, fault(RESET), 1),
        (create, fault(READ_TIMEOUT), 1),
        (create, fault(TRUNCATED), 1),
        (create, busy(503), 1),
        (create, busy(429), 1),
        (update, fault(REFUSED), 2),
        (update, fault(RESET), 1),
        (update, busy(502), 1),
    ],
)
def test_attempts(call, first, attempts, requests_mock):
    requests_mock.register_uri(METHODS[call], ANY, [first, OK])
    client = make_client()
    try:
        call(client)
    except (base.ServerError, base.OverLimit, exceptions.ConnectionError):
        assert attempts == 1
    assert len(requests_mock.request_history) == attempts
    assert len(client.clusters.api.clock.slept) == attempts - 1


def test_retry_after_is_obeyed_within_the_deadline(requests_mock):
    requests_mock.get(ANY, [busy(503, **{"Retry-After": "7"}), OK])
    client = make_client()
    get(client)
    assert client.clusters.api.clock.slept == [7.0]
    requests_mock.get(ANY, [busy(503, **{"Retry-After": "300"}), OK])
    with pytest.raises(base.ServiceUnavailable):
        get(client)


def test_never_sooner_than_without_retry_after(requests_mock):
    """A server that says 0, or whose clock is an hour late, must not be asked nine hundred times a second."""
    past = "Tue, 01 Jan 2019 00:00:00 GMT"
    for headers in ({"Retry-After": "0"}, {"Retry-After": past}, {"Retry-After": past, "Date": "no date"}):
        requests_mock.get(ANY, **busy(503, **headers))
        client = make_client()
        with pytest.raises(base.ServiceUnavailable):
            get(client)
        assert len(client.clusters.api.clock.slept) < 15


def test_a_date_is_one_of_the_servers_clock(requests_mock):
    headers = {"Date": "Tue, 01 Jan 2019 00:00:00 GMT", "Retry-After": "Tue, 01 Jan 2019 00:00:07 GMT"}
    requests_mock.get(ANY, [busy(503, **headers), OK])
    client = make_client()
    get(client)
    assert client.clusters.api.clock.slept == [7.0]


GONE = {"status_code": 404, "json": {"error_code": 404, "error_name": "NOT_FOUND", "error_message": "gone"}}


def test_a_deletion_whose_reply_was_lost_is_done(requests_mock):
    for lost in (fault(RESET), busy(502), busy(504)):
        requests_mock.delete(ANY, [lost, GONE])
        assert delete(make_client()) is None
    for replies in ([GONE], [fault(REFUSED), GONE], [busy(503), GONE]):
        requests_mock.delete(ANY, replies)
        with pytest.raises(base.NotFound):
            delete(make_client())


def test_it_ends_at_the_deadline(requests_mock):
    requests_mock.get(ANY, exc=REFUSED)
    client = make_client(retry_deadline=10)
    with pytest.raises(exceptions.ConnectFailure):
        get(client)
    assert 5 < sum(client.clusters.api.clock.slept) < 10


def test_it_can_be_turned_off_or_limited(requests_mock):
    requests_mock.get(ANY, exc=REFUSED)
    for options, attempts in (({"retry_deadline": 0}, 1), ({"connect_retries": 2}, 3), ({"connect_retries": 0}, 1)):
        requests_mock.reset_mock()
        with pytest.raises(exceptions.ConnectFailure):
            get(make_client(**options))
        assert len(requests_mock.request_history) == attempts
    requests_mock.get(ANY, **busy(418))
    with pytest.raises(base.BadRequest):
        get(make_client(retriable_status_codes=[418], status_code_retries=1))
    assert len(requests_mock.request_history) == 3


def test_what_a_program_is_handling_is_no_cause(requests_mock):
    """Else a creation that may have been made would be made again."""
    requests_mock.get(ANY, exc=REFUSED)
    requests_mock.post(ANY, exc=RESET)
    client = make_client(retry_deadline=1)
    try:
        get(client)
    except exceptions.ConnectFailure:
        with pytest.raises(exceptions.ConnectFailure, match="may have carried it out"):
            create(client)
    assert [r.method for r in requests_mock.request_history].count("POST") == 1


def test_a_bad_certificate_is_not_tried_again():
    assert not may_repeat("GET", exceptions.SSLError("bad certificate"))


def test_delays_grow_with_jitter_and_have_a_limit():
    random.seed(1)
    policy = RetryPolicy(deadline=1e9)
    refused = exceptions.ConnectFailure("x")
    delays = [policy.after_failure("GET", refused, attempt, 0.0) or 0.0 for attempt in range(12)]
    assert min(delays) > 0
    assert all(d <= policy.longest_delay for d in delays)
    assert delays[0] <= policy.first_delay
    assert len(set(delays)) == len(delays)


def test_a_refused_connection_is_known_from_a_real_socket():
    """The classification rests on what the libraries raise; here they raise it themselves."""
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{unused.getsockname()[1]}"
        client = make_client(retry_deadline=1)
        client.clusters.api.endpoint_override = url
        with pytest.raises(exceptions.ConnectFailure):
            create(client)
    assert len(client.clusters.api.clock.slept) >= 1
