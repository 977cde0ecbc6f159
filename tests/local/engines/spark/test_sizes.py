"""Executors that no worker is large enough for."""

import pytest

from saharaclient.local.engines.base import EngineError
from saharaclient.local.engines.runs import events
from saharaclient.local.engines.spark.sizes import check_executor, mib


@pytest.mark.parametrize(
    ("text", "size"), [("1g", 1024), ("512m", 512), ("2048k", 2), ("1 TB", 1024**2), ("700", 700), ("a lot", None)]
)
def test_sizes_are_read_as_spark_reads_them(text, size):
    assert mib(text) == size


WORKERS = {"workers": [{"state": "ALIVE", "memory": 2048, "cores": 2}, {"state": "DEAD", "memory": 9999, "cores": 9}]}


@pytest.mark.parametrize(
    ("memory", "cores", "reason"),
    [
        ("2g", "2", None),
        ("3g", "", "want 3072 MiB"),
        ("1g", "3", "want 1024 MiB and 3 cores"),
        ("", "", None),
        ("much", "many", None),
    ],
)
def test_what_no_worker_can_run_is_refused_with_both_sizes(memory, cores, reason):
    settings = {"spark.executor.memory": memory, "spark.executor.cores": cores}
    if reason is None:
        check_executor(settings, WORKERS)
    else:
        with pytest.raises(EngineError, match=reason) as refused:
            check_executor(settings, WORKERS)
        assert "the workers have 2048 MiB and 2 cores" in str(refused.value)


def test_a_job_that_waits_for_workers_says_so(tmp_path):
    assert events.waiting(tmp_path) is None
    warning = (
        "26/11/25 03:00:00 WARN TaskSchedulerImpl: Initial job has not accepted any resources; check your cluster\n"
    )
    (tmp_path / "stderr").write_text("began\n" + warning)
    assert "No worker has room" in events.waiting(tmp_path)
    (tmp_path / "stderr").write_text("began\n" + warning + "went on\n")
    assert events.waiting(tmp_path) is None
