"""What jobs print, at the command line: while they run, afterwards, and why they failed; piped and on a terminal.

The jobs are shell scripts, real processes, on a cluster that stands for a master which they never ask.
"""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING, Any

import pytest

from saharaclient.local import LocalSahara
from tests.cli.launch import EXECUTABLE, OpenStack, Outcome
from tests.cli.terminal import shown
from tests.services import environment_of, spark_cluster

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

FAILING = """\
echo begun
echo '26/01/31 12:00:00 INFO Main: all is well' >&2
echo '26/01/31 12:00:01 WARN Main: not for long' >&2
printf 'Traceback (most recent call last):\\n  File "x.py", line 1\\nKeyError: 7\\n'
exit 3
"""


@pytest.fixture(scope="module")
def jobs_service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalSahara]:
    with (
        socket.create_server(("127.0.0.1", 0)) as master,
        LocalSahara(
            state=tmp_path_factory.mktemp("jobs") / "state", spark_master=f"spark://127.0.0.1:{master.getsockname()[1]}"
        ) as running,
    ):
        spark_cluster(running, "jobs")
        yield running


@pytest.fixture(params=["1.1", "2"])
def openstack(request: pytest.FixtureRequest, jobs_service: LocalSahara, tmp_path: Path, forks: Any) -> OpenStack:
    return OpenStack(request.param, tmp_path, environment_of(jobs_service), forks)


def write(openstack: OpenStack, name: str, script: str) -> str:
    (openstack.directory / name).write_text(script, "utf-8")
    return name


def failed(openstack: OpenStack, *words: str) -> Outcome:
    """A run whose output may have a traceback, the job's."""
    arguments = ["--os-data-processing-api-version", openstack.version, "dataprocessing", *words]
    outcome = openstack.launch(arguments, openstack.environment, openstack.directory, 120)
    return Outcome(openstack.version, words, *outcome)


def test_a_failed_job_shows_why(openstack: OpenStack) -> None:
    program = write(openstack, "failing.sh", FAILING)
    for more in ([], ["--quiet"]):
        ran = failed(openstack, "job", "run", program, "--cluster", "jobs", *more)
        assert ran.exit == 3, ran
        assert ran.stdout.count("KeyError: 7\n") == 1
        assert ("begun" in ran.stdout) == (not more)
        assert "WARN Main: not for long" in ran.stdout.partition("KeyError: 7\n")[2]
        assert "INFO" not in ran.stdout
    (job,) = openstack.show("job list --named --status FAILED --limit 1")
    assert job["Program"].startswith("failing-")
    assert job["Cluster"] == "jobs"
    waited = failed(openstack, "job", "wait", job["Id"])
    assert (waited.exit, "KeyError: 7\n" in waited.stdout, "INFO" in waited.stdout) == (3, True, False)
    told = openstack.show(f"job show {job['Id']}")
    assert "exit status 3" in told["Reason"]
    assert told["Output"].endswith(job["Id"])
    assert told["Duration"].startswith("0:00:")


def test_logs(openstack: OpenStack) -> None:
    program = write(openstack, "talking.sh", "for i in 1 2 3; do echo line $i; done; echo aside >&2\n")
    made = openstack.show(f"job run {program} --cluster jobs --detach")
    followed = openstack.do(f"job logs {made['Id']} --follow")
    assert followed.stdout == "line 1\nline 2\nline 3\n"
    (row,) = [row for row in openstack.show("job list --named --cluster jobs") if row["Id"] == made["Id"]]
    assert openstack.do(f"job logs {row['Program']}").stdout == followed.stdout  # the latest of a template
    assert openstack.do(f"job logs {made['Id']} --tail 2").stdout == "line 2\nline 3\n"
    assert openstack.do(f"job logs {made['Id']} --tail 1 --follow").stdout == "line 3\n"
    assert openstack.do(f"job logs {made['Id']} --stderr").stdout == "aside\n"
    openstack.do(f"job run {program} --cluster jobs --quiet")
    missing = openstack("job", "logs", "no-such")
    assert (missing.exit, "There is no job of the id 'no-such'" in missing.stderr) == (1, True)
    table = openstack.do("job list --named").stdout.splitlines()
    assert table[1].split("|")[1:-1] == [f" {name:<{len(cell) - 1}}" for name, cell in zip(
        ("Id", "Program", "Cluster", "Status", "Started", "Duration"), table[1].split("|")[1:-1], strict=True
    )]  # fmt: skip
    listed = openstack.show("job list --named --status suCCeeded")
    assert listed == sorted(listed, key=lambda row: row["Started"], reverse=True)


def test_rm_leaves_nothing(openstack: OpenStack, jobs_service: LocalSahara) -> None:
    def there() -> list[Any]:
        objects = jobs_service.session().get(
            "/sahara-uploads", endpoint_filter={"service_type": "object-store", "interface": "public"}, raise_exc=False
        )
        kinds = ("job", "job template", "job binary")
        return [objects.text if objects.ok else "", *(openstack.show(f"{kind} list") for kind in kinds)]

    program = write(openstack, "passing.sh", "echo passing by\n")
    before = there()
    assert "passing by\n" in openstack.do(f"job run {program} --cluster jobs --rm").stdout
    assert there() == before


@pytest.mark.parametrize("openstack", ["2"], indirect=True)
def test_on_a_terminal_the_output_comes_while_the_job_runs(openstack: OpenStack) -> None:
    long = "/a/path/that/is/longer/than/a/terminal" * 5
    program = write(
        openstack, "slow.sh", f"echo first; sleep 4; echo {long}; echo '[red] :smile: 1'; echo last; exit 1\n"
    )
    words = ["--os-data-processing-api-version", "2", "job", "run", program, "--cluster", "jobs"]
    narrow = {**openstack.environment, "COLUMNS": "60"}
    text, moments = shown([str(EXECUTABLE.with_name("sahara")), *words], narrow, openstack.directory)
    assert long in text  # whole, to be copied
    assert "[red] :smile: 1" in text  # as the program wrote it
    assert "is FAILED: " in text
    came = [next(at for at, until in moments if word in until) for word in ("first", "last")]
    assert came[1] - came[0] > 2  # seconds
