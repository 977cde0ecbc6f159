"""A stand-in for a Kubernetes API server and its nodes: pods of Spark's executors become processes of this machine.

No Kubernetes can be had without a network and a container engine. What Spark asks of one is real here: its scheduler
creates pods and a config map over HTTP, looks at their phases and deletes them; what runs in a pod is Spark's own
executor, with the memory, the environment and the arguments that the pod's specification names.
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
            if kind == "pods":
                self.processes[name] = self._run(name, body["spec"]["containers"][0])
            self.objects[kind, name] = body
        return self.read(kind, name)

    def read(self, kind, name):
        found = self.objects.get((kind, name))
        if found is None or kind != "pods":
            return found
        code = self.processes[name].poll()
        state = {"running": {}} if code is None else {"terminated": {"exitCode": code}}
        phase = "Running" if code is None else "Failed" if code else "Succeeded"
        status = {
            "name": "executor",
            "state": state,
            "ready": code is None,
            "restartCount": 0,
            "image": "",
            "imageID": "",
        }
        return {**found, "status": {"phase": phase, "podIP": "127.0.0.1", "containerStatuses": [status]}}

    def find(self, kind, selector):
        """Objects whose labels are as `selector` says."""
        with self._lock:
            found = [self.read(*key) for key in self.objects if key[0] == kind]
        return [
            one for one in found if all(fits(one["metadata"].get("labels", {}), t) for t in selector.split(",") if t)
        ]

    def delete(self, kind, name):
        self.objects.pop((kind, name), None)
        if kind == "pods":
            self._end(self.processes[name])

    def stop(self):
        for process in self.processes.values():
            self._end(process)

    @staticmethod
    def _end(process):
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGTERM)
        process.wait(30)

    def _run(self, name, container):
        """What the entry point of Spark's own image does for an executor."""
        assert container["args"] == ["executor"]
        self.images.append(container["image"])
        asked = {one["name"]: one["value"] for one in container["env"] if "value" in one}
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
        command = [
            str(self.runtime.java),
            *options,
            *(f"-Xms{memory}", f"-Xmx{memory}", "-cp", f"{self.runtime.home}/jars/*"),
            "org.apache.spark.scheduler.cluster.k8s.KubernetesExecutorBackend",
            *(word for option, value in words.items() for word in (f"--{option}", value)),
        ]
        own = {"PATH": f"{self.python}:/usr/bin:/bin", "SPARK_HOME": str(self.runtime.home)}
        with (self.logs / name).open("wb") as log:
            return subprocess.Popen(
                command, env={**asked, **own}, stdout=log, stderr=subprocess.STDOUT, start_new_session=True
            )


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
        cluster, selector = self.server.cluster, query.get("labelSelector", "")
        if self.command == "POST":
            self.answer(201, cluster.create(kind, json.loads(body)))
        elif self.command == "DELETE":
            for one in [{"metadata": {"name": name[0]}}] if name else cluster.find(kind, selector):
                cluster.delete(kind, one["metadata"]["name"])
            self.answer(200, {"kind": "Status", "apiVersion": "v1", "status": "Success"})
        elif "Upgrade" in self.headers:
            self.answer(503, {"kind": "Status", "apiVersion": "v1", "code": 503, "message": "no web sockets here"})
        elif "watch" in query:
            self.watch(kind, selector)
        elif name and (found := cluster.read(kind, name[0])) is None:
            self.answer(404, {"kind": "Status", "apiVersion": "v1", "code": 404, "reason": "NotFound"})
        elif name:
            self.answer(200, found)  # to PATCH too: nothing here depends on what Spark changes
        else:
            items = cluster.find(kind, selector)
            self.answer(200, {"kind": "List", "apiVersion": "v1", "metadata": {"resourceVersion": "1"}, "items": items})

    do_GET = do_POST = do_DELETE = do_PATCH = handle_any  # noqa: N815 - the names that the base class looks for

    def watch(self, kind, selector):
        """Tell of each change, a line each, until the client or the server goes."""
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Connection", "close")
        self.end_headers()
        seen = {}
        while not self.server.stopping.wait(0.1):
            found = {one["metadata"]["name"]: one for one in self.server.cluster.find(kind, selector)}
            events = [("DELETED", seen[name]) for name in seen.keys() - found.keys()]
            events += [
                ("MODIFIED" if name in seen else "ADDED", one) for name, one in found.items() if seen.get(name) != one
            ]
            seen = found
            try:
                for what, one in events:
                    self.wfile.write(json.dumps({"type": what, "object": one}).encode() + b"\n")
            except OSError:
                return

    def answer(self, status, value):
        content = json.dumps(value).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
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
