"""A client that uses the service at random and knows what must be there after it was killed. It starts nothing."""

import threading
import urllib.parse

import requests

ABSENT = None
NO_ROOM = 507
DONE = (201, 202, 204, 404)  # what is not found was deleted before
STORE, SAHARA = "/object-store/v1/AUTH_{project}", "/v1.1/{project}"


class Model:
    """What the service must have: for each thing, by kind and name, every state that it may be in.

    A request that was sent and not answered adds a state, its answer leaves that one alone, and where the answer is
    that there is no room, it leaves what was before. Runs of jobs have no names:
    of them, the ids that were answered are known, and how many requests were not answered.
    """

    def __init__(self):
        self.allowed = {}
        self._before = {}
        self.runs = {}
        self.unanswered_runs = 0
        self._lock = threading.Lock()

    def begin(self, key, state):
        with self._lock:
            self._before[key] = self.allowed.get(key, {ABSENT})
            self.allowed[key] = self._before[key] | {state}

    def done(self, key, state):
        with self._lock:
            self.allowed[key] = {state}

    def refused(self, key):
        with self._lock:
            self.allowed[key] = self._before[key]

    def begin_run(self):
        with self._lock:
            self.unanswered_runs += 1

    def done_run(self, id_=None):
        """A run was answered: with its id, or without one by a refusal."""
        with self._lock:
            self.unanswered_runs -= 1
            if id_ is not None:
                self.runs[id_] = "started"

    def begin_deletion(self, chance):
        with self._lock:
            id_ = chance.choice(sorted(self.runs)) if self.runs else None
            if id_ is not None:
                self.runs[id_] = "unsure"
            return id_

    def done_deletion(self, id_):
        with self._lock:
            self.runs[id_] = "deleted"

    def refused_deletion(self, id_):
        with self._lock:
            self.runs[id_] = "started"

    def existing(self, kind, owner):
        with self._lock:
            return sorted(n for (k, n), s in self.allowed.items() if (k, n[0]) == (kind, owner) and s != {ABSENT})

    def settle(self, found, runs):
        """Compares with what is there, which is what must be there from now on; answers what is wrong."""
        wrong = [f"{key} is not as {'answered' if len(allowed) == 1 else 'possible'}: {found.get(key)}"
                 for key, allowed in self.allowed.items() if found.get(key) not in allowed]  # fmt: skip
        wrong += [f"{key} was never sent" for key in found.keys() - self.allowed.keys()]
        wrong += [
            f"the run {id_} is lost" for id_, state in self.runs.items() if state == "started" and id_ not in runs
        ]
        wrong += [f"the run {id_} is back" for id_, state in self.runs.items() if state == "deleted" and id_ in runs]
        wrong += [f"the run {id_} is {runs[id_]}" for id_ in runs if runs[id_] not in ("SUCCEEDED", "KILLED")]
        unknown = runs.keys() - self.runs.keys()
        if len(unknown) > self.unanswered_runs:
            wrong.append(f"{len(unknown)} runs of {self.unanswered_runs} that were sent without an answer")
        self.allowed = {key: {found.get(key)} for key in self.allowed}
        self.runs = dict.fromkeys(runs, "started") | {i: s for i, s in self.runs.items() if s == "deleted"}
        self.unanswered_runs = 0
        return wrong


class User:
    """Sends requests until the service is gone.

    Args:
        url: Of the service.
        password: The administrator's.
    """

    def __init__(self, url, password):
        self.url = url
        self.answered = 0  # requests
        self.refused = 0  # of them those that there was no room for
        self.session = requests.Session()
        user = {"name": "admin", "domain": {"id": "default"}, "password": password}
        scope = {"project": {"name": "admin", "domain": {"id": "default"}}}
        identity = {"methods": ["password"], "password": {"user": user}}
        reply = self.session.post(
            f"{url}/identity/v3/auth/tokens", json={"auth": {"identity": identity, "scope": scope}}, timeout=20
        )
        self.session.headers["X-Auth-Token"] = reply.headers["X-Subject-Token"]
        self.project = reply.json()["token"]["project"]["id"]

    def send(self, method, path, **options):
        url = self.url + path.format(project=self.project)
        reply = self.session.request(method, url, timeout=20, **options)
        assert reply.status_code < 500 or reply.status_code == NO_ROOM, f"{method} {path}: {reply.text}"
        self.answered += 1
        self.refused += reply.status_code == NO_ROOM
        return reply

    def use(self, model, chance, owner, kit):
        """Makes and deletes things of its own, named after `owner`, until the connection breaks."""
        try:
            for number in range(10_000):
                self.step(model, chance, owner, f"{owner}{chance.randrange(10**9)}-{number}", kit)
        except requests.RequestException:
            pass
        finally:
            self.session.close()

    def step(self, model, chance, owner, name, kit):
        what = chance.choice(["put", "put", "replace", "drop", "store", "unstore", "create", "delete", "run", "unrun"])
        objects = model.existing("object", owner)
        binaries, clusters = model.existing("binary", owner), model.existing("cluster", owner)
        if what == "put" or (what == "replace" and objects):
            name = name if what == "put" else chance.choice(objects)
            content = f"{name} {chance.random()} ".encode() * chance.randrange(1, 5000)
            state = hash(content)
            self._change(model, ("object", name), state, "PUT", f"{STORE}/kept/{name}", data=content)
        elif what == "drop" and objects:
            self._delete(model, "object", chance.choice(objects), f"{STORE}/kept/{{}}")
        elif what == "store":
            path = f"{SAHARA}/job-binary-internals/{name}"
            self._change(model, ("binary", name), "there", "PUT", path, data=b"x" * 20_000)
        elif what == "unstore" and binaries:
            self._delete(model, "binary", chance.choice(binaries), f"{SAHARA}/job-binary-internals/{{}}")
        elif what == "create" and len(clusters) < 3:
            body = {**kit["cluster"], "name": name}
            self._change(model, ("cluster", name), "there", "POST", f"{SAHARA}/clusters", json=body)
        elif what == "delete" and clusters:
            self._delete(model, "cluster", chance.choice(clusters), f"{SAHARA}/clusters/{{}}")
        elif what == "run" and clusters:
            id_ = self.ids("cluster").get(chance.choice(clusters))
            model.begin_run()
            reply = self.send("POST", f"{SAHARA}/jobs/{kit['job']}/execute", json={"cluster_id": id_ or "gone"})
            model.done_run(reply.json()["job_execution"]["id"] if reply.status_code == 202 else None)
        elif what == "unrun" and (id_ := model.begin_deletion(chance)):
            refused = self.send("DELETE", f"{SAHARA}/job-executions/{id_}").status_code == NO_ROOM
            (model.refused_deletion if refused else model.done_deletion)(id_)

    def _delete(self, model, kind, name, path):
        target = name if kind == "object" else self.ids(kind).get(name, "gone")
        self._change(model, (kind, name), ABSENT, "DELETE", path.replace("{}", target))

    def _change(self, model, key, state, method, path, **options):
        model.begin(key, state)
        status = self.send(method, path, **options).status_code
        if status == NO_ROOM:
            model.refused(key)
        elif status in DONE:
            model.done(key, state)

    def ids(self, kind):
        key = {"cluster": "clusters", "binary": "job-binary-internals"}[kind]
        [records] = self.send("GET", f"{SAHARA}/{key}").json().values()
        return {record["name"]: record["id"] for record in records}

    def clusters(self):
        return {c["name"]: c["status"] for c in self.send("GET", f"{SAHARA}/clusters").json()["clusters"]}

    def runs(self):
        found = self.send("GET", f"{SAHARA}/job-executions").json()["job_executions"]
        return {run["id"]: run["info"]["status"] for run in found}

    def found(self):
        """Everything that is there, as the model knows it."""
        names = [o["name"] for o in self.send("GET", f"{STORE}/kept?format=json").json()]
        things = {("object", n): hash(self.send("GET", f"{STORE}/kept/{urllib.parse.quote(n)}").content) for n in names}
        return things | {(kind, name): "there" for kind in ("binary", "cluster") for name in self.ids(kind)}

    def prepare(self):
        """Makes what clusters and jobs need; answers a body for clusters and the id of a job template."""
        self.send("PUT", f"{STORE}/kept")
        [image] = self.send("GET", "/image/v2/images").json()["images"]
        self.send("POST", f"{SAHARA}/images/{image['id']}", json={"username": "root"})
        self.send("POST", f"{SAHARA}/images/{image['id']}/tag", json={"tags": ["fake", "0.1"]})
        network = self.send("GET", "/network/v2.0/networks").json()["networks"][0]["id"]
        group = {"name": "one", "count": 2, "flavor_id": "1", "node_processes": ["namenode", "jobtracker"]}
        cluster = {
            "plugin_name": "fake", "hadoop_version": "0.1", "node_groups": [group | {"count": 1}],
            "default_image_id": image["id"], "neutron_management_network": network,
        }  # fmt: skip
        binary = {"name": "script", "url": "swift://c.sahara/x", "extra": {"user": "demo", "password": "demo"}}
        binary = self.send("POST", f"{SAHARA}/job-binaries", json=binary).json()["job_binary"]["id"]
        job = self.send("POST", f"{SAHARA}/jobs", json={"name": "job", "type": "Shell", "mains": [binary]})
        return {"cluster": cluster, "job": job.json()["job"]["id"]}
