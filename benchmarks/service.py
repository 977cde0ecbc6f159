"""Figures of the embedded service, as JSON on stdout: requests a second, and how soon a Spark cluster is Active."""

import json
import time

from saharaclient import bulk
from saharaclient.local import LocalSahara

REQUESTS = 1000


def requests_a_second(client, plugin_name, width):
    """Authenticated reads through the client, `width` at once."""
    started = time.perf_counter()
    for outcome in bulk.each(client.plugins.get, [plugin_name] * REQUESTS, width=width):
        outcome.result()
    return REQUESTS / (time.perf_counter() - started)


def first(sahara, service, path):
    """The id of the first image or network there is."""
    found = sahara.session().get(path, endpoint_filter={"service_type": service}).json()
    return found[path.rpartition("/")[2]][0]["id"]


def seconds_to_active(sahara):
    """From the request to Active: a master and a worker of plugin spark; then it is deleted."""
    client = sahara.client("2")
    version = client.plugins.get("spark").versions[0]
    image, network = first(sahara, "image", "/v2/images"), first(sahara, "network", "/v2.0/networks")
    client.images.update_image(image, "spark")
    client.images.update_tags(image, ["spark", version])
    groups = [
        {"name": process, "count": 1, "flavor_id": "2", "node_processes": [process]} for process in ("master", "slave")
    ]
    started = time.perf_counter()
    cluster = client.clusters.create(
        "bench", "spark", version, default_image_id=image, node_groups=groups, net_id=network
    )
    client.clusters.wait(cluster.id, timeout=120)
    seconds = time.perf_counter() - started
    client.clusters.delete(cluster.id)
    client.clusters.wait_deleted(cluster.id, timeout=120)
    return seconds


if __name__ == "__main__":
    with LocalSahara() as sahara:
        client = sahara.client("2")
        client.plugins.list()
        print(
            json.dumps(
                {
                    "service: reads a second, one at a time": requests_a_second(client, "fake", 1),
                    "service: reads a second, 8 at once": requests_a_second(client, "fake", 8),
                    "service: two Spark nodes Active": seconds_to_active(sahara),
                }
            )
        )
