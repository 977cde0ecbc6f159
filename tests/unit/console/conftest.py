"""A console over a faked Sahara: the wire is faked, the server on loopback and the requests to it are real."""

import json
import re
from urllib.parse import urlsplit

import pytest
import requests
import requests_mock

from saharaclient.console.board import Board
from saharaclient.console.server import ConsoleServer
from tests.support import URL, make_client

KINDS = {
    "clusters": "clusters",
    "cluster-templates": "cluster_templates",
    "node-group-templates": "node_group_templates",
    "data-sources": "data_sources",
    "job-binaries": "binaries",
    "images": "images",
    "plugins": "plugins",
}
JOBS = {
    "2": ("job-templates", "job_templates", "jobs", "jobs"),
    "1.1": ("jobs", "jobs", "job-executions", "job_executions"),
}


MANY = 500  # records


def encoded(body):
    return json.dumps(body).encode()


class FakeSahara:
    """What a Sahara answers: records by path, each a list of objects; `sent` (paths), `urls`: what it was asked.

    Args:
        version: the API version.
        mocker: fakes the wire.
    """

    def __init__(self, version, mocker):
        templates, template_key, runs, run_key = JOBS[version]
        self.version, self.sent, self.urls = version, [], []
        self.keys = {**KINDS, templates: template_key, runs: run_key}
        self.templates, self.runs = templates, runs
        self.records = {path: [] for path in self.keys}
        self.status = 200
        mocker.get(re.compile(re.escape(URL)), content=self.answer)
        self._encoded = {}

    def answer(self, request, context):
        self.sent.append(request.path)
        self.urls.append(request.url)
        context.status_code = self.status
        if self.status != 200:
            return encoded({"error_code": self.status, "error_name": "TROUBLE", "error_message": "it <b>hurts</b>"})
        path, _, one = urlsplit(request.url).path.removeprefix(urlsplit(URL).path).strip("/").partition("/")
        records = self.records[path]
        if not one:
            if len(records) < MANY:
                return encoded({self.keys[path]: records})
            if path not in self._encoded:  # encoding many is no work of the console's
                self._encoded[path] = encoded({self.keys[path]: records})
            return self._encoded[path]
        for record in records:
            if record.get("id", record.get("name")) == one.partition("/")[0]:
                return encoded({self.keys[path].removesuffix("s").replace("binarie", "job_binary"): record})
        context.status_code = 404
        return encoded({"error_code": 404, "error_name": "NOT_FOUND", "error_message": "there is none"})


@pytest.fixture(params=["1.1", "2"])
def version(request):
    return request.param


@pytest.fixture
def sahara(version):
    with requests_mock.Mocker(real_http=True) as mocker:
        yield FakeSahara(version, mocker)


@pytest.fixture
def server(sahara, version, monkeypatch):
    monkeypatch.setattr(Board.see, "__defaults__", (20.0,))  # on a busy machine pages wait for what they show
    with ConsoleServer(make_client(version), "a cloud").in_thread() as server:
        yield server


@pytest.fixture
def anonymous():
    with requests.Session() as session:
        session.trust_env = False
        yield session


@pytest.fixture
def browser(server):
    """A session that is logged in; its `get` takes paths."""
    with requests.Session() as session:
        session.trust_env = False
        assert session.get(server.new_link()).status_code == 200
        get = session.get
        session.get = lambda path, **options: get(server.url + path, **options)
        yield session


def cluster(number=1, version="2", **fields):
    word = {"1.1": "hadoop_version", "2": "plugin_version"}[version]
    return {
        "id": f"c{number:07}-0000-4000-8000-000000000000", "name": f"cluster-{number}", "status": "Active",
        "plugin_name": "fake", word: "0.1", "created_at": f"2026-01-01T{number % 24:02}:{number % 60:02}:00",
        "updated_at": None, "status_description": "", "info": {}, "cluster_configs": {}, "is_public": False,
        "node_groups": [{"name": "worker", "count": 2, "flavor_id": "1", "node_processes": ["datanode"],
                         "instances": [{"id": "i1", "instance_name": "w-0", "management_ip": "10.0.0.1"}]}],
        **fields,
    }  # fmt: skip


def job(number=1, version="2", status="SUCCEEDED", info=None, **fields):
    word = {"1.1": "job_id", "2": "job_template_id"}[version]
    return {
        "id": f"j{number:07}-0000-4000-8000-000000000000", word: "t1", "cluster_id": cluster()["id"],
        "created_at": "2026-01-02T00:00:00", "start_time": "2026-01-02T00:00:01", "end_time": "2026-01-02T00:02:06",
        "info": {"status": status, **(info or {})}, "job_configs": {"configs": {}, "args": ["in", "out"]}, **fields,
    }  # fmt: skip
