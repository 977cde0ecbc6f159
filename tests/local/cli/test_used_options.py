"""Every command and option is there to be used: tests of commands did, in both versions, as a table and as JSON.

A new command or option without a test fails here. This module comes last, and judges only when the others have run.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any
from unittest import mock

import pytest
from osc_lib.command import command as osc

from saharaclient.osc import command, command_line
from tests.cli.launch import CALLS

HERE = Path(__file__).parent
ROOT = HERE.parents[2]

UNUSABLE = {
    f"{command}{output}": why
    for command, why in {
        "job suspend": "no engine of the service can suspend a job",
        "cluster update keypair": "the service's instances are processes, which take no key pair",
    }.items()
    for output in ("", " as a table", " as JSON")
}
ELSEWHERE = {"console": "tests/console/test_commands.py"}  # shown until Ctrl-C, in a terminal of its own


def flags_of(parser: Any, version: str = "2") -> set[str]:
    """A parser's options, less those that a version refuses (tests/unit/osc/test_commands.py shows it)."""
    there = (action for action in parser._actions if version == "2" or "(API 2 alone)" not in (action.help or ""))
    return {flag for action in there for flag in action.option_strings}


def of_every_command() -> set[str]:
    """The options that any command has, of OpenStackClient's or of this project's."""

    class Lists(command.Lister):
        def take_action(self, parsed_args: Any) -> Any: ...

    class Shows(command.ShowOne):
        def take_action(self, parsed_args: Any) -> Any: ...

    return {flag for cls in (Lists, Shows) for flag in flags_of(cls(mock.Mock(), None).get_parser("x"))}


def there_is(version: str) -> set[str]:
    """Each command, with each of its options, and with the outputs that it has."""
    found = set()
    common = of_every_command()
    for words, entry in command_line.commands_of(version).items():
        cls, name = entry.load(), " ".join(words)
        if name in ELSEWHERE:
            continue
        found.add(name)
        found |= {f"{name} {flag}" for flag in flags_of(cls(mock.Mock(), None).get_parser("x"), version) - common}
        if issubclass(cls, osc.Lister | osc.ShowOne):
            found |= {f"{name} as a table", f"{name} as JSON"}
    return found


def were_used(version: str) -> set[str]:
    """The same of the calls that succeeded."""
    commands = command_line.commands_of(version)
    used = set()
    for call in CALLS:
        words = command_line.command_at(list(call.words), commands)
        if call.version != version or call.exit or words is None:
            continue
        name = " ".join(words)
        as_json = "json" in call.words and call.words[call.words.index("json") - 1] == "-f"
        used |= {name, f"{name} as JSON" if as_json else f"{name} as a table"}
        used |= {f"{name} {word}" for word in call.words if word.startswith("--")}
    return used


@pytest.mark.parametrize("version", ["1.1", "2"])
def test_every_command_and_option_was_used(version: str, request: pytest.FixtureRequest) -> None:
    items = request.session.items
    ran = {item.path for item in items[: items.index(request.node)]}
    wanted = {path for folder in (HERE, ROOT / "tests/cli") for path in folder.glob("test_*.py")} - {Path(__file__)}
    if missing := sorted(str(path.relative_to(ROOT)) for path in wanted - ran):
        pytest.skip(f"judges a run of tests/cli, then tests/local/cli; before it did not run: {', '.join(missing)}")
    unused = there_is(version) - were_used(version) - UNUSABLE.keys()
    assert not unused, "\n".join(sorted(unused))


def test_commands_that_are_used_elsewhere_are() -> None:
    for name, path in ELSEWHERE.items():
        assert f"openstack dataprocessing {name}" in (ROOT / path).read_text()
