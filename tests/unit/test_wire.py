"""What every call of every manager sends, and what it makes of the reply; a table for both API versions."""

import dataclasses
import inspect
import json
from typing import Any

import pytest

from saharaclient.api import base
from tests.support import URL, make_client, recordings

BOTH = ("1.1", "2")
ID = "5c7f3a3e-0000-4000-8000-000000000000"


@dataclasses.dataclass
class Call:
    """One call: the manager's method and its arguments, and the request it must send."""

    target: str
    method: str
    path: str
    args: tuple = ()
    kwargs: dict = dataclasses.field(default_factory=dict)
    body: Any = None
    reply: Any = None  # the reply's JSON
    key: str | None = None  # the reply's member that becomes the resource; None: all of it
    versions: tuple = BOTH
    status: int = 200
    gives: str = "resource"  # resource, page, none, bytes, or dict

    def __str__(self):
        return f"{self.target}({len(self.args) + len(self.kwargs)})"


def one(target, method, path, key, *args, versions=BOTH, body=None, status=200, whole=False, **kwargs):
    reply = {key: {"id": ID, "name": ID, "tags": []}}  # a plugin's id is its name
    return Call(target, method, path, args, kwargs, body, reply, None if whole else key, versions, status)


def several(target, path, key, *args, versions=BOTH, **kwargs):
    reply = {key: [{"id": ID, "name": "n"}, {"id": "2", "name": "m"}], "markers": {"prev": None, "next": "2"}}
    return Call(target, "GET", path, args, kwargs, None, reply, key, versions, gives="page")


def gone(target, path, *args, versions=BOTH, body=None, **kwargs):
    return Call(target, "DELETE", path, args, kwargs, body, None, None, versions, 204, "none")


def stored(target, path, versions=BOTH):
    return Call(target, "GET", path, (ID,), {}, None, b"\x00bytes\xff", None, versions, gives="bytes")


def templates(manager, path, key, version, field, update):
    """The calls of node group templates and cluster templates, alike but for their fields."""
    only = (version,)
    return [
        *(several(f"{manager}.list", path, f"{key}s", versions=only),),
        several(
            f"{manager}.list",
            f"{path}?limit=2&marker=m&name=x&sort_by=-name",
            f"{key}s",
            versions=only,
            search_opts={"name": "x"},
            limit=2,
            marker="m",
            sort_by="name",
            reverse=True,
        ),
        one(f"{manager}.get", "GET", f"{path}/{ID}", key, ID, versions=only),
        one(f"{manager}.export", "GET", f"{path}/{ID}/export", key, ID, versions=only, whole=True),
        one(f"{manager}.update", update, f"{path}/{ID}", key, ID, versions=only, body={}, status=202),
        one(
            f"{manager}.update",
            update,
            f"{path}/{ID}",
            key,
            ID,
            versions=only,
            status=202,
            name="n",
            description=None,
            **{field: "1"},
            body={"name": "n", "description": None, field: "1"},
        ),
        gone(f"{manager}.delete", f"{path}/{ID}", ID, versions=only),
    ]


CALLS = [
    several("plugins.list", "/plugins", "plugins"),
    one("plugins.get", "GET", "/plugins/fake", "plugin", "fake"),
    one("plugins.get_version_details", "GET", "/plugins/fake/0.1", "plugin", "fake", "0.1"),
    one(
        "plugins.update",
        "PATCH",
        "/plugins/fake",
        "plugin",
        "fake",
        {"plugin_labels": {}},
        body={"plugin_labels": {}},
        status=202,
    ),
    Call(
        "plugins.convert_to_cluster_template",
        "POST",
        "/plugins/fake/0.1/convert-config/a%2Fb",
        ("fake", "0.1", "a/b", b"x"),
        body=b"x",
        reply={"cluster_template": {"name": "a/b"}},
        key="cluster_template",
        versions=("1.1",),
        gives="dict",
    ),
    several("images.list", "/images", "images"),
    several("images.list", "/images?name=n&tags=a&tags=b", "images", {"tags": ["a", "b"], "name": "n"}),
    one("images.get", "GET", f"/images/{ID}", "image", ID),
    one(
        "images.update_image",
        "POST",
        f"/images/{ID}",
        "image",
        ID,
        "root",
        "text",
        whole=True,
        status=202,
        body={"username": "root", "description": "text"},
    ),
    one(
        "images.update_image",
        "POST",
        f"/images/{ID}",
        "image",
        ID,
        "root",
        whole=True,
        status=202,
        body={"username": "root", "description": ""},
    ),
    gone("images.unregister_image", f"/images/{ID}", ID),
    one(
        "images.update_tags",
        "PUT",
        f"/images/{ID}/tags",
        "image",
        ID,
        ["a"],
        versions=("2",),
        whole=True,
        body={"tags": ["a"]},
    ),
    gone("images.delete_tags", f"/images/{ID}/tags", ID, versions=("2",)),
    *templates("node_group_templates", "/node-group-templates", "node_group_template", "1.1", "hadoop_version", "PUT"),
    *templates("node_group_templates", "/node-group-templates", "node_group_template", "2", "plugin_version", "PATCH"),
    *templates("cluster_templates", "/cluster-templates", "cluster_template", "1.1", "hadoop_version", "PUT"),
    *templates("cluster_templates", "/cluster-templates", "cluster_template", "2", "plugin_version", "PATCH"),
    several("clusters.list", "/clusters", "clusters"),
    several("clusters.list", "/clusters?limit=1&marker=m&sort_by=name", "clusters", None, 1, "m", "name"),
    one("clusters.get", "GET", f"/clusters/{ID}?show_progress=False", "cluster", ID),
    one("clusters.get", "GET", f"/clusters/{ID}?show_progress=True", "cluster", ID, show_progress=True),
    one(
        "clusters.update",
        "PATCH",
        f"/clusters/{ID}",
        "cluster",
        ID,
        name="n",
        is_public=None,
        whole=True,
        status=202,
        body={"name": "n", "is_public": None},
    ),
    one("clusters.update", "PATCH", f"/clusters/{ID}", "cluster", ID, whole=True, status=202, body={}),
    one(
        "clusters.verification_update",
        "PATCH",
        f"/clusters/{ID}",
        "cluster",
        ID,
        "START",
        whole=True,
        status=202,
        body={"verification": {"status": "START"}},
    ),
    one(
        "clusters.scale",
        "PUT",
        f"/clusters/{ID}",
        "cluster",
        ID,
        {"resize_node_groups": []},
        whole=True,
        status=202,
        body={"resize_node_groups": []},
    ),
    gone("clusters.delete", f"/clusters/{ID}", ID),
    gone("clusters.force_delete", f"/clusters/{ID}", ID, versions=("2",), body={"force": True}),
    Call(
        "clusters.force_delete",
        "DELETE",
        f"/clusters/{ID}",
        (ID,),
        body={"force": True},
        reply={"stack_name": "s"},
        versions=("2",),
        gives="dict",
    ),
    one(
        "clusters.update_keypair",
        "PATCH",
        f"/clusters/{ID}",
        "cluster",
        ID,
        versions=("2",),
        whole=True,
        body={"update_keypair": True},
    ),
    several("data_sources.list", "/data-sources?type=hdfs", "data_sources", {"type": "hdfs"}),
    one("data_sources.get", "GET", f"/data-sources/{ID}", "data_source", ID),
    one(
        "data_sources.create",
        "POST",
        "/data-sources",
        "data_source",
        "n",
        None,
        "hdfs",
        "/x",
        status=202,
        body={"name": "n", "description": None, "type": "hdfs", "url": "/x"},
    ),
    one(
        "data_sources.create",
        "POST",
        "/data-sources",
        "data_source",
        "n",
        "d",
        "swift",
        "swift://c/o",
        "u",
        "p",
        True,
        False,
        status=202,
        body={
            "name": "n",
            "description": "d",
            "type": "swift",
            "url": "swift://c/o",
            "is_public": True,
            "is_protected": False,
            "credentials": {"user": "u", "password": "p"},
        },
    ),
    one(
        "data_sources.create",
        "POST",
        "/data-sources",
        "data_source",
        "n",
        "d",
        "s3",
        "s3://b/k",
        status=202,
        s3_credentials={"accesskey": "a"},
        body={"name": "n", "description": "d", "type": "s3", "url": "s3://b/k", "credentials": {"accesskey": "a"}},
    ),
    *(
        one(
            "data_sources.update",
            method,
            f"/data-sources/{ID}",
            "data_source",
            ID,
            {"name": "m"},
            versions=(version,),
            whole=True,
            status=202,
            body={"name": "m"},
        )
        for version, method in (("1.1", "PUT"), ("2", "PATCH"))
    ),
    gone("data_sources.delete", f"/data-sources/{ID}", ID),
    several("job_binaries.list", "/job-binaries", "binaries"),
    one("job_binaries.get", "GET", f"/job-binaries/{ID}", "job_binary", ID),
    one(
        "job_binaries.create",
        "POST",
        "/job-binaries",
        "job_binary",
        "n",
        "swift://c/o",
        status=202,
        body={"name": "n", "url": "swift://c/o"},
    ),
    one(
        "job_binaries.create",
        "POST",
        "/job-binaries",
        "job_binary",
        "n",
        "swift://c/o",
        "d",
        {"user": "u"},
        True,
        False,
        status=202,
        body={
            "name": "n",
            "url": "swift://c/o",
            "description": "d",
            "extra": {"user": "u"},
            "is_public": True,
            "is_protected": False,
        },
    ),
    *(
        one(
            "job_binaries.update",
            method,
            f"/job-binaries/{ID}",
            "job_binary",
            ID,
            {"name": "m"},
            versions=(version,),
            status=202,
            body={"name": "m"},
        )
        for version, method in (("1.1", "PUT"), ("2", "PATCH"))
    ),
    gone("job_binaries.delete", f"/job-binaries/{ID}", ID),
    stored("job_binaries.get_file", f"/job-binaries/{ID}/data"),
    several("job_binary_internals.list", "/job-binary-internals", "binaries", versions=("1.1",)),
    one("job_binary_internals.get", "GET", f"/job-binary-internals/{ID}", "job_binary_internal", ID, versions=("1.1",)),
    one(
        "job_binary_internals.create",
        "PUT",
        "/job-binary-internals/a%20b%2Fc",
        "job_binary_internal",
        "a b/c",
        b"\x00\xff",
        versions=("1.1",),
        status=202,
        body=b"\x00\xff",
    ),
    one(
        "job_binary_internals.create",
        "PUT",
        "/job-binary-internals/n",
        "job_binary_internal",
        "n",
        "té",
        versions=("1.1",),
        status=202,
        body="té".encode(),
    ),
    one(
        "job_binary_internals.update",
        "PATCH",
        f"/job-binary-internals/{ID}",
        "job_binary_internal",
        ID,
        name="m",
        versions=("1.1",),
        whole=True,
        status=202,
        body={"name": "m"},
    ),
    gone("job_binary_internals.delete", f"/job-binary-internals/{ID}", ID, versions=("1.1",)),
    stored("job_binary_internals.get_file", f"/job-binary-internals/{ID}/data", versions=("1.1",)),
    several("job_types.list", "/job-types?type=Spark", "job_types", {"type": "Spark"}),
]

for manager, path, key, version in (
    ("jobs", "/jobs", "job", "1.1"),
    ("job_templates", "/job-templates", "job_template", "2"),
):
    only = (version,)
    CALLS += [
        several(f"{manager}.list", path, f"{key}s", versions=only),
        one(f"{manager}.get", "GET", f"{path}/{ID}", key, ID, versions=only),
        one(
            f"{manager}.create",
            "POST",
            path,
            key,
            "n",
            "Spark",
            ["m"],
            ["l"],
            "d",
            [{"name": "a"}],
            True,
            False,
            versions=only,
            status=202,
            body={
                "name": "n",
                "type": "Spark",
                "mains": ["m"],
                "libs": ["l"],
                "description": "d",
                "interface": [{"name": "a"}],
                "is_public": True,
                "is_protected": False,
            },
        ),
        one(
            f"{manager}.update",
            "PATCH",
            f"{path}/{ID}",
            key,
            ID,
            name="m",
            versions=only,
            whole=True,
            status=202,
            body={"name": "m"},
        ),
        one(
            f"{manager}.get_configs",
            "GET",
            f"{path}/config-hints/Spark",
            "job_config",
            "Spark",
            versions=only,
            whole=True,
        ),
        gone(f"{manager}.delete", f"{path}/{ID}", ID, versions=only),
    ]

for manager, path, key, version, execute, identity in (
    ("job_executions", "/job-executions", "job_execution", "1.1", "/jobs/T/execute", {}),
    ("jobs", "/jobs", "job", "2", "/jobs", {"job_template_id": "T"}),
):
    only = (version,)
    CALLS += [
        several(f"{manager}.list", path, f"{key}s", versions=only),
        one(f"{manager}.get", "GET", f"{path}/{ID}", key, ID, versions=only),
        one(
            f"{manager}.create",
            "POST",
            execute,
            key,
            "T",
            "C",
            versions=only,
            status=202,
            body={**identity, "cluster_id": "C"},
        ),
        one(
            f"{manager}.create",
            "POST",
            execute,
            key,
            "T",
            "C",
            "i",
            "o",
            {"args": []},
            {"a": "b"},
            True,
            False,
            versions=only,
            status=202,
            body={
                **identity,
                "cluster_id": "C",
                "input_id": "i",
                "output_id": "o",
                "job_configs": {"args": []},
                "interface": {"a": "b"},
                "is_public": True,
                "is_protected": False,
            },
        ),
        one(
            f"{manager}.update",
            "PATCH",
            f"{path}/{ID}",
            key,
            ID,
            is_public=True,
            versions=only,
            whole=True,
            status=202,
            body={"is_public": True},
        ),
        one(
            f"{manager}.suspend",
            "PATCH",
            f"{path}/{ID}",
            key,
            ID,
            versions=only,
            whole=True,
            status=202,
            body={"info": {"status": "suspend"}},
        ),
        gone(f"{manager}.delete", f"{path}/{ID}", ID, versions=only),
    ]

CALLS += [
    one(
        "job_executions.refresh_status",
        "GET",
        f"/job-executions/{ID}/refresh-status",
        "job_execution",
        ID,
        versions=("1.1",),
    ),
    one("job_executions.cancel", "GET", f"/job-executions/{ID}/cancel", "job_execution", ID, versions=("1.1",)),
    one("jobs.refresh_status", "GET", f"/jobs/{ID}?refresh_status=True", "job", ID, versions=("2",)),
    one(
        "jobs.cancel",
        "PATCH",
        f"/jobs/{ID}",
        "job",
        ID,
        versions=("2",),
        whole=True,
        status=202,
        body={"info": {"status": "cancel"}},
    ),
]

CREATED = {
    "clusters": {"path": "/clusters", "key": "cluster", "required": ("n", "p", "1")},
    "cluster_templates": {"path": "/cluster-templates", "key": "cluster_template", "required": ("n", "p", "1")},
}
for version, field in (("1.1", "hadoop_version"), ("2", "plugin_version")):
    for manager, facts in CREATED.items():
        bare = {"name": "n", "plugin_name": "p", field: "1"}
        CALLS += [
            one(
                f"{manager}.create",
                "POST",
                facts["path"],
                facts["key"],
                *facts["required"],
                versions=(version,),
                body=bare,
                status=202,
            ),
            one(
                f"{manager}.create",
                "POST",
                facts["path"],
                facts["key"],
                *facts["required"],
                versions=(version,),
                net_id="net",
                is_public=False,
                cluster_configs={},
                status=202,
                body={**bare, "neutron_management_network": "net", "is_public": False, "cluster_configs": {}},
            ),
        ]
    CALLS += [
        one(
            "cluster_templates.update",
            "PUT" if version == "1.1" else "PATCH",
            f"/cluster-templates/{ID}",
            "cluster_template",
            ID,
            net_id=None,
            versions=(version,),
            body={"neutron_management_network": None},
        ),
        one(
            "clusters.create",
            "POST",
            "/clusters",
            "cluster",
            "n",
            "p",
            "1",
            versions=(version,),
            count=1,
            body=bare,
            status=202,
        ),
        Call(
            "clusters.create",
            "POST",
            "/clusters/multiple" if version == "1.1" else "/clusters",
            ("n", "p", "1"),
            {"count": 2},
            {**bare, "count": 2},
            {"clusters": [ID, "2"]},
            versions=(version,),
            status=202,
        ),
        one(
            "node_group_templates.create",
            "POST",
            "/node-group-templates",
            "node_group_template",
            "n",
            "p",
            "1",
            "f",
            versions=(version,),
            status=202,
            volumes_size=5,
            volume_type="t",
            volume_mount_prefix="/v",
            volumes_per_node=0,
            body={**bare, "flavor_id": "f", "node_processes": None},
        ),
        one(
            "node_group_templates.create",
            "POST",
            "/node-group-templates",
            "node_group_template",
            "n",
            "p",
            "1",
            "f",
            versions=(version,),
            status=202,
            volumes_per_node=2,
            node_processes=["a"],
            volume_local_to_instance=False,
            body={
                **bare,
                "flavor_id": "f",
                "node_processes": ["a"],
                "volumes_per_node": 2,
                "volumes_size": None,
                "volume_local_to_instance": False,
            },
        ),
    ]
CALLS.append(
    one(
        "node_group_templates.create",
        "POST",
        "/node-group-templates",
        "node_group_template",
        "n",
        "p",
        "1",
        "f",
        versions=("2",),
        boot_from_volume=True,
        body={
            "name": "n",
            "plugin_name": "p",
            "plugin_version": "1",
            "flavor_id": "f",
            "node_processes": None,
            "boot_from_volume": True,
        },
    )
)

CASES = [pytest.param(version, call, id=f"{version}-{call}") for call in CALLS for version in call.versions]


def perform(version, call, wire, **reply):
    """Make the call against a faked wire; returns what it returned."""
    wire.register_uri(call.method, f"{URL}{call.path}", complete_qs=True, **reply)
    manager, _, method = call.target.partition(".")
    return getattr(getattr(make_client(version), manager), method)(*call.args, **call.kwargs)


@pytest.mark.parametrize(("version", "call"), CASES)
def test_request_and_reply(version, call, requests_mock):
    content = (
        call.reply if isinstance(call.reply, bytes) else b"" if call.reply is None else json.dumps(call.reply).encode()
    )
    result = perform(version, call, requests_mock, content=content, status_code=call.status)

    [request] = requests_mock.request_history
    assert request.url == f"{URL}{call.path}"
    assert request.headers["User-Agent"] == "python-saharaclient"
    if isinstance(call.body, bytes):
        assert request.body == call.body
    elif call.body is not None:
        assert request.json() == call.body
        assert request.headers["Content-Type"] == "application/json"
    else:
        assert not request.body

    if call.gives == "none":
        assert result is None
    elif call.gives == "bytes":
        assert result == call.reply
    elif call.gives == "dict":
        assert result == (call.reply[call.key] if call.key else call.reply)
    elif call.gives == "page":
        assert [r.to_dict()["name"] for r in result] == ["n", "m"]
        assert (result.prev, result.next, result.limit) == (None, "2", call.kwargs.get("limit", result.limit))
    else:
        expected = call.reply[call.key] if call.key else call.reply
        assert {k: result.to_dict()[k] for k in expected} == expected


ERRORS = {
    "sahara": (
        {"error_code": 400, "error_name": "VALIDATION_ERROR", "error_message": "bad\nError ID: 1"},
        400,
        base.BadRequest,
        "bad",
    ),
    "sahara-int": (
        {"error_code": 400, "error_name": 400, "error_message": "bad limit"},
        400,
        base.BadRequest,
        "bad limit",
    ),
    "flask": ({"error": 404, "error_message": "no such path"}, 404, base.NotFound, "no such path"),
    "keystone": (
        {"error": {"code": 401, "title": "Unauthorized", "message": "who?"}},
        401,
        base.Unauthorized,
        "who[?]",
    ),
    "html": (b"<html><head><title>502 Bad Gateway</title></head></html>", 500, base.ServerError, "502 Bad Gateway"),
    "nothing": (b"", 500, base.ServerError, "HTTP 500"),
    "truncated": (b'{"error_code": 40', 409, base.Conflict, "error_code"),
}


@pytest.mark.parametrize("error", ERRORS)
@pytest.mark.parametrize(("version", "call"), CASES)
def test_every_error_body_becomes_its_error(version, call, error, requests_mock):
    body, status, cls, message = ERRORS[error]
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    headers = {"x-openstack-request-id": "req-1"}
    with pytest.raises(cls, match=message) as caught:
        perform(version, call, requests_mock, content=content, status_code=status, headers=headers, reason="No")
    raised = caught.value
    assert type(raised) in vars(base).values()
    assert (raised.status_code, raised.request_id, raised.method) == (status, "req-1", call.method)
    assert raised.url == f"{URL}{call.path}"


@pytest.mark.parametrize(("version", "call"), [c for c in CASES if c.values[1].gives in ("resource", "page")])
@pytest.mark.parametrize("content", [b"", b"null", b"[]", b'{"x', b"<html>", b"\xff", b'"text"'])
def test_a_success_that_cannot_be_read_is_malformed(version, call, content, requests_mock):
    with pytest.raises(base.MalformedResponse, match="not what the API promises") as caught:
        perform(version, call, requests_mock, content=content)
    assert caught.value.url == f"{URL}{call.path}"


@pytest.mark.parametrize("version", BOTH)
def test_the_table_has_every_method_of_every_manager(version):
    composed = {"find", "find_unique", "resolve", "iterate", "wait", "wait_deleted", "wait_verified"}
    composed |= {"download", "upload", "logs"}
    other_tests = {"1.1": {"images.update_tags"}, "2": {"images.get_tags"}}[version]  # in test_registry
    made = make_client(version)
    for name, manager in vars(made).items():
        for method, _ in inspect.getmembers(manager, inspect.ismethod):
            if not method.startswith("_") and method not in composed and f"{name}.{method}" not in other_tests:
                assert any(c.target == f"{name}.{method}" and version in c.versions for c in CALLS), f"{name}.{method}"


@pytest.mark.parametrize("version", BOTH)
def test_recorded_replies_become_resources(version, requests_mock):
    """Every successful reply of a real server is read by the manager of its path, nothing lost."""
    made = make_client(version)
    managers = {m.path: m for m in vars(made).values()}
    read = 0
    for exchange in recordings(version):
        if exchange.get("method") != "GET" or exchange["status"] != 200 or not isinstance(exchange["response"], dict):
            continue
        path = exchange["path"].partition("?")[0]
        manager = managers["/" + path.split("/")[1]]
        requests_mock.get(f"{URL}{exchange['path']}", json=exchange["response"])
        body = exchange["response"]
        if path == manager.path:
            page = manager._list(exchange["path"], manager.list_key)
            assert [
                {k: v for k, v in r.to_dict().items() if k in raw}
                for r, raw in zip(page, body[manager.list_key], strict=True)
            ] == body[manager.list_key]
        else:
            key = manager.response_key if manager.response_key in body and len(body) == 1 else None
            resource = manager._get(exchange["path"], key)
            raw = body[key] if key else body
            assert {k: v for k, v in resource.to_dict().items() if k in raw} == raw
        read += 1
    assert read > 25
