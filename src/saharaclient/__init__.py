"""Python client of OpenStack Sahara, the data processing service.

`connect` makes a client from clouds.yaml or the environment, `saharaclient.client.Client` from a Keystone session.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, overload

if TYPE_CHECKING:
    from saharaclient.api.client import Client, ClientV2
    from saharaclient.client import V1, V2

__version__ = "5.0.0"


@overload
def connect(cloud: str | None = None, version: V2 = "2", **overrides: Any) -> ClientV2: ...
@overload
def connect(cloud: str | None = None, *, version: V1, **overrides: Any) -> Client: ...
@overload
def connect(cloud: str | None, version: V1, **overrides: Any) -> Client: ...
@overload
def connect(cloud: str | None = None, version: object = "2", **overrides: Any) -> Client | ClientV2: ...
def connect(cloud: str | None = None, version: object = "2", **overrides: Any) -> Client | ClientV2:
    """A client of a cloud in clouds.yaml, or of the one that the OS_* environment describes.

    openstacksdk, where it is installed, reads clouds.yaml, if there is one; otherwise keystoneauth1 reads OS_*. Both
    find the same for the same environment.

    Args:
        cloud: the cloud's name in clouds.yaml; by default OS_CLOUD, else the environment's cloud.
        version: the API version, ``"1.1"`` or ``"2"``; the commands' default is 1.1, as it was in 4.2.0.
        **overrides: keywords of `saharaclient.api.client.Client` (``sahara_url``, ``timeout`` …), and parameters that
            replace those of the configuration: ``auth_type``, what that type takes (``auth_url``, ``username``,
            ``project_name`` …), ``insecure``, ``cacert``, ``cert``, ``key``.

    Returns:
        `saharaclient.api.client.Client` or `saharaclient.api.client.ClientV2`.

    Raises:
        UnsupportedVersion: there is no client of this version.
        ConfigurationError: nothing, or too little, was found; it says what is needed.
        TypeError: a keyword that nothing takes.
    """
    from saharaclient import client
    from saharaclient._core import clouds

    cls = client.get_client_class(version)
    options, parameters = cls.split_options(overrides)
    session, found = clouds.session_of_cloud(cloud, parameters, endpoint_known="sahara_url" in options)
    return cls(session=session, **{**found, **options})
