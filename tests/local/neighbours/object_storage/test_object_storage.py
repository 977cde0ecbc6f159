"""Object storage by python-swiftclient, openstacksdk and plain HTTP: what programs rely on."""

import hashlib
import socket
import time
import uuid
from contextlib import closing
from http.client import HTTPConnection
from urllib.parse import quote, urlsplit

import pytest
import requests
import swiftclient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

# Clients' own URL libraries resolve the segments "." and "..": those are tried below, byte by byte.
NAMES = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1, max_size=60).filter(
    lambda name: not {".", ".."} & set(name.split("/"))
)


@pytest.fixture(scope="module")
def swift(admin):
    return swiftclient.Connection(session=admin, retries=0)


@pytest.fixture(scope="module")
def container(swift):
    name = f"c-{uuid.uuid4().hex}"
    swift.put_container(name)
    return name


@pytest.fixture
def http(admin):
    session = requests.Session()
    session.headers["X-Auth-Token"] = admin.get_token()
    return session


@pytest.fixture
def account(admin):
    return admin.get_endpoint(service_type="object-store")


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(name=NAMES, content=st.binary(max_size=2000))
def test_any_name_and_content_come_back(swift, container, name, content):
    etag = swift.put_object(container, name, content)
    assert etag == hashlib.md5(content).hexdigest()
    headers, back = swift.get_object(container, name)
    assert back == content
    assert int(headers["content-length"]) == len(content)
    assert name in [item["name"] for item in swift.get_container(container, full_listing=True)[1]]
    swift.delete_object(container, name)


@pytest.mark.parametrize("name", ["../../password", "..", ".", "/etc/passwd", "a/../../b", "%2e%2e/x"])
def test_names_do_not_reach_the_file_system(local_sahara, container, admin, account, name):
    def send(method, content=None):
        connection = HTTPConnection(local_sahara.url.removeprefix("http://"), timeout=10)
        with closing(connection):
            headers = {"X-Auth-Token": admin.get_token()}
            connection.request(method, f"{urlsplit(account).path}/{container}/{quote(name)}", content, headers)
            answer = connection.getresponse()
            return answer.status, answer.read()

    state = local_sahara.service.settings.state
    before = sorted(path.name for path in state.iterdir())
    assert send("PUT", b"content")[0] == 201
    assert send("GET") == (200, b"content")
    assert sorted(path.name for path in state.iterdir()) == before
    assert send("DELETE")[0] == 204


def test_listings(swift):
    name = f"c-{uuid.uuid4().hex}"
    swift.put_container(name)
    for key in ("a", "b/1", "b/2", "b/c/3", "d"):
        swift.put_object(name, key, key)

    def keys(**query):
        return [item.get("name", item.get("subdir")) for item in swift.get_container(name, **query)[1]]

    assert keys() == ["a", "b/1", "b/2", "b/c/3", "d"]
    assert keys(prefix="b/") == ["b/1", "b/2", "b/c/3"]
    assert keys(delimiter="/") == ["a", "b/", "d"]
    assert keys(prefix="b/", delimiter="/") == ["b/1", "b/2", "b/c/"]
    assert keys(marker="b/1", end_marker="d") == ["b/2", "b/c/3"]
    assert keys(limit=2) == ["a", "b/1"]
    assert keys(limit=2, full_listing=True) == ["a", "b/1", "b/2", "b/c/3", "d"]
    headers = swift.head_container(name)
    assert (headers["x-container-object-count"], headers["x-container-bytes-used"]) == ("5", "13")
    with pytest.raises(swiftclient.ClientException) as refused:
        swift.delete_container(name)
    assert refused.value.http_status == 409


def test_plain_listing(http, account, container):
    http.put(f"{account}/{container}/plain", data=b"x")
    assert http.get(f"{account}/{container}", params={"prefix": "plain"}).text == "plain\n"
    assert container in http.get(account).text.split()
    assert http.get(f"{account}/{container}", params={"limit": "many"}).status_code == 412


def test_metadata(swift, container):
    headers = {"X-Object-Meta-Colour": "blue", "Content-Encoding": "identity"}
    swift.put_object(container, "meta", b"x", content_type="text/x-own", headers=headers)
    have = swift.head_object(container, "meta")
    assert (have["x-object-meta-colour"], have["content-type"]) == ("blue", "text/x-own")
    swift.post_object(container, "meta", {"X-Object-Meta-Shape": "round"})
    have = swift.head_object(container, "meta")
    assert have["x-object-meta-shape"] == "round"
    assert "x-object-meta-colour" not in have
    swift.post_container(container, {"X-Container-Meta-Owner": "me"})
    assert swift.head_container(container)["x-container-meta-owner"] == "me"
    swift.post_container(container, {"X-Remove-Container-Meta-Owner": "x"})
    assert "x-container-meta-owner" not in swift.head_container(container)
    swift.post_account({"X-Account-Meta-Kind": "test"})
    assert swift.head_account()["x-account-meta-kind"] == "test"


def test_copy(swift, container):
    swift.put_object(container, "ä b", b"content", headers={"X-Object-Meta-Colour": "red"})
    swift.copy_object(container, "ä b", f"/{container}/copy")
    headers, content = swift.get_object(container, "copy")
    assert (content, headers["x-object-meta-colour"]) == (b"content", "red")
    swift.put_object(container, "copy2", b"", headers={"X-Copy-From": quote(f"{container}/ä b")})
    assert swift.get_object(container, "copy2")[1] == b"content"


def test_ranges_and_conditions(http, account, container):
    url = f"{account}/{container}/range"
    etag = http.put(url, data=b"0123456789").headers["ETag"]
    part = http.get(url, headers={"Range": "bytes=2-4"})
    assert (part.status_code, part.content, part.headers["Content-Range"]) == (206, b"234", "bytes 2-4/10")
    assert http.get(url, headers={"Range": "bytes=-3"}).content == b"789"
    assert http.get(url, headers={"Range": "bytes=90-"}).status_code == 416
    assert http.get(url, headers={"If-None-Match": etag}).status_code == 304
    assert http.get(url, headers={"If-Match": '"other"'}).status_code == 412
    assert http.put(url, data=b"x", headers={"If-None-Match": "*"}).status_code == 412
    assert http.put(url, data=b"x", headers={"ETag": "0" * 32}).status_code == 422
    assert http.get(url).content == b"0123456789"


@pytest.mark.parametrize(
    ("path", "status"),
    [("/%ff", 412), ("/" + "c" * 257, 400), ("/c/" + "n" * 1025, 400), ("/no-such", 404), ("/no-such/object", 404)],
)
def test_refused(http, account, path, status):
    answer = http.get(account + path)
    assert answer.status_code == status
    assert answer.json()["error"]["message"]


def test_projects_do_not_see_each_other(account, container, demo):
    for path in ("", f"/{container}", f"/{container}/plain"):
        assert demo.get(account + path, raise_exc=False).status_code == 403
    assert requests.get(account, timeout=10).status_code == 401


def test_what_is_not_done_says_so(http, account, container):
    answer = http.put(f"{account}/{container}/big?temp_url_sig=1", data=b"[]")
    assert answer.status_code == 400
    assert "temp_url_sig" in answer.json()["error"]["message"]


def test_aborted_upload_leaves_nothing(local_sahara, admin, account, container):
    uploads = local_sahara.service.settings.uploads
    host, port = local_sahara.url.removeprefix("http://").split(":")
    path = account.removeprefix(local_sahara.url) + f"/{container}/aborted"
    with socket.create_connection((host, int(port)), timeout=10) as connection:
        lines = (
            f"PUT {path} HTTP/1.1",
            f"Host: {host}",
            f"X-Auth-Token: {admin.get_token()}",
            "Content-Length: 9000000",
        )
        head = "\r\n".join(lines) + "\r\n\r\n"
        connection.sendall(head.encode() + b"x" * 3_000_000)
        wait_until(lambda: list(uploads.glob("*")))
    wait_until(lambda: not list(uploads.glob("*")))
    assert admin.get(f"{account}/{container}/aborted", raise_exc=False).status_code == 404


def wait_until(condition, seconds=10):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.01)


def test_deleting_and_replacing_free_the_disk(local_sahara, swift, container):
    folder = local_sahara.service.settings.objects
    swift.put_object(container, "freed", b"one")
    before = len(list(folder.iterdir()))
    swift.put_object(container, "freed", b"two")
    assert len(list(folder.iterdir())) == before
    swift.delete_object(container, "freed")
    assert len(list(folder.iterdir())) == before - 1


@pytest.mark.filterwarnings("ignore::PendingDeprecationWarning")  # openstacksdk's, on itself
def test_openstacksdk_uploads_and_downloads_a_file(sdk, container, tmp_path):
    source, copy = tmp_path / "source", tmp_path / "copy"
    source.write_bytes(b"content")
    sdk.create_object(container, "file", filename=str(source))
    sdk.get_object(container, "file", outfile=str(copy))
    assert copy.read_bytes() == b"content"
