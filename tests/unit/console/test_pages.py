"""What pages tell, from what a Sahara answers: nothing unescaped, no secret, and its troubles in words."""

import html
import re
import time
from html.parser import HTMLParser

import pytest
import requests

from saharaclient.console.server import ConsoleServer
from tests.support import make_client
from tests.unit.console.conftest import KINDS, cluster, job

EVIL = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>"
SECRET = "sw0rdf1sh"


class Tags(HTMLParser):
    """The tags of a page, with the attributes that could run something."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.dangerous = set(), []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.dangerous += [
            (tag, n, v) for n, v in attrs if n.startswith("on") or n == "style" or "javascript:" in (v or "")
        ]
        if tag == "script":
            self.dangerous += [("script", n, v) for n, v in attrs if n == "src" and not v.startswith("/static/")]


def fill(sahara, text):
    """Records in which every free text is `text`."""
    version = sahara.version
    info = {"WebUI": "http://127.0.0.1:4040/", "bad": "javascript:alert(3)", "text": text}
    step = {"step_name": text, "total": 1, "successful": False, "created_at": "2026-01-01T00:00:00",
            "events": [{"id": "e1", "event_info": text, "instance_name": text, "successful": False}]}  # fmt: skip
    sahara.records["clusters"] = [
        cluster(1, version, name=text, status="Error", status_description=text, info=info, provision_progress=[step],
                description=text, cluster_configs={text: {text: text}},
                verification={"status": "RED", "checks": [{"name": text, "status": text, "description": text}]})
    ]  # fmt: skip
    sahara.records[sahara.runs] = [
        job(1, version, "FAILED", {"errors": text, "link": "https://history.test/", **info}, interface={text: text},
            job_configs={"configs": {text: text}, "args": [text], "params": {text: text}})
    ]  # fmt: skip
    named = {
        "id": "t1",
        "name": text,
        "description": text,
        "url": text,
        "type": text,
        "tags": [text],
        "versions": [text],
    }
    for path in sahara.records:
        if path not in ("clusters", sahara.runs):
            sahara.records[path] = [{**named, "node_groups": [{"name": text, "count": 1, "node_processes": [text]}]}]
    kinds = [path for path in KINDS if path != "clusters"]
    ones = [f"/clusters/{cluster()['id']}", f"/jobs/{job()['id']}", "/job-templates/t1"]
    lists = ["/", "/clusters", "/jobs", "/job-templates", "/jobs?q=%3Cscript%3E&state=%22%3E"]
    return [*lists, *ones, *(f"/{path}{one}" for path in kinds for one in ("", "/t1"))]


def test_nothing_of_a_users_data_is_markup(browser, sahara):
    for path in fill(sahara, EVIL):
        page = browser.get(path)
        found = Tags(page.text)
        assert not found.dangerous, path
        assert "img" in found.tags, "the mark of the console itself"
        assert "<img src=x" not in page.text, path
        assert "alert(1)</script>" not in page.text, path


def test_a_path_is_no_markup(browser):
    page = browser.get("/clusters/%3Cscript%3Ealert(1)%3C%2Fscript%3E")
    assert page.status_code == 404
    assert "<script>alert" not in page.text


def test_only_web_addresses_are_links(browser, sahara):
    fill(sahara, "plain")
    for path in (f"/clusters/{cluster()['id']}", f"/jobs/{job()['id']}"):
        hrefs = re.findall(r'href="([^"]*)"', browser.get(path).text)
        assert "http://127.0.0.1:4040/" in hrefs
        assert not [
            href for href in hrefs if not href.startswith(("/", "#", "http://127.0.0.1:4040/", "https://history.test/"))
        ]


def test_no_secret_is_shown(browser, sahara):
    fill(sahara, f"--password {SECRET} swift://user:{SECRET}@place/x token={SECRET}")
    (made,) = sahara.records["clusters"]
    made |= {"name": "a-name", "cluster_configs": {"HDFS": {"dfs.password": SECRET}}}
    run = sahara.records[sahara.runs][0]
    run |= {"interface": {}}
    run["job_configs"] = {"configs": {"fs.swift.service.sahara.password": SECRET}, "args": ["--secret-key", SECRET]}
    sahara.records["data-sources"][0]["credentials"] = {"user": "u", "password": SECRET}
    for path in (
        "/",
        "/clusters",
        f"/clusters/{cluster()['id']}",
        f"/jobs/{run['id']}",
        "/data-sources/t1",
        "/data-sources",
        "/job-binaries",
    ):
        page = browser.get(path)
        assert page.status_code == 200
        assert SECRET not in page.text, path


def test_a_command_has_a_place_for_a_secret_that_the_server_keeps(browser, sahara):
    """Sahara tells it as an empty text."""
    fill(sahara, "plain")
    run = sahara.records[sahara.runs][0]
    run["job_configs"] = {"configs": {"fs.swift.service.sahara.password": "", "plain": ""}, "args": []}
    shown = html.unescape(re.sub("</?span>", "", browser.get(f"/jobs/{run['id']}").text))
    assert "--configs 'fs.swift.service.sahara.password:***' plain: --wait" in shown


def test_the_reason_of_a_failure_comes_first(browser, sahara):
    fill(sahara, "boom: no space left")
    text = browser.get(f"/jobs/{job()['id']}").text
    assert 0 < text.index("boom: no space left") < text.index("Facts")
    text = browser.get(f"/clusters/{cluster()['id']}").text
    assert 0 < text.index("boom: no space left") < text.index("How it came to be")


def test_trouble_is_told_and_what_was_read_stays(browser, sahara, server):
    sahara.records["clusters"] = [cluster(1, sahara.version)]
    assert "cluster-1" in browser.get("/clusters").text
    sahara.status = 500
    for seen in server.console.board._seen.values():
        seen.tried = float("-inf")
    page = browser.get("/clusters")
    assert "cluster-1" in page.text
    assert "it &lt;b&gt;hurts&lt;/b&gt;" in page.text


def test_an_odd_server_breaks_no_page(browser, sahara):
    """Records without the members that are usual, or with others in their place."""
    sahara.records["clusters"] = [
        {"id": "c1", "name": "bare"},
        {"id": "c2", "name": None, "status": 5, "node_groups": "none"},
    ]
    sahara.records[sahara.runs] = [
        {"id": "j1"},
        {"id": "j2", "info": None, "job_configs": None, "start_time": "yesterday"},
    ]
    paths = ["/", "/clusters", "/clusters/c1", "/clusters/c2", "/jobs", "/jobs/j1", "/jobs/j2"]
    assert {path: browser.get(path).status_code for path in paths} == dict.fromkeys(paths, 200)


@pytest.mark.parametrize("page", ["0", "-1", "999999999999", "x", "٣", ""])
def test_a_page_that_is_not_there(browser, sahara, page):
    sahara.records["clusters"] = [cluster(n, sahara.version) for n in range(60)]
    answer = browser.get(f"/clusters?page={page}")
    assert answer.status_code == 200
    assert "of 60" in answer.text


def test_lists_have_pages_and_are_searched(browser, sahara):
    sahara.records["clusters"] = [cluster(n, sahara.version) for n in range(120)]
    sahara.records["clusters"][7]["status"] = "Error"
    seen = set()
    for page in ("1", "2", "3"):
        seen |= set(re.findall(r">(cluster-\d+)<", browser.get(f"/clusters?page={page}").text))
    assert len(seen) == 120
    assert set(re.findall(r">(cluster-\d+)<", browser.get("/clusters?q=CLUSTER-11").text)) == {
        "cluster-11", *(f"cluster-11{n}" for n in range(10))
    }  # fmt: skip
    assert set(re.findall(r">(cluster-\d+)<", browser.get("/clusters?state=Error").text)) == {"cluster-7"}


def test_what_the_service_uses_of_the_machine_is_on_the_overview(sahara, version):
    facts = {"Disk": "5 MiB <used>"}
    console = ConsoleServer(make_client(version), "local", usage=lambda: facts)
    with console.in_thread() as server, requests.Session() as session:
        session.trust_env = False
        session.get(server.new_link())
        for _ in range(100):  # it comes when it has been read
            page = session.get(server.url).text
            if "Disk" in page:
                break
            time.sleep(0.1)
    assert "5 MiB &lt;used&gt;" in page
