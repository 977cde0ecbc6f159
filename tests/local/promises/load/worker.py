"""One of many clients: mixed work on things of its own and on shared ones, of which it knows how they must end."""

import hashlib
import itertools
import threading
import time
from collections import Counter

import requests

from tests.local.promises.durability.model import SAHARA, STORE, User

TAGS = 20  # a client puts on the image that all share
SHARED = 16 * 1024  # bytes of the object that all write
CLUSTERS = 2  # at once, of a client


class Worker(User):
    """A client.

    Args:
        url: Of the service.
        password: The administrator's.
        number: Which of the clients it is.
        kit: What clusters and jobs need, as `User.prepare` made it.
        chance: Its random numbers.
    """

    def __init__(self, url, password, number, kit, chance):
        super().__init__(url, password)
        self.number, self.kit, self.chance = number, kit, chance
        self.names = (f"w{number}-{each}" for each in itertools.count())
        self.counter, self.counted = None, 0
        self.sources, self.binaries, self.clusters_made, self.objects = {}, {}, {}, {}
        self.tags, self.runs_made, self.gone = [], [], []
        self.seconds, self.done, self.failures = [], Counter(), []

    def call(self, status, method, path, **options):
        """Sends a request that has to be answered with one status."""
        url = self.url + path.format(project=self.project)
        began = time.perf_counter()
        reply = self.session.request(method, url, timeout=60, **options)
        self.seconds.append(time.perf_counter() - began)
        assert reply.status_code == status, f"{method} {path}: {reply.status_code} {reply.text[:300]}"
        return reply

    def work(self, until):
        """Works until a time on the monotonic clock, or the first failure."""
        works = [
            *[self.count] * 4, *[self.read] * 4, self.put_object, self.get_object, self.delete_object, self.share,
            self.see_shared, self.create, self.delete, self.store, self.tag, *[self.start] * 2,
            *[self.run] * 2, self.stop,
        ]  # fmt: skip
        try:
            self.counter = self.source("0")
            while time.monotonic() < until:
                one = self.chance.choice(works)
                if one():
                    self.done[one.__name__] += 1
        except (AssertionError, requests.RequestException) as error:
            self.failures.append(f"client {self.number}: {error!r}")

    def source(self, description):
        body = {"name": next(self.names), "type": "hdfs", "url": "/data", "description": description}
        made = self.call(202, "POST", "/v2/data-sources", json=body).json()["data_source"]
        self.sources[made["id"]] = description
        return made["id"]

    def count(self):
        text = str(self.counted + 1)
        path = f"/v2/data-sources/{self.counter}"
        changed = self.call(202, "PATCH", path, json={"description": text}).json()["data_source"]
        assert changed["description"] == text
        self.counted += 1
        return True

    def read(self):
        what = self.chance.choice(["counter", "sources", "runs", "clusters", "failed"])
        if what == "counter":
            found = self.call(200, "GET", f"/v2/data-sources/{self.counter}").json()["data_source"]
            assert found["description"] == str(self.counted), "a change was lost"
        else:
            path = {"sources": "data-sources?limit=20&sort_by=-name", "runs": "jobs?limit=20",
                    "clusters": "clusters?limit=10", "failed": "jobs?status=failed&limit=10"}[what]  # fmt: skip
            self.call(200, "GET", f"/v2/{path}")
        return True

    def put_object(self):
        name = self.chance.choice([*self.objects, f"w{self.number}/{len(self.objects)}"])
        content = f"{name} {self.chance.random()} ".encode() * self.chance.randrange(1, 400)
        self.call(201, "PUT", f"{STORE}/kept/{name}", data=content)
        self.objects[name] = hashlib.md5(content).hexdigest()
        return True

    def get_object(self):
        if not self.objects:
            return False
        name = self.chance.choice(sorted(self.objects))
        content = self.call(200, "GET", f"{STORE}/kept/{name}").content
        assert hashlib.md5(content).hexdigest() == self.objects[name], "a content was lost"
        return True

    def delete_object(self):
        if len(self.objects) < 4:
            return False
        name = self.chance.choice(sorted(self.objects))
        self.call(204, "DELETE", f"{STORE}/kept/{name}")
        del self.objects[name]
        return True

    def share(self):
        content = f"{self.number:08d}".encode() * (SHARED // 8)
        self.call(201, "PUT", f"{STORE}/kept/shared", data=content)
        return True

    def see_shared(self):
        reply = self.call(200, "GET", f"{STORE}/kept/shared")
        assert len(reply.content) == SHARED and len({reply.content[n : n + 8] for n in range(0, SHARED, 8)}) == 1
        assert reply.headers["ETag"] == hashlib.md5(reply.content).hexdigest(), "content and record differ"
        return True

    def create(self):
        return bool(self.source("kept"))

    def delete(self):
        ids = [id_ for id_ in self.sources if id_ != self.counter]
        if not ids:
            return False
        id_ = self.chance.choice(ids)
        self.call(204, "DELETE", f"/v2/data-sources/{id_}")
        del self.sources[id_]
        self.gone.append(id_)
        return True

    def store(self):
        content = bytes([self.number]) * self.chance.randrange(1, 20_000)
        path = f"{SAHARA}/job-binary-internals"
        made = self.call(202, "PUT", f"{path}/{next(self.names)}", data=content).json()["job_binary_internal"]
        assert self.call(200, "GET", f"{path}/{made['id']}/data").content == content
        if self.chance.random() < 0.5:
            self.call(204, "DELETE", f"{path}/{made['id']}")
        else:
            self.binaries[made["id"]] = len(content)
        return True

    def tag(self):
        if len(self.tags) == TAGS:
            return False
        tag = f"c{self.number}-{len(self.tags)}"
        self.call(204, "PUT", f"/image/v2/images/{self.kit['image']}/tags/{tag}")
        self.tags.append(tag)
        return True

    def start(self):
        if len(self.clusters_made) == CLUSTERS:
            return False
        body = {**self.kit["cluster"], "name": next(self.names)}
        made = self.call(202, "POST", f"{SAHARA}/clusters", json=body).json()["cluster"]
        self.clusters_made[made["id"]] = made["name"]
        return True

    def stop(self):
        if not self.clusters_made or self.chance.random() < 0.5:
            return False
        id_ = self.chance.choice(sorted(self.clusters_made))
        self.call(204, "DELETE", f"{SAHARA}/clusters/{id_}")
        del self.clusters_made[id_]
        return True

    def run(self):
        if not self.clusters_made:
            return False
        body = {"cluster_id": self.chance.choice(sorted(self.clusters_made)), "job_template_id": self.kit["job"]}
        self.runs_made.append(self.call(202, "POST", "/v2/jobs", json=body).json()["job"]["id"])
        return True


def work_at_once(workers, seconds):
    """Lets clients work at the same time; answers how many seconds it took."""
    began = time.monotonic()
    threads = [threading.Thread(target=worker.work, args=(began + seconds,)) for worker in workers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return time.monotonic() - began
