"""A project as code against the embedded service: made as it says, told as it stands, killed and resumed."""

import contextlib
import os
import random
import signal
import subprocess
import sys
import time

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from saharaclient import project
from saharaclient.api import base
from saharaclient.client import Client
from saharaclient.local import LocalSahara
from saharaclient.project import translation
from tests.projects import ENVIRONMENT, documents, large, project_of, requests_of

VERSIONS = ["1.1", "2"]
WRITES = {"POST", "PUT", "PATCH", "DELETE"}
KILLS = int(os.environ.get("PROJECT_KILLS", "3"))  # `make bench` measures 50
TEXT = """
images:
  local-spark: {username: ubuntu, tags: [fake, "0.1"]}
node_group_templates:
  master: {plugin_name: fake, plugin_version: "0.1", flavor: m1.small, node_processes: [namenode, jobtracker]}
  worker: {plugin_name: fake, plugin_version: "0.1", flavor: m1.small, node_processes: [datanode, tasktracker]}
cluster_templates:
  small:
    plugin_name: fake
    plugin_version: "0.1"
    network: private
    image: local-spark
    node_groups:
      m: {template: master, count: 1}
      w: {template: worker, count: 1}
clusters:
  c1: {template: small, node_groups: {w: {count: 2}}}
data_sources:
  in: {type: swift, url: swift://a/b, credentials: {user: "${env:LOGIN}", password: "${env:PASSWORD}"}}
job_binaries:
  script.sh: {file: script.sh, credentials: {user: "${env:LOGIN}", password: "${env:PASSWORD}"}}
job_templates:
  run: {type: Shell, mains: [script.sh]}
jobs:
  once: {template: run, cluster: c1, args: ["datasource://in", x]}
"""


@pytest.fixture(scope="module")
def service():
    with LocalSahara(fake_delay=0.02) as sahara:
        yield sahara


@pytest.fixture(scope="module", params=VERSIONS)
def client(request, service):
    with service.client(request.param) as made:
        yield made


@pytest.fixture
def written(tmp_path):
    (tmp_path / "script.sh").write_text("echo hello\n")
    (tmp_path / "project.yaml").write_text(TEXT)
    return tmp_path / "project.yaml"


@pytest.fixture
def requests_sent(client):
    """Method and URL of each request."""
    with requests_of(client) as sent:
        yield sent


@pytest.fixture(autouse=True)
def clean(client):
    """Nothing is left for the next test."""
    yield
    everything = project.export(client).project
    project.apply(client, project.plan_destroy(client, everything))
    assert not list(project.export(client).project.entries())


def plan(client, wanted, **options):
    return project.plan(client, wanted, environment=ENVIRONMENT, **options)


def apply(client, wanted, **options):
    made = plan(client, wanted)
    project.apply(client, made, environment=ENVIRONMENT, **options)
    return made


def test_applied_once_there_is_nothing_to_do_and_nothing_is_written(client, written, requests_sent):
    wanted = project.Project.read(written)
    assert len(apply(client, wanted).actions) == 9
    requests_sent.clear()
    again = plan(client, wanted)
    assert again.empty
    assert len(requests_sent) <= 11
    project.apply(client, again, environment=ENVIRONMENT)
    assert not [method for method, _ in requests_sent if method in WRITES]


def test_export_destroy_apply_export_is_the_same_text(client, written, tmp_path):
    apply(client, project.Project.read(written))
    before = project.export(client)
    again = project.Project.read(before.write(tmp_path / "exported"))
    project.apply(client, project.plan_destroy(client, again))
    outside = dict.fromkeys(before.variables, "x")
    project.apply(client, project.plan(client, again, environment=outside), environment=outside)
    after = project.export(client)
    assert (after.text(), after.files) == (before.text(), before.files)
    assert "s3cret-of-tests" not in before.text()


@settings(
    max_examples=5,
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(documents())
def test_any_project_is_told_as_it_was_applied(client, document):
    """export(apply(p)) == p, the plan after it is empty, and so is what is left after a destruction."""
    wanted = project_of(document)
    apply(client, wanted)
    assert plan(client, wanted).empty
    exported = project.export(client).project
    assert normal(exported) == normal(wanted)
    project.apply(client, project.plan_destroy(client, wanted))
    assert not list(project.export(client).project.entries())


def normal(wanted):
    """Entries less what servers set by themselves, and less credentials, which no server tells."""
    found = {}
    for section, name, entry in wanted.entries():
        fields = translation.without_defaults(entry.given())
        fields.pop("credentials", None)
        if "tags" in fields:
            fields["tags"] = sorted(fields["tags"])
        found[section, name] = fields
    return found


def test_what_is_changed_in_the_file_is_changed_in_place(client, written):
    wanted = project.Project.read(written)
    apply(client, wanted)
    written.write_text(
        TEXT.replace("count: 2", "count: 3").replace("swift://a/b", "swift://a/c").replace("ubuntu", "fedora")
    )
    (written.parent / "script.sh").write_text("echo changed\n")
    made = plan(client, project.Project.read(written))
    in_place = "replace" if hasattr(client, "job_binary_internals") else "update"
    done = {action.name: action.do for action in made.actions}
    assert done["c1"] == "scale"
    assert (done["in"], done["local-spark"], done["script.sh"]) == ("update", "update", in_place)
    if in_place == "replace":
        with pytest.raises(project.ProjectError, match="only --replace"):
            project.apply(client, made, environment=ENVIRONMENT)
    project.apply(client, made, environment=ENVIRONMENT, replace=True)
    assert plan(client, project.Project.read(written)).empty
    assert client.job_binaries.get_file(client.job_binaries.find_unique(name="script.sh").id) == b"echo changed\n"


def test_what_the_file_does_not_name_is_told_and_left_alone(client, written):
    other = client.data_sources.create("other", "", "hdfs", "hdfs://a/b")
    wanted = project.Project.read(written)
    made = apply(client, wanted)
    assert made.unnamed == [("data_sources", "other")]
    project.apply(client, project.plan_destroy(client, wanted))
    assert client.data_sources.get(other.id).name == "other"


def test_a_kept_plan_is_applied_as_it_is_or_refused(client, written):
    kept = project.Plan.from_json(plan(client, project.Project.read(written)).to_json())
    assert "s3cret-of-tests" not in kept.to_json()
    source = client.data_sources.create("in", "", "hdfs", "hdfs://somebody/else")
    with pytest.raises(
        project.StalePlan, match=r":19:3: data_sources in: the plan is out of date: now it would update it"
    ):
        project.apply(client, kept, environment=ENVIRONMENT)
    assert [one.name for one in client.data_sources.list()] == ["in"]
    assert not client.clusters.list()
    client.data_sources.delete(source.id)
    project.apply(client, kept, environment=ENVIRONMENT)
    project.apply(client, kept, environment=ENVIRONMENT)
    assert plan(client, project.Project.read(written)).empty


def test_what_fails_does_not_stop_the_rest_and_is_taken_up_again(client, service, written):
    wanted = project.Project.read(written)
    # the one that asks whether it is allowed, and both templates
    service.faults.add("POST", "*/node-group-templates", status=500, times=3)
    told = []
    with pytest.raises(project.Unfinished, match="node_group_templates master"):
        apply(client, wanted, on_progress=told.append)
    assert {step.state for step in told} >= {"done", "failed", "skipped"}
    assert client.job_binaries.find(name="script.sh")
    apply(client, wanted)
    assert plan(client, wanted).empty


PROGRAM = """
import os, sys
from saharaclient import project
from saharaclient.client import Client
from keystoneauth1 import session
from keystoneauth1.identity import v3
auth = v3.Password(**{name[3:].lower(): value for name, value in os.environ.items() if name.startswith("OS_")})
client = Client(sys.argv[1], session=session.Session(auth=auth))
made = project.plan(client, project.Project.read(sys.argv[2]))
print("begun", flush=True)
project.apply(client, made)
"""


def test_killed_at_random_it_is_run_again_and_finishes(client, service, written):
    version = "1.1" if hasattr(client, "job_binary_internals") else "2"
    wanted = project.Project.read(written)
    apply(client, wanted)
    expected = project.export(client).text()
    login = {f"OS_{name.upper()}": value for name, value in service.cloud["auth"].items()}
    environment = {**os.environ, **login, **ENVIRONMENT}
    for _ in range(KILLS):
        project.apply(client, project.plan_destroy(client, wanted))
        command = [sys.executable, "-c", PROGRAM, version, str(written)]
        with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE) as process:
            assert process.stdout.readline() == b"begun\n"
            time.sleep(random.uniform(0, 2))
            process.send_signal(signal.SIGKILL)
        apply(client, wanted)
        assert plan(client, wanted).empty
        assert project.export(client).text() == expected


def test_interrupted_it_ends_at_once(client, service, tmp_path):
    """However much is under way: what waits for thousands of actions must not be caught while it holds their locks."""
    sources = "".join(f"  d{n}: {{type: hdfs, url: 'hdfs://a/{n}'}}\n" for n in range(2000))
    (tmp_path / "project.yaml").write_text(f"data_sources:\n{sources}")
    version = "1.1" if hasattr(client, "job_binary_internals") else "2"
    login = {f"OS_{name.upper()}": value for name, value in service.cloud["auth"].items()}
    command = [sys.executable, "-c", PROGRAM, version, str(tmp_path / "project.yaml")]
    options = {"env": {**os.environ, **login, **ENVIRONMENT}, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    with subprocess.Popen(command, preexec_fn=as_in_a_terminal, **options) as process:
        assert process.stdout.readline() == b"begun\n"
        while len(client.data_sources.list()) < 50:
            time.sleep(0.05)
        process.send_signal(signal.SIGINT)  # twice, as some press it and `timeout` sends it
        process.send_signal(signal.SIGINT)
        try:
            process.communicate(timeout=60)
        finally:
            process.kill()


def as_in_a_terminal():
    signal.signal(signal.SIGINT, signal.default_int_handler)


def test_of_two_hundred_a_plan_takes_ten_requests_and_a_second_application_writes_nothing(client, requests_sent):
    wanted = large(200)
    assert len(list(wanted.entries())) == 200
    apply(client, wanted)
    requests_sent.clear()
    again = plan(client, wanted)
    assert (again.empty, len(again.equal)) == (True, 200)
    assert len(requests_sent) <= 10, requests_sent
    project.apply(client, again, environment=ENVIRONMENT)
    assert not [method for method, _ in requests_sent if method in WRITES]


def test_names_are_mapped_to_those_of_this_cloud(client, written):
    text = TEXT.replace("m1.small", "huge").replace("local-spark", "elsewhere").replace("private", "office")
    written.write_text(text)
    wanted = project.Project.read(written)
    with pytest.raises(project.ProjectError) as caught:
        plan(client, wanted)
    assert "--map flavor:huge=OTHER" in str(caught.value)
    maps = [("flavors", "huge", "m1.small"), ("images", "elsewhere", "local-spark"), ("networks", "office", "private")]
    made = plan(client, wanted, maps=maps)
    assert made.maps == maps
    project.apply(client, made, environment=ENVIRONMENT)
    assert client.clusters.find_unique(name="c1").status == "Active"
    assert plan(client, wanted, maps=maps).empty


def test_what_is_wanted_is_written_down_with_what_it_needs(client, written):
    apply(client, project.Project.read(written))
    exported = project.export(client, [("job_templates", "run")])
    assert [(section, name) for section, name, _ in exported.project.entries()] == [
        ("job_binaries", "script.sh"),
        ("job_templates", "run"),
    ]
    assert exported.files == {"binaries/script.sh": b"echo hello\n"}
    with pytest.raises(project.ProjectError, match="no job template 'none'"):
        project.export(client, [("job_templates", "none")])


def test_what_is_protected_is_not_destroyed(client, written):
    client.data_sources.create("in", "", "hdfs", "hdfs://a/b", is_protected=True)
    wanted = project.Project.parse("data_sources: {in: {type: hdfs, url: 'hdfs://a/b', is_protected: true}}")
    with pytest.raises(project.ProjectError, match="is protected"):
        project.plan_destroy(client, wanted)
    changed = project.Project.parse("data_sources: {in: {type: hdfs, url: 'hdfs://a/c', is_protected: true}}")
    apply(client, changed)
    assert client.data_sources.find_unique(name="in").url == "hdfs://a/c"
    apply(client, project.Project.parse("data_sources: {in: {type: hdfs, url: 'hdfs://a/c', is_protected: false}}"))


def test_a_protected_cluster_is_scaled_and_stays_protected_where_the_file_says_so(client, written):
    protected = TEXT.replace("c1: {", "c1: {is_protected: true, ")
    apply(client, project.Project.parse(protected, written.parent))
    silent = TEXT.replace("count: 2", "count: 3")
    with pytest.raises(project.ProjectError, match=r"the cluster c1 is protected, and the file does not say so"):
        plan(client, project.Project.parse(silent, written.parent))
    more = project.Project.parse(protected.replace("count: 2", "count: 3"), written.parent)
    assert [action.do for action in apply(client, more).actions] == ["scale"]
    assert client.clusters.find_unique(name="c1").is_protected
    assert plan(client, more).empty
    moved = protected.replace("network: private", "network: public")
    with pytest.raises(project.ProjectError, match="the cluster c1 is protected, and would be deleted and made anew"):
        plan(client, project.Project.parse(moved, written.parent))
    apply(client, project.Project.parse(protected.replace("protected: true", "protected: false"), written.parent))


def test_what_may_not_be_listed_is_told_at_once_with_lines(client, service, written):
    service.faults.add("GET", "*/clusters", status=403)
    service.faults.add("GET", "*/flavors", status=403)
    with pytest.raises(project.ProjectError) as caught:
        plan(client, project.Project.read(written))
    told = [str(problem).rpartition("project.yaml")[2] for problem in caught.value.problems]
    assert [line.partition(": ")[0] for line in told] == [":1:1", ":16:1"]
    assert "this login may not list flavors" in told[0]
    assert "this login may not list clusters" in told[1]


def test_what_the_login_may_not_do_is_told_before_anything_is_done(client, service, written, requests_sent):
    wanted = project.Project.read(written)
    made = plan(client, wanted)
    with contextlib.ExitStack() as ended:
        for method, path in (("POST", "*/clusters"), ("POST", "*/cluster-templates")):
            ended.callback(service.faults.remove, service.faults.add(method, path, status=403, times=None))
        with pytest.raises(project.ProjectError) as caught:
            project.apply(client, made, environment=ENVIRONMENT)
    told = [str(problem).rpartition("project.yaml")[2] for problem in caught.value.problems]
    assert told == [
        ":8:3: cluster_templates small: this login may not make it: A fault was asked for.",
        ":17:3: clusters c1: this login may not make it: A fault was asked for.",
    ]
    assert not list(project.export(client).project.entries())
    project.apply(client, made, environment=ENVIRONMENT)
    assert plan(client, wanted).empty


def test_from_two_threads_it_ends_the_same(client, written):
    from concurrent.futures import ThreadPoolExecutor

    wanted = project.Project.read(written)

    def try_it(_):
        try:
            apply(client, wanted)
        except (project.Unfinished, project.StalePlan, base.APIException) as error:
            return error
        return None

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(try_it, range(2)))
    apply(client, wanted)
    assert plan(client, wanted).empty
    assert len(client.clusters.list()) == 1


def test_another_projects_public_things_are_used_and_left_alone(client, service):
    version = "1.1" if hasattr(client, "job_binary_internals") else "2"
    session = service.session(username="demo")
    with Client(version, session=session) as demo:
        shared = demo.data_sources.create("shared", "", "hdfs", "hdfs://a/b", is_public=True)
        try:
            wanted = project.Project.parse("data_sources: {shared: {type: hdfs, url: 'hdfs://c/d'}}")
            with pytest.raises(project.ProjectError, match="another project shares a data source 'shared'"):
                plan(client, wanted)
            assert project.plan_destroy(client, wanted).empty
            assert [one.url for one in client.data_sources.find(name="shared")] == ["hdfs://a/b"]
        finally:
            demo.data_sources.delete(shared.id)
    session.session.close()
