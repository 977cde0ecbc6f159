"""Answers that go wrong when a test asks for it, as the client and as plain HTTP see them."""

import time

import pytest
import requests
from keystoneauth1 import exceptions

from saharaclient.api import base
from saharaclient.local import LocalSahara


@pytest.fixture(scope="module")
def service():
    with LocalSahara() as sahara:
        yield sahara


@pytest.fixture
def faults(service):
    yield service.faults
    service.faults.clear()


@pytest.fixture(scope="module", params=["1.1", "2"])
def clients(service, request):
    """A client that tries again, and one that does not."""
    return service.client(request.param), service.client(request.param, retry_deadline=0)


@pytest.mark.parametrize("status", [429, 503])
def test_the_client_asks_again_when_it_was_told_to(clients, faults, status):
    fault = faults.add("GET", "*/clusters", status=status, retry_after=0.2, times=2)
    start = time.monotonic()
    assert clients[0].clusters.list() == []
    assert time.monotonic() - start >= 0.4
    assert fault.used == 2


def test_an_error_status_is_the_clients_error(clients, faults):
    fault = faults.add(status=500, times=None)
    for _ in range(2):
        with pytest.raises(base.ServerError) as caught:
            clients[0].clusters.list()
        assert caught.value.status_code == 500
        assert caught.value.request_id.startswith("req-")
    faults.remove(fault)
    assert clients[0].clusters.list() == []
    assert fault.used == 2


def test_a_create_is_not_repeated(clients, faults):
    faults.add("POST", status=503, retry_after=0, times=None)
    with pytest.raises(base.APIException) as caught:
        clients[0].data_sources.create("refused", "", "hdfs", "/x")
    assert caught.value.status_code == 503
    assert clients[0].data_sources.list() == []


def test_a_dropped_request_has_no_effect(clients, faults):
    fault = faults.add("POST", "*/data-sources", drop="request")
    with pytest.raises(exceptions.ConnectFailure):
        clients[0].data_sources.create("dropped", "", "hdfs", "/x")
    assert fault.used == 1
    assert clients[0].data_sources.list() == []


def test_a_dropped_reply_leaves_the_effect(clients, faults):
    faults.add("POST", "*/data-sources", drop="reply")
    with pytest.raises(exceptions.ConnectFailure):
        clients[0].data_sources.create("unknown", "", "hdfs", "/x")
    [made] = clients[0].data_sources.list()
    assert made.name == "unknown"
    clients[0].data_sources.delete(made.id)


def test_a_read_survives_dropped_connections(clients, faults):
    fault = faults.add("GET", drop="reply", times=2)
    assert clients[0].clusters.list() == []
    assert fault.used == 2


def test_a_late_answer(service, clients, faults):
    faults.add(delay=0.3)
    start = time.monotonic()
    clients[0].clusters.list()
    assert time.monotonic() - start >= 0.3
    faults.add(delay=0.6)
    impatient = service.client("2", timeout=0.2, retry_deadline=0)
    with pytest.raises(exceptions.ConnectTimeout):
        impatient.clusters.list()


def test_only_what_matches_meets_a_fault(service, clients, faults):
    fault = faults.add("DELETE", "*/clusters/*", status=503, times=None)
    assert clients[1].clusters.list() == []
    with pytest.raises(base.NotFound):
        clients[1].data_sources.delete("nope")
    assert fault.used == 0
    with pytest.raises(base.APIException):
        clients[1].clusters.delete("nope")
    assert fault.used == 1
    faults.add(status=500, times=None)  # Sahara's API alone
    service.session().get_token()


def test_the_error_is_in_the_form_of_the_service_that_was_asked(service, faults):
    faults.add("GET", "/identity/*", status=429, retry_after=3)
    answer = requests.get(f"{service.url}/identity/v3", timeout=10)
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "3")
    assert answer.json()["error"]["code"] == 429
    faults.add("GET", status=503)
    answer = requests.get(f"{service.url}/v2/clusters", headers={"X-Auth-Token": "any"}, timeout=10)
    assert answer.json()["error_code"] == 503


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({}, "needs a delay, a status or a drop"),
        ({"delay": -1.0}, "zero or more seconds"),
        ({"status": 200}, "between 400 and 599"),
        ({"status": 500, "drop": "reply"}, "'drop' or 'status'"),
        ({"drop": "everything"}, "'request' or 'reply'"),
        ({"delay": 1.0, "retry_after": 1}, "needs a status"),
        ({"status": 500, "times": 0}, "once or more"),
    ],
)
def test_what_is_no_fault_is_refused(faults, values, reason):
    with pytest.raises(ValueError, match=reason):
        faults.add(**values)
