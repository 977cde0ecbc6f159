"""Replays every exchange recorded from a real Sahara against the embedded one and compares status and body.

Ids are mapped as they appear; times, ids and error ids differ by nature. Whatever else differs is in DEVIATIONS.
"""

import json
import re
import time

import pytest
import requests

from saharaclient.local import LocalSahara
from saharaclient.local.engines.fake import FakeEngine
from saharaclient.local.neighbours.compute.records import Keypair
from saharaclient.local.neighbours.image.records import Image
from saharaclient.local.neighbours.network.records import Network
from tests.local.databases import in_each_database
from tests.support import recordings

pytestmark = in_each_database

UUID = re.compile(r"[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}")
TIME = re.compile(r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ?$")
IMAGE, NETWORK = "11111111-0000-4000-8000-000000000002", "6e1b0d9a-0000-4000-8000-000000000001"
UNSTABLE = {"internal_ip", "management_ip", "management_public_key", "created", "updated"}

# What is answered otherwise than recorded, and why. By exchange: the status given instead, or None for any body.
OTHER_STATUS = {
    "unknown image": (404, "the real server answers 500 to an unknown id"),
    "unknown filter": (400, "API 1.1 of the real server answers 500 to an unknown filter"),
    "start verification": (202, "verification of a fake cluster takes no time here, so none is under way"),
    "update keypair": (
        501,
        "the real server answers 500: its stand-in instances cannot be reached; here none takes a key",
    ),
    "data": (400, "the real server had no object store and answered 500; this one has, and no such object"),
}
# Members whose values differ. By name: why.
OTHER_VALUES = {
    "end_time": "the real fake engine never sets it; a run that has ended has an end here",
    "updated_at": "whether a change came before or after the answer is chance",
    "trust_id": "there are no trusts: the service needs nobody's authority on one machine",
    "verification": "the recorded one was still under way; a fake cluster's is done at once",
    "configs": "the plugin has further options, by which failures are asked for",
}
SKIPPED_VALUES = {*OTHER_VALUES, *UNSTABLE}


def alike(recorded, given, where):
    """Whether two values that differ by nature have the same keys, however deep."""
    if isinstance(recorded, dict) and isinstance(given, dict):
        missing, more = recorded.keys() - given.keys(), given.keys() - recorded.keys()
        assert not missing, f"{where}: lacks {missing}"
        assert not more, f"{where}: has besides {more}"
        for key, value in recorded.items():
            alike(value, given[key], f"{where}.{key}")
    elif isinstance(recorded, list) and isinstance(given, list):
        for number, value in enumerate(given if recorded else ()):
            if isinstance(value, dict):
                namesake = next((item for item in recorded if item.get("name") == value["name"]), None)
                alike(namesake or dict.fromkeys(recorded[0]), value, f"{where}[{number}]")
    else:
        assert None in (recorded, given) or type(recorded) is type(given), f"{where}: {given!r} for {recorded!r}"


class Replay:
    """One API version's recording against a running service."""

    def __init__(self, sahara, version):
        self.exchanges = recordings(version.removeprefix("v"))
        session = sahara.session()
        self.token, project = session.get_token(), session.get_project_id()
        self.base = f"{sahara.url}/{version}" + (f"/{project}" if version == "v1.1" else "")
        self.ids = {}

    def own(self, text):
        return UUID.sub(lambda match: self.ids.get(match.group(0), match.group(0)), text)

    def send(self, method, path, body, *, token=True):
        headers = {"X-Auth-Token": self.token} if token else {}
        if isinstance(body, str) and body.startswith("<raw> "):
            data = body.removeprefix("<raw> ").encode()
            if "{" in body:
                headers["Content-Type"] = "application/json"
            elif not path.startswith("/job-binary-internals"):
                headers["Content-Type"] = "text/plain"
        else:
            data = b"" if body is None else self.own(json.dumps(body)).encode()
            headers["Content-Type"] = "application/json"
        return requests.request(method, self.base + self.own(path), data=data, headers=headers, timeout=30)

    def wait(self, what):
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            clusters = self.send("GET", "/clusters", None).json()["clusters"]
            busy = [c["status"] for c in clusters if c["status"] not in ("Active", "Error")]
            checking = [c for c in clusters if c.get("verification", {}).get("status") == "CHECKING"]
            if not busy and not checking:
                return
            time.sleep(0.02)
        pytest.fail(f"{what}: clusters stay {busy}")

    def compare(self, recorded, given, where):  # noqa: C901 - one branch a JSON type
        if isinstance(recorded, dict):
            assert isinstance(given, dict), where
            missing, more = recorded.keys() - given.keys(), given.keys() - recorded.keys()
            assert not missing, f"{where}: lacks {missing}"
            assert not more, f"{where}: has besides {more}"
            for key in recorded.keys() & given.keys():
                compare = alike if key in SKIPPED_VALUES else self.compare
                compare(recorded[key], given[key], f"{where}.{key}")
        elif isinstance(recorded, list):
            assert isinstance(given, list), where
            if recorded and isinstance(recorded[0], dict) and "sort_by" not in where and "name" in recorded[0]:
                recorded, given = (sorted(x, key=lambda i: i["name"]) for x in (recorded, given))
            assert len(recorded) == len(given), f"{where}: {len(given)} items, recorded {len(recorded)}"
            for number, pair in enumerate(zip(recorded, given, strict=True)):
                self.compare(*pair, f"{where}[{number}]")
        elif isinstance(recorded, str):
            assert isinstance(given, str), f"{where}: {given!r} for {recorded!r}"
            if TIME.match(recorded):
                assert TIME.match(given), where
                return
            found, own = UUID.findall(recorded), UUID.findall(given)
            for one, other in zip(found, own, strict=False):
                self.ids.setdefault(one, other)
            if where.endswith("error_message"):
                # the faults of a body come in no order
                recorded, given = (
                    "\n".join(sorted(re.sub(r"\nError ID: .*", "", t).split("\n"))) for t in (recorded, given)
                )
            if where.endswith(("stack_name", "trust_id")):
                recorded, given = recorded[:2], given[:2]
            assert self.own(recorded) == given, f"{where}: {given!r}, recorded {recorded!r}"
        else:
            assert type(recorded) is type(given), f"{where}: {given!r} for {recorded!r}"
            assert recorded == given, f"{where}: {given!r}, recorded {recorded!r}"

    def unrecorded(self, exchange):
        """What was done between two recorded exchanges."""
        if exchange["what"] == "first page":
            example = next(e["request"] for e in self.exchanges if e["what"] == "create node group template")
            for number in range(5):
                self.send("POST", "/node-group-templates", {**example, "name": f"page-{number}"}).raise_for_status()
        if exchange["what"] == "list" and exchange["path"] in ("/job-executions", "/jobs"):
            time.sleep(0.5)
        if exchange["what"] == "delete cluster template":
            for cluster in self.send("GET", "/clusters", None).json()["clusters"]:
                self.send("DELETE", f"/clusters/{cluster['id']}", None)
            self.wait_gone()
        if exchange["what"] == "delete node group template":
            for template in self.send("GET", "/cluster-templates", None).json()["cluster_templates"]:
                self.send("DELETE", f"/cluster-templates/{template['id']}", None)

    def wait_gone(self):
        deadline = time.monotonic() + 30
        while self.send("GET", "/clusters", None).json()["clusters"]:
            assert time.monotonic() < deadline
            time.sleep(0.02)

    def check(self, exchange):
        what = exchange["what"]
        if "statuses" in exchange:
            self.wait(what) if "deleted" not in what else time.sleep(0.5)
            return
        self.unrecorded(exchange)
        reply = self.send(exchange["method"], exchange["path"], exchange["request"], token=what != "no token")
        expected, reason = exchange["status"], ""
        if (
            what in OTHER_STATUS
            and not (what == "data" and expected == 200)
            and not (what == "unknown filter" and expected == 400)
        ):
            expected, reason = OTHER_STATUS[what]
        where = f"{what}: {exchange['method']} {exchange['path']}"
        assert reply.status_code == expected, f"{where}: {reply.status_code} {reply.text[:300]} {reason}"
        assert reply.headers["x-openstack-request-id"].startswith("req-")
        if not reason and what != "scale while scaling":
            text = exchange["headers"].get("Content-Type", "").startswith("text/html")
            given = reply.text if text or not reply.content else reply.json()
            self.compare(exchange["response"], given, where)


@pytest.fixture(scope="module", params=["v1.1", "v2"])
def replay(request, new_database):
    # A state lasts long enough for the recording's "scale while scaling".
    with LocalSahara(engines={"fake": FakeEngine(0.05)}, database=new_database()) as sahara:
        service = sahara.service
        session = sahara.session()
        project, user = session.get_project_id(), session.get_user_id()
        with service.database.session() as records:
            records.add(Keypair(user_id=user, name="demo-key", public_key="ssh-rsa AAAA", fingerprint="aa"))
            records.merge(Network(id=NETWORK, name="private-2", project_id=project, cidr="10.1.0.0/24", external=False))
            records.add(
                Image(
                    id=IMAGE, name="cirros-fake", owner=project, status="active", size=123456789, tags=[], properties={}
                )
            )
        replay = Replay(sahara, request.param)
        if request.param == "v2":  # recorded after API 1.1, which had set a label
            replay.send("PATCH", "/plugins/fake", {"plugin_labels": {"enabled": {"status": True}}})
        yield replay


def test_every_recorded_exchange(replay):
    failures = []
    for exchange in replay.exchanges:
        try:
            replay.check(exchange)
        except AssertionError as error:
            failures.append(str(error).splitlines()[0][:400])
    assert not failures, "\n".join(failures)
