"""How the archive of Spark's classes comes to be: by a small job of our own, once for each Spark and Java.

It runs a minute after the first cluster has become Active, with what the machine has left: who stays for less, as a
test does, would wait for it in vain. It takes about a minute of one core once, and saves several seconds of each start.
"""

from __future__ import annotations

import contextlib
import fcntl
import logging
import secrets
import shutil
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING

import psutil

from saharaclient.local.engines.java import TO
from saharaclient.local.engines.processes import end, environment, spawn
from saharaclient.local.engines.runs.launch import in_scratch
from saharaclient.local.engines.runs.logs import failure_in, tail
from saharaclient.local.engines.runs.properties import write_properties

if TYPE_CHECKING:
    from saharaclient.local.engines.runtime import SparkRuntime

LOG = logging.getLogger(__name__)
MOST_KEPT = 3  # archives, of some 200 MB each
LEAST_MEMORY, LEAST_DISK = 2 * 2**30, 2**30  # bytes that have to be free, so that it is in nobody's way
_PATIENCE = 900.0  # seconds; on a busy machine it gets next to nothing of it
_PROGRAM = Path(__file__).with_name("training_job.py")


class Training:
    """Makes the archive of a service's Spark, in a thread of its own, where nobody has made it.

    Args:
        delay: Seconds until it begins.
    """

    def __init__(self, delay: float = 60.0) -> None:
        self._delay = delay
        self._thread: threading.Thread | None = None
        self._stopped, self._ended = threading.Event(), threading.Event()
        self._lock = threading.Lock()

    def begin(self, runtime: SparkRuntime) -> None:
        """Make the archive if there is none; returns at once.

        Args:
            runtime: Spark and Java.
        """
        archive = runtime.archive
        if archive is None or archive.exists() or failure(archive):
            return
        with self._lock:
            if self._thread is None and not self._stopped.is_set():  # one that fails is not repeated
                self._thread = threading.Thread(target=self._run, args=(runtime, archive), name="spark-training")
                self._thread.start()

    def wait(self, seconds: float | None = None) -> bool:
        """Wait for its end; whether it has come.

        Args:
            seconds: How long at most; None for as long as it takes.
        """
        # Not `join`: one that Ctrl-C interrupts takes the thread for ended (Python 3.11).
        return self._thread is None or self._ended.wait(seconds)

    def stop(self) -> None:
        """End it; what was made so far is gone."""
        self._stopped.set()
        self.wait()
        if self._thread is not None:
            self._thread.join()

    def _run(self, runtime: SparkRuntime, archive: Path) -> None:
        try:
            if self._stopped.wait(self._delay):
                return
            archive.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            with (archive.parent / "lock").open("w") as lock:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                if not archive.exists():
                    self._train(runtime, archive)
        except BlockingIOError:
            LOG.debug("Another process makes %s", archive)
        except OSError as error:
            LOG.info("No archive of Spark's classes: %s", error)
        finally:
            self._ended.set()

    def _train(self, runtime: SparkRuntime, archive: Path) -> None:
        if psutil.virtual_memory().available < LEAST_MEMORY or shutil.disk_usage(archive.parent).free < LEAST_DISK:
            LOG.info("No archive of Spark's classes yet: that takes 2 GiB of free memory, and 1 GiB of free disk")
            return
        folder = archive.parent / "training"
        shutil.rmtree(folder, ignore_errors=True)  # of a service that was killed
        folder.mkdir(mode=0o700)
        began, made, log = time.monotonic(), folder / "classes.jsa", folder / "log"
        try:
            self._submit(runtime, folder, made, log)
            if self._stopped.is_set():
                return
            if made.exists():
                made.chmod(0o600)
                made.rename(archive)
                _drop_old(archive.parent)
                LOG.info("Made %s in %.0f s: Spark starts faster with it", archive, time.monotonic() - began)
            else:
                reason = failure_in(tail(log))
                _failure(archive).write_text(reason)
                LOG.info("No archive of Spark's classes, which it would start faster with: %s", reason)
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def _submit(self, runtime: SparkRuntime, folder: Path, made: Path, log: Path) -> None:
        """Run the job until it ends, its time is over, or the service stops."""
        conf = folder / "spark.conf"
        write_properties(
            conf,
            {
                # For a moment it listens as a cluster does.
                "spark.authenticate": "true",
                "spark.authenticate.secret": secrets.token_urlsafe(32),
                "spark.ui.port": "0",
                "spark.ui.killEnabled": "false",
                "spark.master.rest.enabled": "false",
                "spark.executor.memory": "512m",
                "spark.eventLog.enabled": "true",
                "spark.eventLog.dir": folder.as_uri(),
                "spark.sql.warehouse.dir": (folder / "warehouse").as_uri(),
                "spark.hadoop.javax.jdo.option.ConnectionURL": f"jdbc:derby:;databaseName={folder}/tables;create=true",
                **in_scratch(folder),
            },
        )
        own = {"SPARK_CONF_DIR": str(folder / "conf"), "SPARK_LOCAL_DIRS": str(folder), TO: str(made)}
        submit = str(runtime.home / "bin" / "spark-submit")
        process = spawn(
            ["nice", "-n", "19", submit, "--properties-file", str(conf), str(_PROGRAM), str(folder)],
            environment=environment(folder, {**runtime.environment(), "PYTHONSAFEPATH": "1", **own}),
            folder=folder,
            log=log,
        )
        deadline = time.monotonic() + _PATIENCE
        while process.alive() and time.monotonic() < deadline and not self._stopped.wait(0.2):
            pass
        end([process], folder)


def failure(archive: Path) -> str | None:
    """Why an archive cannot be made; None where that is not known."""
    with contextlib.suppress(OSError):
        return _failure(archive).read_text()
    return None


def again(archive: Path) -> None:
    """Forget that an archive could not be made: else nobody tries again."""
    with contextlib.suppress(OSError):
        _failure(archive).unlink()


def _failure(archive: Path) -> Path:
    return archive.with_suffix(".failed")


def _drop_old(folder: Path) -> None:
    archives = sorted(folder.glob("*.jsa"), key=lambda path: path.stat().st_mtime, reverse=True)
    for path in archives[MOST_KEPT:]:
        path.unlink(missing_ok=True)
