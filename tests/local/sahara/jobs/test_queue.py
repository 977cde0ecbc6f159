"""More jobs than the machine bears at once: those that wait say so, and begin in the order they were asked for."""

import itertools
import time
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from saharaclient.local import LocalSahara
from saharaclient.local.sahara.jobs.queue import Queue

from .conftest import JOB, Shells

# Says that it has begun, and ends when its file is there.
WAITS = 'echo "$1" >>"$2/begun"; while [ ! -e "$2/$1" ]; do sleep 0.05; done\n'


class Crowd:
    """Jobs of one template that wait for a word, on a service that runs two at once."""

    def __init__(self, folder, master, state=None):
        self.folder, self.runs = folder, {}
        self.running = LocalSahara(state=state, spark_master=master, max_running_jobs=2)

    def __enter__(self):
        self.running.__enter__()
        self.shells = Shells(self.running)
        return self

    def __exit__(self, *error):
        self.running.__exit__(*error)

    def ask_for(self, *names):
        template = self.shells.template(WAITS)
        for name in names:
            configs = {"args": [name, str(self.folder)], "params": {}, "configs": {}}
            self.runs[name] = self.shells.runs.create(template.id, self.shells.cluster.id, configs=configs).id

    def end(self, name):
        (self.folder / name).touch()
        assert self.shells.runs.wait(self.runs[name], timeout=JOB).info["status"] == "SUCCEEDED"

    def begun(self):
        file = self.folder / "begun"
        return file.read_text().split() if file.exists() else []

    def info(self, name):
        return self.shells.runs.get(self.runs[name]).info

    def until(self, condition):
        deadline = time.monotonic() + JOB
        while not condition():
            assert time.monotonic() < deadline, {name: self.info(name) for name in self.runs}
            time.sleep(0.05)

    def until_places_are(self, **places):
        self.until(lambda: {name: self.info(name).get("place") for name in places} == places)


def test_the_rest_waits_in_order_and_says_why(tmp_path, master):
    with Crowd(tmp_path, master) as crowd:
        crowd.ask_for("a", "b", "c", "d", "e")
        crowd.until(lambda: set(crowd.begun()) == {"a", "b"})
        crowd.until_places_are(a=None, b=None, c="1", d="2", e="3")
        assert crowd.info("e")["status"] == "PENDING"
        assert crowd.info("e")["reason"] == "Place 3 among the jobs that wait: at most 2 run at once here"

        crowd.shells.runs.cancel(crowd.runs["d"])
        crowd.until_places_are(c="1", d=None, e="2")
        assert crowd.info("d")["status"] == "KILLED"
        crowd.end("b")
        crowd.until(lambda: crowd.begun()[2:] == ["c"])
        crowd.until_places_are(c=None, e="1")
        crowd.until(lambda: crowd.info("c")["status"] == "RUNNING")
        assert "reason" not in crowd.info("c")
        for name in ("a", "c", "e"):
            crowd.end(name)
        assert crowd.begun()[2:] == ["c", "e"]


def test_a_restart_keeps_the_order(tmp_path, master):
    state = tmp_path / "state"
    with Crowd(tmp_path, master, state) as crowd:
        crowd.ask_for("a", "b", "c", "d", "e", "f")
        crowd.until_places_are(c="1", d="2", e="3", f="4")
        runs = crowd.runs
    (tmp_path / "a").touch()  # one that ends while no service runs makes room
    with Crowd(tmp_path, master, state) as crowd:
        crowd.runs = runs
        crowd.until(lambda: crowd.begun()[2:] == ["c"])
        crowd.until_places_are(d="1", e="2", f="3")
        for name, next_ in zip("bcd", "def", strict=True):
            crowd.end(name)
            crowd.until(lambda name=next_: name in crowd.begun())  # or two begin at one moment
        crowd.end("e")
        crowd.end("f")
        assert crowd.begun()[2:] == ["c", "d", "e", "f"]


def test_runs_of_a_cluster_that_goes_leave_their_places(tmp_path, master):
    with Crowd(tmp_path, master) as crowd:
        crowd.ask_for("a", "b", "c", "d")
        crowd.until_places_are(c="1", d="2")
        crowd.shells.client.clusters.delete(crowd.shells.cluster.id)
        crowd.shells.client.clusters.wait_deleted(crowd.shells.cluster.id, timeout=JOB)
        assert {crowd.info(name)["status"] for name in crowd.runs} == {"KILLED"}
        crowd.shells = Shells(crowd.running)
        crowd.ask_for("e")
        crowd.end("e")


@given(most=st.integers(1, 4), steps=st.lists(st.tuples(st.booleans(), st.integers(0, 9)), max_size=60))
def test_never_too_many_and_never_out_of_turn(most, steps):
    queue, clock = Queue(most), itertools.count()
    since, going = {}, set()
    for enters, number in steps:
        id_ = str(number)
        if enters:
            since.setdefault(id_, datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=next(clock)))
            if queue.enter(id_, since[id_]):
                going.add(id_)
        else:
            since.pop(id_, None)
            going.discard(id_)
            going.update(queue.leave(id_))
        assert going == set(sorted(since, key=since.get)[: len(going)]) or len(going) == most
        assert len(going) == min(most, len(since))


@pytest.mark.parametrize("most", [0, -1])
def test_a_limit_that_lets_nothing_run_is_refused(most):
    with pytest.raises(ValueError, match="max_running_jobs"), LocalSahara(max_running_jobs=most):
        pass
