"""The helpers that programs import from `saharaclient.osc.utils`."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from saharaclient.api import base
from saharaclient.osc import utils

ID = "11111111-2222-4333-8444-555555555555"
MISSING = {"error_code": 404, "error_name": "NOT_FOUND", "error_message": "Cluster id not found!"}


def test_an_id_is_asked_for_and_a_name_searched(commands: Any) -> None:
    manager = commands.client.clusters
    commands.wire.get(f"{commands.base}/clusters/{ID}", json={"cluster": {"id": ID, "name": "c"}})
    commands.wire.get(f"{commands.base}/clusters", json={"clusters": [{"id": ID, "name": "c"}]})
    assert utils.get_resource_id(manager, ID) == ID
    assert utils.get_resource_id(manager, "c") == ID
    assert [request.path.rsplit("/", 1)[-1] for request in commands.wire.request_history] == [ID, "clusters"]


def test_a_name_that_looks_like_an_id_is_found(commands: Any) -> None:
    commands.wire.get(f"{commands.base}/clusters/{ID}", status_code=404, json=MISSING)
    commands.wire.get(f"{commands.base}/clusters", json={"clusters": [{"id": "7", "name": ID}]})
    assert utils.get_resource_id(commands.client.clusters, ID) == "7"
    commands.wire.get(f"{commands.base}/clusters", json={"clusters": []})
    with pytest.raises(base.NotFound, match="Cluster id not found!"):
        utils.get_resource(commands.client.clusters, ID)


def test_none_or_several_of_a_name(commands: Any) -> None:
    commands.wire.get(
        f"{commands.base}/clusters", json={"clusters": [{"id": "1", "name": "c"}, {"id": "2", "name": "c"}]}
    )
    with pytest.raises(base.MultipleMatches, match=r"^Multiple matches found\. .*'c'"):
        utils.get_resource(commands.client.clusters, "c")
    with pytest.raises(base.NotFound, match=r"^No matches found\. .*'d'") as caught:
        utils.get_resource(commands.client.clusters, "d")
    assert caught.value.error_code == 404


def test_waiting_for_a_deletion_tells_whether_it_came(commands: Any) -> None:
    url = f"{commands.base}/clusters/1"
    commands.wire.get(
        url, [{"json": {"cluster": {"id": "1", "status": "Deleting"}}}, {"status_code": 404, "json": MISSING}]
    )
    assert utils.wait_for_delete(commands.client.clusters, "1", timeout=60) is True
    commands.wire.get(url, json={"cluster": {"id": "1", "status": "Deleting"}})
    assert utils.wait_for_delete(commands.client.clusters, "1", timeout=60) is False


def test_rows_and_headings() -> None:
    assert utils.prepare_column_headers(["plugin_name", "x"], {"x": "is_public"}) == ["Plugin name", "Is public"]
    assert utils.prepare_data({"id": 1, "name": "n", "more": 2}, ["name", "id", "absent"]) == {"Name": "n", "Id": 1}
    assert utils.extend_columns([("a", 1)], [("b", 2)]) == [("a", 1), ("", ""), ("b", 2)]
    assert [*utils.unzip({"a": 1, "b": 2})] == [("a", "b"), (1, 2)]
    assert utils.create_dict_from_kwargs(a=None, b=0, c="") == {"b": 0, "c": ""}
    named = [SimpleNamespace(name="alpha"), SimpleNamespace(name="beta")]
    assert utils.get_by_name_substring(named, "lph") == named[:1]


@pytest.mark.parametrize(("version", "second"), [("1.1", False), ("2", True)])
def test_the_version_of_an_application(version: str, *, second: bool) -> None:
    app = SimpleNamespace(api_version={"data_processing": version})
    assert utils.get_api_version(app) == version
    assert utils.is_api_v2(app) is second
