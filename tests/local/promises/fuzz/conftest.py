"""A service with one of everything, so that generated requests reach deeper than 404, and a way to send them."""

import http.client
import json
import urllib.parse

import pytest

from saharaclient.local import LocalSahara


class Target:
    """A running service, a token for it, and ids of what is in it."""

    store = ""  # the path of an account of object storage

    def __init__(self, sahara):
        self.service = sahara.service
        self.url = sahara.url
        session = sahara.session()
        self.project, self.user = session.get_project_id(), session.get_user_id()
        self.headers = {"X-Auth-Token": session.get_token()}
        self.connection = http.client.HTTPConnection(urllib.parse.urlsplit(self.url).netloc, timeout=30)
        session.session.close()
        self.ids = {}

    def close(self):
        self.connection.close()

    def fill(self):
        image = self.json("GET", "/image/v2/images")["images"][0]["id"]
        self.json("POST", f"/v2/images/{image}", {"username": "root"})
        self.json("PUT", f"/v2/images/{image}/tags", {"tags": ["fake", "0.1"]})
        network = self.json("GET", "/network/v2.0/networks")["networks"][0]["id"]
        [outside] = self.json("GET", "/network/v2.0/networks?router:external=true")["networks"]
        plugin = {"plugin_name": "fake", "plugin_version": "0.1"}
        group = {"name": "one", "flavor_id": "1", "node_processes": ["namenode"]}
        self.ids = {"images": image, "networks": outside["id"], "users": self.user, "project": self.project}
        self.make("node-group-templates", {**group, **plugin})
        groups = [{**group, "count": 1}]
        self.make(
            "cluster-templates", {"name": "one", **plugin, "node_groups": groups, "neutron_management_network": network}
        )
        self.make("clusters", {"name": "one", **plugin, "node_groups": groups, "default_image_id": image,
                               "neutron_management_network": network})  # fmt: skip
        self.make("data-sources", {"name": "one", "type": "hdfs", "url": "/one", "description": ""})
        extra = {"user": "demo", "password": "demo"}
        self.make("job-binaries", {"name": "one", "url": "swift://one.sahara/one", "extra": extra})
        self.make("job-templates", {"name": "one", "type": "Shell", "mains": [self.ids["job-binaries"]]})
        self.make("jobs", {"cluster_id": self.ids["clusters"], "job_template_id": self.ids["job-templates"]})
        self.ids["job-executions"] = self.ids["jobs"]
        stored = self.request("PUT", f"/v1.1/{self.project}/job-binary-internals/one", b"content")[1]
        self.ids["job-binary-internals"] = json.loads(stored)["job_binary_internal"]["id"]

    def make(self, path, body):
        [made] = self.json("POST", f"/v2/{path}", body).values()
        self.ids[path] = made["id"]

    def json(self, method, path, body=None):
        status, content = self.request(method, path, body if body is None else json.dumps(body).encode())
        assert status < 300, f"{method} {path}: {status} {content}"
        return json.loads(content)

    def request(self, method, path, body=None, headers=None):
        """Sends a request as it is, without the corrections of a better library; answers status and body."""
        all_headers = {"Content-Type": "application/json", **self.headers, **(headers or {})}
        try:
            self.connection.request(method, path, body, all_headers)
            reply = self.connection.getresponse()
            return reply.status, reply.read()
        except (http.client.HTTPException, ConnectionError):
            self.connection.close()
            raise

    def check(self, status, what):
        """No request makes the service fail; what it does not offer it may say."""
        assert status < 500 or status == 501, f"{status} to {what}\n{self.last_failure()}"

    def last_failure(self):
        return self.service.settings.log.read_text()[-3000:]


@pytest.fixture(scope="module")
def target(new_database):
    with LocalSahara(database=new_database(), max_upload_bytes=100_000) as sahara:
        target = Target(sahara)
        try:
            target.fill()
            yield target
        finally:
            target.close()
