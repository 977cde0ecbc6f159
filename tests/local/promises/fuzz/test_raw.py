"""Requests of odd bytes, JSON, paths and headers to every part of the service: none makes a 500."""

import json
import urllib.parse

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.local.databases import in_each_database

pytestmark = in_each_database
METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "COPY"]
PARTS = [
    "",
    *("/v1.0/{project}", "/v1.1/{project}", "/v2", "/identity/v3", "/identity/v2.0", "/compute/v2.1", "/image/v2"),
    *("/network/v2.0", "/object-store/v1/AUTH_{project}"),
]
WORDS = [
    *("clusters", "cluster-templates", "node-group-templates", "data-sources", "job-binaries", "job-binary-internals"),
    *("jobs", "job-templates", "job-executions", "images", "plugins", "fake", "0.1", "tags", "data", "execute"),
    *(
        "auth",
        "tokens",
        "users",
        "projects",
        "flavors",
        "os-keypairs",
        "servers",
        "networks",
        "subnets",
        "floatingips",
        "quotas",
    ),
    *("container", "object", "..", ".", "%2e%2e", "%2F", "%FF", "%F0%9F%98%80", "", "-", "0", "one"),
]
NAMES = [
    *("name", "id", "type", "url", "description", "plugin_name", "plugin_version", "hadoop_version", "node_groups"),
    *("auth", "identity", "methods", "password", "scope", "user", "project", "domain", "token", "keypair", "network"),
    *("tags", "username", "mains", "libs", "interface", "configs", "count", "is_public", "security_group"),
]
texts = st.text(max_size=30) | st.sampled_from(
    [*WORDS, "a" * 300, "\x00", "swift://a/b", "hdfs://x", "internal-db://1"]
)
numbers = st.integers() | st.floats() | st.sampled_from([2**31, -(2**63), 2**64, 10**400])
values = st.recursive(
    st.none() | st.booleans() | numbers | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(NAMES) | texts, inner, max_size=5),
    max_leaves=12,
)
bodies = st.none() | st.binary(max_size=200) | values.map(lambda value: json.dumps(value).encode())
segments = st.sampled_from(WORDS) | texts.map(lambda text: urllib.parse.quote(text, safe=""))
queries = st.dictionaries(
    st.sampled_from(["limit", "marker", "sort_by", "name", "format", "prefix", "tags", "show_progress"]) | texts,
    texts | st.integers().map(str),
    max_size=3,
)
types = st.sampled_from(["application/json", "text/plain", "application/octet-stream", "", "multipart/form-data", "é"])


@settings(max_examples=250, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(st.sampled_from(METHODS), st.sampled_from(PARTS), st.lists(segments, max_size=4), queries, bodies, types)
def test_no_request_makes_the_service_fail(target, method, part, words, query, body, type_):
    path = "/".join([part.format(project=target.project), *words]) or "/"
    if query:
        path += "?" + urllib.parse.urlencode(query, errors="surrogatepass")
    if method == "DELETE" and "tokens" in path:
        return  # the test's own token is needed
    status, _ = target.request(method, path, body, {"Content-Type": type_.encode()})
    target.check(status, f"{method} {path} {body!r}")


@settings(max_examples=150, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_records_of_any_content_make_no_failure(target, data):
    """Bodies that are nearly right, whose values the database has to take."""
    plugin = {"plugin_name": "fake", "plugin_version": "0.1"}
    name = st.from_regex(r"[a-z]{1,8}", fullmatch=True)
    group = {"name": name, "flavor_id": st.just("1"), "node_processes": st.just(["namenode"])}
    count = {"count": st.integers() | st.integers(0, 3)}
    rights = {
        "data-sources": {"name": name, "type": st.just("hdfs"), "url": st.just("/x")},
        "node-group-templates": group | {key: st.just(value) for key, value in plugin.items()},
        "cluster-templates": {"name": name, "node_groups": st.lists(st.fixed_dictionaries(group | count), max_size=2)}
        | {key: st.just(value) for key, value in plugin.items()},
        "job-templates": {"name": name, "type": st.just("Shell"), "mains": st.just([target.ids["job-binaries"]])},
        "job-binaries": {"name": name, "url": texts.map(lambda text: f"swift://{text}")},
        "jobs": {
            key: st.just(target.ids[f"{key[:-3].replace('_', '-')}s"]) for key in ("cluster_id", "job_template_id")
        },
    }
    also = {
        "data-sources": ["description", "credentials", "is_public"],
        "node-group-templates": ["description", "volumes_size", "volumes_per_node", "volume_type", "node_configs"],
        "cluster-templates": ["description", "cluster_configs", "anti_affinity", "domain_name", "use_autoconfig"],
        "job-templates": ["description", "interface", "libs", "is_protected"],
        "job-binaries": ["description", "extra"],
        "jobs": ["job_configs", "interface", "is_public", "input_id"],
    }
    kind = data.draw(st.sampled_from(sorted(rights)))
    optional = dict.fromkeys(also[kind], values)
    body = data.draw(st.fixed_dictionaries(rights[kind], optional=optional))
    change = data.draw(st.dictionaries(st.sampled_from(also[kind]), values, max_size=2))
    status, content = target.request("POST", f"/v2/{kind}", json.dumps(body).encode())
    target.check(status, f"POST {kind} {body}")
    if status < 300:
        [made] = json.loads(content).values()
        for method, sent in (("PATCH", json.dumps(change).encode()), ("GET", None), ("DELETE", None)):
            status, _ = target.request(method, f"/v2/{kind}/{made['id']}", sent)
            target.check(status, f"{method} {kind} {change}")
