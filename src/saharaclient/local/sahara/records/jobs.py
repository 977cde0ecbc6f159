"""Sahara's tables of jobs: data sources, binaries, job templates and their runs. Clusters are in `clusters.py`."""

from __future__ import annotations

from datetime import datetime  # noqa: TC003 - SQLAlchemy resolves it
from typing import Any

from sqlalchemy import Column, ForeignKey, Index, String, Table, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from saharaclient.local.sahara.records.clusters import COMMON, Cluster, Record, Shared
from saharaclient.local.store.database import Base
from saharaclient.states import JobStatus

DELETING = "DELETING"  # a run's status while its processes are ended and its record goes; replies show TOBEKILLED
SHARED = (*COMMON, "project_id", "name", "is_public", "is_protected")


class DataSource(Record, Shared, Base):
    """Where a job reads or writes."""

    __tablename__ = "data_sources"
    wire = (*SHARED, "description", "type", "url")
    type: Mapped[str] = mapped_column(String(80), index=True)
    url: Mapped[str] = mapped_column(Text)
    credentials: Mapped[dict[str, Any]] = mapped_column(default=dict)


class JobBinary(Record, Shared, Base):
    """A program or library of a job, by its URL."""

    __tablename__ = "job_binaries"
    wire = (*SHARED, "description", "url")
    url: Mapped[str] = mapped_column(Text)
    extra: Mapped[dict[str, Any]] = mapped_column(default=dict)


class JobBinaryInternal(Record, Shared, Base):
    """A program or library that the service itself stores; its bytes are a file in the state folder."""

    __tablename__ = "job_binary_internals"
    wire = (*SHARED, "datasize")
    datasize: Mapped[int]


mains = Table(
    "job_template_mains",
    Base.metadata,
    Column("job_template_id", ForeignKey("job_templates.id", ondelete="CASCADE"), primary_key=True),
    Column("job_binary_id", ForeignKey("job_binaries.id"), primary_key=True, index=True),
)
libs = Table(
    "job_template_libs",
    Base.metadata,
    Column("job_template_id", ForeignKey("job_templates.id", ondelete="CASCADE"), primary_key=True),
    Column("job_binary_id", ForeignKey("job_binaries.id"), primary_key=True, index=True),
)


class JobTemplate(Record, Shared, Base):
    """What a run of it runs. API 1.1 calls it a job."""

    __tablename__ = "job_templates"
    wire = (*SHARED, "description", "type", "mains", "libs", "interface")
    type: Mapped[str] = mapped_column(String(80), index=True)
    mains: Mapped[list[JobBinary]] = relationship(secondary=mains, lazy="selectin")
    libs: Mapped[list[JobBinary]] = relationship(secondary=libs, lazy="selectin")
    interface: Mapped[list[InterfaceArgument]] = relationship(
        cascade="all, delete-orphan", order_by="InterfaceArgument.order", lazy="selectin"
    )


class InterfaceArgument(Record, Base):
    """One argument of a job template's interface. Both API versions show 1.1's names of its references."""

    __tablename__ = "interface_arguments"
    wire = (
        *COMMON,
        *[
            "job_id",
            "tenant_id",
            "name",
            "description",
            "mapping_type",
            "location",
            "value_type",
            "required",
            "order",
            "default",
        ],
    )
    job_id: Mapped[str] = mapped_column(ForeignKey(JobTemplate.id), index=True)
    tenant_id: Mapped[str] = mapped_column(String(64))
    name: Mapped[str] = mapped_column(Text)
    description: Mapped[str | None] = mapped_column(Text)
    mapping_type: Mapped[str] = mapped_column(String(80))
    location: Mapped[str] = mapped_column(Text)
    value_type: Mapped[str] = mapped_column(String(80))
    required: Mapped[bool]
    order: Mapped[int]
    default: Mapped[str | None] = mapped_column(Text)


class JobExecution(Record, Base):
    """A run of a job template. API 2 calls it a job. `engine_state` is what its engine wants to be handed back.

    `places` is what of object storage it was given, as `saharaclient.local.sahara.jobs.data` has it.
    """

    __tablename__ = "job_executions"
    __table_args__ = (
        Index("ix_job_executions_project", "project_id", "id"),
        Index("ix_job_executions_public", "is_public", "id"),
        Index("ix_job_executions_project_status", "project_id", "status", "id"),
        Index("ix_job_executions_project_template", "project_id", "job_template_id", "id"),
        Index("ix_job_executions_project_cluster", "project_id", text("coalesce(cluster_id, '')"), "id"),
    )
    wire = (
        *COMMON,
        *[
            "project_id",
            "job_template_id",
            "input_id",
            "output_id",
            "start_time",
            "end_time",
            "cluster_id",
            "info",
            "engine_job_id",
        ],
        *["return_code", "job_configs", "data_source_urls", "is_public", "is_protected"],
    )
    job_template_id: Mapped[str] = mapped_column(ForeignKey(JobTemplate.id), index=True)
    input_id: Mapped[str | None] = mapped_column(ForeignKey(DataSource.id), index=True)
    output_id: Mapped[str | None] = mapped_column(ForeignKey(DataSource.id), index=True)
    cluster_id: Mapped[str | None] = mapped_column(ForeignKey(Cluster.id, ondelete="SET NULL"), index=True)
    start_time: Mapped[datetime | None]
    end_time: Mapped[datetime | None] = mapped_column(index=True)
    status: Mapped[str] = mapped_column(String(80), default=JobStatus.PENDING, index=True)
    info: Mapped[dict[str, Any]] = mapped_column(default=dict)
    engine_job_id: Mapped[str | None] = mapped_column(String(100))
    return_code: Mapped[str | None] = mapped_column(String(80))
    job_configs: Mapped[dict[str, Any]] = mapped_column(default=dict)
    extra: Mapped[dict[str, Any]] = mapped_column(default=dict)
    data_source_urls: Mapped[dict[str, Any] | None]
    is_public: Mapped[bool] = mapped_column(default=False)
    is_protected: Mapped[bool] = mapped_column(default=False)
    engine_state: Mapped[dict[str, Any] | None]
    places: Mapped[list[Any] | None]
