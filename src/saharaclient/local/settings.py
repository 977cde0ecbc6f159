"""Settings of the embedded service: one immutable value that every part reads. Files are made in `state_folder.py`."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

MIB = 1024 * 1024
DRIVER_BYTES = 1024 * MIB  # of memory, that a driver may take unless it is told otherwise


def bearable() -> int:
    """How many drivers this machine bears at once: two for each core, in half of its memory."""
    memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    return max(1, min(2 * (os.cpu_count() or 1), memory // 2 // DRIVER_BYTES))


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What the embedded service is told when it starts.

    Args:
        state: folder of everything that survives a restart.
        host: address to listen on. Any but a loopback address needs `tls_certificate` and `tls_key`.
        port: port to listen on; 0 takes a free one.
        database: SQLAlchemy URL; `None` for SQLite in the state folder.
        spark_master: URL of an existing Spark, YARN or Kubernetes master, where clusters then stand for it;
            `None` to start Spark on this machine.
        spark_conf: Spark properties that every Spark job starts with; a cluster's and a job's own come before them.
        upgrade_clusters: whether clusters that were made with another version of Spark are brought up on the present
            one when the service starts; else they are in Error, and say so.
        verify_every: seconds between two looks at each cluster's processes.
        username: name of the administrator.
        password: password of the administrator and of the user `demo`.
        project_name: name of the administrator's project.
        region: region of every endpoint in the catalog.
        unversioned_catalog: whether the catalog's endpoint of Sahara is the service's root, for programs that append
            `/v2` themselves; else it is that of API 1.1.
        fake_delay: seconds a state of a cluster or job of the plugin `fake` lasts.
        max_body_bytes: largest request body in bytes, uploads of objects and images apart.
        max_upload_bytes: largest object or image in bytes.
        max_binary_bytes: largest internal binary in bytes.
        max_running_jobs: how many jobs run at once, those of the plugin `fake` apart; others are PENDING until it is
            their turn. By default two for each core, as far as half of the machine's memory bears 1 GiB for each.
        max_kept_runs: of how many jobs that have ended the files are kept: output, event log, copies of programs.
        max_kept_days: how many days after their ends.
        max_kept_bytes: how many bytes of them in all.
        token_lifetime: seconds a token is valid.
        access_log: whether the service log has a line for each request.
        tls_certificate: PEM file of the server's certificate chain.
        tls_key: PEM file of its private key.
    """

    state: Path
    host: str = "127.0.0.1"
    port: int = 8386
    database: str | None = None
    spark_master: str | None = None
    spark_conf: Mapping[str, str] = field(default_factory=dict)
    upgrade_clusters: bool = False
    verify_every: float = 60.0
    username: str = "admin"
    password: str = field(repr=False)
    project_name: str = "admin"
    region: str = "RegionOne"
    unversioned_catalog: bool = False
    fake_delay: float = 0.0
    max_body_bytes: int = 8 * MIB
    max_upload_bytes: int = 5 * 1024 * MIB
    max_binary_bytes: int = 5 * MIB
    max_running_jobs: int = field(default_factory=bearable)
    max_kept_runs: int = 100
    max_kept_days: int = 30
    max_kept_bytes: int = 2 * 1024 * MIB
    token_lifetime: int = 4 * 3600
    access_log: bool = False
    tls_certificate: Path | None = None
    tls_key: Path | None = None

    def __post_init__(self) -> None:
        for name in ("max_body_bytes", "max_upload_bytes", "max_binary_bytes", "max_running_jobs", "token_lifetime"):
            if getattr(self, name) < 1:
                raise ValueError(f"The setting '{name}' must be 1 or more, not {getattr(self, name)}.")

    @property
    def database_url(self) -> str:
        """SQLAlchemy URL of the database in use."""
        return self.database or f"sqlite:///{self.state / 'sahara.db'}"

    @property
    def scheme(self) -> str:
        """`https` with a certificate, else `http`."""
        return "https" if self.tls_certificate else "http"

    @property
    def objects(self) -> Path:
        """Folder of the contents of stored objects."""
        return self.state / "objects"

    @property
    def images(self) -> Path:
        """Folder of the contents of images."""
        return self.state / "images"

    @property
    def uploads(self) -> Path:
        """Folder of uploads under way; emptied at start."""
        return self.state / "uploads"

    @property
    def clusters(self) -> Path:
        """Folder of the processes' files of clusters, one folder each."""
        return self.state / "clusters"

    @property
    def jobs(self) -> Path:
        """Folder of job runs, one folder each."""
        return self.state / "jobs"

    @property
    def binaries(self) -> Path:
        """Folder of the contents of internal binaries."""
        return self.state / "binaries"

    @property
    def history(self) -> Path:
        """Folder of Spark's history server; the event logs it shows are in the folders of runs."""
        return self.state / "history"

    @property
    def tools(self) -> Path:
        """Folder of the `java` that stands before the machine's for Spark; made where it is needed."""
        return self.state / "java"

    @property
    def folders(self) -> tuple[Path, ...]:
        """All folders in the state folder."""
        return (self.objects, self.images, self.uploads, self.binaries, self.clusters, self.jobs, self.history)

    @property
    def log(self) -> Path:
        """The service log."""
        return self.state / "service.log"
