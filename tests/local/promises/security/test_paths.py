"""Names that would lead elsewhere: of objects and containers, raw and encoded, and ids in paths."""

import re
import secrets
from urllib.parse import unquote

import pytest

OUT = [
    *(
        "..",
        "../..",
        "%2e%2e",
        "%2E%2E/%2e%2e",
        "..%2f..",
        "%252e%252e%252f",
        "..%5c..",
        "....//",
        "/etc/passwd",
        "//etc",
    ),
    *(
        "%2fetc%2fpasswd",
        "C:%5cwindows",
        "~root",
        "$HOME",
        "..%c0%af..",
        "%u002e%u002e",
        "a/../../b",
        "./a",
        "a/./b",
        "a//b",
    ),
    *("%2e", ".", "password", "../password", "../../password", "..%2fsahara.db", "sahara.db", "-rf", "%0d%0aX-A:%20b"),
    *("|id", ";id", "`id`", "{}", "%7b%7d", "*", "%3fx"),
]


def beside(state, name):
    """What of the parts of a name there is where the state's folder is; other services come and go there."""
    parts = {"mine", "object", *re.split(r"[/\\]", unquote(unquote(name, "latin-1")))} - {"", ".", ".."}
    return {part for part in parts if "\0" not in part and (state.parent / part).exists()}


@pytest.mark.parametrize("name", OUT)
def test_names_of_objects_are_names(local_sahara, mine, name):
    """Each is stored under the name that was sent and read again, or refused; files get random names."""
    state = local_sahara.service.settings.state
    before = set(state.iterdir())
    around = beside(state, name)
    content = secrets.token_bytes(20)
    for path in (f"{mine.store}/mine/{name}", f"{mine.store}/{name}/object"):
        status, _ = mine.request("PUT", path, content)
        assert status in (201, 202, 400, 404, 412), (path, status)
        if status == 201:
            assert mine.request("GET", path)[1] == content
            assert mine.request("DELETE", path)[0] == 204
        assert mine.request("GET", path)[0] in (200, 204, 400, 404, 412)  # a container's or account's listing at most
    assert set(state.iterdir()) == before
    assert beside(state, name) == around
    assert all(len(path.name) == 32 for path in (state / "objects").iterdir())


@pytest.mark.parametrize("name", ["%00", "a%00b", "..%00", "%00/etc/passwd"])
def test_nul_is_refused(mine, name):
    for path in (
        f"{mine.store}/mine/{name}",
        f"{mine.store}/{name}/object",
        f"/v2/clusters/{name}",
        f"/image/v2/images/{name}",
    ):
        for method in ("GET", "PUT", "DELETE"):
            assert mine.request(method, path, b"x")[0] == 400
    for header, method in (("Destination", "COPY"), ("X-Copy-From", "PUT")):
        assert mine.request(method, f"{mine.store}/mine/object", b"", {header: f"mine/{name}"})[0] == 412


@pytest.mark.parametrize("name", OUT)
def test_ids_do_not_lead_to_other_routes_or_files(mine, name):
    internals = f"/v1.1/{mine.project}/job-binary-internals"
    for path in (f"/v2/clusters/{name}", f"/v2/job-binaries/{name}/data", f"/image/v2/images/{name}/file",
                 f"{internals}/{name}/data", f"/compute/v2.1/os-keypairs/{name}"):  # fmt: skip
        status, content = mine.request("GET", path)
        assert status in (200, 400, 404, 501), (path, status)
        assert b"root:" not in content and b"SQLite" not in content


@pytest.mark.parametrize("name", OUT)
def test_names_of_binaries_are_checked(mine, name):
    """They become names of files in a run's folder."""
    status, _ = mine.request("PUT", f"/v1.1/{mine.project}/job-binary-internals/{name}", b"x")
    assert status in (202, 400, 404, 405)
    if status == 202:
        assert name in ("password", "sahara.db")
    body = b'{"name": "%s", "url": "swift://a/b", "extra": {"user": "u", "password": "p"}}' % name.encode().replace(
        b"\\", b"\\\\"
    )
    assert mine.request("POST", "/v2/job-binaries", body)[0] == (202 if name in ("password", "sahara.db") else 400)
