"""The commands that show the console, as people start and end them: in a terminal, with Ctrl-C."""

import os
import pty
import re
import shlex
import signal
import subprocess
import sys
from pathlib import Path

import pytest
import requests

from saharaclient.local import LocalSahara
from saharaclient.local.login import environment
from saharaclient.local.server.state_folder import find_running

BIN = Path(sys.executable).parent
COMMANDS = {
    "cloud": "openstack dataprocessing console",
    "cloud, API 2": "openstack --os-data-processing-api-version 2 dataprocessing console",
    "local": "sahara-local console",
}
LINK = re.compile(rb"http://127\.0\.0\.1:(\d+)/login/(\S+)")


@pytest.fixture(scope="module")
def variables(tmp_path_factory):
    state = tmp_path_factory.mktemp("console") / "state"
    with LocalSahara(state):
        own = environment(*find_running(state))
        yield {
            "PATH": f"{BIN}:{os.environ['PATH']}",
            "HOME": str(state.parent),
            "SAHARA_LOCAL_STATE": str(state),
            "SAHARA_LOCAL_CACHE": os.environ["SAHARA_LOCAL_CACHE"],
            **own,
        }


class Terminal:
    """A command in a terminal of its own."""

    def __init__(self, line, variables):
        self._ours, theirs = pty.openpty()
        self.process = subprocess.Popen(
            shlex.split(line), env=variables, stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True
        )
        os.close(theirs)
        self.shown = b""

    def until(self, pattern, times=1):
        while len(found := re.findall(pattern, self.shown)) < times:
            piece = os.read(self._ours, 4096)
            assert piece, self.shown.decode()
            self.shown += piece
        return found[-1]

    def type(self, keys):
        os.write(self._ours, keys)

    def end(self):
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        os.close(self._ours)


@pytest.fixture
def terminal(variables):
    opened = []

    def start(line):
        opened.append(Terminal(line, variables))
        return opened[-1]

    yield start
    for one in opened:
        one.end()


@pytest.mark.parametrize("line", COMMANDS.values(), ids=COMMANDS)
def test_in_a_terminal(terminal, line):
    """It prints a link that logs in once, makes another at Enter, and ends with Ctrl-C and code 0."""
    run = terminal(f"{line} --no-browser --port 0")
    port, first = run.until(LINK)
    run.type(b"\n")
    _, second = run.until(LINK, 2)
    assert first != second
    for secret in (first, second):
        with requests.Session() as browser:
            browser.trust_env = False
            assert browser.get(f"http://127.0.0.1:{port.decode()}/login/{secret.decode()}").status_code == 200
            assert "Overview" in browser.get(f"http://127.0.0.1:{port.decode()}/").text
    run.process.send_signal(signal.SIGINT)
    assert run.process.wait(20) == 0
    assert b"Traceback" not in run.shown


@pytest.mark.parametrize("line", COMMANDS.values(), ids=COMMANDS)
def test_a_port_that_is_taken(terminal, variables, line):
    run = terminal(f"{line} --no-browser --port 0")
    port, _ = run.until(LINK)
    other = subprocess.run(
        shlex.split(f"{line} --no-browser --port {port.decode()}"),
        env=variables,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert other.returncode == 1
    assert f"port {port.decode()}: Address already in use" in other.stderr
    assert "--port" in other.stderr


def test_the_browser_is_opened(terminal, variables, tmp_path):
    """With the login link, whatever $BROWSER is."""
    opened = tmp_path / "opened"
    browser = tmp_path / "browser"
    browser.write_text(f'#!/bin/sh\necho "$1" >{opened}.part && mv {opened}.part {opened}\n')
    browser.chmod(0o755)
    run = terminal(f"env BROWSER={browser} sahara-local console --port 0")
    _, secret = run.until(LINK)
    for _ in range(200):
        if opened.exists():
            break
        run.process.poll()
        signal.sigtimedwait([], 0.05)
    assert opened.read_text().strip().endswith(secret.decode())


def test_no_service(tmp_path):
    done = subprocess.run(
        [BIN / "sahara-local", "console", "--state", tmp_path / "none"], capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 1
    assert "No service runs" in done.stderr
