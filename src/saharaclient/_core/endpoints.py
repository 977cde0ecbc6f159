"""Where the service is, if that is known.

Where the discovery of versions fails, keystoneauth1 takes the catalog's URL as it stands. A path below that may mean
something else, or nothing: the server's 404 would be about the path, and would look like a resource that is gone.
"""

from __future__ import annotations

import sys
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from keystoneauth1 import exceptions

from saharaclient._core import bounds

if TYPE_CHECKING:
    from keystoneauth1.discover import EndpointData
    from keystoneauth1.session import Session

_VERSIONS = ("1.1", "2")
_PASSING = frozenset({HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_EARLY, HTTPStatus.TOO_MANY_REQUESTS})


def is_discovered(auth: Any, wanted: dict[str, Any]) -> bool:
    """Whether the endpoint for `wanted` depends on a discovery; plugins of other kinds name it as they please."""
    identity = sys.modules.get("keystoneauth1.identity.base")  # to import it costs those much who need no Keystone
    if identity is None or not wanted.get("version"):
        return False
    plugin = identity.BaseIdentityPlugin
    return isinstance(auth, plugin) and type(auth).get_endpoint is plugin.get_endpoint


def discover(session: Session, auth: Any, version: Any, **wanted: Any) -> str | None:
    """The endpoint of an API version; None if the catalog has none, or the server no version that this client speaks.

    Args:
        session: what asks.
        auth: what has the catalog.
        version: of the API.
        **wanted: what else is, as `keystoneauth1.session.Session.get_endpoint` takes it.

    Raises:
        keystoneauth1.exceptions.ConnectFailure: the discovery failed in a way that may pass.
        keystoneauth1.exceptions.DiscoveryFailure: the server knows no discovery.
        keystoneauth1.exceptions.EndpointNotFound: the server has the other version only.
    """
    major = str(version).lstrip("v").partition(".")[0]
    asked = bounds.exchange().asked
    before = len(asked)

    def look(version: Any, major: str) -> EndpointData | None:
        latest = f"{major}.latest"
        found: EndpointData | None = session.get_endpoint_data(
            auth, min_version=version, max_version=latest, discover_versions=False, **wanted
        )
        return found

    found = look(version, major)
    if found is None:
        other = next(number for number in _VERSIONS if not number.startswith(major))
        if look(other, other.partition(".")[0]):
            raise exceptions.EndpointNotFound(
                f'The service offers API {other}, not {version}: Client("{other}"), or connect(version="{other}").'
            )
        return None
    if found.api_version and str(found.api_version[0]) == major:
        return found.url
    told = [(url, status) for method, url, status in asked[before:] if method == "GET"]
    where = ", ".join(f"{url}: {'no reply' if status is None else f'HTTP {status}'}" for url, status in told)
    reason = f"No document of the API's versions, so {found.url} can't be told to be version {version} ({where})"
    if told and all(status and 400 <= status < 500 and status not in _PASSING for _, status in told):
        raise exceptions.DiscoveryFailure(reason)
    raise exceptions.ConnectFailure(reason)
