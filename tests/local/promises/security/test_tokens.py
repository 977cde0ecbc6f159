"""Tokens that open nothing: of another project, expired, revoked, forged, of who has no role left."""

import json
import secrets

import pytest

from saharaclient.local.neighbours.identity import tokens

KINDS = [
    *("clusters", "cluster-templates", "node-group-templates", "data-sources", "job-binaries", "job-templates", "jobs"),
]
PATHS = [
    *("/v2/clusters", "/compute/v2.1/flavors", "/image/v2/images", "/network/v2.0/networks"),
    *("/identity/v3/auth/tokens", "/identity/v2.0/tenants"),
    *("/v1.1/{project}/job-binary-internals", "/object-store/v1/AUTH_{project}"),
]


def statuses(target, token):
    headers = {"X-Auth-Token": token} if token is not None else {"X-Auth-Token": ""}
    return {target.request("GET", path.format(project=target.project), None, headers)[0] for path in PATHS}


@pytest.mark.parametrize("kind", KINDS)
def test_records_of_another_project_are_not_there(mine, other, kind):
    id_ = mine.ids[kind]
    change = "PATCH"
    for method, path, body in (
        ("GET", f"/v2/{kind}/{id_}", None), (change, f"/v2/{kind}/{id_}", b'{"is_public": true}'),
        ("DELETE", f"/v2/{kind}/{id_}", None), ("GET", f"/v2/{kind}/{id_}/export", None),
        ("PUT", f"/v2/{kind}/{id_}", b'{"resize_node_groups": []}'),
    ):  # fmt: skip
        status, content = other.request(method, path, body)
        assert status in (404, 405), (method, content)
        assert b"one" not in content  # the name of what is there
    [listed] = [value for key, value in json.loads(other.request("GET", f"/v2/{kind}")[1]).items() if key != "markers"]
    assert listed == []
    assert other.request("GET", f"/v2/{kind}?marker={id_}&limit=1")[0] == 404
    assert mine.request("GET", f"/v2/{kind}/{id_}")[0] == 200


def test_references_to_another_project_are_refused(mine, other):
    for path, body in (
        ("/v2/jobs", {"cluster_id": mine.ids["clusters"], "job_template_id": mine.ids["job-templates"]}),
        ("/v2/job-templates", {"name": "x", "type": "Shell", "mains": [mine.ids["job-binaries"]]}),
        ("/v2/job-binaries", {"name": "x", "url": f"internal-db://{mine.ids['job-binary-internals']}"}),
    ):
        assert other.request("POST", path, json.dumps(body).encode())[0] == 400
    path = f"/v1.1/{other.project}/job-binary-internals/{mine.ids['job-binary-internals']}"
    assert other.request("GET", f"{path}/data")[0] == 404
    assert other.request("DELETE", path)[0] == 404


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "POST", "DELETE", "COPY"])
def test_storage_of_another_project_is_forbidden(mine, other, method):
    for name in ("", "/mine", "/mine/object"):
        for account in (f"AUTH_{mine.project}", mine.project, f"AUTH%5F{mine.project}", f"./AUTH_{mine.project}",
                        f"AUTH_{other.project}/../AUTH_{mine.project}", f"AUTH_AUTH_{mine.project}"):  # fmt: skip
            status, content = other.request(method, f"/object-store/v1/{account}{name}", b"", {"Destination": "a/b"})
            assert 400 <= status <= 501 and b"secret" not in content, (method, account, status)
    for path in (f"/AUTH_{mine.project}/mine/object", "../AUTH_{mine.project}/mine/object", "mine/object"):
        status, content = other.request(
            "PUT", f"/object-store/v1/AUTH_{other.project}/own/copy", b"", {"X-Copy-From": path}
        )
        assert status == 404
    assert mine.request("GET", f"{mine.store}/mine/object") == (200, b"secret")


def test_a_project_in_the_path_does_not_choose_the_project(mine, other):
    """What counts is the token's, as in Sahara; the path only names it."""
    for path in (f"/v1.1/{mine.project}/clusters", f"/v2/{mine.project}/clusters", f"/v1.0/{mine.project}/clusters"):
        status, content = other.request("GET", path)
        assert status >= 400 or json.loads(content)["clusters"] == []


def test_revoked_expired_and_forged(local_sahara, mine):
    session = local_sahara.session()
    token = session.get_token()
    session.session.close()
    assert statuses(mine, token) <= {200, 204, 404}
    near = token[:-1] + ("0" if token[-1] != "0" else "1")
    for forged in (None, near, token.upper(), token[:-1], token + "0", "0" * 64, secrets.token_hex(32),
                   tokens.hashed(token), "' OR 1=1 --", "admin", "*", token[:32] * 2):  # fmt: skip
        assert statuses(mine, forged) == {401}, forged
    with local_sahara.service.database.session() as database:
        record = tokens.find(database, token)
        record.expires_at = record.issued_at
    assert statuses(mine, token) == {401}
    session = local_sahara.session()
    token = session.get_token()
    assert session.delete(f"{local_sahara.url}/identity/v3/auth/tokens", headers={"X-Subject-Token": token}).ok
    session.session.close()
    assert statuses(mine, token) == {401}


def test_who_loses_role_or_account_loses_the_token(local_sahara, mine):
    user = mine.json("POST", "/identity/v3/users", {"user": {"name": "leaver", "password": "word"}})["user"]["id"]
    project = mine.json("POST", "/identity/v3/projects", {"project": {"name": "leavers"}})["project"]["id"]
    role = next(r["id"] for r in mine.json("GET", "/identity/v3/roles")["roles"] if r["name"] == "member")
    grant = f"/identity/v3/projects/{project}/users/{user}/roles/{role}"
    login = {"auth": {"passwordCredentials": {"username": "leaver", "password": "word"}, "tenantName": "leavers"}}
    account, place = f"/identity/v3/users/{user}", f"/identity/v3/projects/{project}"
    for lose in (
        ("DELETE", grant, None),
        ("PATCH", account, b'{"user": {"enabled": false}}'),
        ("PATCH", place, b'{"project": {"enabled": false}}'),
        ("DELETE", account, None),
    ):
        mine.request("PUT", grant)
        mine.request("PATCH", account, b'{"user": {"enabled": true}}')
        mine.request("PATCH", place, b'{"project": {"enabled": true}}')
        token = mine.json("POST", "/identity/v2.0/tokens", login)["access"]["token"]["id"]
        assert mine.request("GET", "/v2/clusters", None, {"X-Auth-Token": token})[0] == 200
        assert mine.request(*lose)[0] in (200, 204)
        assert mine.request("GET", "/v2/clusters", None, {"X-Auth-Token": token})[0] == 401


def test_nobody_without_a_token_is_read_from(mine):
    """A body of no one in particular is not taken in before the answer."""
    for path in ("/v2/clusters", "/compute/v2.1/os-keypairs", "/network/v2.0/security-groups", "/image/v2/images"):
        headers = {"X-Auth-Token": "", "Content-Length": "8000000", "Connection": "close"}
        try:
            assert mine.request("POST", path, b"", headers)[0] == 401
        finally:
            mine.connection.close()
