"""Keystone sessions from the keywords of a client, deprecated since there are sessions.

Plugins are imported only by those who need them.
"""

from __future__ import annotations

import sys
import warnings
from typing import TYPE_CHECKING, Any

from saharaclient._core.errors import ConfigurationError

if TYPE_CHECKING:
    from keystoneauth1.plugin import BaseAuthPlugin
    from keystoneauth1.session import Session

# The deprecated keywords of a client, and the name that each has had since Keystone v3.
_KEYWORDS = {
    "auth_url": "auth_url",
    "username": "username",
    "user_id": "user_id",
    "api_key": "password",
    "password": "password",
    "project_id": "project_id",
    "tenant_id": "project_id",
    "project_name": "project_name",
    "tenant_name": "project_name",
    "user_domain_id": "user_domain_id",
    "user_domain_name": "user_domain_name",
    "project_domain_id": "project_domain_id",
    "project_domain_name": "project_domain_name",
    "input_auth_token": "token",
    "token": "token",
    "cacert": "cacert",
    "insecure": "insecure",
}


def take_credentials(keywords: dict[str, Any]) -> dict[str, Any]:
    """Remove the keywords that describe a user from `keywords` and return them under their present names."""
    taken: dict[str, Any] = {}
    for name, meaning in _KEYWORDS.items():
        value = keywords.pop(name, None)
        if value is not None and value != "":
            taken.setdefault(meaning, value)
    return taken


def session_from(credentials: dict[str, Any], *, endpoint_known: bool) -> Session:
    """A session from deprecated keywords.

    Args:
        credentials: as `take_credentials` returns them.
        endpoint_known: whether the service's endpoint is given, so that no catalog and hence no project is needed.

    Raises:
        ConfigurationError: they are too few; it lists what is missing.
    """
    if not credentials:
        raise ConfigurationError(
            error_message="A client needs a Keystone session: Client('2', session=…). "
            "saharaclient.connect() makes a client from clouds.yaml or the OS_* environment."
        )
    missing = _missing(credentials, endpoint_known=endpoint_known)
    if missing:
        raise ConfigurationError(error_message=f"To authenticate, a client also needs {'; '.join(missing)}")
    warnings.warn(
        "Passing a user's credentials to Client is deprecated: pass session=, or use saharaclient.connect()",
        DeprecationWarning,
        stacklevel=_frames_to_caller(),
    )
    from keystoneauth1 import session

    verify = False if credentials.get("insecure") else credentials.get("cacert", True)
    return session.Session(auth=_plugin(credentials), verify=verify)


def _missing(credentials: dict[str, Any], *, endpoint_known: bool) -> list[str]:
    has = credentials.keys()
    missing: list[str] = []
    if endpoint_known and "token" in has:
        return missing
    if "auth_url" not in has:
        missing.append("auth_url, Keystone's URL")
    if "token" not in has:
        if not has & {"username", "user_id"}:
            missing.append("username")
        if "password" not in has:
            missing.append("password (or api_key), or token (or input_auth_token)")
    if not has & {"project_id", "project_name"}:
        missing.append("project_id or project_name (or tenant_id, tenant_name)")
    return missing


def _plugin(credentials: dict[str, Any]) -> BaseAuthPlugin:
    from keystoneauth1 import token_endpoint
    from keystoneauth1.identity import generic

    if "auth_url" not in credentials:  # a token, for an endpoint that is given
        return token_endpoint.Token("", credentials["token"])
    scope = {
        name: credentials[name]
        for name in ("auth_url", "project_id", "project_name", "project_domain_id", "project_domain_name")
        if name in credentials
    }
    if "token" in credentials:
        return generic.Token(token=credentials["token"], **scope)
    user = {
        name: credentials[name]
        for name in ("username", "user_id", "password", "user_domain_id", "user_domain_name")
        if name in credentials
    }
    # Programs from the days of Keystone v2.0 name no domain; where v3 answers, theirs is the default one.
    return generic.Password(default_domain_id="default", **user, **scope)


def _frames_to_caller() -> int:
    """How many frames up the first one outside this package is, so that a warning points at the caller's line."""
    frame, depth = sys._getframe(1), 1
    while frame.f_back is not None and str(frame.f_globals.get("__name__", "")).partition(".")[0] == "saharaclient":
        frame, depth = frame.f_back, depth + 1
    return depth
