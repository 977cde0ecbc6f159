"""How to log in to a running service: as clouds.yaml, OS_* variables and a session say it.

The service itself is not needed for that, and not imported.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from keystoneauth1 import session as keystone_session

    from saharaclient.local.server import state_folder


def cloud(running: state_folder.Running, password: str) -> dict[str, Any]:
    """The entry of clouds.yaml for a running service."""
    entry: dict[str, Any] = {
        "auth": {
            "auth_url": f"{running.url}/identity/v3",
            "username": running.username,
            "password": password,
            "project_name": running.project_name,
            "user_domain_id": "default",
            "project_domain_id": "default",
        },
        "region_name": running.region,
        "identity_api_version": "3",
    }
    if running.cacert:
        entry["cacert"] = running.cacert
    return entry


def environment(running: state_folder.Running, password: str) -> dict[str, str]:
    """The OS_* variables that make the commands use a running service."""
    entry = cloud(running, password)
    variables = {f"OS_{name.upper()}": value for name, value in entry["auth"].items()}
    variables |= {"OS_REGION_NAME": running.region, "OS_IDENTITY_API_VERSION": "3", "OS_AUTH_TYPE": "password"}
    if running.cacert:
        variables["OS_CACERT"] = running.cacert
    return variables


def session_of(entry: dict[str, Any], **changes: str) -> keystone_session.Session:
    """A keystoneauth session for an entry of clouds.yaml, with other credentials where some are given."""
    from keystoneauth1 import session as keystone_session
    from keystoneauth1.identity import v3

    return keystone_session.Session(auth=v3.Password(**{**entry["auth"], **changes}), verify=entry.get("cacert", True))
