"""Keystone sessions for a cloud of clouds.yaml, or for the one that the OS_* environment describes.

openstacksdk reads clouds.yaml, where there is one; the environment needs keystoneauth1 alone, and half the time. Both
find the same for the same environment.
"""

from __future__ import annotations

import os
import sys
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, Any

from keystoneauth1 import exceptions

from saharaclient._core.errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from keystoneauth1.session import Session

SERVICE = "data_processing"
ENVIRONMENT = "envvars"  # openstacksdk's name for the cloud of the environment
# How to connect, and by which plugin, is said beside what the plugin takes.
_OF_SESSION = frozenset({"insecure", "cacert", "cert", "key", "verify"})
# What most plugins take, or the usual ones.
_USUAL = frozenset(
    {
        "application_credential_id",
        "application_credential_name",
        "application_credential_secret",
        "auth_type",
        "auth_url",
        "default_domain_id",
        "default_domain_name",
        "domain_id",
        "domain_name",
        "endpoint",
        "password",
        "project_domain_id",
        "project_domain_name",
        "project_id",
        "project_name",
        "system_scope",
        "token",
        "trust_id",
        "user_domain_id",
        "user_domain_name",
        "user_id",
        "username",
    }
)
_TRUE = frozenset({"true", "yes", "on", "1"})
# Of these one says what the others would: one that is given takes the place of all that was found.
_SAME = (
    frozenset({"project_id", "project_name", "tenant_id", "tenant_name", "system_scope", "domain_id", "domain_name"}),
    frozenset({"user_id", "username"}),
    frozenset({"user_domain_id", "user_domain_name"}),
    frozenset({"project_domain_id", "project_domain_name"}),
)
# What these plugins take without a word, and can't log in with.
_NEEDED = {
    "password": (("username", "user_id"), ("password",)),
    "token": (("token",),),
    "none": (("endpoint",),),
}


def session_of_cloud(
    cloud: str | None, overrides: dict[str, Any], *, endpoint_known: bool = False
) -> tuple[Session, dict[str, Any]]:
    """A session for a cloud of clouds.yaml or of the OS_* environment, and the client's keywords that go with it.

    Args:
        cloud: the cloud's name; None for OS_CLOUD or the environment.
        overrides: parameters of the session and its authentication that replace those found.
        endpoint_known: whether the service's endpoint is given.

    Raises:
        ConfigurationError: nothing, or too little, was found; it says what is needed.
        TypeError: an override that nothing takes.
    """
    _refuse_unknown(overrides)
    cloud = cloud or os.environ.get("OS_CLOUD")
    named = cloud is not None and cloud != ENVIRONMENT
    if named or _has_files() or os.environ.get("OS_PROFILE"):
        try:
            from openstack import config
        except ImportError:
            if named:
                raise ConfigurationError(
                    error_message=f"Cloud {cloud!r} would be in clouds.yaml, which openstacksdk reads: "
                    "pip install openstacksdk"
                ) from None
        else:
            return _of_configuration(config, cloud, overrides)
    return _of_environment(overrides, endpoint_known=endpoint_known)


def _refuse_unknown(overrides: dict[str, Any]) -> None:
    rare = overrides.keys() - _USUAL - _OF_SESSION
    if not rare:
        return
    from keystoneauth1 import loading  # to load all plugins takes its time

    loaders: Any = loading.get_available_plugin_loaders().values()
    if unknown := sorted(rare - {name for loader in loaders for opt in loader.get_options() for name in _names(opt)}):
        raise TypeError(f"connect() takes no keyword {', '.join(map(repr, unknown))}")


def _has_files() -> bool:
    """Whether there is a file that openstacksdk would read."""
    if os.environ.get("OS_CLIENT_CONFIG_FILE") or os.environ.get("OS_CLIENT_SECURE_FILE"):
        return True
    if sys.platform != "linux":
        return True  # it knows where they would be
    home = Path("~/.config").expanduser()
    places = [Path(), home / "openstack", Path("/etc/openstack")]
    places += [Path(os.environ.get("XDG_CONFIG_HOME") or home) / "openstack"]
    places += [Path(p) / "openstack" for p in (os.environ.get("XDG_CONFIG_DIRS") or "/etc/xdg").split(os.pathsep)]
    endings = ("yaml", "yml", "json")
    return any(
        (place / f"{name}.{end}").exists() for place, name, end in product(places, ("clouds", "secure"), endings)
    )


def _of_configuration(config: Any, cloud: str | None, overrides: dict[str, Any]) -> tuple[Session, dict[str, Any]]:
    from openstack import exceptions as sdk
    from openstack.config import loader

    auth = {name: value for name, value in overrides.items() if name not in _OF_SESSION and name != "auth_type"}
    # They come before clouds.yaml's only below `auth`, and before the environment's only beside it.
    parameters: dict[str, Any] = {**overrides, **({"auth": auth} if auth else {})}
    try:
        # Copies: openstacksdk before 4.15 adds the file that OS_CLIENT_CONFIG_FILE names to these lists, and so reads
        # it for the rest of the process.
        configuration = config.OpenStackConfig(config_files=[*loader.CONFIG_FILES], secure_files=[*loader.SECURE_FILES])
        found = configuration.cloud_config["clouds"].get(cloud or configuration.default_cloud) or {}
        for place in (found, found.get("auth") or {}):
            for name in _replaced(auth):
                place.pop(name, None)
        all_found = {**found, **(found.get("auth") or {}), **overrides}
        if all_found.get("token") and not all_found.get("password") and all_found.get("auth_type") == "password":
            parameters["auth_type"] = "token"  # `password` is only openstacksdk's default
        region = configuration.get_one(cloud=cloud, **parameters)
        session = region.get_session()
    except exceptions.NoMatchingPlugin as error:
        raise _unknown_plugin(error.name) from error
    except (sdk.SDKException, exceptions.ClientException) as error:
        raise ConfigurationError(error_message=f"No cloud to connect to: {error}") from error
    except (AttributeError, LookupError, TypeError, ValueError) as error:  # what its plugins are not made for
        raise ConfigurationError(error_message=f"The cloud's configuration can't be used: {error}") from error
    options = {
        "region_name": region.get_region_name("data-processing"),
        "endpoint_type": region.get_interface("data-processing") or "public",
        "service_type": region.config.get(f"{SERVICE}_service_type"),
        "sahara_url": region.config.get(f"{SERVICE}_endpoint_override"),
    }
    return session, _given(options)


def _of_environment(overrides: dict[str, Any], *, endpoint_known: bool) -> tuple[Session, dict[str, Any]]:
    from keystoneauth1 import loading
    from keystoneauth1.loading import session as sessions

    replaced = _replaced(overrides)

    def found(*names: str) -> Any:
        """The first of some names that an override or the environment has a value for."""
        given = [overrides[name] for name in names if overrides.get(name) is not None]
        values = (os.environ.get(f"OS_{name.upper()}") for name in names if name not in replaced)
        return given[0] if given else next(filter(None, values), None)

    options = {
        "region_name": found(f"{SERVICE}_region_name", "region_name"),
        "endpoint_type": found(f"{SERVICE}_interface", f"{SERVICE}_endpoint_type", "interface", "endpoint_type"),
        "service_type": found(f"{SERVICE}_service_type"),
        "sahara_url": found(f"{SERVICE}_endpoint_override"),
    }
    auth_type = found("auth_type") or ("token" if found("token") and not found("password") else "password")
    try:
        loader: Any = loading.get_plugin_loader(auth_type)
        _check(auth_type, loader, overrides, found, endpoint_known=endpoint_known or options["sahara_url"] is not None)
        auth = loader.load_from_options_getter(lambda opt: _or_default(found(*_names(opt)), opt.default))
        insecure = found("insecure")
        session = sessions.Session().load_from_options(
            auth=auth,
            insecure=insecure if isinstance(insecure, bool) else str(insecure).lower() in _TRUE,
            **{name: found(name) for name in ("verify", "cacert", "cert", "key")},
        )
    except exceptions.NoMatchingPlugin as error:
        raise _unknown_plugin(error.name) from error
    except exceptions.MissingRequiredOptions as error:
        raise _missing([_names(opt)[0] for opt in error.options]) from error
    except (exceptions.ClientException, ValueError) as error:
        raise ConfigurationError(error_message=f"The OS_* environment is not enough to connect: {error}") from error
    return session, _given(options)


def _check(auth_type: str, loader: Any, overrides: dict[str, Any], found: Any, *, endpoint_known: bool) -> None:
    """Raise if a plugin can't do with what there is, or does not take what it is given."""
    takes = {name for opt in loader.get_options() for name in _names(opt)}
    if wrong := sorted(overrides.keys() - takes - _OF_SESSION - {"auth_type"}):
        raise ConfigurationError(
            error_message=f"Authentication of the type {auth_type!r} takes no {', '.join(map(repr, wrong))}"
        )
    needed = _NEEDED.get(auth_type.removeprefix("v2").removeprefix("v3"), ())
    required = [(_names(opt)[0],) for opt in loader.get_options() if opt.required]
    missing = [names[0] for names in (*required, *needed) if not found(*names)]
    if auth_type == "none" and endpoint_known:
        missing.clear()
    if missing:
        raise _missing(missing)


def _missing(names: Iterable[str]) -> ConfigurationError:
    variables = ", ".join(dict.fromkeys(f"OS_{name.upper()}" for name in names))
    return ConfigurationError(
        error_message=f"No cloud to connect to: set {variables}, or install openstacksdk and name a cloud of "
        "clouds.yaml. A password needs OS_AUTH_URL, OS_USERNAME, OS_PASSWORD and OS_PROJECT_NAME."
    )


def _unknown_plugin(name: str) -> ConfigurationError:
    from keystoneauth1 import loading

    there = ", ".join(sorted(loading.get_available_plugin_names()))
    return ConfigurationError(
        error_message=f"There is no authentication of the type {name!r} (auth_type, OS_AUTH_TYPE); there is: {there}"
    )


def _names(opt: Any) -> tuple[str, ...]:
    """What an option of a plugin is called, the present name first."""
    return tuple(dict.fromkeys(each.replace("-", "_") for o in (opt, *opt.deprecated) for each in (o.name, o.dest)))


def _replaced(overrides: dict[str, Any]) -> frozenset[str]:
    """What is not to be found any more, since something in its place is given."""
    return frozenset().union(*(same for same in _SAME if not same.isdisjoint(overrides)))


def _or_default(value: Any, default: Any) -> Any:
    return default if value is None else value


def _given(options: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in options.items() if value is not None}
