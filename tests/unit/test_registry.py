"""Calls unlike the others: an image's tags in both API versions, and the form helpers."""

import pytest

from saharaclient.api.helpers import Helpers
from tests.support import URL, make_client, recorded

IMAGE = f"{URL}/images/1"


@pytest.mark.parametrize(
    ("wanted", "sent"),
    [
        (["a", "b"], []),
        (["a", "c"], [("tag", ["c"]), ("untag", ["b"])]),
        ([], [("untag", ["a", "b"])]),
        (["a", "b", "d", "c"], [("tag", ["c", "d"])]),
    ],
)
def test_only_the_difference_of_tags_is_sent(wanted, sent, requests_mock):
    def reply(tags):
        return {"json": {"image": {"id": "1", "tags": tags}}}

    requests_mock.get(IMAGE, **reply(["b", "a"]))
    requests_mock.post(f"{IMAGE}/tag", **reply(["after tag"]))
    requests_mock.post(f"{IMAGE}/untag", **reply(["after untag"]))
    image = make_client("1.1").images.update_tags("1", wanted)
    posts = [(r.path.rpartition("/")[2], r.json()["tags"]) for r in requests_mock.request_history if r.method == "POST"]
    assert posts == sent
    assert image.tags == ([f"after {sent[-1][0]}"] if sent else ["b", "a"])


def test_tags_come_as_a_bare_list(requests_mock):
    requests_mock.get(f"{IMAGE}/tags", json=recorded("2", "get tags")["response"])
    image = make_client("2").images.get_tags("1")
    assert (image.id, image.tags) == ("1", ["fake", "0.1"])


@pytest.mark.parametrize("version", ["1.1", "2"])
def test_helpers_answer_from_a_recorded_plugin(version, requests_mock):
    requests_mock.get(f"{URL}/plugins/fake/0.1", json=recorded(version, "plugin version details")["response"])
    helpers = Helpers(make_client(version))
    assert ("namenode", "namenode") in helpers.get_node_processes("fake", "0.1")
    general = {p.name: p for p in helpers.get_cluster_general_configs("fake", "0.1")}
    assert all(p.param_type in ("bool", "int", "string") for p in general.values())
    assert general
    for method in (helpers.get_targeted_cluster_configs, helpers.get_targeted_node_group_configs):
        assert {"HDFS", "MapReduce"} <= set(method("fake", "0.1"))
    assert isinstance(helpers.get_general_node_group_configs("fake", "0.1"), list)
