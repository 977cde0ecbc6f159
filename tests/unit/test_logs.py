"""`jobs.logs`: lines from pieces, however they are cut, and from a server that can't be reached for a while."""

import itertools

import pytest
import requests
from hypothesis import given
from hypothesis import strategies as st

from saharaclient._core.tail import LONGEST_LINE, Tail
from saharaclient.api import base
from tests.support import URL, make_client

ID = "1"


class Output:
    """A server's view of a job that prints: each request finds as many bytes more as `grows` says.

    Args:
        requests_mock: the wire.
        content: all that the job prints.
        grows: bytes that are there at each request; the last stays, and then the job has ended.
        piece: bytes of a piece at most.
    """

    def __init__(self, requests_mock, content, grows, piece=1000, path="/jobs/1/logs/stdout"):
        self.content, self.grows, self.piece, self.offsets = content, list(grows), piece, []
        requests_mock.get(f"{URL}{path}", content=self.answer)

    def answer(self, request, context):
        self.offsets.append(offset := int(request.qs["offset"][0]))
        there = self.grows.pop(0) if len(self.grows) > 1 else self.grows[0]
        if isinstance(there, Exception):
            raise there
        context.headers |= {"X-Log-Size": str(there), "X-Log-Complete": str(len(self.grows) == 1).lower()}
        return self.content[offset : min(there, offset + self.piece)]


def test_what_there_is_comes_in_pieces(requests_mock):
    output = Output(requests_mock, b"one\ntwo\nthr", [11], piece=4)
    lines = list(make_client("2").jobs.logs(ID))
    assert lines == ["one", "two", "thr"]
    assert [line.offset for line in lines] == [4, 8, 11]
    assert output.offsets == [0, 4, 8]


def test_the_first_request_is_sent_when_a_line_is_asked_for(requests_mock):
    output = Output(requests_mock, b"one\n", [4])
    lines = make_client("2").jobs.logs(ID)
    assert output.offsets == []
    assert next(lines) == "one"


@pytest.mark.parametrize(("version", "manager"), [("1.1", "job_executions"), ("2", "jobs")])
def test_either_version_and_standard_error(requests_mock, version, manager):
    path = {"1.1": "/job-executions/1/logs/stderr", "2": "/jobs/1/logs/stderr"}[version]
    Output(requests_mock, b"a\nb\n", [4], path=path)
    assert list(getattr(make_client(version), manager).logs(ID, stderr=True, offset=2)) == ["b"]


def test_following_ends_with_the_job_and_waits_a_second_at_most(requests_mock):
    output = Output(requests_mock, b"one\ntwo\n", [0, 3, *[3] * 20, 5, 8, 8])
    client = make_client("2")
    assert list(client.jobs.logs(ID, follow=True)) == ["one", "two"]
    assert len(output.offsets) > 20
    assert max(client.jobs.api.clock.slept) <= 1.0


def test_without_following_a_job_that_runs_ends_at_what_there_is(requests_mock):
    output = Output(requests_mock, b"one\ntwo\n", [5, 8])
    assert list(make_client("2").jobs.logs(ID)) == ["one", "t"]
    assert output.offsets == [0]


def test_a_cut_connection_loses_and_doubles_nothing(requests_mock):
    cuts = [requests.ConnectionError("cut")] * 7
    output = Output(requests_mock, b"one\ntwo\nthree\n", [5, *cuts, 9, *cuts, 14, 14])
    client = make_client("2")
    assert list(client.jobs.logs(ID, follow=True)) == ["one", "two", "three"]
    assert set(output.offsets) == {0, 5, 9}


def test_a_server_that_stays_away_is_given_up(requests_mock):
    Output(requests_mock, b"one\n", [4, *[requests.ConnectionError("gone")] * 10000, 4])
    client = make_client("2")
    lines = client.jobs.logs(ID, follow=True)
    assert next(lines) == "one"
    began = client.jobs.api.clock.now()
    with pytest.raises(Exception, match="gone"):
        next(lines)
    assert 60 <= client.jobs.api.clock.now() - began < 300


NO_ROUTE = {"error": 404, "error_message": "The requested URL was not found on the server."}


def test_another_sahara_says_not_supported_and_where_the_output_is(requests_mock):
    info = {"status": "RUNNING", "spark-path": "/tmp/spark-edp/w/1", "client": "10.0.0.5"}
    requests_mock.get(f"{URL}/jobs/{ID}/logs/stdout", status_code=404, json=NO_ROUTE)
    requests_mock.get(f"{URL}/jobs/{ID}", json={"job": {"id": ID, "info": info}})
    where = r"on 10\.0\.0\.5; the run's folder is /tmp/spark-edp/w/1 there"
    with pytest.raises(base.NotSupported, match=where) as told:
        next(make_client("2").jobs.logs(ID))
    assert told.value.status_code == 404


@pytest.mark.parametrize("info", [None, {}, {"status": "RUNNING"}, {"client": "h"}])
def test_not_supported_with_little_to_tell(requests_mock, info):
    requests_mock.get(f"{URL}/jobs/{ID}/logs/stdout", status_code=404, json=NO_ROUTE)
    requests_mock.get(f"{URL}/jobs/{ID}", json={"job": {"id": ID, "info": info}})
    with pytest.raises(base.NotSupported, match="no call for the output of jobs"):
        next(make_client("2").jobs.logs(ID))


@pytest.mark.parametrize("body", [NO_ROUTE, {"error_code": 404, "error_name": "NOT_FOUND", "error_message": "gone"}])
def test_no_such_job_is_not_found(requests_mock, body):
    requests_mock.get(f"{URL}/jobs/{ID}/logs/stdout", status_code=404, json=body)
    missing = {"error_code": 404, "error_name": "NOT_FOUND", "error_message": "gone"}
    requests_mock.get(f"{URL}/jobs/{ID}", status_code=404, json=missing)
    with pytest.raises(base.NotFound, match="gone"):
        next(make_client("2").jobs.logs(ID))


def test_what_is_no_output_is_said(requests_mock):
    requests_mock.get(f"{URL}/jobs/{ID}/logs/stdout", text="<html>hello</html>")
    with pytest.raises(base.MalformedResponse, match="no piece of a job's output"):
        next(make_client("2").jobs.logs(ID))


def test_a_negative_offset_is_refused_before_anything_is_sent():
    with pytest.raises(ValueError, match="-1"):
        make_client("2").jobs.logs(ID, offset=-1)


@given(content=st.binary(max_size=60), cuts=st.lists(st.integers(0, 60)), start=st.integers(0, 5))
def test_lines_are_the_same_however_the_text_is_cut(content, cuts, start):
    places = sorted({0, len(content), *(cut for cut in cuts if cut <= len(content))})
    tail = Tail(start)
    lines = [line for a, b in itertools.pairwise(places) for line in tail.feed(content[a:b])]
    lines += tail.rest()
    wanted = content.split(b"\n")
    assert lines == [line.decode("utf-8", "replace") for line in (wanted if wanted[-1] else wanted[:-1])]
    for line, following in itertools.pairwise(lines):
        again = Tail(line.offset)
        assert next(iter([*again.feed(content[line.offset - start :]), *again.rest()])) == following


def test_a_line_without_end_is_given_in_parts():
    tail = Tail()
    parts = [part for _ in range(5) for part in tail.feed(b"x" * (LONGEST_LINE // 2))]
    assert "".join(parts + [*tail.rest()]) == "x" * (LONGEST_LINE // 2 * 5)
    assert all(len(part) < 2 * LONGEST_LINE for part in parts)
