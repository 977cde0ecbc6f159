"""Waits: what ends them, how often they look, and what they tell meanwhile."""

import contextlib
import copy
import socket
import threading
import time

import pytest
import requests
from keystoneauth1 import exceptions
from urllib3.exceptions import MaxRetryError, NameResolutionError

from saharaclient._core.clock import SystemClock
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
        requests_mock.get(f"{URL}/clusters/{ID}", [*replies])
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


OLD = "the last scaling failed"
CERTIFICATE = {"exc": requests.exceptions.SSLError("self-signed certificate")}
TOO_LARGE = {"status_code": 413, "text": "too large"}


def unresolved(errno):
    """What a host name that can't be resolved gives."""
    reason = NameResolutionError("h", None, cause := socket.gaierror(errno, "no such name"))
    reason.__cause__ = cause
    return {"exc": requests.exceptions.ConnectionError(MaxRetryError(None, "/", reason))}


UNRESOLVED = unresolved(socket.EAI_NONAME)


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (CERTIFICATE, exceptions.SSLError),
        (UNRESOLVED, exceptions.ConnectFailure),
        (TOO_LARGE, base.OverLimit),
        ({"text": "x" * 1000}, base.MalformedResponse),
    ],
)
def test_what_never_mends_ends_a_wait_soon(fault, error, clusters, sahara):
    sahara.clusters.api.largest_reply = 999
    with pytest.raises(error):
        clusters(fault).wait(ID)
    assert sum(sahara.clusters.api.clock.slept) < 60
    # once it may have been a mistake
    assert clusters(cluster("Spawning"), fault, cluster("Active")).wait(ID).status == "Active" or fault is UNRESOLVED


def test_a_name_that_was_resolved_may_be_again(clusters):
    fault = unresolved(socket.EAI_AGAIN)
    assert clusters(cluster("Spawning"), *[fault] * 40, cluster("Active")).wait(ID).status == "Active"
    with pytest.raises(exceptions.ConnectFailure):
        clusters(fault).wait(ID)


def test_a_name_that_there_is_not_is_known_from_a_real_resolver():
    made = make_client(retry_deadline=0)
    made.clusters.api.endpoint_override = "http://no-such-host.invalid"
    with pytest.raises(exceptions.ConnectFailure, match="no-such-host"):
        made.clusters.wait(ID)


def test_the_last_look_does_not_hide_why_the_others_failed(sahara, clusters):
    clock = sahara.clusters.api.clock

    def slow(request, context):
        clock.seconds += request.timeout
        raise requests.exceptions.ReadTimeout("cut")

    sahara.clusters.api.retry = sahara.clusters.api.retry._replace(deadline=0)
    with pytest.raises(base.OperationTimedOut, match="the last look failed: busy"):
        clusters(cluster("Spawning"), *[BUSY] * 3, {"json": slow}).wait(ID, timeout=30)


def test_what_is_told_has_time_of_its_own(clusters, sahara, requests_mock):
    """A callback may ask another server, and take longer than the wait has left."""
    requests_mock.get("http://other.test/", text="x")
    times = []

    def tell(_):
        sahara.clusters.api.clock.seconds += 100
        sahara.clusters.api.request("http://other.test/", "GET")
        times.append(requests_mock.last_request.timeout)

    with pytest.raises(base.OperationTimedOut):
        clusters(cluster("Spawning")).wait(ID, timeout=10, on_progress=tell)
    assert times == [60.0]


def test_an_old_reason_of_a_healthy_cluster_is_no_failure(clusters):
    assert clusters(cluster("Active", OLD)).wait(ID).status == "Active"
    assert clusters(cluster("Scaling: Spawning", OLD), cluster("Active", OLD)).wait(ID).status == "Active"
    for states in (
        [cluster("Scaling: Spawning", OLD), cluster("Active", "another")],
        [cluster("Scaling: Spawning", ""), cluster("Active", OLD)],
        [cluster("Scaling: Spawning", OLD), cluster("Rollback: Deleting", OLD), cluster("Active", OLD)],
    ):
        with pytest.raises(base.OperationFailed):
            clusters(*states).wait(ID)


@pytest.mark.parametrize("asked", ["", OLD])
def test_a_change_that_was_asked_for_just_before_is_judged_though_it_was_over_at_once(asked, clusters, requests_mock):
    requests_mock.put(f"{URL}/clusters/{ID}", **cluster("Active", asked))
    manager = clusters(cluster("Active", "no more hosts"))
    manager.scale(ID, {})
    with pytest.raises(base.OperationFailed, match="no more hosts"):
        manager.wait(ID)
    assert manager.wait(ID).status == "Active"  # that is told


def test_a_wait_that_timed_out_can_be_taken_up(clusters, requests_mock):
    requests_mock.put(f"{URL}/clusters/{ID}", **cluster("Validating", OLD))
    manager = clusters(cluster("Scaling: Spawning", OLD))
    manager.scale(ID, {})
    with pytest.raises(base.OperationTimedOut):
        manager.wait(ID, timeout=5)
    clusters(cluster("Active", "no more hosts"))
    with pytest.raises(base.OperationFailed, match="no more hosts"):
        manager.wait(ID)


def test_the_check_before_is_not_the_one_that_was_asked_for(clusters, requests_mock):
    def checked(status, **which):
        return cluster("Active", verification={"status": status, **which})

    old, new = {"id": "1", "created_at": "a"}, {"id": "2", "created_at": "b"}
    requests_mock.patch(f"{URL}/clusters/{ID}", **checked("GREEN", **old))
    manager = clusters(checked("GREEN", **old), checked("CHECKING", **new), checked("RED", **new))
    assert manager.wait_verified(ID).verification["status"] == "GREEN"
    manager = clusters(checked("GREEN", **old), checked("CHECKING", **new), checked("RED", **new))
    manager.verification_update(ID, "START")
    assert manager.wait_verified(ID).verification["status"] == "RED"


def test_a_wait_without_a_limit(clusters, sahara):
    assert clusters(*[cluster("Spawning")] * 2000, cluster("Active")).wait(ID, timeout=None).status == "Active"
    assert sum(sahara.clusters.api.clock.slept) > base.DEFAULT_WAIT


def test_steps_are_asked_for_if_somebody_listens_and_once_on_failure(clusters, requests_mock):
    def asked(manager, **options):
        requests_mock.reset_mock()
        with contextlib.suppress(base.OperationFailed):
            manager.wait(ID, **options)
        return [r.qs["show_progress"][0] == "true" for r in requests_mock.request_history]

    quiet = [cluster("Spawning"), cluster("Active")]
    failing = [cluster("Spawning"), cluster("Error", "reason")]
    assert asked(clusters(*quiet)) == [False, False]
    assert asked(clusters(*quiet), on_progress=print) == [True, True]
    assert asked(clusters(*failing)) == [False, False, True]
    assert asked(clusters(*failing), on_progress=print) == [True, True]


def test_a_failure_whose_closer_look_fails_is_told_all_the_same(clusters):
    with pytest.raises(base.OperationFailed, match="reason"):
        clusters(cluster("Error", "reason"), CERTIFICATE).wait(ID)


@pytest.mark.parametrize("interval", [0.5, 30])
def test_the_pace_can_be_chosen(interval, clusters, jobs, sahara):
    for manager in (clusters(cluster("Spawning")), jobs(run("RUNNING"))):
        slept = sahara.clusters.api.clock.slept
        slept.clear()
        with pytest.raises(base.OperationTimedOut):
            manager.wait(ID, timeout=4 * interval, interval=interval)
        assert slept == [interval] * 4
    for wrong in (0, -1, float("nan")):
        with pytest.raises(ValueError, match="interval"):
            jobs(run("RUNNING")).wait(ID, interval=wrong)


def test_any_state_of_a_job_can_be_waited_for(jobs):
    assert jobs(run("PENDING"), run("RUNNING")).wait(ID, until="RUNNING").info["status"] == "RUNNING"
    assert jobs(run("PENDING"), run("KILLED")).wait(ID, until={"KILLED", "FAILED"}).info["status"] == "KILLED"
    # it ran, and nobody saw it
    assert jobs(run("PENDING"), run("SUCCEEDED")).wait(ID, until="RUNNING").info["status"] == "SUCCEEDED"
    for until, end in (("RUNNING", "FAILED"), ("KILLED", "SUCCEEDED"), ("KILLED", "FAILED")):
        with pytest.raises(base.OperationFailed, match=f"is {end}"):
            jobs(run("PENDING"), run(end)).wait(ID, until=until)


def test_api_1_1_asks_the_cluster_less_often_after_a_minute(requests_mock):
    running = {"json": {"job_execution": {"id": ID, "info": {"status": "RUNNING"}}}}
    requests_mock.get(f"{URL}/job-executions/{ID}/refresh-status", [running])
    made = make_client("1.1")
    with pytest.raises(base.OperationTimedOut):
        made.job_executions.wait(ID, timeout=3600)
    slept = made.clusters.api.clock.slept
    minute = next(n for n in range(len(slept)) if sum(slept[:n]) > 60)
    assert max(slept[:minute]) <= 1.5
    assert 10 < max(slept) <= 15
    assert len(slept) < 600  # 2,700 would be one every 1.5 s


@pytest.mark.parametrize("when", ["before", "in a pause", "in a retry"])
def test_another_thread_can_end_a_wait(when, requests_mock):
    made = make_client(retry_deadline=60)
    made.clusters.api.clock = SystemClock()
    asked, cancel = threading.Event(), threading.Event()

    def reply(request, context):
        asked.set()
        context.status_code = 503 if when == "in a retry" else 200
        return {"cluster": {"id": ID, "status": "Spawning"}}

    requests_mock.get(f"{URL}/clusters/{ID}", json=reply, headers={"Retry-After": "50"})
    if when == "before":
        cancel.set()
    canceller = threading.Thread(target=lambda: asked.wait(10) and cancel.set())
    canceller.start()
    began = time.monotonic()
    with pytest.raises(base.OperationCancelled, match="cancelled"):
        made.clusters.wait(ID, interval=50, cancel=cancel)
    canceller.join()
    assert time.monotonic() - began < 5


def test_a_wait_keeps_within_the_deadline_of_its_caller(clusters, sahara):
    manager = clusters(cluster("Spawning"))
    with sahara.deadline(5), pytest.raises(base.OperationTimedOut, match="not within 5 s"):
        manager.wait(ID)


def test_a_single_call_can_have_a_deadline(requests_mock):
    requests_mock.get(f"{URL}/plugins", exc=requests.exceptions.ConnectionError("down"))
    made = make_client()
    with made.deadline(3), pytest.raises(exceptions.ConnectFailure):
        made.plugins.list()
    assert sum(made.clusters.api.clock.slept) <= 3
    assert all(r.timeout <= 3 for r in requests_mock.request_history)
    with pytest.raises(ValueError, match="deadline"), made.deadline(0):
        pass
    requests_mock.get(f"{URL}/plugins", json={"plugins": []})
    made.plugins.list()
    assert requests_mock.last_request.timeout == 60


def test_each_time_that_the_server_is_away_is_told_once(clusters, caplog):
    replies = [cluster("Starting"), BUSY, BUSY, cluster("Starting"), BUSY, cluster("Active")]
    assert clusters(*replies).wait(ID, interval=0.01).status == "Active"
    told = [record.getMessage() for record in caplog.records if record.name == "saharaclient.waiting"]
    assert told == [f"Cluster {ID} Active: busy; the server is asked again"] * 2
