"""Whatever a server answers and whatever a caller passes: a result or a typed error, and never another route."""

from __future__ import annotations

import contextlib
import copy
import http.server
import io
import json
import pickle
import threading
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

import msgspec
import pytest
import requests
import urllib3
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from keystoneauth1 import session, token_endpoint

from saharaclient import client
from saharaclient.api import base, clusters, images, job_executions, plugins
from tests.support import make_client
from tests.unit.test_wire import BOTH, CALLS

JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**63)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=10,
)
CASES = [(version, call) for call in CALLS for version in call.versions]
NAMES = ["id", "name", "status", "info", "tags", "provision_progress", "verification", "status_description", "events"]
OBJECT = st.dictionaries(st.sampled_from(NAMES) | st.text(max_size=4), JSON, max_size=6)


class Answering(requests.adapters.BaseAdapter):
    """A server that answers every request with the same bytes."""

    content, status = b"", 200

    def send(self, request, *_, **__):
        response = requests.Response()
        response.status_code, response.request, response.url = self.status, request, request.url
        response.raw = urllib3.HTTPResponse(io.BytesIO(self.content), status=self.status, preload_content=False)
        return response

    def close(self):
        pass


CLIENTS = {version: make_client(version) for version in BOTH}
ANSWERING = Answering()
for made in CLIENTS.values():
    made.clusters.api.session.session.mount("http://", ANSWERING)


def serve(content, version="2", status=200):
    """A client whose server answers every request with these bytes."""
    ANSWERING.content, ANSWERING.status = content, status
    return CLIENTS[version]


@st.composite
def replies(draw, keys):
    """Bytes, JSON, or JSON under a name that is expected."""
    value = draw(JSON | OBJECT | st.lists(OBJECT, max_size=3))
    key = draw(st.sampled_from(keys))
    markers = draw(st.just({}) | st.fixed_dictionaries({"markers": JSON}))
    body = draw(st.sampled_from([value, {key: value, **markers}]))
    return draw(st.just(json.dumps(body).encode()) | st.binary(max_size=40))


def look_into(result):
    for resource in result if isinstance(result, list) else [result]:
        if isinstance(resource, base.Resource):
            with contextlib.suppress(base.MalformedResponse):
                assert isinstance(resource.to_dict(), dict)
            repr(resource)


def call_on(sahara, call):
    manager, _, method = call.target.partition(".")
    return getattr(getattr(sahara, manager), method)(*call.args, **call.kwargs)


def promised(call, content):
    """What the API promises of a reply to this call, read from these bytes; NOTHING if they are no such reply."""
    try:
        body = json.loads(content)
    except ValueError:
        return NOTHING
    value = body if call.key is None else body.get(call.key) if isinstance(body, dict) else None
    kept = isinstance(value, dict) if call.gives == "resource" else is_list_of_objects(value)
    return value if kept else NOTHING


def is_list_of_objects(value):
    return isinstance(value, list) and all(isinstance(item, dict) for item in value)


NOTHING = object()
WITH_RESOURCES = [(version, call) for version, call in CASES if call.gives in ("resource", "page")]


@settings(max_examples=200)
@given(st.data())
def test_any_success_is_read_or_malformed(data):
    version, call = data.draw(st.sampled_from(CASES))
    content = data.draw(replies([call.key or "cluster"]))
    sahara = serve(content, version)
    try:
        look_into(call_on(sahara, call))
    except base.MalformedResponse:
        assert call.gives in ("none", "dict") or promised(call, content) is NOTHING


@settings(max_examples=200)
@given(st.data())
def test_what_the_api_promises_is_read_whole(data):
    """Nothing that a server adds makes a reply unreadable, and none of it is lost."""
    version, call = data.draw(st.sampled_from(WITH_RESOURCES))
    paged = call.gives == "page"
    value = data.draw(st.lists(OBJECT, max_size=3) if paged else OBJECT)
    more = data.draw(st.just({}) | st.fixed_dictionaries({"markers": JSON})) if paged else {}
    result = call_on(
        serve(json.dumps(value if call.key is None else {call.key: value, **more}).encode(), version), call
    )
    for resource, sent in zip(result, value, strict=True) if paged else [(result, value)]:
        own = {"id": sent["name"]} if isinstance(resource, plugins.Plugin) and "name" in sent else {}
        assert resource.to_dict() == {**resource.defaults, **sent, **own}


ERROR_KEYS = ["error_code", "error_name", "error_message", "error", "message", "faultstring"]


@settings(max_examples=200)
@given(
    st.sampled_from(BOTH),
    st.integers(300, 599).filter(lambda status: status != 304),  # a 304 can't have a body
    st.dictionaries(st.sampled_from(ERROR_KEYS), JSON).map(lambda v: json.dumps(v).encode())
    | JSON.map(lambda v: json.dumps(v).encode())
    | st.binary(max_size=60),
)
def test_any_error_is_typed_and_says_something(version, status, content):
    with pytest.raises(base.APIException) as caught:
        serve(content, version, status).clusters.update("1")
    assert str(caught.value)
    assert caught.value.status_code == status


@settings(max_examples=200)
@given(st.sampled_from(BOTH), replies(["cluster", "job", "job_execution"]), st.integers(0, 6))
def test_any_reply_lets_a_wait_end(version, content, which):
    sahara = serve(content, version)
    runs = sahara.jobs if version == "2" else sahara.job_executions
    wait = [
        lambda: sahara.clusters.wait("1", timeout=3),
        lambda: sahara.clusters.wait("1", until=("Error", "x"), timeout=3, on_progress=repr),
        lambda: sahara.clusters.wait_verified("1", timeout=3),
        lambda: sahara.clusters.wait_deleted("1", timeout=3),
        lambda: runs.wait("1", timeout=3),
        lambda: runs.wait("1", timeout=3, on_progress=repr),
        lambda: runs.wait_deleted("1", timeout=3),
    ][which]
    with contextlib.suppress(base.OperationFailed, base.OperationTimedOut):
        look_into(wait())


FAILED = ["FAILED", "KILLED", "DONEWITHERROR"]


@settings(max_examples=50)
@given(st.sampled_from(BOTH), OBJECT, st.sampled_from(["Active", "Error", "Waiting"]), st.booleans())
def test_a_wait_for_a_cluster_ends_as_its_state_says(version, more, status, told):
    cluster = {**more, "status": status, "status_description": ""}  # an Active one that has some failed to change
    sahara = serve(json.dumps({"cluster": cluster}).encode(), version)
    seen = []
    outcome: Any = {
        "Active": contextlib.nullcontext(),
        "Error": pytest.raises(base.OperationFailed),
        "Waiting": pytest.raises(base.OperationTimedOut),
    }[status]
    with outcome:
        assert sahara.clusters.wait("1", timeout=3, on_progress=seen.append if told else None).status == "Active"
    assert [cluster.status for cluster in seen] == [status] * told


@settings(max_examples=50)
@given(st.sampled_from(BOTH), OBJECT, st.sampled_from(["SUCCEEDED", *FAILED, "RUNNING"]))
def test_a_wait_for_a_job_ends_as_its_state_says(version, more, status):
    key, runs = {"1.1": ("job_execution", "job_executions"), "2": ("job", "jobs")}[version]
    sahara = serve(json.dumps({key: {**more, "info": {"status": status}}}).encode(), version)
    outcome: Any = {
        "SUCCEEDED": contextlib.nullcontext(),
        "RUNNING": pytest.raises(base.OperationTimedOut),
    }.get(status) or pytest.raises(base.OperationFailed, match=status)
    with outcome:
        assert getattr(sahara, runs).wait("1", timeout=3).info["status"] == status


@settings(max_examples=200)
@given(st.sampled_from(BOTH), replies(["clusters", "images", "image", "plugins", "jobs", "job_templates"]))
def test_any_reply_lets_a_search_end(version, content):
    sahara = serve(content, version)
    for call in (
        lambda: sahara.clusters.find(name="n", status="Active"),
        lambda: sahara.images.find_unique(name="n"),
        lambda: sahara.plugins.find(name="n"),
        lambda: list(sahara.jobs.iterate(page_size=2)),
        lambda: sahara.images.update_tags("1", ["a", "b"]),
    ):
        with contextlib.suppress(base.MalformedResponse, base.NotFound, base.MultipleMatches):
            look_into(call())


@settings(max_examples=50)
@given(st.sampled_from(BOTH), st.lists(st.tuples(OBJECT, st.sampled_from("nm"), st.sampled_from("xy")), max_size=4))
def test_a_search_finds_what_matches(version, drawn):
    """Also at a server that does not filter."""
    sent = [{**more, "name": name, "status": status} for more, name, status in drawn]
    matching = [cluster for cluster in sent if (cluster["name"], cluster["status"]) == ("n", "x")]
    sahara = serve(json.dumps({"clusters": sent}).encode(), version)
    assert [cluster.to_dict() for cluster in sahara.clusters.iterate()] == sent
    assert [cluster.to_dict() for cluster in sahara.clusters.find(name="n", status="x")] == matching
    outcome: list[Any] = [pytest.raises(base.NotFound), contextlib.nullcontext()]
    with outcome[len(matching)] if len(matching) < 2 else pytest.raises(base.MultipleMatches):
        assert sahara.clusters.find_unique(name="n", status="x").to_dict() == matching[0]


@given(st.sampled_from([base.Resource, clusters.Cluster, job_executions.JobExecution, images.Image]), OBJECT)
def test_round_trips(cls, info):
    """What came as JSON comes back as it was, however the resource was made, copied or sent to another process."""
    eager = cls(None, info)
    lazy = cls.from_json(None, msgspec.Raw(json.dumps(info).encode()))
    expected = {**cls.defaults, **info}
    for resource in (eager, lazy, cls(None, eager.to_dict()), copy.deepcopy(eager), pickle.loads(pickle.dumps(lazy))):
        assert resource.to_dict() == expected
        assert json.loads(json.dumps(resource.to_dict())) == expected
    changed = eager.to_dict()
    changed["new"] = 1
    assert eager.to_dict() == expected


@given(OBJECT)
def test_a_plugins_id_is_its_name(info):
    assert plugins.Plugin(None, info).to_dict() == (info | {"id": info["name"]} if "name" in info else info)


class Listening(http.server.ThreadingHTTPServer):
    """A server that keeps the request lines as they came."""

    def __init__(self):
        class Handler(http.server.BaseHTTPRequestHandler):
            server: Listening
            raw_requestline: bytes
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True

            def answer(self):
                self.server.lines.append(self.raw_requestline)
                self.rfile.read(int(self.headers.get("Content-Length", 0)))
                body = b"{}"
                self.send_response(200)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = answer

            def log_message(self, *_):
                pass

        self.lines: list[bytes] = []
        self.made: dict[str, Any] = {}
        super().__init__(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server_port}/v1.1/project"

    def clients(self):
        for version in BOTH:
            made = session.Session(auth=token_endpoint.Token(self.url, "t"))
            yield version, client.Client(version, session=made, sahara_url=self.url, retry_deadline=0)


@pytest.fixture(scope="module")
def listening():
    with Listening() as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        server.made = dict(server.clients())
        yield server
        server.shutdown()
        for made in server.made.values():
            made.clusters.api.session.session.close()


# What has a meaning in a URL, a request line or a shell, and anything else.
TEXT = st.text(min_size=1, max_size=12) | st.text(alphabet="./%?#&=;:@+ \r\n\t\\2eEfF\0", min_size=1, max_size=8)
PARTS = {
    "clusters.get": lambda c, a, _: c.clusters.get(a),
    "clusters.delete": lambda c, a, _: c.clusters.delete(a),
    "clusters.update": lambda c, a, _: c.clusters.update(a, name="n"),
    "plugins.get": lambda c, a, _: c.plugins.get(a),
    "plugins.get_version_details": lambda c, a, b: c.plugins.get_version_details(a, b),
    "job_binaries.get_file": lambda c, a, _: c.job_binaries.get_file(a),
    "images.update_image": lambda c, a, _: c.images.update_image(a, "u"),
    "node_group_templates.export": lambda c, a, _: c.node_group_templates.export(a),
    "jobs.delete": lambda c, a, _: c.jobs.delete(a),
    "job_binary_internals.create": lambda c, a, _: c.job_binary_internals.create(a, b"x"),
    "job_executions.create": lambda c, a, b: c.job_executions.create(a, b),
    "plugins.convert_to_cluster_template": lambda c, a, b: c.plugins.convert_to_cluster_template(a, "1", b, b"x"),
}
SHAPES = {
    "plugins.get_version_details": ["plugins", 0, 1],
    "job_binaries.get_file": ["job-binaries", 0, "data"],
    "node_group_templates.export": ["node-group-templates", 0, "export"],
    "job_binary_internals.create": ["job-binary-internals", 0],
    "job_executions.create": ["jobs", 0, "execute"],
    "plugins.convert_to_cluster_template": ["plugins", 0, "1", "convert-config", 1],
}
ONLY_1_1 = ("job_binary_internals.create", "job_executions.create", "plugins.convert_to_cluster_template")


@settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from(BOTH), st.sampled_from([*PARTS]), TEXT, TEXT)
def test_any_id_or_name_stays_one_part_of_the_path(listening, version, what, a, b):
    if what in ONLY_1_1:
        version = "1.1"
    listening.lines.clear()
    with contextlib.suppress(base.MalformedResponse):
        try:
            PARTS[what](listening.made[version], a, b)
        except ValueError:
            assert {a, b} & {".", ".."}
            assert listening.lines == []
            return
    [line] = listening.lines
    _, target, protocol = line.split(b" ")
    assert protocol == b"HTTP/1.1\r\n"
    shape = SHAPES.get(what, [what.partition(".")[0].replace("_", "-"), 0])
    expected = ["", "v1.1", "project", *((a, b)[part] if isinstance(part, int) else part for part in shape)]
    assert [unquote(part) for part in urlsplit(target.decode("ascii")).path.split("/")] == expected
    assert urlsplit(target.decode()).query in ("", "show_progress=False")


@settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from(BOTH), st.dictionaries(TEXT, TEXT, max_size=3), TEXT, TEXT)
def test_any_search_stays_in_the_query(listening, version, search, marker, sort_by):
    listening.lines.clear()
    with contextlib.suppress(base.MalformedResponse):
        listening.made[version].clusters.list(search, limit=3, marker=marker, sort_by=sort_by)
    [line] = listening.lines
    _, target, _ = line.split(b" ")
    path, _, query = target.decode("ascii").partition("?")
    assert path == "/v1.1/project/clusters"
    expected = {"limit": "3", "marker": marker, "sort_by": sort_by, **search}
    assert parse_qsl(query, keep_blank_values=True, strict_parsing=True) == sorted(expected.items())


@pytest.mark.parametrize("version", BOTH)
def test_what_is_no_text_of_the_wire_is_refused(version, listening):
    listening.lines.clear()
    for text in ("\ud800", "", ".", ".."):
        with pytest.raises(ValueError, match=r".+"):
            listening.made[version].clusters.get(text)
    assert listening.lines == []


@pytest.mark.parametrize("version", BOTH)
def test_another_route_cannot_be_reached(version, listening):
    listening.lines.clear()
    with contextlib.suppress(base.MalformedResponse):
        listening.made[version].clusters.get("../plugins")
    assert listening.lines == [b"GET /v1.1/project/clusters/..%2Fplugins?show_progress=False HTTP/1.1\r\n"]


@given(st.text(max_size=30), st.binary(max_size=10))
@settings(max_examples=100)
def test_a_download_touches_its_path_alone(tmp_path_factory, name, content):
    folder = tmp_path_factory.mktemp("downloads")
    target = folder / "inner" / "file"
    target.parent.mkdir()
    sahara = serve(content)
    # what the server calls the file is of no account
    sahara.job_binaries.download(name.strip(".") or "x", target)
    assert [path for path in folder.rglob("*") if path.is_file()] == [target]
    assert target.read_bytes() == content
