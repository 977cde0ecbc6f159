"""Secrets stay out of logs, errors and representations, at DEBUG too."""

import json
import logging

import pytest
import requests
from hypothesis import given
from hypothesis import strategies as st
from keystoneauth1 import exceptions, session, token_endpoint

from saharaclient import client
from saharaclient._core.redact import MASK, describe_body, redact
from saharaclient.api import base
from tests.support import URL, make_client

MARK = "S3CR3T-mark"


@pytest.fixture
def log(caplog):
    caplog.set_level(logging.DEBUG)
    return caplog


CALLS = {
    "data source": lambda c: c.data_sources.create("n", None, "swift", "swift://c/o", "u", MARK),
    "data source s3": lambda c: c.data_sources.create("n", None, "s3", "s3://b", s3_credentials={"secretkey": MARK}),
    "data source update": lambda c: c.data_sources.update("1", {"credentials": {"password": MARK}}),
    "job binary": lambda c: c.job_binaries.create("n", "swift://c/o", extra={"user": "u", "password": MARK}),
    "job binary s3": lambda c: c.job_binaries.create("n", "s3://b/k", extra={"accesskey": MARK, "secretkey": MARK}),
    "job": lambda c: c.jobs.create("t", "c", configs={
        "configs": {"fs.swift.service.sahara.password": MARK, "fs.s3a.secret.key": MARK, "fs.s3a.access.key": MARK},
        "params": {"api_key": MARK}, "args": ["--password", MARK, f"--token={MARK}", f"ftp://u:{MARK}@host/x"],
    }),
    "cluster": lambda c: c.clusters.create("n", "p", "1", cluster_configs={"Hive": {"MySQL password": MARK}}),
}  # fmt: skip


@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize("outcome", ["success", "refusal", "break"])
def test_no_secret_of_a_body_is_logged(call, outcome, log, requests_mock):
    import requests_mock as rm

    def echo(request, context):
        """A server that repeats in its reply what it was sent."""
        body = json.loads(request.body)
        return dict.fromkeys(("data_source", "job_binary", "job", "cluster"), body)

    if outcome == "break":
        requests_mock.register_uri(rm.ANY, rm.ANY, exc=requests.exceptions.ConnectionError("down"))
    else:
        requests_mock.register_uri(rm.ANY, rm.ANY, json=echo, status_code=200 if outcome == "success" else 400)
    made = client.Client("2", session=session.Session(token_endpoint.Token(URL, MARK)), sahara_url=URL)
    try:
        result = CALLS[call](made)
        assert MARK not in repr(result)
    except (base.APIException, exceptions.ConnectFailure) as error:
        assert outcome != "success"
        assert MARK not in f"{error!r} {error} {vars(error)}"
    assert "request: " in log.text
    assert MARK not in log.text


def test_an_upload_is_logged_by_its_size_or_not_at_all(log, requests_mock):
    requests_mock.put(f"{URL}/job-binary-internals/n", json={"job_binary_internal": {"id": "1"}})
    make_client("1.1").job_binary_internals.create("n", f"password={MARK}".encode())
    assert "bytes" in log.text
    assert MARK not in log.text


def test_deprecated_credentials_are_not_shown(log, requests_mock):
    requests_mock.get("http://keystone.test/v3", status_code=404)
    requests_mock.post("http://keystone.test/v3/auth/tokens", status_code=401, json={})
    with pytest.warns(DeprecationWarning) as caught:
        made = client.Client("2", auth_url="http://keystone.test/v3", username="u", password=MARK, project_name="p")
    with pytest.raises(exceptions.ClientException) as raised:
        made.plugins.list()
    assert MARK not in f"{log.text} {raised.value} {[str(w.message) for w in caught]} {made!r}"


@given(
    st.recursive(
        st.text() | st.integers(), lambda i: st.lists(i, max_size=3) | st.dictionaries(st.text(), i, max_size=3)
    )
)
def test_redaction_keeps_the_shape(value):
    masked = redact(value)
    assert type(masked) is type(value)
    if isinstance(value, dict):
        assert masked.keys() == value.keys()
    describe_body(value if isinstance(value, dict | list) else None)


@given(
    st.sampled_from(["password", "Secret", "fs.s3a.secret.key", "token", "credentials", "extra"]), st.text(min_size=1)
)
def test_everything_under_a_secrets_name_is_masked(name, secret):
    assert redact({"a": [{name: secret}]}) == {"a": [{name: MASK}]}


def test_what_is_no_secret_stays_readable():
    body = {"name": "n", "node_groups": [{"count": 1, "flavor_id": "2"}], "url": "swift://c/o"}
    assert json.loads(describe_body(body)) == body
    assert describe_body(b"\xff") == "1 bytes"
    assert len(describe_body({"text": "x" * 100_000})) < 5000
