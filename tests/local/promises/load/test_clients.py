"""64 clients at once with mixed work: no request fails, and what was answered is what is there at the end."""

import random
from collections import Counter

from tests.local.databases import in_postgresql
from tests.local.promises.durability.model import SAHARA, STORE
from tests.local.promises.durability.process import Process, settled

from .worker import Worker, work_at_once

CLIENTS = 64
PATIENCE = 90.0  # seconds for what was asked for at the end, on a busy machine
SECONDS, FEW_SECONDS = 60, 15


def serve_clients(state, seconds, *words):
    service = Process(state, *words)
    try:
        user = service.start()
        kit = {**user.prepare(), "image": user.send("GET", "/image/v2/images").json()["images"][0]["id"]}
        password = (state / "password").read_text().strip()
        workers = [Worker(user.url, password, number, kit, random.Random(number)) for number in range(CLIENTS)]
        workers[0].share()
        took = work_at_once(workers, seconds)
        tell(workers, took)
        failures = [failure for worker in workers for failure in worker.failures]
        assert not failures, f"{len(failures)} clients failed:\n" + "\n".join(failures[:10])
        wrong = compare(user, workers)
        assert not wrong, "\n".join(wrong[:20])
        for one in (user, *workers):
            one.session.close()
        assert "locked" not in (state / "service.log").read_text()
    finally:
        service.kill()


def tell(workers, took):
    times = sorted(second for worker in workers for second in worker.seconds)
    marks = {f"{share}%": f"{1000 * times[len(times) * share // 100]:.0f} ms" for share in (50, 90, 99)}
    print(
        f"\n{len(times)} requests in {took:.0f} s, {len(times) / took:.0f} a second; {marks}, {times[-1]:.2f} s at most"
    )
    print(dict(sum((worker.done for worker in workers), Counter())))
    assert all(sum(worker.done[kind] for worker in workers) for kind in ("count", "tag", "run", "see_shared"))


def compare(user, workers):
    """What is not as it was answered."""

    def listed(path, key):
        return {each["id"]: each for each in user.send("GET", path).json()[key]}

    def expect(what, have, wanted):
        if have != wanted:
            lost, more = [k for k in wanted if have.get(k) != wanted[k]], [k for k in have if k not in wanted]
            yield f"{what}: lost or old {lost[:5]}, too many {more[:5]}"

    wrong = []
    sources = {id_: one["description"] for id_, one in listed("/v2/data-sources", "data_sources").items()}
    wanted = {id_: text for worker in workers for id_, text in worker.sources.items()}
    wanted |= {worker.counter: str(worker.counted) for worker in workers}
    wrong += expect("data sources", sources, wanted)
    binaries = {id_: one["datasize"] for id_, one in listed(f"{SAHARA}/job-binary-internals", "binaries").items()}
    wrong += expect("binaries", binaries, {k: v for worker in workers for k, v in worker.binaries.items()})
    objects = {one["name"]: one["hash"] for one in user.send("GET", f"{STORE}/kept?format=json").json()}
    del objects["shared"]
    wrong += expect("objects", objects, {k: v for worker in workers for k, v in worker.objects.items()})
    tags = set(user.send("GET", f"/image/v2/images/{workers[0].kit['image']}").json()["tags"])
    lost = {tag for worker in workers for tag in worker.tags} - tags
    wrong += [f"lost tags: {sorted(lost)[:5]}"] if lost else []
    settled(user, PATIENCE)
    clusters = {id_: (one["name"], one["status"]) for id_, one in listed(f"{SAHARA}/clusters", "clusters").items()}
    wanted = {id_: (name, "Active") for worker in workers for id_, name in worker.clusters_made.items()}
    wrong += expect("clusters", clusters, wanted)
    runs = listed("/v2/jobs", "jobs")
    wrong += expect("runs", dict.fromkeys(runs), dict.fromkeys(id_ for worker in workers for id_ in worker.runs_made))
    ended = {run["info"]["status"] for run in runs.values()}
    wrong += [f"runs ended {ended}"] if not ended <= {"SUCCEEDED", "KILLED", "FAILED"} else []
    return wrong


def test_64_clients_at_once(tmp_path):
    serve_clients(tmp_path / "state", SECONDS)


@in_postgresql
def test_64_clients_at_once_in_postgresql(tmp_path, new_database):
    serve_clients(tmp_path / "state", FEW_SECONDS, "--database", new_database())
