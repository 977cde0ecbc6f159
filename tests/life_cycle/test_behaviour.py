"""Pages, searches, errors, odd names and an expiring token on a real Sahara."""

import io

import pytest
import requests
from keystoneauth1 import session as ks_session
from keystoneauth1 import token_endpoint

from saharaclient import bulk, client
from saharaclient.api import base
from tests.real.conftest import password
from tests.services import IMAGE

NOWHERE = "00000000-0000-4000-8000-000000000000"


@pytest.fixture
def sources(sahara, unique):
    """Seven data sources with names that begin alike."""
    made = [sahara.data_sources.create(f"{unique}{'x' * n}", "", "hdfs", f"/data/{n}") for n in range(7)]
    yield made
    for source in made:
        sahara.data_sources.delete(source.id)


@pytest.mark.parametrize("page_size", [1, 3, 7, 50])
def test_pages(sahara, sources, page_size):
    names = [s.name for s in sahara.data_sources.iterate(page_size=page_size, sort_by="name")]
    assert [s.name for s in sources] == [n for n in names if n in {s.name for s in sources}]
    assert len(names) == len(set(names))
    backwards = [s.name for s in sahara.data_sources.iterate(page_size=page_size, sort_by="name", reverse=True)]
    assert backwards == names[::-1]


def test_a_page_has_its_markers(sahara, sources):
    page = sahara.data_sources.list(limit=2, sort_by="name")
    assert len(page) == 2
    assert page.next == page[-1].id
    following = sahara.data_sources.list(limit=2, marker=page.next, sort_by="name")
    assert {s.id for s in page} & {s.id for s in following} == set()


def test_searches(sahara, sources, unique):
    assert sahara.data_sources.find_unique(name=unique).id == sources[0].id
    assert {s.id for s in sahara.data_sources.find(url="/data/3")} >= {sources[3].id}
    with pytest.raises(base.NotFound, match="No matches found"):
        sahara.data_sources.find_unique(name=f"{unique}-nobody")
    with pytest.raises(base.MultipleMatches):
        sahara.data_sources.find_unique(type="hdfs")
    assert [o.value.name for o in bulk.each(sahara.data_sources.get, [s.id for s in sources])] == [
        s.name for s in sources
    ]


@pytest.fixture
def source(sources):
    return sources[0]


ERRORS = {
    "unknown id": (lambda s, v, d: s.clusters.get(NOWHERE), base.NotFound),
    "duplicate name": (lambda s, v, d: s.data_sources.create(d.name, "", "hdfs", "/x"), base.NameAlreadyExists),
    "bad value": (lambda s, v, d: s.data_sources.create("n", "", "ftp", "/x"), base.BadRequest),
    "no credentials": (lambda s, v, d: s.data_sources.create("n", "", "swift", "swift://c/o"), base.BadRequest),
    "unknown plugin": (lambda s, v, d: group_template(s, "nope", "1"), base.InvalidReference),
    "unknown flavor": (lambda s, v, d: group_template(s, "fake", "99"), base.NotFound),
    "unregistered image": (lambda s, v, d: cluster_of(s, NOWHERE), base.APIException),
    "bad sort": (lambda s, v, d: s.node_group_templates.list(sort_by="nope"), base.BadRequest),
    "bad marker": (lambda s, v, d: s.clusters.list(limit=1, marker="nope"), base.NotFound),
    "protected": (lambda s, v, d: delete_protected(s, d), base.InUse),
    # the real server answers 500, the embedded one 404
    "not there": (lambda s, v, d: s.images.get("nope"), (base.ServerError, base.NotFound)),
}  # fmt: skip


def group_template(sahara, plugin, flavor):
    sahara.node_group_templates.create("n", plugin, "0.1", flavor, node_processes=["namenode"])


def cluster_of(sahara, image):
    sahara.clusters.create("n", "fake", "0.1", default_image_id=image)


def delete_protected(sahara, source):
    sahara.data_sources.update(source.id, {"is_protected": True})
    try:
        sahara.data_sources.delete(source.id)
    finally:
        sahara.data_sources.update(source.id, {"is_protected": False})


@pytest.mark.parametrize("what", ERRORS)
def test_errors_are_named_by_their_cause(what, sahara, version, source):
    call, cls = ERRORS[what]
    with pytest.raises(cls) as caught:
        call(sahara, version, source)
    error = caught.value
    assert str(error)
    assert error.request_id.startswith("req-")
    assert error.url.startswith("http://127.0.0.1")
    assert error.status_code >= 400


@pytest.mark.parametrize("name", ["two words", "naïve", "名前", "a/b", "a?b#c", "-x", "x" * 81])
def test_names_that_the_server_refuses_arrive_as_clear_errors(name, sahara, version):
    with pytest.raises(base.BadRequest, match="name|valid"):
        sahara.data_sources.create(name, "", "hdfs", "/x")
    with pytest.raises((base.NotFound, base.BadRequest, base.ServerError)):
        sahara.clusters.get(name)
    assert sahara.data_sources.find(name=name) == []
    if version == "1.1" and len(name) <= 50:  # the server takes internal binaries with longer names
        with pytest.raises((base.BadRequest, base.NotFound)):
            sahara.job_binary_internals.create(name, b"bytes")


def test_a_token_that_ends_in_the_middle_is_renewed(session, version):
    auth = password()
    sahara = client.Client(version, session=ks_session.Session(auth=auth))
    sahara.plugins.list()
    # Sahara remembers tokens that it has seen, so the one that ends is one that it has not
    sahara.plugins.api.invalidate()
    token = sahara.plugins.api.get_token()
    gone = requests.delete(
        f"{auth.auth_url}/auth/tokens", headers={"X-Auth-Token": token, "X-Subject-Token": token}, timeout=30
    )
    assert gone.status_code == 204
    assert sahara.plugins.list()[0].name == "fake"
    assert sahara.plugins.api.get_token() != token
    sahara.plugins.api.session.session.close()


def test_without_rights_or_a_user(session, version, sahara):
    stranger = ks_session.Session(auth=password(username="demo", password="demo", project_name="demo"))
    with pytest.raises((base.Unauthorized, base.Forbidden)):
        client.Client(version, session=stranger).plugins.update(
            "fake", {"plugin_labels": {"hidden": {"status": False}}}
        )
    stranger.session.close()


def test_a_token_that_never_was(version, sahara):
    forged = ks_session.Session(auth=token_endpoint.Token(sahara.plugins.api.get_endpoint(), "forged"))
    with pytest.raises(base.Unauthorized, match="requires authentication|authentication") as caught:
        client.Client(version, session=forged, sahara_url=sahara.plugins.api.get_endpoint()).plugins.list()
    assert caught.value.status_code == 401
    forged.session.close()


def test_more_than_the_server_stores(version, sahara, unique):
    if version == "2":
        with pytest.raises(base.NotFound):  # API 2 stores no binaries
            sahara.plugins._send("PUT", f"/job-binary-internals/{unique}", data=b"x")
        return
    with pytest.raises(base.OverLimit):
        sahara.job_binary_internals.upload(unique, io.BytesIO(bytes(6 * 1024 * 1024)))
    assert sahara.job_binary_internals.find(name=unique) == []


def test_the_registry(sahara, version):
    sahara.images.update_image(IMAGE, "root", "words")
    try:
        assert sahara.images.find_unique(name="ubuntu-spark").username == "root"
        sahara.images.update_tags(IMAGE, ["a", "b"])
        sahara.images.update_tags(IMAGE, ["b", "c"])
        assert sorted(sahara.images.get(IMAGE).tags) == ["b", "c"]
        if version == "2":
            assert sorted(sahara.images.get_tags(IMAGE).tags) == ["b", "c"]
            sahara.images.delete_tags(IMAGE)
            assert sahara.images.get(IMAGE).tags == []
    finally:
        sahara.images.unregister_image(IMAGE)
