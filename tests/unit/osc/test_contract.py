"""Every command of 4.2.0 is there under its name, its class and with its arguments; conventions of all commands."""

from __future__ import annotations

import json
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any
from unittest import mock

import pytest

CONTRACT = json.loads(Path(__file__).with_name("commands_of_4_2_0.json").read_text("utf-8"))


def entries(version: str) -> dict[str, Any]:
    found = entry_points(group=f"openstack.data_processing.{version}")
    return {entry.name.removeprefix("dataprocessing_").replace("_", " "): entry for entry in found}


def actions_of(entry: Any) -> dict[str, Any]:
    parser = entry.load()(mock.Mock(), None).get_parser(entry.name)
    return {flag: action for action in parser._actions for flag in (action.option_strings or [action.dest])}


@pytest.mark.parametrize("version", ["v1", "v2"])
def test_every_command_of_4_2_0(version: str) -> None:
    have = entries(version)
    for command, contract in CONTRACT[version].items():
        assert have[command].value == contract["class"]
        actions = actions_of(have[command])
        for flags, more in contract["arguments"].items():
            nargs, choices = more or (None, None)
            for flag in flags.split():
                action = actions[flag]
                assert (action.nargs or None) == nargs, (command, flag)
                assert set(choices or ()) <= set(action.choices or choices or ()), (command, flag)
        new = actions.keys() - {flag for flags in contract["arguments"] for flag in flags.split()}
        assert not [flag for flag in new if actions[flag].required], command


@pytest.mark.parametrize("version", ["v1", "v2"])
def test_every_command_and_option_explains_itself(version: str) -> None:
    for command, entry in entries(version).items():
        cls = entry.load()
        assert (cls.__doc__ or "").strip().endswith("."), command
        for flag, action in actions_of(entry).items():
            assert action.help, (command, flag)
            # the manual shows help as it is written
            assert "%(" not in action.help.replace("%(prog)s", ""), (command, flag)


def test_a_command_says_what_it_does_to_what_is_named() -> None:
    cancel = entries("v2")["job cancel"].load()(mock.Mock(), None).get_parser("job cancel").format_help()
    assert "to cancel" in cancel
    assert "provided by" not in cancel


# What 4.2.0 did not have; each entry point names its class where it is written.
NEW = {
    "apply",
    "cluster diagnose",
    "cluster instances",
    "cluster open",
    "cluster ssh",
    "cluster timeline",
    "cluster wait",
    "console",
    "destroy",
    "export",
    "job cancel",
    "job logs",
    "job run",
    "job suspend",
    "job wait",
    "plan",
}
IN_ONE_VERSION = {"cluster update keypair": "v2"}  # what only one of the versions can do


def test_new_commands_are_in_both_versions() -> None:
    added = {version: entries(version).keys() - CONTRACT[version].keys() for version in ("v1", "v2")}
    assert added == {"v1": NEW, "v2": NEW}


def test_both_versions_name_the_same_class() -> None:
    found = {version: entries(version) for version in ("v1", "v2")}
    for command in found["v1"].keys() | found["v2"].keys():
        if command in IN_ONE_VERSION:
            assert [version for version in found if command in found[version]] == [IN_ONE_VERSION[command]]
            continue
        classes = {entries[command].load() for entries in found.values()}
        assert len(classes) == 1, command
        if command in NEW:
            (cls,) = classes
            assert {entries[command].value for entries in found.values()} == {f"{cls.__module__}:{cls.__qualname__}"}
