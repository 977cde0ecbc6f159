"""Whether the login may do what a plan says: asked by requests that can do nothing.

No API of OpenStack tells what a role may do. But Sahara looks at its policy before it looks at anything else, so that a
request of a sort that is forbidden is refused with 403, and one that is allowed with another answer: there is nothing
of the nil UUID, and nothing is made of an empty body.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from saharaclient import bulk
from saharaclient._core import errors
from saharaclient.api import versions
from saharaclient.project import cloud as clouds

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from saharaclient.project.plans import Action

_NIL = str(UUID(int=0))
_DOES = {
    "create": "make it",
    "update": "change it",
    "scale": "scale it",
    "replace": "delete it and make it anew",
    "delete": "delete it",
}
_Request = tuple[str, str]  # method and path


def refused(client: Any, actions: Iterable[Action]) -> Iterator[tuple[Action, str]]:
    """The actions that this login may not do, each with what the server says.

    REST: a request without effect for each sort of action and kind of resource.

    Args:
        client: the data processing client.
        actions: what is to be done.
    """
    actions = list(actions)
    probes = {(one.do, one.kind): _probes(client, one) for one in actions}
    requests = sorted({request for its in probes.values() for request in its})
    answers = {outcome.item: outcome.result() for outcome in bulk.each(_Policy(client).refusal, requests)}
    for one in actions:
        said = next((told for request in probes[one.do, one.kind] if (told := answers[request]) is not None), None)
        if said is not None:
            yield one, f"this login may not {_DOES[one.do]}: {said}"


class _Policy:
    """What a server says to requests that can do nothing."""

    def __init__(self, client: Any) -> None:
        self.api = client.clusters.api

    def refusal(self, request: _Request) -> str | None:
        """Why a sort of request is forbidden; None if it is not."""
        method, path = request
        error = errors.from_response(self.api.request(path, method, json={}))
        return str(error).partition("\n")[0] if isinstance(error, errors.Forbidden) else None


def _probes(client: Any, action: Action) -> list[_Request]:
    version = versions.of(client)
    manager = clouds.managers(client, version)[action.kind]
    one = f"{manager.path}/{_NIL}"
    create = manager.path
    if action.kind == "images":
        create = one
    elif action.kind == "jobs" and version is versions.V1:
        create = f"{client.jobs.path}/{_NIL}/execute"
    by_deed = {
        "create": [("POST", create)],
        "update": [("POST", create) if action.kind == "images" else (manager.update_method, one)],
        "scale": [("PUT", one)],
        "delete": [("DELETE", one)],
        "wait": [],
    }
    return by_deed[action.do] if action.do != "replace" else [*by_deed["delete"], *by_deed["create"]]
