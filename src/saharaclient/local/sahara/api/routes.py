"""The route table of Sahara's API, for 1.0, 1.1 and 2: what a request is, its schema, its handler, its status."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from starlette.routing import Route

from saharaclient.local.sahara.api import catalogue, clusters, data, jobs, lists, logs, openapi, schemas, templates
from saharaclient.local.sahara.api.answers import Rule, created, deleted, endpoint_of, exported, listed, shown, updated
from saharaclient.local.sahara.api.binaries import store_internal
from saharaclient.local.sahara.api.error_bodies import body
from saharaclient.local.sahara.api.versions import V1, V2, Version
from saharaclient.local.web.calls import Part
from saharaclient.local.web.endpoints import route
from saharaclient.local.web.errors import in_json

if TYPE_CHECKING:
    from starlette.routing import BaseRoute

    from saharaclient.local.web.calls import Call

NODE_GROUP_EXPORT = ("flavor_id", "security_groups", "image_id", "floating_ip_pool")


def _templates(update: str) -> list[Rule]:
    ngt, ct = lists.NODE_GROUP_TEMPLATES, lists.CLUSTER_TEMPLATES
    return [
        Rule("GET /node-group-templates", listed(ngt), params=ngt.filters, name="node_group_templates_list"),
        Rule(
            "POST /node-group-templates",
            created(ngt, templates.create_node_group_template),
            schemas.NODE_GROUP_TEMPLATE,
        ),
        Rule("GET /node-group-templates/{id}", shown(ngt)),
        Rule(
            f"{update} /node-group-templates/{{id}}",
            updated(ngt, templates.update_node_group_template),
            schemas.update_of(schemas.NODE_GROUP_TEMPLATE),
            of=ngt.table,
        ),
        Rule("DELETE /node-group-templates/{id}", deleted(ngt, templates.check_node_group_template_unused)),
        Rule("GET /node-group-templates/{id}/export", exported(ngt, NODE_GROUP_EXPORT)),
        Rule("GET /cluster-templates", listed(ct), params=ct.filters, name="cluster_templates_list"),
        Rule("POST /cluster-templates", updated(ct, templates.create_cluster_template), schemas.CLUSTER_TEMPLATE),
        Rule("GET /cluster-templates/{id}", shown(ct)),
        Rule(
            f"{update} /cluster-templates/{{id}}",
            updated(ct, templates.update_cluster_template),
            schemas.update_of(schemas.CLUSTER_TEMPLATE),
            of=ct.table,
        ),
        Rule("DELETE /cluster-templates/{id}", deleted(ct, templates.check_cluster_template_unused)),
        Rule("GET /cluster-templates/{id}/export", exported(ct, ("default_image_id", "node_groups"))),
    ]


CLUSTERS = [
    Rule("GET /clusters", listed(lists.CLUSTERS), params=lists.CLUSTERS.filters, name="clusters_list"),
    Rule("POST /clusters", clusters.create, schemas.CLUSTER),
    Rule("GET /clusters/{id}", clusters.read, params=["show_progress"], name="clusters_get"),
    Rule("PUT /clusters/{id}", clusters.scale, schemas.CLUSTER_SCALE, of=lists.CLUSTERS.table),
    Rule("PATCH /clusters/{id}", clusters.update, schemas.CLUSTER_UPDATE, of=lists.CLUSTERS.table),
]
CATALOGUE = [
    Rule("GET /plugins", catalogue.list_plugins),
    Rule("GET /plugins/{plugin_name}", catalogue.read_plugin),
    Rule("PATCH /plugins/{plugin_name}", catalogue.update_plugin, schemas.PLUGIN_UPDATE),
    Rule("GET /plugins/{plugin_name}/{version}", catalogue.read_plugin_version),
    Rule("GET /images", catalogue.list_images, params=["name", "tags", "username"], name="images_list"),
    Rule("GET /images/{id}", catalogue.read_image),
    Rule("POST /images/{id}", catalogue.register_image, schemas.IMAGE),
    Rule("DELETE /images/{id}", catalogue.unregister_image),
]


def _data(update: str) -> list[Rule]:
    sources, binaries = lists.DATA_SOURCES, lists.JOB_BINARIES
    return [
        Rule("GET /data-sources", listed(sources), params=sources.filters, name="data_sources_list"),
        Rule("POST /data-sources", created(sources, data.create_data_source), schemas.DATA_SOURCE),
        Rule("GET /data-sources/{id}", shown(sources)),
        Rule(
            f"{update} /data-sources/{{id}}",
            updated(sources, data.update_data_source),
            schemas.update_of(schemas.DATA_SOURCE),
            of=sources.table,
        ),
        Rule("DELETE /data-sources/{id}", deleted(sources, data.check_data_source_unused)),
        Rule("GET /job-binaries", listed(binaries), params=binaries.filters, name="job_binary_list"),
        Rule("POST /job-binaries", created(binaries, data.create_job_binary), schemas.JOB_BINARY),
        Rule("GET /job-binaries/{id}", shown(binaries)),
        Rule("GET /job-binaries/{id}/data", data.read_job_binary_data),
        Rule(
            f"{update} /job-binaries/{{id}}",
            updated(binaries, data.update_job_binary),
            schemas.update_of(schemas.JOB_BINARY),
        ),
        Rule("DELETE /job-binaries/{id}", deleted(binaries, data.check_job_binary_unused)),
    ]


def _job_templates(path: str, resource: lists.Resource) -> list[Rule]:
    return [
        Rule(f"GET /{path}", listed(resource), params=resource.filters, name="job_templates_list"),
        Rule(f"POST /{path}", created(resource, jobs.create_template), schemas.JOB_TEMPLATE),
        Rule(f"GET /{path}/config-hints/{{job_type}}", jobs.config_hints),
        Rule(f"GET /{path}/{{id}}", shown(resource)),
        Rule(
            f"PATCH /{path}/{{id}}",
            updated(resource, jobs.update_template),
            schemas.JOB_TEMPLATE_UPDATE,
            of=resource.table,
        ),
        Rule(f"DELETE /{path}/{{id}}", deleted(resource, jobs.check_template_unused)),
    ]


def _runs(path: str, resource: lists.Resource) -> list[Rule]:
    return [
        Rule(f"GET /{path}", listed(resource), params=resource.filters, name="jobs_list"),
        Rule(f"GET /{path}/{{id}}", shown(resource), name="jobs_get"),
        # Not Sahara's: `jobs.logs` of the library, and with it the command `job logs`, ask for it.
        Rule(f"GET /{path}/{{id}}/logs/{{stream}}", logs.read, params=["offset"], name="jobs_logs"),
        Rule(f"PATCH /{path}/{{id}}", updated(resource, jobs.update), schemas.JOB_UPDATE, of=resource.table),
        Rule(f"DELETE /{path}/{{id}}", jobs.delete),
    ]


JOB_TYPES_V1 = [Rule("GET /job-types", catalogue.list_job_types)]
JOB_TYPES_V2 = [
    Rule(
        "GET /job-types",
        catalogue.list_job_types,
        params=["type", "plugin_name", "plugin_version"],
        name="job_types_get",
    )
]
ONLY_V1_0 = [
    Rule("DELETE /clusters/{id}", clusters.delete),
    Rule("POST /clusters/multiple", clusters.create_many, schemas.CLUSTERS),
    Rule("POST /images/{id}/tag", catalogue.add_tags, schemas.IMAGE_TAGS),
    Rule("POST /images/{id}/untag", catalogue.remove_tags, schemas.IMAGE_TAGS),
    Rule("POST /plugins/{plugin_name}/{version}/convert-config/{name}", catalogue.convert_config, raw=True),
]
INTERNALS = [
    Rule("GET /job-binary-internals", listed(lists.INTERNALS)),
    Rule("GET /job-binary-internals/{id}", shown(lists.INTERNALS)),
    Rule("GET /job-binary-internals/{id}/data", data.read_internal_data),
    Rule(
        "PATCH /job-binary-internals/{id}",
        updated(lists.INTERNALS, data.update_internal),
        schemas.JOB_BINARY_INTERNAL_UPDATE,
        of=lists.INTERNALS.table,
    ),
    Rule("DELETE /job-binary-internals/{id}", data.delete_internal),
]
RUNS_V1 = [
    *_runs("job-executions", lists.JOB_EXECUTIONS),
    Rule(
        "POST /jobs/{id}/execute",
        created(lists.JOB_EXECUTIONS, jobs.execute),
        schemas.JOB,
        of=lists.JOBS_V1.table,
    ),
    Rule("GET /job-executions/{id}/refresh-status", updated(lists.JOB_EXECUTIONS, jobs.read), status=200),
    Rule("GET /job-executions/{id}/cancel", updated(lists.JOB_EXECUTIONS, jobs.cancel), status=200, writes=True),
]
ONLY_V2 = [
    Rule("POST /jobs", created(lists.JOBS, jobs.execute), schemas.JOB),
    Rule("DELETE /clusters/{id}", clusters.delete, schemas.CLUSTER_DELETE, of=lists.CLUSTERS.table),
    Rule("GET /images/{id}/tags", catalogue.read_tags),
    Rule("PUT /images/{id}/tags", catalogue.set_tags, schemas.IMAGE_TAGS, status=200),
    Rule("DELETE /images/{id}/tags", catalogue.delete_tags),
]

V1_0 = [*CLUSTERS, *_templates("PUT"), *CATALOGUE, *ONLY_V1_0]
V1_1 = [*V1_0, *_data("PUT"), *INTERNALS, *_job_templates("jobs", lists.JOBS_V1), *RUNS_V1, *JOB_TYPES_V1]
V2_0 = [
    *CLUSTERS,
    *_templates("PATCH"),
    *CATALOGUE,
    *_data("PATCH"),
    *_job_templates("job-templates", lists.JOB_TEMPLATES),
    *_runs("jobs", lists.JOBS),
    *JOB_TYPES_V2,
    *ONLY_V2,
]


def _route(prefix: str, rule: Rule, version: Version) -> Route:
    method, path = rule.rule.split(" ", 1)
    return Route(prefix + path, endpoint_of(rule, version), methods=[method], name=rule.rule)


def _versions(call: Call) -> tuple[int, dict[str, Any]]:
    known: list[dict[str, Any]] = [
        {"id": f"v{number}", "status": status, "links": [{"rel": "self", "href": f"{call.root}/v{number}/"}]}
        for number, status in (("1.0", "SUPPORTED"), ("1.1", "SUPPORTED"), ("2", "CURRENT"))
    ]
    known[2] |= {"min_version": "2.0", "max_version": "2.0"}
    return 300, {"versions": known}


def document() -> dict[str, Any]:
    """The OpenAPI document, as `/openapi.json` publishes it."""
    return openapi.document([("/v1.1/{project_id}", V1_1, V1), ("/v2", V2_0, V2)])


def _openapi(_call: Call) -> dict[str, Any]:
    return document()


def _routes() -> list[BaseRoute]:
    made: list[BaseRoute] = [
        route("GET /", _versions, public=True, records=False),
        route("GET /openapi.json", _openapi, public=True, records=False),
        Route("/v1.1/{project_id}/job-binary-internals/{name}", store_internal, methods=["PUT"]),
    ]
    for prefix, rules, version in (
        ("/v1.0/{project_id}", V1_0, V1),
        ("/v1.1/{project_id}", V1_1, V1),
        ("/v1.0", V1_0, V1),  # the token names the project; where the catalog has no version, discovery ends here
        ("/v1.1", V1_1, V1),
        ("/v2", V2_0, V2),
        ("/v2/{project_id}", V2_0, V2),
    ):
        # a path in words comes before one with an id in its place
        made += [_route(prefix, rule, version) for rule in sorted(rules, key=lambda rule: rule.rule.count("{"))]
    return made


part = Part("data-processing", "", _routes(), in_json(body), "clusters, templates, jobs and what they need")
