"""The client's main job from end to end, on a Sahara of this machine and a real Spark.

It starts the embedded service, and then does through the public client what one does on a cloud: registers an image,
makes templates and a Spark cluster, stores a text and a word count, runs it, and fetches the result. The result is
checked against a count by plain Python. Run it with ``python examples/demo.py [--svg FILE]``.
"""

import argparse
import collections
import contextlib
import re
import sys
import tempfile
import time
from pathlib import Path

from saharaclient.api.base import APIException, OperationTimedOut
from saharaclient.local import LocalSahara
from saharaclient.osc import pictures
from timeline import Timeline

HERE = Path(__file__).parent
TEXT = HERE / "austen.txt"
PROGRAM = HERE / "wordcount.py"
WORD = re.compile(r"[a-z]+(?:'[a-z]+)?")
CONTAINER = "demo"
PROGRESS_SECONDS = 3.0  # between words of progress
JOB_SECONDS = 120.0  # that the job may take


def say(text: str) -> None:
    print(f"{time.strftime('%H:%M:%S')}  {text}", flush=True)


class Demonstration:
    """What the demonstration makes, in the order it is made; `clean_up` takes it away in the other."""

    def __init__(self, sahara: LocalSahara, timeline: Timeline) -> None:
        self.session, self.client, self.timeline = sahara.session(), sahara.client("2"), timeline
        login = sahara.cloud["auth"]
        self.login = {"user": login["username"], "password": login["password"]}
        self.undo = []
        self.job_status = None

    def made(self, manager, resource):
        """Remember to delete a resource."""
        self.undo.append((f"{type(resource).__name__} {resource.name}", lambda: manager.delete(resource.id)))
        return resource

    def ask(self, service: str, method: str, path: str, **options):
        """A call to one of Sahara's neighbours."""
        endpoint = {"service_type": service, "interface": "public"}
        return self.session.request(path, method, endpoint_filter=endpoint, **options)

    def image(self, plugin: str, version: str) -> str:
        (image, *_) = self.ask("image", "GET", "/v2/images").json()["images"]
        self.client.images.update_image(image["id"], user_name="ubuntu", desc="Demonstration")
        self.client.images.update_tags(image["id"], [plugin, version])
        say(f"registered the image {image['name']}")
        image_id: str = image["id"]
        return image_id

    def cluster(self, workers: int):
        plugin = self.client.plugins.get("spark")
        version = plugin.versions[0]
        image = self.image("spark", version)
        flavor = next(
            one["id"] for one in self.ask("compute", "GET", "/flavors").json()["flavors"] if "small" in one["name"]
        )
        (network, *_) = self.ask("network", "GET", "/v2.0/networks").json()["networks"]
        groups = []
        for name, process, count in (("master", "master", 1), ("workers", "slave", workers)):
            templates = self.client.node_group_templates
            group = self.made(
                templates, templates.create(f"demo-{name}", "spark", version, flavor, node_processes=[process])
            )
            groups.append({"name": name, "count": count, "node_group_template_id": group.id})
        cluster_templates = self.client.cluster_templates
        template = self.made(
            cluster_templates,
            cluster_templates.create("demo-template", "spark", version, node_groups=groups, net_id=network["id"]),
        )
        say(f"made templates for Spark {version}: a master and {workers} workers")
        clusters = self.client.clusters
        cluster = clusters.create(
            "demo", "spark", version, cluster_template_id=template.id, default_image_id=image, net_id=network["id"]
        )
        self.undo.append(("Cluster demo", lambda: self.delete_cluster(cluster.id)))
        with self.timeline.span("cluster: create to Active"):
            cluster = clusters.wait(cluster.id, until="Active", timeout=120, on_progress=self.show_cluster)
        say(f"the cluster is Active: {cluster.info['Spark']['Master']}, pages at {cluster.info['Spark']['Web UI']}")
        return cluster

    def show_cluster(self, cluster) -> None:
        for step in getattr(cluster, "provision_progress", None) or []:
            self.timeline.part(step["step_name"])
            if step["successful"] is not None:
                self.timeline.end_parts(step["step_name"])
        done = [step for step in getattr(cluster, "provision_progress", None) or [] if step["successful"]]
        say(f"the cluster is {cluster.status}; {len(done)} provisioning steps done")

    def store(self) -> None:
        with self.timeline.span("store text and word count"):
            self.ask("object-store", "PUT", f"/{CONTAINER}")
            self.undo.append(("container demo", self.delete_objects))
            for path in (TEXT, PROGRAM):
                with path.open("rb") as file:
                    self.ask("object-store", "PUT", f"/{CONTAINER}/{path.name}", data=file)
                say(f"stored {path.name}, {path.stat().st_size:,} bytes")

    def count(self, cluster) -> dict[str, int]:
        binaries, sources, jobs = self.client.job_binaries, self.client.data_sources, self.client.jobs
        url = f"swift://{CONTAINER}.sahara"
        main = self.made(binaries, binaries.create("wordcount.py", f"{url}/{PROGRAM.name}", extra=self.login))
        for name, target in (("demo-text", TEXT.name), ("demo-counts", "counts")):
            source = sources.create(name, "", "swift", f"{url}/{target}", self.login["user"], self.login["password"])
            self.made(sources, source)
        templates = self.client.job_templates
        template = self.made(templates, templates.create("demo-wordcount", "Spark", mains=[main.id]))
        job = jobs.create(
            template.id,
            cluster.id,
            configs={
                "configs": {"edp.java.main_class": "wordcount", "edp.substitute_data_source_for_name": "True"},
                "args": ["datasource://demo-text", "datasource://demo-counts"],
            },
        )
        self.undo.append(("job", lambda: jobs.delete(job.id)))
        say("the word count is submitted")
        with self.timeline.span("job: submit to SUCCEEDED"):
            job = self.wait(jobs, job.id)
        say(f"the job's files were in {job.info.get('spark-path', 'its folder')}")
        return self.result()

    def wait(self, jobs, job_id: str):
        """Wait for the job, and tell every few seconds that it is still under way."""
        began = time.monotonic()
        while True:
            try:
                return jobs.wait(job_id, timeout=PROGRESS_SECONDS, on_progress=self.show_job)
            except OperationTimedOut as running:
                elapsed = time.monotonic() - began
                if elapsed > JOB_SECONDS or running.resource is None:
                    raise
                say(f"the job is {running.resource.info['status']} for {elapsed:.0f} s")

    def show_job(self, job) -> None:
        status = job.info["status"]
        if status == self.job_status:
            return
        self.job_status = status
        self.timeline.end_parts()
        if status in ("PENDING", "RUNNING"):
            self.timeline.part(f"job {status}")
        say(f"the job is {status}")

    def result(self) -> dict[str, int]:
        with self.timeline.span("fetch the result"):
            listed = self.ask("object-store", "GET", f"/{CONTAINER}?format=json&prefix=counts/part-").json()
            counts = {}
            for entry in listed:
                for line in self.ask("object-store", "GET", f"/{CONTAINER}/{entry['name']}").text.splitlines():
                    word, number = line.split("\t")
                    counts[word] = int(number)
        return counts

    def delete_cluster(self, cluster_id: str) -> None:
        self.client.clusters.delete(cluster_id)
        self.client.clusters.wait_deleted(cluster_id, timeout=60)

    def delete_objects(self) -> None:
        for entry in self.ask("object-store", "GET", f"/{CONTAINER}?format=json").json():
            self.ask("object-store", "DELETE", f"/{CONTAINER}/{entry['name']}")
        self.ask("object-store", "DELETE", f"/{CONTAINER}")

    def clean_up(self) -> None:
        with self.timeline.span("clean up"):
            while self.undo:
                name, delete = self.undo.pop()
                try:
                    delete()
                except APIException as error:
                    say(f"{name} could not be deleted: {error}")
        say("cleaned up")


def main() -> int:
    options = argparse.ArgumentParser(description="Count the words of two novels on a Spark cluster of this machine.")
    options.add_argument("--svg", type=Path, default=Path("demo-timeline.svg"), help="where to draw the timeline")
    options.add_argument("--workers", type=int, default=2, help="workers of the cluster, default 2")
    chosen = options.parse_args()
    timeline = Timeline()
    with tempfile.TemporaryDirectory(prefix="sahara-demo-") as state, contextlib.ExitStack() as running:
        with timeline.span("start the service"):
            sahara = running.enter_context(LocalSahara(state=state))
        say(f"the embedded service is at {sahara.url}")
        demonstration = Demonstration(sahara, timeline)
        try:
            cluster = demonstration.cluster(chosen.workers)
            demonstration.store()
            counts = demonstration.count(cluster)
        except APIException as error:
            say(f"it failed: {error}")
            counts = None
        finally:
            demonstration.clean_up()
    if counts is None:
        return 1
    expected = collections.Counter(WORD.findall(TEXT.read_text().lower()))
    print("\nThe ten most frequent words:")
    for word, number in list(counts.items())[:10]:
        print(f"  {word:<6}{number:>8,}")
    agrees = counts == expected
    verdict = "agrees with" if agrees else "DIFFERS from"
    print(f"\nSpark's count of {len(counts):,} words {verdict} plain Python's.\n")
    bars = timeline.bars()
    print(pictures.text(bars))
    chosen.svg.write_text(pictures.svg("Where the demonstration's time went", bars) + "\n", "utf-8")
    print(f"\nThe timeline as a picture: {chosen.svg.resolve()}")
    return 0 if agrees else 1


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        say("interrupted; nothing of it is left")
        sys.exit(130)
