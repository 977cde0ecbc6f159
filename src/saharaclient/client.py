"""`Client`: a client of the API version that is asked for."""

from __future__ import annotations

import importlib
from typing import Any

_CLASSES = {"1.0": "Client", "1.1": "Client", "2": "ClientV2"}


class UnsupportedVersion(Exception):
    """There is no client of this API version."""


def get_client_class(version: object) -> type[Any]:
    """The client class of an API version.

    Args:
        version: 1.0, 1.1 or 2, as a text or a number.

    Raises:
        UnsupportedVersion: there is none; it names the supported ones.
    """
    name = _CLASSES.get(str(version)) or _CLASSES.get(str(version).removesuffix(".0"))
    if name is None:
        raise UnsupportedVersion(
            f"There is no client of API version {version!r}; supported are {', '.join(map(repr, _CLASSES))}"
        )
    # looked up by name at each call: programs replace the classes of that module in their tests
    found: type[Any] = getattr(importlib.import_module("saharaclient.api.client"), name)
    return found


def Client(version: object, *args: Any, **kwargs: Any) -> Any:  # noqa: N802 - a class, as far as callers see
    """A client of an API version.

    Args:
        version: 1.0, 1.1 or 2, as a text or a number.
        *args: as `saharaclient.api.client.Client` takes them.
        **kwargs: as `saharaclient.api.client.Client` takes them.

    Returns:
        `saharaclient.api.client.Client` or `saharaclient.api.client.ClientV2`.

    Raises:
        UnsupportedVersion: there is no client of this version.
        ConfigurationError: neither a session nor enough to make one was given.
        TypeError: a keyword that nothing takes.
    """
    return get_client_class(version)(*args, **kwargs)
