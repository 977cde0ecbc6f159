"""The route table of the identity API, with the document that lists its versions."""

from __future__ import annotations

from typing import Any

from saharaclient.local.neighbours.identity import delegation, directory, v2, v3
from saharaclient.local.web.calls import Call, Part
from saharaclient.local.web.endpoints import route
from saharaclient.local.web.errors import in_json, keystone_error_body


def _list_versions(call: Call) -> tuple[int, dict[str, Any]]:
    return 300, {"versions": {"values": [v3.version(call.root), v2.version(call.root)]}}


part = Part(
    name="identity",
    prefix="/identity",
    routes=[
        route("GET /", _list_versions, public=True, records=False),
        *v3.routes,
        *v2.routes,
        *directory.routes,
        *delegation.routes,
    ],
    error_answer=in_json(keystone_error_body),
    offers="tokens of v3 and v2.0, the catalog, projects, users and their roles, application credentials and trusts",
)
