"""State folders of earlier releases and of newer ones."""

import sqlite3
from pathlib import Path

import pytest
from sqlalchemy import create_engine, inspect

import saharaclient
from saharaclient.local import LocalSahara
from saharaclient.local.server import state_folder
from saharaclient.local.server.address import ServerError
from saharaclient.local.store import schema

RELEASES = sorted(Path(__file__).with_name("schemas").glob("*.sql"))


def folder_of(release, state):
    """A state folder as a release left it: a cluster, a job that ran, and all that they need."""
    state_folder.prepare(state)
    database = sqlite3.connect(state / "sahara.db")
    database.executescript(release.read_text())
    database.close()
    return state


def columns(url):
    """The columns of each table, and whether they may be empty."""
    engine = create_engine(url)
    found = inspect(engine)
    told = {t: {(c["name"], c["nullable"]) for c in found.get_columns(t)} for t in found.get_table_names()}
    engine.dispose()
    return told


@pytest.mark.parametrize("release", RELEASES, ids=lambda path: path.stem)
def test_a_folder_of_an_earlier_release_goes_on(release, tmp_path):
    state = folder_of(release, tmp_path / "state")
    for _ in range(2):
        with LocalSahara(state=state) as sahara:
            client = sahara.client("2")
            [cluster] = client.clusters.list()
            [run] = client.jobs.list()
            assert (cluster.name, cluster.status, run.info["status"]) == ("old", "Active", "SUCCEEDED")
            run = client.jobs.create(run.job_template_id, cluster.id)
            client.jobs.wait(run.id, timeout=60)
            client.jobs.delete(run.id)
            client.jobs.wait_deleted(run.id, timeout=60)
    with LocalSahara(state=tmp_path / "new"):
        pass
    assert columns(f"sqlite:///{state}/sahara.db") == columns(f"sqlite:///{tmp_path}/new/sahara.db")


@pytest.mark.parametrize("release", RELEASES, ids=lambda path: path.stem)
def test_what_an_earlier_release_was_killed_at_goes_on(release, tmp_path):
    """Its cluster had not come up yet, comes up now, is scaled and deleted."""
    state = folder_of(release, tmp_path / "state")
    with sqlite3.connect(state / "sahara.db") as database:
        database.execute("UPDATE clusters SET status = 'Waiting', engine_state = NULL")
    database.close()
    with LocalSahara(state=state) as sahara:
        client = sahara.client("2")
        [cluster] = client.clusters.list()
        client.clusters.wait(cluster.id, timeout=60)
        client.clusters.scale(cluster.id, {"resize_node_groups": [{"name": "w", "count": 2}]})
        scaled = client.clusters.wait(cluster.id, timeout=60)
        assert [len(group["instances"]) for group in scaled.node_groups] == [1, 2]
        client.clusters.delete(cluster.id)
        client.clusters.wait_deleted(cluster.id, timeout=60)


def test_a_folder_of_a_newer_release_is_refused_and_left_alone(tmp_path):
    with LocalSahara(state=tmp_path / "state"):
        pass
    path = tmp_path / "state" / "sahara.db"
    with sqlite3.connect(path) as database:
        database.execute("UPDATE schema_version SET version = 99, release = '7.1.0'")
    database.close()
    with (
        pytest.raises(ServerError, match=rf"7\.1\.0 \(schema 99\).*the older {saharaclient.__version__} \(schema"),
        LocalSahara(state=tmp_path / "state"),
    ):
        pass
    assert sqlite3.connect(path).execute("SELECT version, release FROM schema_version").fetchall() == [(99, "7.1.0")]


def test_a_step_that_fails_changes_nothing(tmp_path, monkeypatch):
    state = folder_of(RELEASES[0], tmp_path / "state")
    before = columns(f"sqlite:///{state}/sahara.db")
    monkeypatch.setattr(schema, "STEPS", (*schema.STEPS, ("ALTER TABLE job_executions DROP COLUMN info", "WRONG")))
    with pytest.raises(Exception, match="WRONG"), LocalSahara(state=state):
        pass
    assert columns(f"sqlite:///{state}/sahara.db") == before
