"""What is read of Sahara for the console, and by which requests."""

import pytest

from saharaclient.console import sahara as reading
from tests.support import make_client
from tests.unit.console.conftest import job


@pytest.mark.parametrize("ended", ["SUCCEEDED", "FAILED"])
def test_the_server_asks_the_cluster_about_a_job_that_runs(sahara, version, ended):
    """And no more once it has ended."""
    run = job(version=version, status="RUNNING")
    sahara.records[sahara.runs] = [run]
    look, read = reading.job(run["id"]), reading.Sahara(make_client(version)).read
    plain = f"/{sahara.runs}/{run['id']}"
    refreshed = {"1.1": f"{plain}/refresh-status", "2": f"{plain}?refresh_status=true"}[version]
    for status, asked in (("RUNNING", plain), ("RUNNING", refreshed), (ended, refreshed), (ended, plain)):
        run["info"]["status"] = status
        assert read(look)["status"] == status
        assert sahara.urls[-1].lower().endswith(asked)


def test_the_server_asks_the_clusters_about_the_jobs_of_a_list_too(sahara, version):
    """API 1.1's does when it is asked to: every second time, about one that is under way, in turn."""
    ended, *running = runs = [job(number, version, "RUNNING" if number else "SUCCEEDED") for number in range(3)]
    sahara.records[sahara.runs] = runs
    read, plain = reading.Sahara(make_client(version)).read, f"/{sahara.runs}"
    for _ in range(5):
        assert [row["status"] for row in read(reading.JOBS)].count("RUNNING") == 2
    asked = [url.partition(f"/{sahara.runs}")[1:] for url in sahara.urls]
    refreshed = [f"/{one['id']}/refresh-status" for one in running]
    assert {rest for _, rest in asked[1::2]} == ({*refreshed} if version == "1.1" else {""})
    assert [rest for _, rest in asked[::2]] == [""] * 3
    running[0]["info"]["status"] = "FAILED"
    states = [[row["status"] for row in read(reading.JOBS)] for _ in range(2)]
    assert states[-1].count("FAILED") == 1
    for one in running:
        one["info"]["status"] = "KILLED"
    read(reading.JOBS), read(reading.JOBS)
    sahara.urls.clear()
    read(reading.JOBS), read(reading.JOBS)
    assert all(url.endswith(plain) for url in sahara.urls)  # nothing is under way
    assert ended["id"] not in "".join(sahara.urls)


def test_the_embedded_service_needs_no_asking(sahara, version):
    sahara.records[sahara.runs] = [job(version=version, status="RUNNING")]
    read = reading.Sahara(make_client(version), usage=dict).read
    read(reading.JOBS), read(reading.JOBS)
    assert all(url.endswith(f"/{sahara.runs}") for url in sahara.urls)


def test_a_job_that_goes_away_while_it_is_asked_about_is_no_failure(sahara, version):
    sahara.records[sahara.runs] = [job(version=version, status="RUNNING")]
    read = reading.Sahara(make_client(version)).read
    assert len(read(reading.JOBS)) == 1
    sahara.records[sahara.runs].clear()
    read(reading.JOBS)
    assert read(reading.JOBS) == []
