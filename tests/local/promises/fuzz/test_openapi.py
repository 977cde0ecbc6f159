"""Requests generated from the published OpenAPI document: valid ones and invalid ones, none of which makes a 500."""

import random

import schemathesis
from hypothesis import HealthCheck, settings

from saharaclient.local.sahara.api.routes import document

EXAMPLES = 6  # requests an operation


# without the part on tokens, which would have requests sent without one
schema = schemathesis.openapi.from_dict({name: part for name, part in document().items() if name != "security"})
schema.config.phases.coverage.enabled = False  # systematic variations: five times as long


def test_the_document_is_published(target):
    assert target.json("GET", "/openapi.json") == document()


@schema.parametrize()
@settings(max_examples=EXAMPLES, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
def test_no_request_makes_the_service_fail(case, target):
    ground(case, target)
    reply = case.call(base_url=target.url, headers=target.headers, timeout=30)
    assert reply.status_code != 401
    target.check(reply.status_code, f"{case.method} {case.formatted_path} {case.query} {case.body!r}")


def ground(case, target):
    """Puts names of things that exist in the place of most generated ones: those lead to a 404 or 400 at once."""
    chance = random.Random(repr((case.path_parameters, case.query, case.body)))
    if "project_id" in case.path_parameters:
        case.path_parameters["project_id"] = target.project
    known = {"id": kind_of(case.path, target), "plugin_name": "fake", "version": "0.1", "job_type": "Shell"}
    for name in case.path_parameters.keys() & known.keys():
        # what is deleted in one request is missed by the others
        if chance.random() < 0.7 and case.method != "DELETE":
            case.path_parameters[name] = known[name]
    if isinstance(case.body, dict):
        ground_body(case.body, target.ids, chance)


def kind_of(path, target):
    collection = path.removeprefix("/v1.1/{project_id}").removeprefix("/v2").split("/")[1]
    if collection == "jobs" and path.startswith("/v1.1"):
        collection = "job-templates"
    return target.ids.get(collection, "unknown")


def ground_body(body, ids, chance):
    known = {
        "plugin_name": "fake",
        "plugin_version": "0.1",
        "hadoop_version": "0.1",
        "flavor_id": "1",
        "default_image_id": ids["images"],
        "image_id": ids["images"],
        "cluster_template_id": ids["cluster-templates"],
        "node_group_template_id": ids["node-group-templates"],
        "cluster_id": ids["clusters"],
        "job_template_id": ids["job-templates"],
        "job_id": ids["job-templates"],
        "input_id": ids["data-sources"],
        "output_id": ids["data-sources"],
        "mains": [ids["job-binaries"]],
        "count": 1,
    }
    for name, value in list(body.items()):
        if name in known and chance.random() < 0.7:
            body[name] = known[name]
        for item in value if isinstance(value, list) else [value]:
            if isinstance(item, dict):
                ground_body(item, ids, chance)
