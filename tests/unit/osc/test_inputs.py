"""What users hand to commands, checked."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from osc_lib import exceptions

from saharaclient.api import client
from saharaclient.osc import inputs, versions

if TYPE_CHECKING:
    from pathlib import Path


def test_bad_json_is_told_with_line_and_column(tmp_path: Path) -> None:
    path = tmp_path / "x.json"
    path.write_text('{\n  "a": 1,\n  b\n}')
    with pytest.raises(exceptions.CommandError, match=r"x\.json: is no JSON: line 3, column 3: "):
        inputs.read_json(str(path))


@pytest.mark.parametrize(
    ("content", "told"),
    [(b"[1]", "should hold an object"), (b"\xff\xfe", "no text in UTF-8"), (b"[" * 200_000, "nested too deeply")],
)
def test_a_file_that_is_no_object(tmp_path: Path, content: bytes, told: str) -> None:
    path = tmp_path / "x.json"
    path.write_bytes(content)
    with pytest.raises(exceptions.CommandError, match=told):
        inputs.read_object(str(path))


def test_a_missing_file_is_named() -> None:
    with pytest.raises(exceptions.CommandError, match=r"no/such\.json: can't be read: No such file"):
        inputs.read_json("no/such.json")


@given(st.dictionaries(st.text(min_size=1).filter(lambda name: ":" not in name), st.text()))
def test_pairs_come_back_as_given(wanted: dict[str, str]) -> None:
    assert inputs.pairs([f"{name}:{value}" for name, value in wanted.items()], "--params") == wanted


@given(st.dictionaries(st.text(min_size=1), st.integers(0, 10_000)))
def test_counts_come_back_as_given(wanted: dict[str, int]) -> None:
    assert inputs.counts([f"{name}:{count}" for name, count in wanted.items()], "--instances") == wanted


@pytest.mark.parametrize("text", ["workers", "workers:", ":3", "workers:-1", "workers:x", "workers:1.5"])
def test_a_wrong_count_is_told(text: str) -> None:
    with pytest.raises(inputs.UsageError, match=r"--instances: .* should be <name>:<count>"):
        inputs.counts([text], "--instances")


@given(st.text())
def test_seconds_are_a_positive_number_or_refused(text: str) -> None:
    try:
        assert 0 < inputs.positive_seconds(text) < float("inf")
    except argparse.ArgumentTypeError as error:
        assert repr(text) in str(error)  # noqa: PT017 - either is right


@pytest.mark.parametrize(("cls", "version"), [(client.Client, versions.V1), (client.ClientV2, versions.V2)])
def test_a_body_of_either_version_fits(cls: type[client.Client], version: versions.Version) -> None:
    create = cls(sahara_url="http://x", session=object()).cluster_templates.create
    for other in versions.V1, versions.V2:
        body = {"name": "n", other.version_field: "1", "id": "x", "neutron_management_network": "net"}
        assert inputs.fit(body, create, version) == {"name": "n", version.version_field: "1", "net_id": "net"}


def test_members_too_many_or_too_few_are_named() -> None:
    def method(name: str, size: int = 1) -> None: ...

    with pytest.raises(exceptions.CommandError, match=r"f\.json: unknown: colour; what there can be: name, size"):
        inputs.call(method, {"colour": 1}, "f.json")
    with pytest.raises(exceptions.CommandError, match=r"f\.json: missing: name"):
        inputs.call(method, {"size": 1}, "f.json")
