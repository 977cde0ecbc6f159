"""Errors in the users' words, at both programs; what is told while a service does not answer."""

from __future__ import annotations

import socket
import time
from typing import TYPE_CHECKING

import pytest

from tests.cli.launch import EXECUTABLE
from tests.cli.terminal import shown

if TYPE_CHECKING:
    from tests.cli.launch import OpenStack

SAHARA = str(EXECUTABLE.with_name("sahara"))
GONE = "00000000-0000-4000-8000-000000000000"


def test_errors_say_what_to_do(openstack: OpenStack, templates: str, prefix: str) -> None:
    openstack.write("bad.json", {"name": "bad name!", "description": "x"})
    group = templates.removesuffix("-t") + "-m"
    for line, told in [
        (f"cluster template create --name bad_name --node-groups {group}:1", "is not a 'valid_name_hostname'"),
        (f"cluster template create --name bad_name --node-groups {group}:1", "A name may have letters, digits and"),
        (f"cluster template show {templates}x", f"Did you mean '{templates}'"),
        ("plugin show fakes", "Did you mean 'fake'?"),
        (f"cluster show {GONE}", f"There is no cluster '{GONE}', which <cluster> names."),
        (f"job cancel {GONE}", f"There is no job '{GONE}', which <job> names."),
    ]:
        outcome = openstack(*line.split())
        assert outcome.exit == 1
        assert told in outcome.stderr, outcome


def test_a_wrong_password_is_called_so(openstack: OpenStack) -> None:
    told = "The user name or the password is wrong"
    outcome = openstack("plugin", "list", OS_PASSWORD="wrong")
    assert (outcome.exit, told in outcome.stderr) == (1, True), outcome
    environment = {**openstack.environment, "OS_PASSWORD": "wrong"}
    text, _ = shown([SAHARA, "plugin", "list"], environment, openstack.directory)
    assert told in text


def test_a_keystone_that_is_not_there_is_no_matter_of_saharas_versions(openstack: OpenStack) -> None:
    outcome = openstack("plugin", "list", OS_AUTH_URL="http://127.0.0.1:9/v3")
    assert outcome.exit == 1
    assert "127.0.0.1:9" in outcome.stderr
    assert "was asked for" not in outcome.stderr


def test_a_cloud_that_is_not_there_gets_the_names_that_are(openstack: OpenStack) -> None:
    (openstack.directory / "clouds.yaml").write_text("clouds:\n  one: {}\n  two: {}\n")
    text, _ = shown([SAHARA, "--os-cloud", "three", "plugin", "list"], openstack.environment, openstack.directory)
    assert "clouds.yaml has one, two." in text


@pytest.mark.parametrize("openstack", ["2"], indirect=True)
def test_silence_is_told_of_on_a_terminal(openstack: OpenStack) -> None:
    with socket.create_server(("127.0.0.1", 0)) as mute:  # takes connections and says nothing
        url = f"http://127.0.0.1:{mute.getsockname()[1]}/v2"
        environment = {**openstack.environment, "OS_DATA_PROCESSING_URL": url}
        words = ["timeout", "-s", "INT", "15", SAHARA, "--os-data-processing-api-version", "2", "plugin", "list"]
        began = time.monotonic()
        text, moments = shown(words, environment, openstack.directory)
    assert f"The service does not answer GET {url}" in text or "The service does not answer GET /plugins" in text
    first = next(at for at, until in moments if "does not answer" in until)
    assert first - began >= 2  # and before it is given up
