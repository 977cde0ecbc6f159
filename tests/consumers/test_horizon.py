"""Horizon with the panel of Sahara: each of its pages, a data source through its form, the health of a cluster."""

import re
import shutil
from pathlib import Path

import pytest
import requests

from tests.consumers.conftest import free_port, listens, until

REQUIREMENTS = (
    "sahara-dashboard==19.0.0",
    "horizon==23.3.1",  # of the time of the panel's last release
    "django==3.2.25",  # the panel wants the time zones and widgets that Django had until 4
    "setuptools==80.9.0",
)
SETTINGS = Path(__file__).with_name("horizon") / "settings.py"
TABS = {
    "clusters": ["clusters", "cluster_templates", "node_group_templates", "image_registry"],
    "jobs": ["jobs", "job_templates", "data_sources", "job_binaries"],
}
FAKE = "?plugin_name=fake&hadoop_version=0.1"
PAGES = (
    *("clusters/", "jobs/", "data_plugins/", "data_plugins/fake", "clusters/cluster_guide", "jobs/jobex_guide"),
    *(f"{panel}/?tab={panel[:-1]}_tabs__{tab}_tab" for panel, tabs in TABS.items() for tab in tabs),
    *("clusters/create-cluster", "clusters/create-cluster-template", "clusters/create-nodegroup-template"),
    *(f"clusters/configure-{form}{FAKE}" for form in ("cluster", "cluster-template", "nodegroup-template")),
    *("clusters/register/", "jobs/create-data-source", "jobs/create-job"),
)
TROUBLE = (
    r'<div class="alert alert-danger alert-dismissable fade in">(.*?)</div>'  # what it could not do, told on a page
)


class Browser:
    """What a browser does of it: cookies, and the token of a form."""

    def __init__(self, port):
        self.root = f"http://127.0.0.1:{port}"
        self.session = requests.Session()

    def get(self, path):
        page = self.session.get(self.root + path)
        assert page.status_code == 200, (path, page.status_code)
        assert "/auth/login" not in page.url, path
        assert re.findall(TROUBLE, page.text, re.DOTALL) == [], path
        return page

    def send(self, path, **fields):
        """Fills in a form and sends it."""
        shown = self.session.get(self.root + path)
        (token, *_) = re.findall(r'name="csrfmiddlewaretoken" value="([^"]+)"', shown.text)
        fields = {"csrfmiddlewaretoken": token, **fields}
        answer = self.session.post(self.root + path, data=fields, headers={"Referer": shown.url})
        assert answer.status_code == 200 and answer.url != shown.url, (answer.status_code, answer.url)


@pytest.fixture(scope="module")
def horizon(installed, login, tmp_path_factory):
    program, folder, port = installed("horizon", *REQUIREMENTS), tmp_path_factory.mktemp("horizon"), free_port()
    (packages,) = program.path.glob("lib/*/site-packages")
    local = packages / "openstack_dashboard" / "local"
    for enabled in (packages / "sahara_dashboard" / "enabled").glob("_*.py"):
        shutil.copy(enabled, local / "enabled")
    shutil.copy(SETTINGS, local / "local_settings.d" / "_1_embedded.py")
    serve = ["runserver", "--settings", "openstack_dashboard.settings", "--noreload", f"127.0.0.1:{port}"]
    with (folder / "log").open("w") as log:
        process = program.start("django-admin", *serve, folder=folder, output=log)
    try:
        until(lambda: process.poll() is not None or listens(port))
        assert process.poll() is None, (folder / "log").read_text()
        browser = Browser(port)
        with browser.session:
            who = {"username": login["OS_USERNAME"], "password": login["OS_PASSWORD"], "region": "default"}
            browser.send("/auth/login/", **who)
            yield browser
    finally:
        process.kill()
        process.wait()


@pytest.fixture(scope="module")
def cluster(local_sahara):
    sahara = local_sahara.client("1.1")
    group = sahara.node_group_templates.create(
        "horizon-group", "fake", "0.1", local_sahara.flavor(), node_processes=["namenode", "jobtracker"]
    )
    groups = [{"name": "group", "count": 1, "node_group_template_id": group.id}]
    template = sahara.cluster_templates.create("horizon-template", "fake", "0.1", node_groups=groups)
    made = sahara.clusters.create(
        "horizon-cluster",
        "fake",
        "0.1",
        cluster_template_id=template.id,
        default_image_id=local_sahara.image("fake", "0.1"),
        net_id=local_sahara.network(),
    )
    yield sahara.clusters.wait(made.id)
    sahara.clusters.delete(made.id)
    sahara.clusters.wait_deleted(made.id)
    sahara.cluster_templates.delete(template.id)
    sahara.node_group_templates.delete(group.id)


@pytest.mark.parametrize("page", PAGES)
def test_pages(horizon, cluster, page):
    horizon.get(f"/project/data_processing/{page}")


def test_a_cluster_and_its_health(horizon, cluster, local_sahara):
    assert "horizon-cluster" in horizon.get("/project/data_processing/clusters/").text
    page = f"/project/data_processing/clusters/cluster/{cluster.id}"
    assert "horizon-cluster" in horizon.get(page).text
    assert horizon.get(f"{page}/events").json()["provision_steps"]
    local_sahara.client("1.1").clusters.verification_update(cluster.id, "START")
    checks = until(lambda: horizon.get(f"{page}/verifications").json()["checks"])
    assert {check["status"] for check in checks} <= {"GREEN", "YELLOW", "RED", "CHECKING"}
    templates = "/project/data_processing/clusters/cluster-template"
    assert "horizon-template" in horizon.get(f"{templates}/{cluster.cluster_template_id}").text


def test_a_data_source_is_made(horizon, local_sahara):
    horizon.send(
        "/project/data_processing/jobs/create-data-source",
        data_source_name="from-horizon",
        data_source_type="swift",
        data_source_url="container/object",
        data_source_credential_user="nobody",
        data_source_credential_pass="nothing",
    )
    sahara = local_sahara.client("1.1")
    (made,) = [one for one in sahara.data_sources.list() if one.name == "from-horizon"]
    assert made.url == "swift://container/object"
    assert "from-horizon" in horizon.get("/project/data_processing/jobs/?tab=job_tabs__data_sources_tab").text
    assert "from-horizon" in horizon.get(f"/project/data_processing/jobs/data-source/{made.id}").text
    sahara.data_sources.delete(made.id)
