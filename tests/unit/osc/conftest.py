"""Commands without a process and a cloud: the real client, its requests answered at the wire."""

from __future__ import annotations

import io
import logging
import shlex
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import pytest
from keystoneauth1 import session, token_endpoint

from saharaclient.api import client

URL = "http://sahara.test"
PATHS = {"1.1": "/v1.1/project", "2": "/v2"}
CLASSES = {"1.1": client.Client, "2": client.ClientV2}


class Clock:
    """Time that passes when somebody sleeps."""

    def __init__(self) -> None:
        self.time = 0.0

    def now(self) -> float:
        return self.time

    def sleep(self, seconds: float) -> None:
        self.time += seconds


@dataclass
class Commands:
    """Runs a command class with arguments; the wire is `requests_mock`, the service at the address `server`."""

    version: str
    wire: Any
    capsys: Any
    caplog: Any
    sdk: Any = field(default_factory=SimpleNamespace)
    server: str = URL

    def __post_init__(self) -> None:
        self.base = self.server + PATHS[self.version]
        ses = session.Session(auth=token_endpoint.Token(URL, "token"))
        self.client = CLASSES[self.version](session=ses, sahara_url=self.base, retry_deadline=0)
        self.clock = Clock()
        for manager in vars(self.client).values():
            manager.api.clock = self.clock

    def __call__(self, cls: Any, arguments: str) -> SimpleNamespace:
        stdout = io.StringIO()
        app = SimpleNamespace(
            client_manager=SimpleNamespace(data_processing=self.client, sdk_connection=self.sdk),
            LOG=logging.getLogger("saharaclient.test"),
            options=SimpleNamespace(debug=False),
            stdout=stdout,
        )
        command = cls(app, None)
        parsed_args = command.get_parser("test").parse_args(shlex.split(arguments))
        self.caplog.clear()
        code, error = 0, None
        try:
            code = command.run(parsed_args)
        except Exception as raised:
            code, error = 1, raised
        captured = self.capsys.readouterr()
        told = "\n".join([captured.err, *(record.getMessage() for record in self.caplog.records)])
        return SimpleNamespace(
            code=code, error=error, stdout=stdout.getvalue() + captured.out, told=f"{told}\n{error or ''}"
        )


@pytest.fixture(params=["1.1", "2"])
def commands(request: pytest.FixtureRequest, requests_mock: Any, capsys: Any, caplog: Any) -> Commands:
    return Commands(request.param, requests_mock, capsys, caplog)


@pytest.fixture
def commands1(requests_mock: Any, capsys: Any, caplog: Any) -> Commands:
    return Commands("1.1", requests_mock, capsys, caplog)


@pytest.fixture
def commands2(requests_mock: Any, capsys: Any, caplog: Any) -> Commands:
    return Commands("2", requests_mock, capsys, caplog)
