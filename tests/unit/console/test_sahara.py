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
