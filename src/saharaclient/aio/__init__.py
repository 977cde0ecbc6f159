"""The library for asyncio: the same managers and names, calls to await, iterators for ``async for``.

`connect` makes a client from clouds.yaml or the environment, `Client` from a Keystone session.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any, Unpack, overload

if TYPE_CHECKING:
    from keystoneauth1.session import Session

    from saharaclient.aio.client import Client as ClientV1
    from saharaclient.aio.client import ClientV2
    from saharaclient.client import V1, V2
    from saharaclient.types import AsyncClientOptions


@overload
def Client(version: V1, session: Session | None = None, **options: Unpack[AsyncClientOptions]) -> ClientV1: ...
@overload
def Client(version: V2, session: Session | None = None, **options: Unpack[AsyncClientOptions]) -> ClientV2: ...
@overload
def Client(
    version: object, session: Session | None = None, **options: Unpack[AsyncClientOptions]
) -> ClientV1 | ClientV2: ...
def Client(version: object, session: Session | None = None, **options: Any) -> ClientV1 | ClientV2:
    """An asynchronous client of an API version.

    Args:
        version: 1.0, 1.1 or 2, as a text or a number.
        session: a Keystone session.
        **options: keywords of `saharaclient.client.Client`, and ``width``: threads at most, by default 16.

    Returns:
        `saharaclient.aio.client.Client` or `saharaclient.aio.client.ClientV2`.

    Raises:
        UnsupportedVersion: there is no client of this version.
        ConfigurationError: neither a session nor enough to make one was given.
        TypeError: a keyword that nothing takes.
        ValueError: a limit, or a width, that makes no sense.
    """
    from saharaclient.client import get_client_class

    made: ClientV1 | ClientV2 = _class_like(get_client_class(version))(session, **options)
    return made


@overload
def connect(cloud: str | None = None, version: V2 = "2", **overrides: Any) -> ClientV2: ...
@overload
def connect(cloud: str | None = None, *, version: V1, **overrides: Any) -> ClientV1: ...
@overload
def connect(cloud: str | None, version: V1, **overrides: Any) -> ClientV1: ...
@overload
def connect(cloud: str | None = None, version: object = "2", **overrides: Any) -> ClientV1 | ClientV2: ...
def connect(cloud: str | None = None, version: object = "2", **overrides: Any) -> ClientV1 | ClientV2:
    """An asynchronous client of a cloud in clouds.yaml, or of the one that the OS_* environment describes.

    It reads files, and asks no server.

    Args:
        cloud: the cloud's name in clouds.yaml; by default OS_CLOUD, else the environment's cloud.
        version: the API version, ``"1.1"`` or ``"2"``.
        **overrides: as `saharaclient.connect` takes them, and ``width``: threads at most, by default 16.

    Returns:
        `saharaclient.aio.client.Client` or `saharaclient.aio.client.ClientV2`.

    Raises:
        UnsupportedVersion: there is no client of this version.
        ConfigurationError: nothing, or too little, was found; it says what is needed.
        TypeError: a keyword that nothing takes.
    """
    from saharaclient._core import clouds
    from saharaclient.client import get_client_class

    width = {name: overrides.pop(name) for name in ("width",) if name in overrides}
    cls = get_client_class(version)
    options, parameters = cls.split_options(overrides)
    session, found = clouds.session_of_cloud(cloud, parameters, endpoint_known="sahara_url" in options)
    made: ClientV1 | ClientV2 = _class_like(cls)(session=session, **{**found, **options, **width})
    return made


def _class_like(sync: type[Any]) -> Any:
    """The asynchronous class of the same name."""
    return getattr(importlib.import_module("saharaclient.aio.client"), sync.__name__)
