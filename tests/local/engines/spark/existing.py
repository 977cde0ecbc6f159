"""The embedded service in front of a master that exists, as tests use it: programs, and the few calls that run them."""

import time

import psutil

PATIENCE = 300.0  # seconds; on a machine that does much else a job takes several times as long
COUNTS = """
from pyspark import SparkContext
print("sum", SparkContext().parallelize(range(100), 4).sum())
"""
LENGTHS = """
import sys
from pyspark import SparkContext
lines = SparkContext().textFile(sys.argv[1])
lines.map(lambda line: str(len(line))).coalesce(1).saveAsTextFile(sys.argv[2])
"""
LASTS = """
import time
from pyspark import SparkContext
SparkContext().parallelize(range(4), 4).foreach(lambda n: time.sleep(600))
"""


class Client:
    """The public client, and the few calls that bring a cluster and jobs about."""

    def __init__(self, sahara):
        self.sahara, self.client, self.session = sahara, sahara.client("2"), sahara.session()

    def cluster(self):
        (image, *_), (flavor, *_), (network, *_) = (
            self.ask(service, "GET", path).json()[kind]
            for service, path, kind in (
                ("image", "/v2/images", "images"),
                ("compute", "/flavors", "flavors"),
                ("network", "/v2.0/networks", "networks"),
            )
        )
        version = self.client.plugins.get("spark").versions[0]
        self.client.images.update_image(image["id"], user_name="ubuntu")
        self.client.images.update_tags(image["id"], ["spark", version])
        groups = [
            {"name": name, "count": 1, "flavor_id": flavor["id"], "node_processes": [name]}
            for name in ("master", "slave")
        ]
        cluster = self.client.clusters.create(
            "c", "spark", version, default_image_id=image["id"], net_id=network["id"], node_groups=groups
        )
        return self.client.clusters.wait(cluster.id, until="Active", timeout=PATIENCE)

    def job(self, cluster, name, program, *args, main_class="unused by Python", **configs):
        self.store("programs", name, program if isinstance(program, bytes) else program.encode())
        auth = self.sahara.cloud["auth"]
        login = {"user": auth["username"], "password": auth["password"]}
        binary = self.client.job_binaries.create(name, f"swift://programs.sahara/{name}", extra=login)
        template = self.client.job_templates.create(name, "Spark", mains=[binary.id])
        configs = {"configs": {"edp.java.main_class": main_class, **configs}, "args": [*args]}
        return self.client.jobs.create(template.id, cluster.id, configs=configs).id

    def store(self, container, name, content):
        self.ask("object-store", "PUT", f"/{container}")
        self.ask("object-store", "PUT", f"/{container}/{name}", data=content)

    def ask(self, service, method, path, **options):
        endpoint = {"service_type": service, "interface": "public"}
        return self.session.request(path, method, endpoint_filter=endpoint, **options)


def until(condition, what, seconds=PATIENCE):
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, what
        time.sleep(0.1)


def containers(folder):
    """The processes of the containers that run."""
    found = [process.info["cwd"] or "" for process in psutil.process_iter(["cwd"]) if process.info["cwd"]]
    return {cwd for cwd in found if cwd.startswith(f"{folder}/container_")}
