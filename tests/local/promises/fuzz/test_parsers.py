"""Whatever the service takes apart itself, given what is nearly right, huge, deep or broken: no answer is a 500."""

import json
import urllib.parse

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tests.local.databases import in_each_database

quick = settings(max_examples=100, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
DIGITS = "9" * 5000  # more than Python makes a number of
STORE = "/object-store/v1/AUTH_{project}"
LENGTH = 1000  # of the object


@pytest.fixture(scope="module")
def store(target):
    """The URL of an account with an object."""
    url = STORE.format(project=target.project)
    assert target.request("PUT", f"{url}/fuzz")[0] == 201
    assert target.request("PUT", f"{url}/fuzz/object", bytes(LENGTH))[0] == 201
    return url


counts = st.integers(0, LENGTH + 5).map(str) | st.sampled_from(["", "-1", "+1", "1_0", " 1", "1.5", "0x1", DIGITS, "²"])
spans = st.builds("{}-{}".format, counts, counts) | counts | st.sampled_from(["-", "--", "a-b", "1-2-3"])
ranges = st.builds(
    "{}={}".format, st.sampled_from(["bytes", "Bytes", "lines", ""]), st.lists(spans, max_size=6).map(",".join)
)


@quick
@given(ranges | st.text(st.characters(min_codepoint=32, max_codepoint=255, exclude_characters="\x7f"), max_size=40))
@example("bytes=" + ",".join(["0-"] * 5000))
@example(f"bytes={DIGITS}-")
def test_ranges(target, store, text):
    value = text.strip().encode("latin-1")
    status, content = target.request("GET", f"{store}/fuzz/object", None, {"Range": value})
    assert status in (200, 206, 400, 416), (text, target.last_failure())
    assert status != 200 or len(content) == LENGTH
    assert len(content) < 100 * LENGTH, "a small request made a large answer"
    status, content = target.request("HEAD", f"{store}/fuzz/object", None, {"Range": value, "If-Range": b"x"})
    assert (status, content) == (200, b"")


texts = st.text(max_size=20) | st.sampled_from([DIGITS, "-1", "0", "1e9", "\x00", "\ud800", "a/b", "%", "é" * 3000])
listings = st.dictionaries(
    st.sampled_from(["limit", "marker", "end_marker", "prefix", "delimiter", "reverse", "format", "path"]),
    texts,
    max_size=5,
)


def quoted(query):
    return urllib.parse.urlencode(query, errors="surrogatepass")


@quick
@given(listings)
@example({"limit": DIGITS})
@example({"limit": "²"})
def test_listings(target, store, query):
    for path in (store, f"{store}/fuzz"):
        status, _ = target.request("GET", f"{path}?{quoted(query)}")
        target.check(status, f"{path} {query}")


LISTS = [
    *("/v2/clusters", "/v2/jobs", "/v2/job-templates", "/v2/data-sources", "/v2/images", "/v1.1/{project}/plugins"),
    *("/compute/v2.1/flavors/detail", "/compute/v2.1/os-keypairs", "/image/v2/images", "/network/v2.0/networks"),
    *("/network/v2.0/security-groups", "/identity/v3/users", "/identity/v3/role_assignments"),
    *("/identity/v3/OS-TRUST/trusts", "/identity/v3/users/{users}/application_credentials"),
]
parameters = st.sampled_from(
    ["limit", "marker", "sort_by", "sort_key", "sort_dir", "sort", "status", "name", "tag", "tags", "type", "fields",
     "minRam", "minDisk", "is_public", "plugin_name", "cluster.name", "visibility",
     "os_hidden", "user.id", "page_reverse"]
)  # fmt: skip


@quick
@given(st.sampled_from(LISTS), st.lists(st.tuples(parameters, texts), max_size=4))
def test_queries(target, path, query):
    url = f"{path.format(**target.ids)}?{quoted(query)}"
    target.check(target.request("GET", url)[0], url[:300])


@pytest.mark.parametrize("path", LISTS)
@pytest.mark.parametrize("name", ["limit", "minRam"])
def test_numbers_with_more_digits_than_python_reads(target, path, name):
    url = f"{path.format(**target.ids)}?{name}={DIGITS}"
    target.check(target.request("GET", url)[0], url[:60])


@quick
@given(st.sampled_from(["OpenStack-API-Version", "X-OpenStack-Nova-API-Version", "X-Auth-Token", "X-Subject-Token",
                        "X-Storage-Token", "If-Match", "If-None-Match", "Host", "Accept", "Destination", "X-Copy-From",
                        "Cookie", "Expect", "Upgrade", "Connection", "X-Object-Meta-A", "ETag", "Content-Type"]),
       st.binary(max_size=30) | texts.map(lambda text: text.encode("utf-8", "replace")))  # fmt: skip
@example("OpenStack-API-Version", b"compute 2." + DIGITS.encode())
@example("Destination", b"fuzz/%00")
@example("X-Copy-From", b"fuzz/%ff")
@example("X-Auth-Token", b"\xff" * 5000)
def test_headers(target, store, name, value):
    value = bytes(byte for byte in value if byte not in b"\r\n\0").strip()
    for method, path in (
        ("GET", "/compute/v2.1/flavors"), ("GET", "/identity/v3/auth/tokens"), ("GET", "/v2/plugins"),
        ("COPY", f"{store}/fuzz/object"), ("PUT", f"{store}/fuzz/copy"),
    ):  # fmt: skip
        try:
            status, _ = target.request(method, path, b"", {name: value})
        except ValueError:
            return  # the client itself refuses the value
        target.check(status, f"{method} {path} {name}: {value!r}")


# ---- JSON ----

BODIES = {
    "/v2/data-sources": {"name": "one", "type": "hdfs", "url": "/x", "description": "", "credentials": {}},
    "/v2/job-binaries": {"name": "one", "url": "swift://a/b", "extra": {"user": "a", "password": "b"}},
    "/v2/job-templates": {"name": "one", "type": "Shell", "mains": [], "libs": [], "interface": []},
    "/v2/jobs": {"cluster_id": "", "job_template_id": "", "job_configs": {"configs": {}, "args": []}, "interface": {}},
    "/v2/node-group-templates": {
        "name": "one", "flavor_id": "1", "plugin_name": "fake", "plugin_version": "0.1", "node_configs": {},
        "node_processes": [], "shares": [], "security_groups": [],
    },
    "/v2/clusters": {"name": "one", "plugin_name": "fake", "plugin_version": "0.1", "node_groups": [],
                     "cluster_configs": {}, "anti_affinity": [], "shares": []},
    "/v2/images/{images}": {"username": "root", "description": ""},
    "/v2/plugins/fake": {"plugin_labels": {}, "version_labels": {}},
    "/image/v2/images": {"name": "one", "tags": [], "owner": "a"},
    "/image/v2/images/{images}": [{"op": "add", "path": "/a", "value": "b"}],
    "/network/v2.0/security-groups": {"security_group": {"name": "one", "description": ""}},
    "/network/v2.0/security-group-rules": {"security_group_rule": {"security_group_id": "", "port_range_min": 1}},
    "/network/v2.0/networks": {"network": {"name": "one", "router:external": True}},
    "/network/v2.0/subnets": {"subnet": {"name": "one", "network_id": "{network}", "cidr": "10.1.0.0/24"}},
    "/network/v2.0/floatingips": {"floatingip": {"floating_network_id": "{network}", "port_id": None}},
    "/compute/v2.1/flavors": {"flavor": {"name": "one", "ram": 1, "vcpus": 1, "disk": 1, "id": "auto"}},
    "/compute/v2.1/flavors/1/os-extra_specs": {"extra_specs": {"a": "b"}},
    "/compute/v2.1/os-keypairs": {"keypair": {"name": "one", "public_key": "ssh-rsa AAAA"}},
    "/identity/v3/users": {"user": {"name": "one", "email": "", "password": "x", "default_project_id": ""}},
    "/identity/v3/projects": {"project": {"name": "one", "description": ""}},
    "/identity/v3/users/{users}/application_credentials": {"application_credential": {
        "name": "one", "expires_at": "2100-01-01T00:00:00Z", "roles": [{"name": "reader"}], "unrestricted": False}},
    "/identity/v3/OS-TRUST/trusts": {"trust": {
        "trustor_user_id": "{users}", "trustee_user_id": "{users}", "project_id": "{project}", "impersonation": True,
        "roles": [{"name": "reader"}], "expires_at": "2100-01-01T00:00:00Z", "remaining_uses": 1}},
    "/identity/v3/auth/tokens": {"auth": {"identity": {"methods": ["password"], "password": {"user": {
        "name": "admin", "domain": {"id": "default"}, "password": "x"}}}, "scope": {}}},
    "/identity/v2.0/tokens": {
        "auth": {"passwordCredentials": {"username": "admin", "password": "x"}, "tenantName": ""}
    },
}  # fmt: skip


def nested(levels):
    return json.loads("[" * levels + "]" * levels)


def places(value, path=()):
    """Every place within a value."""
    yield path
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, one in inside:
        yield from places(one, (*path, key))


def replaced(value, path, new):
    if not path:
        return new
    copy = value.copy()
    copy[path[0]] = replaced(value[path[0]], path[1:], new)
    return copy


ODD = [
    None, True, 10**30, -1, 1.5, "", "x" * 300, "x" * 70_000, "\U0001f600" * 300, [], {}, [None], {"": None},
    {"a": {"b": [1]}}, [{}], "a" * 255 + "\u0130", "swift://[", "%RANDSTR(99999999999999999999)%",
    {"x" * 300: "y"}, nested(99), nested(90),
]  # fmt: skip
METHODS = {"/v2/plugins/fake": "PATCH", "/image/v2/images/{images}": "PATCH"}


def send(target, path, body):
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    for place, kind in {b"{network}": "networks", b"{users}": "users", b"{project}": "project"}.items():
        raw = raw.replace(place, target.ids[kind].encode())
    url = path.format(**target.ids)
    return target.request(METHODS.get(path, "POST"), url, raw)[0]


@in_each_database
@pytest.mark.parametrize("path", BODIES)
def test_odd_values_in_every_place(target, path):
    for place in places(BODIES[path]):
        for odd in ODD:
            body = replaced(BODIES[path], place, odd)
            target.check(send(target, path, body), f"{path} {place} {json.dumps(odd)[:80]}")


@in_each_database
@pytest.mark.parametrize("path", BODIES)
def test_bodies_that_are_hardly_json(target, path):
    text = json.dumps(BODIES[path])
    bodies = [
        *(text.encode(name) for name in ("utf-16", "utf-16-le", "utf-32", "utf-8-sig")),
        *(text.replace('"one"', f'"{odd}"').encode("utf-8", "surrogatepass")
          for odd in ("\ud800", "\\ud800", "\\u0000", "\\", "\x00", "\\\\u0000")),
        text.encode()[:-1], text.encode() + b"x", b"\xff" + text.encode(), b"[" * 100_000, b'{"a":' * 50_000,
        b"[" + b"1," * 40_000 + b"1]", b"1" * 5000, b"1e999", b"NaN", b'"' + b"a" * 90_000, b"{}" * 10, b"\0" * 100,
        *(b'{"name": %s}' % (b"[" * levels + b"]" * levels) for levels in (99, 101, 500, 900, 950, 990, 1100, 3000)),
    ]  # fmt: skip
    for body in bodies:
        target.check(send(target, path, body), f"{path} {body[:60]!r}")


def test_lists_of_many_items_are_checked_in_time(target):
    """Comparing each with each would take minutes."""
    for name in ("mains", "interface"):
        items = [number if number % 2 else str(number) for number in range(15_000)]
        body = {"name": "many", "type": "Shell", name: items}
        assert send(target, "/v2/job-templates", body) == 400


@pytest.mark.parametrize("length", ["0", "-1", "1025", "99999999999999999999", "0" * 50, DIGITS])
def test_random_names_have_a_length(target, length):
    body = {**BODIES["/v2/data-sources"], "name": "random", "url": f"/x%RANDSTR({length})%"}
    assert send(target, "/v2/data-sources", body) == 400


TYPES = [
    *("multipart/form-data", "multipart/form-data; boundary=x", "application/x-www-form-urlencoded"),
    *("application/json; charset=utf-7", "multipart/mixed; boundary="),
]


@quick
@given(st.binary(max_size=200), st.sampled_from(TYPES))
@example(b"--x\r\nContent-Disposition: form-data; name=a\r\n\r\nb\r\n--x--\r\n", "multipart/form-data; boundary=x")
def test_bodies_of_other_types(target, body, type_):
    for path in ("/v2/data-sources", "/identity/v3/auth/tokens", "/image/v2/images"):
        status, _ = target.request("POST", path, body, {"Content-Type": type_})
        target.check(status, f"{path} {type_} {body!r}")
