"""How fast the console is when there is much: 1,000 clusters and 10,000 jobs, from a Sahara that answers at once.

What the console itself takes for a page is in its `Server-Timing`; what it waits for Sahara is not its own.
"""

import concurrent.futures
import os
import re
import statistics
import time

import pytest
import requests
import requests_mock

from saharaclient.console.server import ConsoleServer
from tests.support import make_client
from tests.unit.console.conftest import FakeSahara, cluster, job

CLUSTERS, JOBS = 1_000, 10_000
FIRST = 300  # milliseconds from asking to the whole page
OWN = 50  # milliseconds of the console's own for any page
LARGEST = 100_000  # bytes
ASKED = 20  # times for each page


@pytest.fixture(scope="module")
def sahara():
    with requests_mock.Mocker(real_http=True) as mocker:
        sahara = FakeSahara("2", mocker)
        sahara.records["clusters"] = [cluster(n) for n in range(CLUSTERS)]
        ids = [one["id"] for one in sahara.records["clusters"]]
        states = ["SUCCEEDED"] * 17 + ["RUNNING", "FAILED", "KILLED"]
        sahara.records["jobs"] = [
            job(n, status=states[n % 20], job_template_id=f"t{n % 50}", cluster_id=ids[n % CLUSTERS])
            for n in range(JOBS)
        ]
        sahara.records["job-templates"] = [{"id": f"t{n}", "name": f"template-{n}", "type": "Spark"} for n in range(50)]
        yield sahara


@pytest.fixture(scope="module")
def server(sahara):
    with ConsoleServer(make_client("2"), "much").in_thread() as server:
        yield server


@pytest.fixture(scope="module")
def browser(server):
    with requests.Session() as session:
        session.trust_env = False
        session.get(server.new_link())
        yield session


def is_busy():
    """Whether more is to be done on this machine than it has processors for."""
    return os.getloadavg()[0] > os.cpu_count()


PAGES = [
    "/",
    "/clusters",
    "/clusters?page=20",
    "/clusters?q=cluster-99",
    f"/clusters/{cluster(5)['id']}",
    "/jobs",
    "/jobs?page=200",
    "/jobs?q=template-7",
    "/jobs?q=nothing+like+it",
    "/jobs?state=RUNNING",
    f"/jobs/{job(5)['id']}",
    "/job-templates",
]


def test_the_first_page_comes_soon(server, browser):
    """The first page of a console that knows nothing yet; the least of a few is what nothing else holds up."""
    took = []
    for _ in range(5):
        with ConsoleServer(make_client("2"), "much").in_thread() as fresh, requests.Session() as session:
            session.trust_env = False
            session.get(fresh.new_link())
            begun = time.perf_counter()
            assert session.get(fresh.url).status_code == 200
            took.append((time.perf_counter() - begun) * 1000)
    print(f"first page: {min(took):.0f} ms of {[round(one) for one in took]}")
    assert min(took) <= FIRST or is_busy()
    for _ in range(100):  # what was not there yet comes by itself
        if f"All {JOBS} jobs" in browser.get(server.url).text:
            return
        time.sleep(0.1)
    pytest.fail("the jobs were never there")


@pytest.mark.parametrize("path", PAGES)
def test_any_page_costs_little(server, browser, path):
    own, work = [], []
    for _ in range(ASKED):
        answer = browser.get(server.url + path)
        timing = dict(re.findall(r"(\w+);dur=([\d.]+)", answer.headers["Server-Timing"]))
        own.append(float(timing["console"]))
        work.append(float(timing["work"]))
        assert len(answer.content) <= LARGEST
    size = len(answer.content) / 1000
    print(f"{path}: {statistics.median(own):.1f} ms, of them work {statistics.median(work):.1f} ms, {size:.0f} kB")
    assert statistics.median(work) <= OWN
    assert min(own) <= OWN or is_busy()  # then others take the processor from it


def test_twenty_readers_at_once_cost_the_requests_of_one(server, sahara, browser):
    """A burst of page loads asks for each thing once a second at most."""
    time.sleep(1.1)
    sahara.sent.clear()
    begun = time.monotonic()
    with concurrent.futures.ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(lambda _: browser.get(f"{server.url}/clusters/{cluster(7)['id']}"), range(200)))
    seconds = time.monotonic() - begun
    assert {answer.status_code for answer in answers} == {200}
    one = [path for path in sahara.sent if path.endswith(cluster(7)["id"])]
    assert len(one) <= seconds + 1
