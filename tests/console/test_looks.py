"""How pages look and what they are to who can't see them: widths, colour schemes, keyboard, axe-core, no script."""

import contextlib

import pytest
from playwright.sync_api import expect

from saharaclient.console.server import ConsoleServer
from saharaclient.local import LocalSahara
from tests.console.browser import SCHEMES, WIDTHS, Reader, faults_of
from tests.console.life_cycle import MINUTES, Templates, begin_a_job

EXTREMES = (min(WIDTHS), max(WIDTHS))
UNDER_WAY = "Spawning"  # the first state that a cluster stays in for long
FEW = ("/", "/clusters", "/jobs", "/cluster-templates", "/node-group-templates", "/job-templates", "/data-sources")
LISTS = (*FEW, "/job-binaries", "/images", "/plugins", "/plugins/fake", "/clusters?q=nothing", "/nowhere")


@pytest.fixture(scope="session")
def version():
    """One will do for looks."""
    return "2"


@pytest.fixture
def paths(cluster, job, templates):
    """Every kind of page."""
    return [
        *LISTS,
        f"/clusters/{cluster.id}",
        f"/jobs/{job.id}",
        f"/cluster-templates/{templates.cluster_template.id}",
        f"/node-group-templates/{templates.group.id}",
        f"/job-templates/{templates.job_template.id}",
        f"/data-sources/{templates.source.id}",
        f"/job-binaries/{templates.binary.id}",
        f"/images/{templates.image}",
        "/clusters/none",
    ]


@pytest.mark.parametrize("scheme", SCHEMES)
def test_nothing_is_in_the_way_of_anybody(reader, paths, scheme):
    reader.page.emulate_media(color_scheme=scheme)
    faults = {}
    for width in EXTREMES:
        reader.page.set_viewport_size({"width": width, "height": 900})
        for path in paths:
            reader.open(path)
            if found := reader.faults():
                faults[path, width] = found
    assert not faults


def test_no_page_is_wider_than_the_screen(reader, paths):
    for path in paths:
        reader.open(path)
        for width in WIDTHS:
            reader.page.set_viewport_size({"width": width, "height": 900})
            assert reader.page.evaluate("document.documentElement.scrollWidth") <= width, (path, width)


@pytest.fixture(scope="module")
def unfinished(tmp_path_factory):
    """A service where work is under way for an hour and other work has failed, and the pages that show it."""
    state = tmp_path_factory.mktemp("unfinished") / "state"
    with LocalSahara(state) as local:
        sahara, port = local.client(), int(local.url.rpartition(":")[2])
        templates = Templates(sahara, "2", local.image("fake"), local.network(), "unfinished")
        active = templates.cluster("active")
        failing = templates.cluster("failing", cluster_configs={"general": {"Fail jobs": "true"}})
        broken = templates.cluster("broken", cluster_configs={"general": {"Fail at": "Configuring"}})
        for cluster, state_of in ((active, "Active"), (failing, "Active"), (broken, "Error")):
            sahara.clusters.wait(cluster.id, until=state_of, timeout=MINUTES)
        failed = begin_a_job(templates, failing)
        templates.jobs.wait(failed.id, until="FAILED", timeout=MINUTES)
    with LocalSahara(state, port=port, fake_delay=3600) as local:
        running, made = (
            begin_a_job(templates, active),
            templates.cluster("a-name-as-long-as-its-hosts-may-be-named"),
        )
        pages = [f"/clusters/{one.id}" for one in (made, broken)] + [f"/jobs/{one.id}" for one in (running, failed)]
        with ConsoleServer(sahara, "unfinished").in_thread() as server:
            sahara.clusters.wait(made.id, until=UNDER_WAY, timeout=MINUTES)
            yield server, ["/", "/clusters", "/jobs", *pages]


@pytest.mark.parametrize("scheme", SCHEMES)
def test_what_is_under_way_or_has_failed_is_in_nobodys_way_either(browser, unfinished, scheme):
    server, paths = unfinished
    with contextlib.closing(Reader(browser, server, color_scheme=scheme)) as reader:
        states, faults = set(), {}
        for path in paths:
            page = reader.open(path)
            states |= {*page.locator(".state").all_inner_texts()}
            for width in EXTREMES:
                page.set_viewport_size({"width": width, "height": 900})
                assert page.evaluate("document.documentElement.scrollWidth") <= width, (path, width)
                if found := reader.faults():
                    faults[path, width] = found
    assert not faults
    assert {UNDER_WAY, "Error", "FAILED", "RUNNING"} <= states


@pytest.mark.parametrize("scheme", SCHEMES)
def test_an_empty_service_and_the_login_are_in_nobodys_way(browser, scheme):
    with LocalSahara() as local, ConsoleServer(local.client(), "empty").in_thread() as server:
        context = browser.new_context(color_scheme=scheme)
        page = context.new_page()
        page.goto(server.url)
        assert faults_of(page) == []
        context.close()
        with contextlib.closing(Reader(browser, server, color_scheme=scheme)) as reader:
            for path in FEW:
                assert "None." in reader.open(path).locator("main").inner_text()
                assert reader.faults() == [], path


LOADED = """["navigation", "resource"].flatMap(kind => performance.getEntriesByType(kind))
    .filter(entry => !entry.name.includes("/events")).reduce((sum, entry) => sum + entry.decodedBodySize, 0)"""


def test_pages_are_small(reader, paths):
    """A page with all that it needs is 100 kB at most."""
    for path in paths:
        reader.open(path)
        size = reader.page.evaluate(LOADED)
        assert 1000 < size <= 100_000, path


def test_the_login_page(browser, server):
    context = browser.new_context()
    page = context.new_page()
    page.goto(server.url)
    expect(page.locator("main")).to_contain_text("Open the link")
    context.close()


def test_all_but_the_following_works_without_a_script(readers, cluster, job, templates):
    reader = readers(java_script_enabled=False)
    page = reader.open("/clusters?q=novels")
    page.get_by_role("link", name=cluster.name).click()
    expect(page.locator(".heading")).to_contain_text("Active")
    page.get_by_role("link", name=templates.cluster_template.name).click()
    expect(page.locator("main")).to_contain_text("worker")
    page = reader.open("/jobs")
    page.get_by_role("searchbox").fill("no such job")
    page.get_by_role("button", name="Find").click()
    expect(page.locator("main")).to_contain_text("0 of")


def test_times_are_of_the_readers_zone(readers, cluster):
    shown = {}
    for zone in ("UTC", "Asia/Kolkata", "America/New_York"):
        page = readers(timezone_id=zone).open(f"/clusters/{cluster.id}")
        page.wait_for_function("document.getElementById('zone').textContent.length > 0")
        shown[zone] = page.locator("time[data-show=when]").first.inner_text()
    utc = cluster.created_at.replace("T", " ")
    assert shown["UTC"] == utc
    assert len({*shown.values()}) == 3
    minutes = {zone: int(text[14:16]) for zone, text in shown.items()}
    assert (minutes["UTC"] + 30) % 60 == minutes["Asia/Kolkata"]


def test_a_command_is_copied(readers, cluster):
    reader = readers(permissions=["clipboard-read", "clipboard-write"])
    page = reader.open(f"/clusters/{cluster.id}")
    page.get_by_role("button", name="Copy: Delete").click()
    assert (
        page.evaluate("navigator.clipboard.readText()")
        == f"openstack dataprocessing cluster delete {cluster.name} --wait"
    )


def test_the_keyboard_alone_is_enough(reader, cluster):
    page = reader.open("/clusters")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    for _ in range(40):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.textContent") == cluster.name:
            break
    page.keyboard.press("Enter")
    page.wait_for_url("**/clusters/*")
    assert page.evaluate("getComputedStyle(document.activeElement).display") != "none"
