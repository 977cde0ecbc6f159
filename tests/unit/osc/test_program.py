"""The command `sahara` without a cloud: its table, help and wrong use, and what it does not import for them."""

from __future__ import annotations

import json
import logging
import subprocess
import sys
from importlib.metadata import entry_points
from typing import TYPE_CHECKING, Any

import pytest

from saharaclient.osc import command_line, program

if TYPE_CHECKING:
    from collections.abc import Iterator

HEAVY = ("requests", "keystoneauth1", "openstack", "openstackclient", "rich", "yaml", "PIL", "cmd2", "argcomplete")


@pytest.fixture(autouse=True)
def logging_as_it_was() -> Iterator[None]:
    """The program sets up the logging of its process, which here is that of all tests."""
    root = logging.getLogger()
    handlers, level = [*root.handlers], root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)


def test_its_formatters_are_those_that_are_installed() -> None:
    for namespace, names in program._FORMATTERS.items():
        found = {entry.name: entry.value for entry in entry_points(group=namespace) if entry.dist.name == "cliff"}  # type: ignore[union-attr]
        assert found == {name: f"cliff.formatters.{program._FORMATTER_CLASSES[name]}" for name in names}
        assert program.Formatters(namespace).names() == [*names]


@pytest.mark.parametrize("version", ["1.1", "2"])
def test_its_commands_are_those_of_openstackclient(version: str) -> None:
    installed = entry_points(group=f"openstack.data_processing.v{version[0]}")
    assert {entry.value for entry in command_line.commands_of(version).values()} == {entry.value for entry in installed}


def test_a_version_of_the_environment_that_is_none(monkeypatch: pytest.MonkeyPatch, capsys: Any) -> None:
    monkeypatch.setenv("OS_DATA_PROCESSING_API_VERSION", "3")
    with pytest.raises(SystemExit, match="2"):
        program.main(["plugin", "list"])
    assert "OS_DATA_PROCESSING_API_VERSION is '3'; it can be 1.1 or 2" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        ("clster list", 2, "sahara: 'clster list' is no command. See 'sahara --help'.\nDid you mean one of these?\n"),
        ("job tmplate list", 2, "\n  job template list\n"),
        ("job template", 2, "\n  job template create\n"),
        ("cluster list --limit x", 2, "argument --limit: 'x' should be a whole number above 0"),
        ("--os-data-processing-api-version 3 cluster list", 2, "invalid choice: '3'"),
        ("--os-data-processing-api-version 1.1 cluster update keypair x", 2, "unrecognized arguments: x"),
    ],
)
def test_wrong_use(words: str, code: int, told: str, capsys: Any) -> None:
    try:
        ended = program.main(words.split())
    except SystemExit as end:
        ended = end.code  # type: ignore[assignment]
    captured = capsys.readouterr()
    assert (ended, captured.out) == (code, "")
    assert told in captured.err


@pytest.mark.parametrize("words", ["", "--help", "help", "help job template", "job template --help"])
def test_what_there_is(words: str, capsys: Any) -> None:
    assert program.main(words.split()) == 0
    told = capsys.readouterr().out
    assert "  job template create\n" in told
    assert ("  cluster list\n" in told) == ("template" not in words)
    assert ('eval "$(sahara complete)"' in told) == (words in ("", "--help", "help"))


def imported_by(*words: str) -> set[str]:
    """What of `HEAVY` a process has imported that ran `sahara`, which ended at once."""
    script = (
        "import atexit, json, sys\nfrom saharaclient.osc import program\n"
        f"atexit.register(lambda: sys.__stderr__.write('\\n' + json.dumps([m for m in {HEAVY} if m in sys.modules])))\n"
        f"sys.exit(program.main({list(words)}))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert done.returncode in (0, 2), done
    return set(json.loads(done.stderr.splitlines()[-1]))


@pytest.mark.parametrize("words", ["--help", "clster list", "cluster list --help", "cluster list --limit x"])
def test_help_and_wrong_use_import_nothing_that_reaches_a_cloud(words: str) -> None:
    assert imported_by(*words.split()) == set()


def test_help_of_every_command_imports_nothing_that_reaches_a_cloud(capsys: Any) -> None:
    script = (
        "import io, sys\nfrom saharaclient.osc import command_line, program\n"
        "for version in ('1.1', '2'):\n"
        "    for words in command_line.commands_of(version):\n"
        "        try:\n"
        "            program.main(['--os-data-processing-api-version', version, *words, '--help'])\n"
        "        except SystemExit as ended:\n"
        "            assert not ended.code\n"
        f"        found = [m for m in {HEAVY} if m in sys.modules]\n"
        "        assert not found, (words, found)\n"
    )
    subprocess.run([sys.executable, "-c", script], check=True, stdout=subprocess.DEVNULL)
