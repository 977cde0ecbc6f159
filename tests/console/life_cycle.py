"""The life of a cluster and a job, made through the client and seen page by page: here and on a real Sahara alike."""

import re

MINUTES = 600.0  # seconds that a cluster may take; on a busy machine a real one takes four minutes


class Templates:
    """What clusters of the plugin `fake` and a job need.

    Args:
        sahara: the client.
        version: its API version.
        image: the id of an image.
        network: the id of a network.
        name: a word in all their names.
    """

    def __init__(self, sahara, version, image, network, name):
        self.sahara, self.image, self.name = sahara, image, name
        self.versioned = {"hadoop_version" if version == "1.1" else "plugin_version": "0.1"}
        self.jobs = sahara.job_executions if version == "1.1" else sahara.jobs
        self.job_templates = sahara.jobs if version == "1.1" else sahara.job_templates
        self.template_id = "job_id" if version == "1.1" else "job_template_id"
        plugin = {"plugin_name": "fake", **self.versioned}
        sahara.images.update_image(image, "ubuntu", "an image")
        sahara.images.update_tags(image, ["fake", "0.1"])
        processes = ["namenode", "datanode", "jobtracker", "tasktracker"]
        self.group = sahara.node_group_templates.create(
            f"worker-{name}", flavor_id="1", node_processes=processes, **plugin
        )
        groups = [{"name": "worker", "count": 2, "node_group_template_id": self.group.id}]
        self.cluster_template = sahara.cluster_templates.create(
            f"small-{name}", node_groups=groups, net_id=network, **plugin
        )
        self.source = sahara.data_sources.create(f"books-{name}", "the novels", "hdfs", "/data/books")
        self.result = sahara.data_sources.create(f"counts-{name}", "the counts", "hdfs", f"/data/counts-{name}")
        self.binary = sahara.job_binaries.create(
            f"count-{name}.jar", "swift://programs/count.jar", extra={"user": "somebody", "password": "sw1ft-secret"}
        )
        self.job_template = self.job_templates.create(f"wordcount-{name}", "MapReduce", libs=[self.binary.id])

    def cluster(self, name, **fields):
        """Begin to make a cluster."""
        return self.sahara.clusters.create(
            name,
            "fake",
            cluster_template_id=self.cluster_template.id,
            default_image_id=self.image,
            **self.versioned,
            **fields,
        )

    def remove(self):
        """Remove all of them, clusters and jobs first."""
        for run in self.jobs.list():
            if getattr(run, self.template_id) == self.job_template.id:
                self.jobs.delete(run.id)
                self.jobs.wait_deleted(run.id, timeout=MINUTES)
        for cluster in self.sahara.clusters.list():
            if cluster.cluster_template_id == self.cluster_template.id:
                self.sahara.clusters.delete(cluster.id)
                self.sahara.clusters.wait_deleted(cluster.id, timeout=MINUTES)
        self.job_templates.delete(self.job_template.id)
        self.sahara.job_binaries.delete(self.binary.id)
        for source in (self.source, self.result):
            self.sahara.data_sources.delete(source.id)
        self.sahara.cluster_templates.delete(self.cluster_template.id)
        self.sahara.node_group_templates.delete(self.group.id)


def begin_a_job(templates, cluster):
    """A run that has been asked for."""
    configs = {"configs": {"mapred.mapper.class": "Count", "fs.swift.service.sahara.password": "sw1ft-secret"}}
    return templates.jobs.create(
        **{templates.template_id: templates.job_template.id},
        cluster_id=cluster.id,
        input_id=templates.source.id,
        output_id=templates.result.id,
        configs=configs,
    )


def run_a_job(templates, cluster):
    """A run that has ended."""
    return templates.jobs.wait(begin_a_job(templates, cluster).id, timeout=MINUTES)


def follow_a_life(reader, sahara, templates, name):
    """A cluster made, used and deleted by somebody else, while one looks at the console."""
    page = reader.open("/")
    begun = templates.cluster(name)
    reader.wait_for_text("main", name)
    page.get_by_role("link", name=name).first.click()
    page.wait_for_url(re.compile(f"/clusters/{begun.id}"))
    reader.wait_for_text(".heading .state", "Active", MINUTES)  # by itself, as all that follows
    reader.wait_for_text("ol.timeline", "2 of 2")
    assert page.locator("ol.timeline li").count() > 2
    assert page.locator("rect.done").count() > 1
    reader.wait_for_text("main", f"{name}-worker-0")
    reader.wait_for_text("section[aria-labelledby=health]", "GREEN", MINUTES)
    assert f"cluster scale {name} --instances worker:3" in page.locator("dl.commands").inner_text()

    run = run_a_job(templates, begun)
    reader.wait_for_text("section[aria-labelledby=runs]", "SUCCEEDED")
    page.get_by_role("link", name=templates.job_template.name).first.click()
    page.wait_for_url(re.compile(f"/jobs/{run.id}"))
    reader.wait_for_text(".heading .state", "SUCCEEDED")
    told = page.locator("main").inner_text()
    for part in (name, templates.source.name, "/data/books", templates.result.name, "mapred.mapper.class"):
        assert part in told
    assert f"--job-template {templates.job_template.name} --cluster {name}" in told
    assert "sw1ft-secret" not in page.content()

    reader.open(f"/clusters/{begun.id}")
    templates.jobs.delete(run.id)
    templates.jobs.wait_deleted(run.id, timeout=MINUTES)
    sahara.clusters.delete(begun.id)
    reader.wait_for_text("main", "is not there any more", MINUTES)
    reader.open("/clusters")
    assert name not in page.locator("main").inner_text()
