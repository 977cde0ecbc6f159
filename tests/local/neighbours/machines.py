"""A cluster whose instances the neighbours show."""

import contextlib


@contextlib.contextmanager
def cluster_of_two(local_sahara, name):
    """A cluster of the plugin `fake` with two instances, deleted at the end."""
    with local_sahara.client("2") as client:
        group = {
            "name": "w",
            "count": 2,
            "flavor_id": local_sahara.flavor(),
            "node_processes": ["namenode", "datanode"],
        }
        made = client.clusters.create(
            name,
            "fake",
            "0.1",
            default_image_id=local_sahara.image("fake"),
            net_id=local_sahara.network(),
            node_groups=[group],
        )
        yield client.clusters.wait(made.id, timeout=60)
        client.clusters.delete(made.id)
        client.clusters.wait_deleted(made.id, timeout=60)
