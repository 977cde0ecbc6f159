"""A service that offers one version of the API only: whoever asks for the other is told which option to give."""

from __future__ import annotations

import http.server
import json
import os
import subprocess
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

BIN = Path(sys.executable).parent
OPTION = "--os-data-processing-api-version"


class Cloud(http.server.BaseHTTPRequestHandler):
    """What a cloud answers whose Sahara has one version of its API: `offered`."""

    offered: str
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        """A document of versions, or the plugins."""
        root = f"http://{self.headers['Host']}"
        if self.path.rstrip("/") == "/sahara":
            self._answer(300, {"versions": [self._version(f"v{self.offered}", f"{root}/sahara/v{self.offered}/")]})
        elif self.path.rstrip("/") == "/v3":
            self._answer(200, {"version": {**self._version("v3.14", f"{root}/v3/"), "status": "stable"}})
        else:
            self._answer(200, {"plugins": [{"name": "fake", "versions": ["0.1"]}]})

    def do_POST(self) -> None:
        """A token."""
        self.rfile.read(int(self.headers["Content-Length"]))
        endpoint = {"interface": "public", "url": f"http://{self.headers['Host']}/sahara/", "region_id": "r"}
        service = {"type": "data-processing", "name": "sahara", "id": "s", "endpoints": [endpoint]}
        token = {"catalog": [service], "expires_at": "2999-01-01T00:00:00Z", "methods": ["password"], "user": {}}
        self._answer(201, {"token": {**token, "project": {"id": "p", "name": "p"}}}, {"X-Subject-Token": "t"})

    def _version(self, name: str, url: str) -> dict[str, Any]:
        return {"id": name, "status": "CURRENT", "links": [{"rel": "self", "href": url}]}

    def _answer(self, status: int, body: object, headers: dict[str, str] | None = None) -> None:
        content = json.dumps(body).encode()
        self.send_response(status)
        for name, value in {**(headers or {}), "Content-Length": str(len(content))}.items():
            self.send_header(name, value)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        """Nothing: the tests print enough."""


@pytest.fixture(params=["1.1", "2"])
def cloud(request: pytest.FixtureRequest) -> Iterator[tuple[str, dict[str, str]]]:
    """The version a cloud offers, and the variables that lead there."""
    handler = type("OneVersion", (Cloud,), {"offered": request.param})
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        url = f"http://127.0.0.1:{server.server_address[1]}/v3"
        told = {
            "AUTH_URL": url, "USERNAME": "u", "PASSWORD": "p", "PROJECT_NAME": "p",
            "USER_DOMAIN_ID": "default", "PROJECT_DOMAIN_ID": "default",
        }  # fmt: skip
        variables = {"PATH": os.environ["PATH"], "HOME": "/nonexistent"}
        yield request.param, {**variables, **{f"OS_{name}": value for name, value in told.items()}}
        server.shutdown()


@pytest.mark.parametrize(
    ("command", "cloud"),
    [("sahara", "1.1"), ("sahara", "2"), ("openstack dataprocessing", "2")],
    indirect=["cloud"],
)
def test_the_option_is_named(command: str, cloud: tuple[str, dict[str, str]]) -> None:
    offered, variables = cloud
    program, *group = command.split()

    def run(*options: str) -> subprocess.CompletedProcess[str]:
        line = [BIN / program, *options, *group, "plugin", "list", "-f", "json"]
        return subprocess.run(line, env=variables, capture_output=True, text=True, check=False)

    right = run(OPTION, offered)
    assert json.loads(right.stdout) == [{"Name": "fake", "Versions": "0.1"}], right.stderr
    wrong = run() if offered == "2" else run(OPTION, "2")  # 1.1 is the default
    assert wrong.returncode == 1
    assert f"{OPTION} {offered}, or OS_DATA_PROCESSING_API_VERSION={offered}" in wrong.stderr
    assert "Traceback" not in wrong.stderr


def test_a_program_is_told_the_argument(cloud: tuple[str, dict[str, str]]) -> None:
    offered, variables = cloud
    other = {"1.1": "2", "2": "1.1"}[offered]
    script = f"import saharaclient\nsaharaclient.connect(version={other!r}).plugins.list()"
    done = subprocess.run([sys.executable, "-c", script], env=variables, capture_output=True, text=True, check=False)
    last = done.stderr.strip().splitlines()[-1]
    assert "EndpointNotFound" in last
    assert f'connect(version="{offered}")' in last
