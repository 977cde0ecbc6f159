"""A stand-in for a Kubernetes API server and its nodes: pods of Spark become processes of this machine.

No Kubernetes can be had without a network and a container engine. What Spark asks of one is real here: its scheduler
creates pods and a config map over HTTP, looks at their phases and deletes them; what runs in a pod is Spark's own
driver or executor, with the memory, the environment and the arguments that the pod's specification names.
"""

from __future__ import annotations

import http.server
import json
import os
import re
import signal
import subprocess
import threading
import urllib.parse
import uuid
from pathlib import Path

PREFIX = "/api/v1/namespaces/"


class Cluster:
    """The objects of the API by kind and name, and the process behind each pod.

    Args:
        runtime: the Spark that pods run.
        python: the folder of the `python3` that pods find on their PATH.
        logs: a folder for what they print.
    """

    def __init__(self, runtime, python, logs):
        self.runtime, self.python, self.logs = runtime, python, logs
        self.objects, self.processes, self.images = {}, {}, []
        self._lock = threading.Lock()

    def create(self, kind, body):
        name = body["metadata"].setdefault("name", f"{kind}-{uuid.uuid4().hex[:6]}")
        with self._lock:
            body["metadata"] |= {"uid": str(uuid.uuid4()), "namespace": "default", "resourceVersion": "1"}
            self.objects[kind, name] = body
            self._start_pods()
        return self.read(kind, name)

    def apply(self, kind, name, body):
        """Make what is not there yet; what is there gets its owners, all else stays."""
        found = self.objects.get((kind, name))
        if found is None:
            return self.create(kind, body)
        if isinstance(body, dict):
            found["metadata"] |= {
                field: value for field, value in body.get("metadata", {}).items() if field == "ownerReferences"
            }
        return self.read(kind, name)

    def read(self, kind, name):
        found = self.objects.get((kind, name))
        if found is None or kind != "pods":
            return found
        if name not in self.processes:
            return {**found, "status": {"phase": "Pending"}}
        code = self.processes[name].poll()
        state = {"running": {}} if code is None else {"terminated": {"exitCode": code}}
        phase = "Running" if code is None else "Failed" if code else "Succeeded"
        status = {
            "name": found["spec"]["containers"][0]["name"],
            "state": state,
            "ready": code is None,
            "restartCount": 0,
            "image": "",
            "imageID": "",
        }
        ready = {"type": "Ready", "status": str(code is None)}
        status = {"phase": phase, "podIP": "127.0.0.1", "conditions": [ready], "containerStatuses": [status]}
        return {**found, "status": status}

    def log(self, name):
        """What a pod has printed; None as long as there is none."""
        return (self.logs / name).read_bytes() if ("pods", name) in self.objects and name in self.processes else None

    def find(self, kind, selector):
        """Objects whose labels are as `selector` says."""
        with self._lock:
            found = [self.read(*key) for key in self.objects if key[0] == kind]
        return [
            one for one in found if all(fits(one["metadata"].get("labels", {}), t) for t in selector.split(",") if t)
        ]

    def delete(self, kind, name):
        found = self.objects.pop((kind, name), None)
        if found is not None and kind == "pods" and name in self.processes:
            self._end(self.processes[name])
            self._delete_owned(found["metadata"]["uid"])

    def _delete_owned(self, uid):
        owned = [
            key
            for key, one in list(self.objects.items())
            if uid in {owner["uid"] for owner in one["metadata"].get("ownerReferences", ())}
        ]
        for key in owned:
            self.delete(*key)

    def stop(self):
        for process in self.processes.values():
            self._end(process)

    @staticmethod
    def _end(process):
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGTERM)
        process.wait(30)

    def _start_pods(self):
        """Start those whose config maps are there by now: a driver's comes after it."""
        for kind, name in list(self.objects):
            if kind == "pods" and name not in self.processes:
                spec = self.objects[kind, name]["spec"]
                wanted = [one["configMap"]["name"] for one in spec["volumes"] if "configMap" in one]
                configs = [self.objects.get(("configmaps", config)) for config in wanted]
                if None not in configs:
                    self.processes[name] = self._run(name, spec["containers"][0], configs)

    def _run(self, name, container, configs):
        """What the entry point of Spark's own image does."""
        kind, *arguments = container["args"]
        self.images.append(container["image"])
        asked = {one["name"]: one["value"] for one in container["env"] if "value" in one}
        command = self._driver(configs, arguments) if kind == "driver" else self._executor(name, asked)
        own = {"PATH": f"{self.python}:/usr/bin:/bin", "SPARK_HOME": str(self.runtime.home)}
        own["JAVA_HOME"] = str(self.runtime.java_home)
        with (self.logs / name).open("wb") as log:
            return subprocess.Popen(
                command,
                env={**asked, **own},
                cwd=self.logs,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def _driver(self, configs, arguments):
        """A spark-submit with the properties of its config map; no service has a name here, and no port is fixed."""
        properties = self.logs / "spark.properties"
        properties.write_text(
            *(data["data"]["spark.properties"] for data in configs if "spark.properties" in data["data"])
        )
        at = arguments.index("--properties-file")
        own = {"spark.driver.bindAddress": "127.0.0.1", "spark.driver.host": "127.0.0.1"}
        own |= {"spark.driver.port": "0", "spark.driver.blockManager.port": "0"}
        options = [word for item in own.items() for word in ("--conf", "=".join(item))]
        submit = [f"{self.runtime.home}/bin/spark-submit", *options, "--deploy-mode", "client"]
        return [*submit, "--properties-file", str(properties), *arguments[:at], *arguments[at + 2 :]]

    def _executor(self, name, asked):
        options = [value for key, value in sorted(asked.items()) if key.startswith("SPARK_JAVA_OPT_")]
        memory = asked["SPARK_EXECUTOR_MEMORY"]
        words = {
            "driver-url": asked["SPARK_DRIVER_URL"],
            "executor-id": asked["SPARK_EXECUTOR_ID"],
            "cores": asked["SPARK_EXECUTOR_CORES"],
            "app-id": asked["SPARK_APPLICATION_ID"],
            "hostname": "127.0.0.1",
            "resourceProfileId": asked["SPARK_RESOURCE_PROFILE_ID"],
            "podName": name,
        }
        return [
            str(self.runtime.java),
            *options,
            *(f"-Xms{memory}", f"-Xmx{memory}", "-cp", f"{self.runtime.home}/jars/*"),
            "org.apache.spark.scheduler.cluster.k8s.KubernetesExecutorBackend",
            *(word for option, value in words.items() for word in (f"--{option}", value)),
        ]


def fits(labels, term):
    """Whether labels are as one term of a selector says."""
    name, operator, value = re.fullmatch(r"([^!= ]+)(?:(!?=| in )\(?([^)]*)\)?)?", term).groups()
    return labels.get(name) != value if operator == "!=" else name in labels and (not operator or labels[name] == value)


class Handler(http.server.BaseHTTPRequestHandler):
    """The part of the API that Spark's scheduler uses, in one namespace."""

    protocol_version = "HTTP/1.1"
    wbufsize = 0
    server: Server

    def handle_any(self):
        url = urllib.parse.urlsplit(self.path)
        query = {name: values[0] for name, values in urllib.parse.parse_qs(url.query).items()}
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        _, kind, *name = url.path.removeprefix(PREFIX).split("/")
        if name[1:] == ["log"] and (printed := self.server.cluster.log(name[0])) is not None:
            self.send(200, "text/plain", printed)
            return
        cluster, selector = self.server.cluster, query.get("labelSelector", "")
        if self.command == "POST":
            self.answer(201, cluster.create(kind, json.loads(body)))
        elif self.command == "PATCH":
            self.answer(200, cluster.apply(kind, name[0], json.loads(body)))
        elif self.command == "DELETE":
            for one in [{"metadata": {"name": name[0]}}] if name else cluster.find(kind, selector):
                cluster.delete(kind, one["metadata"]["name"])
            self.answer(200, {"kind": "Status", "apiVersion": "v1", "status": "Success"})
        elif "Upgrade" in self.headers:
            self.answer(503, {"kind": "Status", "apiVersion": "v1", "code": 503, "message": "no web sockets here"})
        elif "watch" in query:
            self.watch(kind, selector, query.get("fieldSelector", "").removeprefix("metadata.name="))
        elif name and (found := cluster.read(kind, name[0])) is None:
            self.answer(404, {"kind": "Status", "apiVersion": "v1", "code": 404, "reason": "NotFound"})
        elif name:
            self.answer(200, found)
        else:
            items = cluster.find(kind, selector)
            self.answer(200, {"kind": "List", "apiVersion": "v1", "metadata": {"resourceVersion": "1"}, "items": items})

    do_GET = do_POST = do_DELETE = do_PATCH = handle_any  # noqa: N815 - the names that the base class looks for

    def watch(self, kind, selector, name):
        """Tell of each change, a line each, until the client or the server goes: of all, or of one by its name."""
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Connection", "close")
        self.end_headers()
        seen = {}
        while not self.server.stopping.wait(0.1):
            found = {one["metadata"]["name"]: one for one in self.server.cluster.find(kind, selector)}
            found = {name: found[name]} if name in found else {} if name else found
            events = [("DELETED", seen[old]) for old in seen.keys() - found.keys()]
            events += [
                ("MODIFIED" if each in seen else "ADDED", one) for each, one in found.items() if seen.get(each) != one
            ]
            seen = found
            try:
                for what, one in events:
                    self.wfile.write(json.dumps({"type": what, "object": one}).encode() + b"\n")
            except OSError:
                return

    def answer(self, status, value):
        self.send(status, "application/json", json.dumps(value).encode())

    def send(self, status, kind, content):
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_):
        pass


class Server(http.server.ThreadingHTTPServer):
    """The API on a free port of the loopback interface while a `with` block runs.

    Args:
        runtime: the Spark that pods run.
        python: a `python3`.
        logs: a folder for what pods print.
    """

    def __init__(self, runtime, python, logs):
        super().__init__(("127.0.0.1", 0), Handler)
        self.cluster, self.stopping = Cluster(runtime, Path(python).parent, logs), threading.Event()
        self.url = f"k8s://http://127.0.0.1:{self.server_address[1]}"

    def __enter__(self):
        threading.Thread(target=self.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_):
        self.stopping.set()
        self.shutdown()
        self.cluster.stop()
        self.server_close()
