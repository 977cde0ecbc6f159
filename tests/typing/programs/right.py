"""Correct programs: what a checker must take as it stands, and the types that it must know."""

from collections.abc import Iterator
from typing import Any, assert_type

from keystoneauth1.session import Session

import saharaclient
from saharaclient import bulk, types
from saharaclient.api import (
    base,
    cluster_templates,
    clusters,
    data_sources,
    images,
    job_binaries,
    job_executions,
    job_types,
    jobs,
    node_group_templates,
    plugins,
)
from saharaclient.api.client import Client as ClientV1
from saharaclient.api.client import ClientV2
from saharaclient.api.v2 import job_templates
from saharaclient.api.v2 import jobs as v2_jobs
from saharaclient.client import Client, get_client_class


def factories(session: Session, asked: str) -> None:
    assert_type(saharaclient.connect(), ClientV2)
    assert_type(saharaclient.connect("cloud"), ClientV2)
    assert_type(saharaclient.connect("cloud", "2"), ClientV2)
    assert_type(saharaclient.connect("cloud", "1.1"), ClientV1)
    assert_type(saharaclient.connect(version="1.1", project_name="demo"), ClientV1)
    assert_type(saharaclient.connect(version=asked), ClientV1 | ClientV2)
    assert_type(Client("2", session), ClientV2)
    assert_type(Client(2, session=session, timeout=None), ClientV2)
    assert_type(Client("1.1", session=session, region_name="RegionOne", connect_retries=2), ClientV1)
    assert_type(Client("1.0", auth_url="http://k", username="u", password="p", project_name="d"), ClientV1)
    assert_type(Client(asked, session=session), ClientV1 | ClientV2)
    assert_type(get_client_class("2"), type[ClientV2])
    assert_type(get_client_class("1.1"), type[ClientV1])


def a_version_chosen_at_run_time(session: Session, asked: str) -> None:
    sahara = Client(asked, session=session)
    for cluster in sahara.clusters.list():
        assert_type(cluster, clusters.Cluster)
    if isinstance(sahara, ClientV2):
        assert_type(sahara.jobs.list(), base.Page[v2_jobs.Job])
    else:
        assert_type(sahara.job_executions.list(), base.Page[job_executions.JobExecution])


def managers_of_1_1(sahara: ClientV1) -> None:
    assert_type(sahara.jobs, jobs.JobsManagerV1)
    assert_type(sahara.jobs.get("id"), jobs.Job)
    assert_type(sahara.job_executions.create("job", "cluster", configs={"args": ["a"]}), job_executions.JobExecution)
    assert_type(sahara.job_binary_internals.create("name", b"bytes").datasize, str)
    sahara.clusters.create("name", "spark", hadoop_version="4.0", cluster_template_id="id")
    sahara.images.update_tags("id", ["spark", "4.0"]).tags.sort()
    assert_type(sahara.jobs.update("id", name=None).job, dict[str, Any])


def managers_of_2(sahara: ClientV2) -> None:
    assert_type(sahara.jobs, v2_jobs.JobsManagerV2)
    assert_type(sahara.job_templates.create("name", "Spark", mains=["id"]), job_templates.JobTemplate)
    assert_type(sahara.jobs.create("template", "cluster", configs={"configs": {"a": 1}}), v2_jobs.Job)
    assert_type(sahara.jobs.wait("id", timeout=5), v2_jobs.Job)
    assert_type(sahara.jobs.cancel("id").job, dict[str, Any])
    assert_type(sahara.jobs.wait_deleted("id"), None)
    sahara.clusters.create("name", "spark", plugin_version="4.0", cluster_template_id="id")
    assert_type(sahara.clusters.force_delete("id"), dict[str, Any] | None)


def reading(sahara: ClientV2) -> None:
    assert_type(sahara.clusters.iterate(page_size=10), Iterator[clusters.Cluster])
    assert_type(sahara.clusters.find(name="c"), list[clusters.Cluster])
    assert_type(sahara.cluster_templates.find_unique(name="c"), cluster_templates.ClusterTemplate)
    assert_type(sahara.node_group_templates.list().next, str | None)
    assert_type(sahara.plugins.get_version_details("spark", "4.0").node_processes, dict[str, list[str]])
    assert_type(sahara.plugins.get("spark").plugin_labels["enabled"]["status"], bool)
    assert_type(sahara.images.list()[0], images.Image)
    assert_type(sahara.data_sources.get("id"), data_sources.DataSources)
    assert_type(sahara.job_binaries.get_file("id"), bytes)
    assert_type(sahara.job_binaries.download("id", "file"), int)
    assert_type(sahara.job_types.list()[0].plugins[0]["versions"], dict[str, dict[str, Any] | None])
    assert_type(sahara.node_group_templates.export("id").node_group_template, dict[str, Any])
    assert_type(sahara.job_templates.get_configs("Spark").job_config, dict[str, Any])
    assert_type(sahara.clusters.get("id").to_dict(), dict[str, Any])


def fields(cluster: clusters.Cluster) -> None:
    assert_type(cluster.name, str)
    assert_type(cluster.node_groups[0]["count"], int)
    assert_type(cluster.provision_progress[0]["events"][0]["event_info"], str | None)
    assert_type(cluster.verification["checks"][0]["status"], str)
    assert_type(cluster.info["Spark"]["Web UI"], str)
    assert_type([g["instances"][0]["internal_ip"] for g in cluster.node_groups if "instances" in g], list[str | None])
    assert_type(getattr(cluster, "newer", None), Any | None)


def bodies(sahara: ClientV2, template: node_group_templates.NodeGroupTemplate) -> None:
    groups: list[types.NodeGroupSpec] = [
        {"name": "workers", "count": 2, "node_group_template_id": template.id},
        {"name": "master", "count": 1, "flavor_id": "2", "node_processes": ["master"]},
    ]
    sahara.cluster_templates.create("small", "spark", "4.0", node_groups=groups, anti_affinity=["slave"])
    sahara.cluster_templates.update("id", node_groups=None, name="large")
    sahara.clusters.create("c", "spark", "4.0", node_groups=[{"name": "all", "count": 1, "flavor_id": "2"}])
    resized: types.ScaleObject = {"resize_node_groups": [{"name": "workers", "count": 5}]}
    assert_type(sahara.clusters.scale("id", resized).cluster, dict[str, Any])
    sahara.clusters.scale("id", {"add_node_groups": groups})
    sahara.clusters.verification_update("id", "START")
    sahara.job_templates.create(
        "t", "Spark", interface=[{"name": "in", "mapping_type": "args", "location": "0", "required": True}]
    )
    sahara.data_sources.create("d", "", "s3", "s3://b/k", s3_credentials={"accesskey": "a", "secretkey": "s"})
    sahara.plugins.update("spark", {"plugin_labels": {"hidden": {"status": False}}})


def many(sahara: ClientV2, ids: list[str]) -> None:
    for outcome in bulk.each(sahara.clusters.get, ids):
        assert_type(outcome, bulk.Outcome[str, clusters.Cluster])
        assert_type(outcome.result(), clusters.Cluster)
    for deleted in bulk.each(sahara.job_binaries.delete, ids, width=4):
        assert_type(deleted.error, Exception | None)


def errors(sahara: ClientV2) -> None:
    try:
        sahara.clusters.wait("id", "Active", timeout=60, on_progress=lambda cluster: print(cluster.status))
    except base.OperationFailed as error:
        print(error.resource, error.error_code, error.request_id)
    except base.APIException as error:
        assert_type(error.status_code, int | None)


def what_else_there_is(job_type: job_types.JobType, plugin: plugins.Plugin, binary: job_binaries.JobBinaries) -> None:
    assert_type(job_type.name, str)
    assert_type(plugin.configs[0]["priority"], int)
    assert_type(binary.url, str)
