"""`Client`: a client of the API version that is asked for."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any, Literal, TypeAlias, Unpack, overload

if TYPE_CHECKING:
    from keystoneauth1.session import Session

    from saharaclient.api.client import Client as ClientV1
    from saharaclient.api.client import ClientV2
    from saharaclient.types import ClientOptions

V1: TypeAlias = Literal["1.0", "1.1"]
V2: TypeAlias = Literal["2", "2.0", 2]

_CLASSES = {"1.0": "Client", "1.1": "Client", "2": "ClientV2"}


class UnsupportedVersion(Exception):
    """There is no client of this API version."""


@overload
def get_client_class(version: V1) -> type[ClientV1]: ...
@overload
def get_client_class(version: V2) -> type[ClientV2]: ...
@overload
def get_client_class(version: object) -> type[ClientV1 | ClientV2]: ...
def get_client_class(version: object) -> type[ClientV1 | ClientV2]:
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
    found: type[ClientV1 | ClientV2] = getattr(importlib.import_module("saharaclient.api.client"), name)
    return found


@overload
def Client(
    version: V1,
    session: Session | None = None,
    sahara_url: str | None = None,
    endpoint_type: str = "publicURL",
    service_type: str = "data-processing",
    region_name: str | None = None,
    **kwargs: Unpack[ClientOptions],
) -> ClientV1: ...
@overload
def Client(
    version: V2,
    session: Session | None = None,
    sahara_url: str | None = None,
    endpoint_type: str = "publicURL",
    service_type: str = "data-processing",
    region_name: str | None = None,
    **kwargs: Unpack[ClientOptions],
) -> ClientV2: ...
@overload
def Client(
    version: object,
    session: Session | None = None,
    sahara_url: str | None = None,
    endpoint_type: str = "publicURL",
    service_type: str = "data-processing",
    region_name: str | None = None,
    **kwargs: Unpack[ClientOptions],
) -> ClientV1 | ClientV2: ...
def Client(version: object, *args: Any, **kwargs: Any) -> ClientV1 | ClientV2:  # noqa: N802 - a class, as far as callers see
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
