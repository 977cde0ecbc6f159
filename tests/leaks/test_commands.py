"""The `openstack` command with `--debug -vv` and marked secrets in every option that takes one."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

BIN = Path(sys.executable).parent
# OpenStackClient itself writes the command line down, with what it knows as passwords masked; all else is ours.
THEIRS = "START with options: "


@pytest.fixture
def run(service, marks, tmp_path):
    auth = {f"OS_{name.upper()}": value for name, value in service.cloud["auth"].items()}
    env = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "OS_IDENTITY_API_VERSION": "3", **auth}

    def run(version, *words, **more):
        command = [BIN / "openstack", "--debug", "-vv", "--os-data-processing-api-version", version, "dataprocessing"]
        done = subprocess.run(
            [*command, *words], env=env | more, cwd=tmp_path, capture_output=True, text=True, timeout=120, check=False
        )
        lines = [line for line in (done.stdout + done.stderr).splitlines() if not line.startswith(THEIRS)]
        assert any("saharaclient" in line for line in lines)
        assert [(line, found) for line in lines if (found := marks.found_in(line))] == []
        return done

    return run


def options(marks, folder):
    """Command lines by name; what they ask for is made, or refused by the service."""
    secret, access = marks["secret"], marks["access key"]
    body = {"name": "from-a-file", "url": "swift://c/o", "extra": {"user": "u", "password": secret}}
    (folder / "binary.json").write_text(json.dumps(body))
    configs = {"configs": {"fs.s3a.secret.key": secret}, "args": [f"--password={secret}"], "params": {"token": secret}}
    (folder / "configs.json").write_text(json.dumps(configs))
    swift, s3 = ["--username", "u", "--password", secret], ["--access-key", access, "--secret-key", secret]
    nobody = "00000000-0000-4000-8000-000000000000"
    run = ["--job-template", nobody, "--cluster", nobody]
    return {
        "swift source": ["data", "source", "create", "s1", "--type", "swift", "--url", "swift://c/o", *swift],
        "s3 source": ["data", "source", "create", "s2", "--type", "s3", "--url", "s3://b/k", *s3, "--s3-endpoint", "e"],
        "update of a source": ["data", "source", "update", nobody, *swift],
        "swift binary": ["job", "binary", "create", "--name", "b1", "--url", "swift://c/o", *swift],
        "s3 binary": ["job", "binary", "create", "--name", "b2", "--url", "s3://b/k", *s3, "--s3-endpoint", "e"],
        "binary of a file": ["job", "binary", "create", "--json", "binary.json"],
        "update of a binary": ["job", "binary", "update", nobody, *swift],
        "configs of a run": ["job", "execute", *run, "--configs", f"fs.s3a.secret.key:{secret}"],
        "arguments of a run": ["job", "execute", *run, "--args", f"password={secret}"],
        "file of a run": ["job", "execute", *run, "--config-json", "configs.json"],
    }


NAMES = [
    "swift source", "s3 source", "update of a source", "swift binary", "s3 binary", "binary of a file",
    "update of a binary", "configs of a run", "arguments of a run", "file of a run",
]  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_options(name, run, marks, tmp_path):
    lines = options(marks, tmp_path)
    assert list(lines) == NAMES
    done = run("1.1" if NAMES.index(name) % 2 else "2", *lines[name])
    assert done.returncode in (0, 1), done.stderr


def test_a_wrong_password(run, marks):
    assert run("2", "plugin", "list", OS_PASSWORD=marks["wrong password"]).returncode == 1
