"""The library at DEBUG, with a marked secret in every place that takes one: none is logged, shown or in an error."""

import warnings
from urllib.parse import quote

import pytest
from keystoneauth1 import exceptions, session
from keystoneauth1.identity import v3

import saharaclient
from saharaclient.api import base
from saharaclient.client import Client


def ways_in(service, marks):
    """Every way to a client, by name: session, deprecated keywords, connect()."""
    auth = service.cloud["auth"]
    known = {"auth_url": auth["auth_url"], "username": auth["username"], "project_name": auth["project_name"]}
    domains = {"user_domain_id": "default", "project_domain_id": "default"}
    password = marks["user password"]
    token = marks.know("token", service.session().get_token())
    url = f"{service.url}/v2"

    def with_token():
        made = v3.Token(auth["auth_url"], token, project_name=auth["project_name"], project_domain_id="default")
        return Client("2", session=session.Session(auth=made))

    return {
        "session": lambda: service.client("2"),
        "session of a token": with_token,
        "password": lambda: Client("2", password=password, **known),
        "api_key": lambda: Client("2", api_key=password, **known),
        "input_auth_token": lambda: Client("2", sahara_url=url, input_auth_token=token),
        "token": lambda: Client(
            "2", token=token, project_domain_id="default", **{k: v for k, v in known.items() if k != "username"}
        ),
        "connect": lambda: saharaclient.connect(password=password, **domains, **known),
        "wrong password": lambda: Client("2", password=marks["wrong password"], **known),
        "wrong token": lambda: Client("2", sahara_url=url, token=marks["wrong token"]),
        "too little": lambda: Client("2", password=password),
        "unknown keyword": lambda: saharaclient.connect(passwort=password),
        "connect wrong": lambda: saharaclient.connect(password=marks["wrong password"], **domains, **known),
        "application credential": lambda: saharaclient.connect(
            auth_type="v3applicationcredential",
            auth_url=known["auth_url"],
            application_credential_id="nobody",
            application_credential_secret=marks["credential secret"],
        ),
    }


WAYS = [
    "session", "session of a token", "password", "api_key", "input_auth_token", "token", "connect", "wrong password",
    "wrong token", "too little", "unknown keyword", "connect wrong", "application credential",
]  # fmt: skip


@pytest.mark.parametrize("way", WAYS)
def test_ways_in(way, service, marks, log, monkeypatch, tmp_path, capfd):
    for name in ("OS_CLOUD", "OS_PASSWORD", "OS_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)  # no clouds.yaml
    monkeypatch.setenv("HOME", str(tmp_path))
    ways = ways_in(service, marks)
    assert list(ways) == WAYS
    before, made = len(log.lines), None
    with warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always")
        try:
            made = ways[way]()
            made.plugins.list()
        except (base.APIException, exceptions.ClientException, TypeError) as error:
            assert way in WAYS[7:]
            assert marks.found_in_error(error) == []
        else:
            assert way in WAYS[:7]
    said = capfd.readouterr()
    shown = [repr(made), repr(getattr(made, "plugins", None)), *map(str, warned), said.out, said.err]
    lines = [*log.lines[before:], *shown]
    assert [(line, found) for line in lines if (found := marks.found_in(line))] == []


def calls(sahara, marks):
    """Every call that takes a secret, by name, with what it makes."""
    secret, access = marks["secret"], marks["access key"]
    in_a_url = f"u:{quote(secret, safe='')}@h/x"
    s3 = {"accesskey": access, "secretkey": secret, "endpoint": "e:1", "ssl": True, "bucket_in_path": True}
    swift = {"user": "u", "password": secret}
    version = "hadoop_version" if hasattr(sahara, "job_executions") else "plugin_version"
    plugin = {"plugin_name": "fake", version: "0.1"}
    configs = {
        "configs": {
            "fs.swift.service.sahara.password": secret,
            "fs.s3a.secret.key": secret,
            "fs.s3a.access.key": access,
        },
        "params": {"db_password": secret},
        "args": ["--password", secret, f"--token={secret}", f"ftp://{in_a_url}"],
    }
    cluster_configs = {"general": {"Admin password": secret}}
    runs = getattr(sahara, "job_executions", sahara.jobs)
    nobody = "00000000-0000-4000-8000-000000000000"
    return {
        "swift source": lambda name: sahara.data_sources.create(name, "", "swift", "swift://c/o", "u", secret),
        "s3 source": lambda name: sahara.data_sources.create(name, "", "s3", "s3://b/k", s3_credentials=s3),
        "source, refused": lambda name: sahara.data_sources.create(name, "", "ftp", "ftp://c/o", "u", secret),
        "url of a source": lambda name: sahara.data_sources.create(name, "", "hdfs", f"hdfs://{in_a_url}"),
        "update of a source": lambda name: sahara.data_sources.update(nobody, {"credentials": swift}),
        "swift binary": lambda name: sahara.job_binaries.create(name, "swift://c/o", extra=swift),
        "s3 binary": lambda name: sahara.job_binaries.create(
            name, "s3://b/k", extra={"accesskey": access, "secretkey": secret, "endpoint": "e:1"}
        ),
        "binary, refused": lambda name: sahara.job_binaries.create(name, "ftp://c/o", extra=swift),
        "update of a binary": lambda name: sahara.job_binaries.update(nobody, {"extra": swift}),
        "run": lambda name: runs.create(nobody, nobody, configs=configs),
        "interface of a run": lambda name: runs.create(nobody, nobody, interface={"db_password": secret}),
        "cluster": lambda name: sahara.clusters.create(name, cluster_configs=cluster_configs, **plugin),
        "cluster template": lambda name: sahara.cluster_templates.create(
            name, cluster_configs=cluster_configs, **plugin
        ),
        "node group template": lambda name: sahara.node_group_templates.create(
            name, flavor_id="1", node_processes=["namenode"], node_configs=cluster_configs, **plugin
        ),
    }


CALLS = [
    "swift source", "s3 source", "source, refused", "url of a source", "update of a source", "swift binary",
    "s3 binary", "binary, refused", "update of a binary", "run", "interface of a run", "cluster", "cluster template",
    "node group template",
]  # fmt: skip


@pytest.mark.parametrize("outcome", ["answered", "failed", "broken"])
@pytest.mark.parametrize("version", ["1.1", "2"])
@pytest.mark.parametrize("call", CALLS)
def test_calls(call, version, outcome, service, marks, log, capfd):
    sahara = service.client(version, retry_deadline=0)
    made = calls(sahara, marks)
    assert list(made) == CALLS
    sahara.plugins.list()
    if outcome != "answered":
        fault = {"status": 500} if outcome == "failed" else {"drop": "reply"}
        for method in ("POST", "PUT", "PATCH"):
            service.faults.add(method, **fault)
    before, shown = len(log.lines), []
    try:
        result = made[call](f"n{before}")
        shown = [repr(result), str(result)]
    except (base.APIException, exceptions.ClientException) as error:
        assert marks.found_in_error(error) == []
    finally:
        service.faults.clear()
    said = capfd.readouterr()
    logged = log.lines[before:]
    assert any("saharaclient.http request: " in line for line in logged)
    lines = [*logged, *shown, said.out, said.err]
    assert [(line, found) for line in lines if (found := marks.found_in(line))] == []


@pytest.mark.parametrize("version", ["1.1", "2"])
def test_what_is_read_again_is_shown_without_its_secrets(version, service, marks, log):
    sahara = service.client(version)
    before = len(log.lines)
    made = [
        *sahara.data_sources.list(),
        *sahara.job_binaries.list(),
        *sahara.node_group_templates.list(),
        *sahara.cluster_templates.list(),
    ]
    assert made
    lines = [repr(made), *map(str, made), *log.lines[before:]]
    assert [(line, found) for line in lines if (found := marks.found_in(line))] == []
