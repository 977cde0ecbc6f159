"""Pages of large tables take no longer than pages of small ones, and hold what the whole list holds."""

import time

import pytest
from sqlalchemy import insert, select

from saharaclient.client import Client
from saharaclient.local import LocalSahara
from saharaclient.local.sahara.records.clusters import Cluster, NodeGroup, new_id
from saharaclient.local.sahara.records.jobs import JobExecution, JobTemplate
from tests.local.sahara.conftest import SOON, World

PAGE = 50
FEW, CLUSTERS, TEMPLATES, RUNS = 500, 1000, 10_000, 100_000
FEW_CLUSTERS = 150
SLOWEST = 4.0  # times the small table's; one that is read whole takes 20 to 200 times as long


def copies(session, table, id_, count, **values):
    """Inserts copies of a record."""
    record = session.get_one(table, id_)
    columns = {column.name: getattr(record, column.name) for column in table.__table__.columns}
    rows = [{**columns, **{name: make(number) for name, make in values.items()}} for number in range(count)]
    session.execute(insert(table), rows)
    return [row["id"] for row in rows]


def best(call, times=15):
    """The shortest of several times, in seconds: other programs only make it longer."""
    seconds = []
    for _ in range(times):
        began = time.perf_counter()
        call()
        seconds.append(time.perf_counter() - began)
    return min(seconds)


class Load:
    """A service with so many clusters, templates and runs, a few of them public, and what is asked of it."""

    def __init__(self, sahara):
        self.world, self.sahara = World(sahara), sahara
        self.other = Client("2", session=sahara.session(username="demo"))
        self.cluster = self.world.cluster()
        run = self.world.runs.wait(self.world.run(self.cluster).id, timeout=SOON)
        self.record, self.template = run.id, run.job_template_id

    def fill(self, clusters, templates, runs):
        with self.sahara.service.database.session() as session:
            common = {"id": lambda _: new_id(), "is_public": lambda number: number % 1000 == 7}
            ids = copies(
                session, Cluster, self.cluster.id, clusters, **common,
                name=lambda number: f"cluster-{clusters}-{number}", is_transient=lambda _: False,
                status=lambda number: "Error" if number % 3 else "Active",
            )  # fmt: skip
            for group in self.cluster.node_groups:
                copies(session, NodeGroup, group["id"], clusters, id=lambda _: new_id(), cluster_id=ids.__getitem__)
            name = {"name": lambda number: f"template-{templates}-{number}"}
            copies(session, JobTemplate, self.template, templates, **common, **name)
            status = {"status": lambda number: ("SUCCEEDED", "FAILED", "KILLED")[number % 3]}
            copies(session, JobExecution, self.record, runs, **common, **status)
            self.names = f"template-{templates}-{templates // 2}"
            self.named = f"cluster-{clusters}-{clusters // 2}"
            self.deep = {table: self.middle(session, table) for table in (Cluster, JobTemplate, JobExecution)}

    def middle(self, session, table):
        ids = sorted(session.scalars(select(table.id)))
        return ids[len(ids) * 9 // 10 - 2 * PAGE]

    def requests(self):
        runs, templates = self.world.client.jobs, self.world.client.job_templates
        clusters = self.world.client.clusters
        return {
            "first clusters": lambda: clusters.list(limit=PAGE),
            "deep clusters": lambda: clusters.list(limit=PAGE, marker=self.deep[Cluster]),
            "last clusters by status": lambda: clusters.list(limit=PAGE, sort_by="status", reverse=True),
            "deep clusters by name": lambda: clusters.list(limit=PAGE, sort_by="name", marker=self.deep[Cluster]),
            "clusters of a name": lambda: clusters.list({"name": self.named}, limit=PAGE),
            "clusters of a plugin": lambda: clusters.list({"plugin_name": "fake"}, limit=PAGE),
            "first runs": lambda: runs.list(limit=PAGE),
            "deep runs": lambda: runs.list(limit=PAGE, marker=self.deep[JobExecution]),
            "failed runs": lambda: runs.list({"status": "FAILED"}, limit=PAGE),
            "runs by status": lambda: runs.list(limit=PAGE, sort_by="status"),
            "deep runs by cluster": lambda: runs.list(limit=PAGE, sort_by="cluster", marker=self.deep[JobExecution]),
            "last runs": lambda: runs.list(limit=PAGE, sort_by="id", reverse=True),
            "first templates": lambda: templates.list(limit=PAGE),
            "deep templates": lambda: templates.list(limit=PAGE, marker=self.deep[JobTemplate]),
            "templates of a name": lambda: templates.list({"name": self.names}, limit=PAGE),
            "deep templates by name": lambda: templates.list(limit=PAGE, sort_by="name", marker=self.deep[JobTemplate]),
        }

    def times(self):
        return {name: best(call) for name, call in self.requests().items()}


@pytest.fixture(scope="module")
def load():
    with LocalSahara() as sahara:
        yield Load(sahara)


def test_the_time_of_a_page_does_not_grow_with_the_table(load):
    load.fill(FEW_CLUSTERS, FEW, FEW)
    small = load.times()
    load.fill(CLUSTERS - FEW_CLUSTERS, TEMPLATES, RUNS)
    large = load.times()
    for name in [name for name in small if large[name] > SLOWEST * small[name]]:  # was the machine busy?
        large[name] = best(load.requests()[name])
    told = [f"{name:26}{small[name] * 1000:8.1f} ms{large[name] * 1000:8.1f} ms" for name in small]
    print("\n".join(told))
    assert not [line for line, name in zip(told, small, strict=True) if large[name] > SLOWEST * small[name]], told
    assert len(load.world.client.clusters.list()) == CLUSTERS + 1
    # A project that owns none of all this sees what is public as quickly.
    assert len(load.other.jobs.list(limit=PAGE)) == PAGE
    assert best(lambda: load.other.jobs.list(limit=PAGE)) < SLOWEST * small["first runs"]


def test_pages_hold_the_whole_list(load):
    """Walking through all pages, in both directions of the order, meets every template once."""
    load.fill(FEW_CLUSTERS + 1, FEW + 1, FEW)  # names are unique
    manager = load.other.job_templates  # own and public ones together
    World(load.sahara, session=load.sahara.session(username="demo")).template()
    for sort, reverse in (("id", False), ("name", True), ("updated_at", False)):
        whole = [one.id for one in manager.list(sort_by=sort, reverse=reverse)]
        walked, marker = [], None
        while True:
            page = manager.list(limit=3, sort_by=sort, reverse=reverse, marker=marker)
            walked += [one.id for one in page]
            if marker is not None and len(walked) > 6:
                assert page.prev == walked[-len(page) - 4]
            marker = page.next
            if not marker:
                break
        assert walked == whole
        assert len(set(walked)) == len(walked) > 3
