"""Large objects of both kinds, by python-swiftclient; and what this storage refuses in place of dropping it."""

import hashlib
import json
import uuid

import pytest
import requests
import swiftclient
from swiftclient.service import SwiftService, SwiftUploadObject

PARTS = [b"first " * 100, b"second" * 50, b"third"]
WHOLE = b"".join(PARTS)


@pytest.fixture(scope="module")
def swift(admin):
    return swiftclient.Connection(session=admin, retries=0)


@pytest.fixture
def container(swift):
    name = f"large-{uuid.uuid4().hex}"
    swift.put_container(name)
    return name


@pytest.fixture
def segments(swift, container):
    """What a static manifest says of the parts, which are stored."""
    stored = []
    for number, part in enumerate(PARTS):
        etag = swift.put_object(container, f"parts/{number}", part)
        stored.append({"path": f"/{container}/parts/{number}", "etag": etag, "size_bytes": len(part)})
    return stored


def put_static(swift, container, manifest, **headers):
    content = json.dumps(manifest)
    return swift.put_object(container, "big", content, headers=headers, query_string="multipart-manifest=put")


def names(swift, container):
    return [found["name"] for found in swift.get_container(container)[1]]


def check_whole(swift, container, kind):
    headers, content = swift.get_object(container, "big")
    assert content == WHOLE
    assert int(headers["content-length"]) == len(WHOLE)
    etags = "".join(hashlib.md5(part).hexdigest() for part in PARTS)
    assert headers["etag"] == f'"{hashlib.md5(etags.encode()).hexdigest()}"'
    assert kind in swift.head_object(container, "big")
    _, some = swift.get_object(container, "big", headers={"Range": f"bytes={len(PARTS[0]) - 2}-{len(PARTS[0]) + 2}"})
    assert some == WHOLE[len(PARTS[0]) - 2 : len(PARTS[0]) + 3]  # across the end of a part
    swift.copy_object(container, "big", f"/{container}/copy")
    headers, content = swift.get_object(container, "copy")
    assert content == WHOLE
    assert headers["etag"] == hashlib.md5(WHOLE).hexdigest()
    assert kind not in headers
    swift.post_object(container, "big", {"X-Object-Meta-Colour": "red"})
    headers = swift.head_object(container, "big")
    assert headers["x-object-meta-colour"] == "red"
    assert kind in headers


def test_static(swift, container, segments):
    for _twice in range(2):
        put_static(swift, container, segments)
        check_whole(swift, container, "x-static-large-object")
    _, manifest = swift.get_object(container, "big", query_string="multipart-manifest=get")
    assert [segment["name"] for segment in json.loads(manifest)] == [segment["path"] for segment in segments]
    swift.delete_object(container, "big", query_string="multipart-manifest=delete")
    assert names(swift, container) == ["copy"]


def test_dynamic(swift, container, segments):
    manifest = {"X-Object-Manifest": f"{container}/parts/"}
    for _twice in range(2):
        assert (
            swift.put_object(container, "big", b"", headers=manifest) == hashlib.md5(b"").hexdigest()
        )  # as rclone asks
        check_whole(swift, container, "x-object-manifest")
    swift.put_object(container, "parts/3", b"more")
    with pytest.raises(swiftclient.ClientException, match="409"):
        swift.get_object(container, "big")
    swift.put_object(container, "big", b"", headers=manifest)
    assert swift.get_object(container, "big")[1] == WHOLE + b"more"
    swift.delete_object(container, "big")
    assert "parts/0" in names(swift, container)  # as Swift: its segments are objects of their own


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"path": "/{container}/nowhere"}, "404 Not Found"),
        ({"path": "/{container}/parts/0", "etag": "0" * 32}, "Etag Mismatch"),
        ({"path": "/{container}/parts/0", "size_bytes": 1}, "Size Mismatch"),
        ({"path": "/{container}/parts/0", "range": "0-1"}, "range"),
        ({"path": 7}, "'path'"),
        ("parts/0", "'path'"),
    ],
)
def test_static_manifests_that_are_refused(swift, container, segments, wrong, told):
    if isinstance(wrong, dict) and isinstance(wrong["path"], str):
        wrong = {**wrong, "path": wrong["path"].format(container=container)}
    with pytest.raises(swiftclient.ClientException) as refused:
        put_static(swift, container, [*segments, wrong])
    assert refused.value.http_status == 400
    assert told in refused.value.http_response_content.decode()
    assert "big" not in names(swift, container)


@pytest.mark.parametrize("body", [[], {}, None])
def test_static_manifests_without_segments(swift, container, body):
    with pytest.raises(swiftclient.ClientException, match="400"):
        put_static(swift, container, body)


def test_a_static_manifest_of_another_etag(swift, container, segments):
    with pytest.raises(swiftclient.ClientException, match="422"):
        put_static(swift, container, segments, ETag="0" * 32)
    assert "big" not in names(swift, container)


@pytest.mark.parametrize(("prefix", "status"), [("nothing", 400), ("{container}/nothing", 409), ("{container}/", 400)])
def test_dynamic_manifests_that_are_refused(swift, container, prefix, status):
    with pytest.raises(swiftclient.ClientException, match=str(status)):
        swift.put_object(container, "big", b"", headers={"X-Object-Manifest": prefix.format(container=container)})
    assert names(swift, container) == []


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # its own
@pytest.mark.parametrize("static", [True, False])
def test_the_service_of_swiftclient(local_sahara, container, tmp_path, static):
    """What `swift upload --segment-size` does, over an older one too."""
    auth = local_sahara.cloud["auth"]
    options = {
        "auth_version": "3",
        "os_username": auth["username"],
        "os_password": auth["password"],
        "os_project_name": auth["project_name"],
        "os_user_domain_id": "default",
        "os_project_domain_id": "default",
        "os_auth_url": auth["auth_url"],
    }
    file = tmp_path / "big"
    with SwiftService(options) as service:
        for content in (WHOLE, WHOLE[::-1] + b"longer"):
            file.write_bytes(content)
            one = SwiftUploadObject(str(file), object_name="big")
            uploaded = list(service.upload(container, [one], {"segment_size": 300, "use_slo": static}))
            assert [result for result in uploaded if not result["success"]] == []
            (result,) = service.download(container, ["big"], {"no_download": True})
            assert result["success"], result
            (stat,) = service.stat(container, ["big"])
            assert stat["headers"]["content-length"] == str(len(content))
            assert ("x-static-large-object" if static else "x-object-manifest") in stat["headers"]
        deleted = list(service.delete(container, ["big"]))
        assert [result for result in deleted if not result["success"]] == []
        listed = [item for page in service.list(f"{container}_segments") for item in page["listing"]]
        assert listed == []


@pytest.mark.parametrize(
    "header", ["X-Container-Read", "X-Container-Write", "X-Versions-Location", "X-Container-Sync-To"]
)
def test_promises_are_refused(admin, swift, container, header):
    account = admin.get_endpoint(service_type="object-store")
    mine = {"X-Auth-Token": admin.get_token()}
    for method, name in (("PUT", f"{container}-new"), ("POST", container)):
        answer = requests.request(method, f"{account}/{name}", headers={**mine, header: ".r:*"}, timeout=20)
        assert answer.status_code == 400
        assert header.lower() in answer.json()["error"]["message"]
        answer = requests.request(method, f"{account}/{container}", headers={**mine, header: ""}, timeout=20)
        assert answer.ok  # to take away what there is not is no harm
    assert requests.head(f"{account}/{container}-new", headers=mine, timeout=20).status_code == 404


def test_what_is_offered(local_sahara):
    offered = requests.get(f"{local_sahara.url}/info", timeout=20).json()
    assert [policy["name"] for policy in offered["swift"]["policies"] if policy["default"]] == ["default"]
    assert offered["slo"]["min_segment_size"] == 1
    assert "dlo" in offered


@pytest.mark.parametrize("method", ["POST", "DELETE"])
def test_many_are_deleted_at_once(admin, swift, container, segments, method):
    paths = [*(segment["path"] for segment in segments), f"/{container}/n%C3%B6", f"{container}/nothing", container]
    swift.put_object(container, "n\xf6", b"")
    asked = {"X-Auth-Token": admin.get_token(), "Content-Type": "text/plain", "Accept": "application/json"}
    account = admin.get_endpoint(service_type="object-store")

    def delete(*paths):
        return requests.request(
            method, f"{account}?bulk-delete=1", data="\n".join(paths), headers=asked, timeout=20
        ).json()

    told = delete(container)
    assert (told["Number Deleted"], told["Errors"]) == (0, [[container, "409 Conflict"]])
    told = delete(*paths)
    assert (told["Number Deleted"], told["Number Not Found"], told["Errors"]) == (5, 1, [])
    assert delete(*paths)["Number Not Found"] == len(paths)
