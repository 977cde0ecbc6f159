"""The state folder of release 5.0.0, whose service was killed while a cluster started: it is opened and goes on."""

import sqlite3
from contextlib import closing
from pathlib import Path

from saharaclient.local import LocalSahara

EARLIER = Path(__file__).with_name("state-5.0.sql")  # a dump of its database
SOON = 30.0  # seconds


def test_the_state_of_an_earlier_release_goes_on(tmp_path):
    state = tmp_path / "state"
    state.mkdir(mode=0o700)
    with closing(sqlite3.connect(state / "sahara.db")) as database:
        database.executescript(EARLIER.read_text())
    (state / "sahara.db").chmod(0o600)
    (state / "password").write_text("demo")
    with LocalSahara(state, password="demo") as local:
        sahara = local.client()
        assert [source.name for source in sahara.data_sources.list()] == ["source"]
        clusters = {cluster.name: cluster for cluster in sahara.clusters.list()}
        assert clusters.keys() == {"active", "starting"}
        for cluster in clusters.values():
            sahara.clusters.wait(cluster.id, timeout=SOON)
        sahara.clusters.scale(clusters["active"].id, {"resize_node_groups": [{"name": "w", "count": 2}]})
        scaled = sahara.clusters.wait(clusters["active"].id, timeout=SOON)
        assert [len(group["instances"]) for group in scaled.node_groups] == [1, 2]
        for cluster in clusters.values():
            sahara.clusters.delete(cluster.id)
            sahara.clusters.wait_deleted(cluster.id, timeout=SOON)
