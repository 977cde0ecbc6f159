"""Waits: what ends them, how often they look, and what they tell meanwhile."""

import copy

import pytest
import requests
from keystoneauth1 import exceptions

from saharaclient._core.waiting import Pace
from saharaclient.api import base
from tests.support import URL, make_client

ID = "1"


def cluster(status, description="", steps=(), **more):
    body = {"id": ID, "name": "c", "status": status, "status_description": description, "provision_progress": [*steps]}
    return {"json": {"cluster": {**body, **more}}}


def run(status, **info):
    return {"json": {"job": {"id": ID, "info": {"status": status, **info}}}}


def step(successful, *events):
    return {"id": "s", "step_name": "Start", "total": 2, "successful": successful, "events": [*events]}


@pytest.fixture
def sahara():
    return make_client("2")


@pytest.fixture
def clusters(requests_mock, sahara):
    def serve(*replies):
        requests_mock.get(f"{URL}/clusters/{ID}?show_progress=True", [*replies])
        return sahara.clusters

    return serve


@pytest.fixture
def jobs(requests_mock, sahara):
    def serve(*replies):
        requests_mock.get(f"{URL}/jobs/{ID}", [*replies])
        return sahara.jobs

    return serve


GONE = {"status_code": 404, "json": {"error_code": 404, "error_name": "NOT_FOUND", "error_message": "gone"}}
BUSY = {"status_code": 503, "text": "busy", "headers": {"Retry-After": "3600"}}


def test_a_cluster_gets_active_and_each_change_is_told_once(clusters):
    manager = clusters(
        cluster("Validating"),
        cluster("Validating"),
        cluster("Spawning"),
        cluster("Spawning", steps=[step(None)]),
        cluster("Spawning", steps=[step(None)]),
        cluster("Spawning", steps=[step(True)]),
        cluster("Active", steps=[step(True)]),
    )
    told = []
    found = manager.wait(ID, on_progress=lambda c: told.append((c.status, len(c.provision_progress))))
    assert found.status == "Active"
    assert told == [("Validating", 0), ("Spawning", 0), ("Spawning", 1), ("Spawning", 1), ("Active", 1)]


def test_error_is_raised_with_the_reason_and_the_failed_events(clusters):
    event = {"successful": False, "instance_name": "w-0", "event_info": "no route to host"}
    with pytest.raises(base.OperationFailed, match="(?s)is Error: Creating failed.*Start on w-0: no route") as caught:
        clusters(cluster("Error", "Creating failed", [step(False, event)])).wait(ID)
    assert caught.value.resource.status == "Error"


def test_a_failed_scaling_ends_in_active_with_a_reason(clusters):
    with pytest.raises(base.OperationFailed, match="no more hosts"):
        clusters(cluster("Scaling: Spawning"), cluster("Active", "no more hosts")).wait(ID)


def test_error_can_be_what_is_waited_for(clusters):
    assert clusters(cluster("Error")).wait(ID, until=("Active", "Error")).status == "Error"


def test_unknown_states_count_as_in_progress(clusters):
    assert clusters(cluster("Teleporting"), cluster("Active")).wait(ID).status == "Active"


def test_the_deadline_raises_with_the_last_state(clusters, sahara):
    manager = clusters(cluster("Spawning"))
    with pytest.raises(base.OperationTimedOut, match=r"not within 60 s; last seen: <Cluster .*Spawning") as caught:
        manager.wait(ID, timeout=60)
    assert caught.value.resource.status == "Spawning"
    assert sum(sahara.clusters.api.clock.slept) == pytest.approx(60)


def test_pauses_begin_short_and_grow_to_a_limit(clusters, sahara):
    with pytest.raises(base.OperationTimedOut):
        clusters(cluster("Spawning")).wait(ID, timeout=100)
    slept = sahara.clusters.api.clock.slept
    assert slept[0] <= 0.2
    assert 3.7 < max(slept) <= 5
    assert len(set(slept[8:-1])) > 1  # jitter


@pytest.mark.parametrize(
    "fault", [{"exc": requests.exceptions.ConnectionError("down")}, BUSY, {"status_code": 500}, {"text": "<html>"}]
)
def test_transient_faults_do_not_end_a_wait(fault, clusters):
    assert clusters(cluster("Spawning"), fault, fault, cluster("Active")).wait(ID).status == "Active"


def test_a_server_that_stays_away_is_a_timeout_that_says_so(clusters):
    with pytest.raises(base.OperationTimedOut, match="Spawning.*last look failed.*busy") as caught:
        clusters(cluster("Spawning"), BUSY).wait(ID, timeout=30)
    assert isinstance(caught.value.__cause__, base.ServiceUnavailable)


def test_no_request_outlasts_the_deadline(clusters, sahara, requests_mock):
    with pytest.raises(base.OperationTimedOut):
        clusters({"exc": requests.exceptions.ConnectionError("down")}).wait(ID, timeout=2)
    assert sum(sahara.clusters.api.clock.slept) <= 2.1
    assert all(r.timeout <= 2 for r in requests_mock.request_history)


def test_what_time_cannot_mend_ends_a_wait(clusters):
    with pytest.raises(base.NotFound):
        clusters(cluster("Spawning"), GONE).wait(ID)
    with pytest.raises(base.Forbidden):
        clusters({"status_code": 403}).wait(ID)


def test_deletion(clusters):
    assert clusters(cluster("Deleting"), GONE).wait_deleted(ID) is None
    with pytest.raises(base.OperationFailed, match="stack is stuck"):
        clusters(cluster("Deleting"), cluster("Error", "stack is stuck")).wait_deleted(ID)
    with pytest.raises(base.OperationTimedOut, match="Deletion"):
        clusters(cluster("Deleting")).wait_deleted(ID, timeout=5)


def test_verification(clusters):
    def checked(status):
        return cluster("Active", verification={"status": status})

    assert clusters(checked("CHECKING"), checked("RED")).wait_verified(ID).verification["status"] == "RED"


def test_a_job_succeeds(jobs):
    told = []
    done = jobs(run("PENDING"), run("RUNNING"), run("RUNNING"), run("SUCCEEDED")).wait(ID, on_progress=told.append)
    assert done.info["status"] == "SUCCEEDED"
    assert [j.info["status"] for j in told] == ["PENDING", "RUNNING", "SUCCEEDED"]


@pytest.mark.parametrize("status", ["FAILED", "KILLED", "DONEWITHERROR"])
def test_a_job_fails_with_its_reason(status, jobs):
    with pytest.raises(base.OperationFailed, match=f"is {status}: out of memory") as caught:
        jobs(run("RUNNING"), run(status, reason="out of memory")).wait(ID)
    assert caught.value.resource.info["status"] == status


def test_a_jobs_end_is_noticed_within_two_seconds(jobs, sahara):
    with pytest.raises(base.OperationTimedOut):
        jobs(run("RUNNING")).wait(ID, timeout=120)
    assert max(sahara.clusters.api.clock.slept) < 2


def test_a_refused_refresh_is_asked_once(jobs, requests_mock):
    refused = {
        "status_code": 400,
        "json": {"error_code": 400, "error_name": "INVALID_PARAMS_ON_REQUEST", "error_message": "no"},
    }
    manager = jobs(run("RUNNING"), run("SUCCEEDED"))
    requests_mock.get(f"{URL}/jobs/{ID}?refresh_status=True", **refused)
    assert manager.wait(ID).info["status"] == "SUCCEEDED"
    assert [bool(r.query) for r in requests_mock.request_history] == [True, False, False]


def test_other_refusals_of_a_refresh_are_errors(jobs, requests_mock):
    manager = jobs(run("RUNNING"))
    requests_mock.get(f"{URL}/jobs/{ID}?refresh_status=True", status_code=400, text="broken")
    with pytest.raises(base.BadRequest):
        manager.refresh_status(ID)


def test_api_1_1_refreshes_by_its_own_path(requests_mock):
    requests_mock.get(
        f"{URL}/job-executions/{ID}/refresh-status",
        [{"json": {"job_execution": {"id": ID, "info": {"status": s}}}} for s in ("RUNNING", "SUCCEEDED")],
    )
    assert make_client("1.1").job_executions.wait(ID).info["status"] == "SUCCEEDED"


def test_a_jobs_deletion(jobs):
    assert jobs(run("RUNNING"), GONE).wait_deleted(ID) is None


def test_what_a_wait_raises_can_be_copied():
    error = base.OperationFailed("text", "resource")
    assert (str(copy.copy(error)), copy.copy(error).resource) == ("text", "resource")


def test_a_pace_never_overflows():
    assert Pace().pause(10**6) <= Pace().longest


def test_a_callers_interrupt_passes_through(clusters):
    def interrupt(_):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        clusters(cluster("Spawning")).wait(ID, on_progress=interrupt)


def test_without_a_connection_the_wait_names_the_fault(clusters):
    with pytest.raises(base.OperationTimedOut, match="down") as caught:
        clusters({"exc": requests.exceptions.ConnectionError("down")}).wait(ID, timeout=1)
    assert isinstance(caught.value.__cause__, exceptions.ConnectFailure)
