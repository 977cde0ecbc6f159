"""What a real job prints is seen while it runs, on its page, without reading that anew."""

import contextlib

import pytest

from saharaclient.console.server import ConsoleServer
from saharaclient.local import LocalSahara
from tests.console.browser import Reader
from tests.services import spark_cluster

LINES = 40
SCRIPT = f"""\
for number in $(seq {LINES}); do echo "line $number <b>"; done
while [ ! -e "$1" ]; do sleep 0.1; done
echo "password=hunter2"
echo "last line"
"""
SECONDS = 200.0


@pytest.fixture
def work():
    """A service with a Spark cluster, and its client."""
    with LocalSahara() as local:
        sahara = local.client("1.1")  # which takes programs without object storage
        cluster = spark_cluster(local, "prints")
        stored = sahara.job_binary_internals.create("prints.sh", SCRIPT)
        program = sahara.job_binaries.create("prints.sh", f"internal-db://{stored.id}")
        template = sahara.jobs.create("prints", "Shell", mains=[program.id])
        yield sahara, template, cluster


def test_the_output_of_a_running_job_is_followed(browser, work, tmp_path):
    sahara, template, cluster = work
    go_on = tmp_path / "go-on"
    run = sahara.job_executions.create(template.id, cluster.id, configs={"args": [str(go_on)]})
    with ConsoleServer(sahara, "test").in_thread() as server, contextlib.closing(Reader(browser, server)) as reader:
        page = reader.open(f"/jobs/{run.id}")
        reader.wait_for_text("pre.printed", f"line {LINES} <b>", SECONDS)
        assert "RUNNING" in page.locator(".heading .state").inner_text()
        assert "last line" not in page.content()
        page.evaluate("document.querySelector('pre.printed').marked = true")
        go_on.touch()
        reader.wait_for_text("pre.printed", "last line", SECONDS)
        reader.wait_for_text(".heading .state", "SUCCEEDED", SECONDS)
        assert page.evaluate("document.querySelector('pre.printed').marked")  # it has grown, and is no other one
        hidden = "(one => one.scrollHeight - one.scrollTop - one.clientHeight)(document.querySelector('pre.printed'))"
        assert page.evaluate(hidden) < 40  # its end is in sight
        assert "hunter2" not in page.content()
