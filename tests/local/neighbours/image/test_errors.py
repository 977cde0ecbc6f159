"""Errors in Glance's form, which depends on what the caller accepts; and what is refused."""

import pytest
from starlette.exceptions import HTTPException

from saharaclient.local.neighbours.image import errors
from saharaclient.local.web.errors import keystone_error_body


def refusal(admin, method, path, accept, **given):
    where = {"service_type": "image", "interface": "public"}
    headers = {"Accept": accept}
    return admin.request(path, method, endpoint_filter=where, headers=headers, raise_exc=False, **given)


@pytest.mark.parametrize(
    ("accept", "form"),
    [
        ("*/*", "text/html"),  # python-glanceclient
        ("text/html,application/json;q=0.9", "text/html"),
        ("application/json", "application/json"),  # openstacksdk
        ("application/octet-stream", "text/plain"),
    ],
)
@pytest.mark.parametrize(("path", "status"), [("/v2/images/no<such>", 404), ("/v2/nowhere", 501)])
def test_form(admin, accept, form, path, status):
    answer = refusal(admin, "GET", path, accept)
    assert answer.status_code == status
    assert answer.headers["Content-Type"].partition(";")[0] == form
    if form == "application/json":
        assert answer.json()["code"].startswith(f"{status} ")
        assert all(isinstance(value, str) for value in answer.json().values())
        assert "<br" not in answer.json()["message"]
    elif form == "text/html":
        assert f"<h1>{status} " in answer.text
        assert "<such>" not in answer.text  # it is text, not a tag
    else:
        assert answer.text.startswith(f"{status} ")


@pytest.mark.parametrize("field", ["disk_format", "container_format", "visibility"])
def test_choices(admin, field):
    answer = refusal(admin, "POST", "/v2/images", "application/json", json={"name": "wrong", field: "sideways"})
    assert answer.status_code == 400
    assert field in answer.json()["message"]
    assert "sideways" in answer.json()["message"]
    where = {"service_type": "image", "interface": "public"}
    schema = admin.get("/v2/schemas/image", endpoint_filter=where).json()
    for choice in schema["properties"][field]["enum"]:
        made = admin.post("/v2/images", json={field: choice}, endpoint_filter=where).json()
        assert made[field] == choice
        admin.delete(f"/v2/images/{made['id']}", endpoint_filter=where)


@pytest.mark.parametrize(
    ("path", "empty"),
    [
        ("/v2/tasks", ["tasks"]),
        ("/v2/info/stores", ["stores"]),
        ("/v2/info/import", ["import-methods", "value"]),
        ("/v2/metadefs/namespaces", ["namespaces"]),
    ],
)
def test_what_there_is_none_of(admin, path, empty):
    shown = admin.get(path, endpoint_filter={"service_type": "image", "interface": "public"}).json()
    for name in empty:
        shown = shown[name]
    assert shown == []


def test_versions_where_the_command_glance_asks(local_sahara, admin):
    assert admin.get(f"{local_sahara.url}/image/versions").json()["versions"][0]["id"] == "v2.9"


@pytest.mark.parametrize(
    ("status", "phrase"), [(404, "Not Found"), (499, "Bad Request"), (599, "Internal Server Error")]
)
def test_a_status_without_a_phrase_has_that_of_its_class(status, phrase):
    answer = errors.answer(HTTPException(status, "why"), "application/json")
    assert f"{status} {phrase}".encode() in bytes(answer.body)
    assert keystone_error_body(status, "why")["error"]["title"] == phrase
