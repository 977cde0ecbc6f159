"""How the command `sahara` reaches a cloud: its options, which stand for OS_* variables, and what commands get of it.

Only a cloud in clouds.yaml, and a command that names flavors, networks or images, need openstacksdk.
"""

from __future__ import annotations

import functools
import os
import sys
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from saharaclient.osc import plugin

if TYPE_CHECKING:
    import argparse

_PARAMETERS = {
    "auth_type": "How to authenticate (default: password)",
    "auth_url": "Keystone's URL",
    "username": "Name of the user",
    "user_id": "Id of the user, in place of the name",
    "password": "Password of the user (asked for where it is missing, at a terminal)",
    "token": "Token, in place of user and password",
    "user_domain_name": "Domain of the user",
    "user_domain_id": "Id of that domain",
    "project_name": "Name of the project",
    "project_id": "Id of the project, in place of the name",
    "project_domain_name": "Domain of the project",
    "project_domain_id": "Id of that domain",
    "application_credential_id": "Id of an application credential",
    "application_credential_name": "Its name, in place of the id",
    "application_credential_secret": "Its secret",
}
_PLACE = {
    "region_name": "Region of the service",
    "interface": "Which of the service's endpoints: public, internal or admin",
    "cacert": "CA certificates to check the server by, a file",
    "cert": "Certificate of the client, a file",
    "key": "Key of that certificate, a file",
}


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of the connection, which are OpenStackClient's."""
    group = parser.add_argument_group("connection", "each stands for the variable of its name, --os-cloud for OS_CLOUD")
    group.add_argument("--os-cloud", metavar="<cloud>", help="Name of the cloud in clouds.yaml")
    for name, explanation in {**_PARAMETERS, **_PLACE}.items():
        flag = name.replace("_", "-")
        group.add_argument(f"--os-{flag}", metavar=f"<{flag}>", help=explanation)
    group.add_argument("--insecure", action="store_true", help="Do not check the server's certificate")
    plugin.build_option_parser(parser)


class Connection:
    """What commands know as OpenStackClient's client manager; made of what is asked for, when it is asked for.

    Args:
        options: what `add_options` has options for.
    """

    def __init__(self, options: argparse.Namespace) -> None:
        given = {name: value for name, value in vars(options).items() if value and name.startswith("os_")}
        # for whoever reads the environment, here or in a library below
        os.environ.update({name.upper(): value for name, value in given.items() if name.upper() in _VARIABLES})
        self._options = options
        self._cloud = options.os_cloud or os.environ.get("OS_CLOUD")
        self._api_version = {plugin.API_NAME: options.os_data_processing_api_version}
        self._cli_options = SimpleNamespace(data_processing_url=options.os_data_processing_url)

    @functools.cached_property
    def data_processing(self) -> Any:
        """The data processing client."""
        return plugin.make_client(self)

    @functools.cached_property
    def sdk_connection(self) -> Any:
        """The connection of openstacksdk, for what is not data processing's."""
        import openstack

        parameters = self._parameters()
        more = {**parameters, "auth": parameters} if parameters else {}
        return openstack.connect(cloud=self._cloud, verify=False if self._options.insecure else None, **more)

    @property
    def session(self) -> Any:
        """The Keystone session."""
        return self._found[0]

    @property
    def _region_name(self) -> str | None:
        return os.environ.get("OS_REGION_NAME") or self._found[1].get("region_name")

    @property
    def _interface(self) -> str:
        return os.environ.get("OS_INTERFACE") or self._found[1].get("endpoint_type") or "public"

    @functools.cached_property
    def _found(self) -> tuple[Any, dict[str, Any]]:
        from saharaclient._core import clouds, errors

        parameters = self._parameters()
        if self._options.insecure:
            parameters["insecure"] = True
        try:
            session, found = clouds.session_of_cloud(self._cloud, parameters)
        except errors.ConfigurationError as error:
            error.error_message = f"{error}{self._other_clouds()}"
            raise
        if found.get("sahara_url") and not self._cli_options.data_processing_url:
            self._cli_options.data_processing_url = found["sahara_url"]
        return session, found

    @property
    def auth_plugin_name(self) -> str:
        """How users show who they are."""
        return os.environ.get("OS_AUTH_TYPE", "password")

    def _other_clouds(self) -> str:
        """The names that clouds.yaml has, where the one asked for is not among them."""
        if not self._cloud:
            return ""
        from openstack import config

        names = sorted(name for name in config.OpenStackConfig().get_cloud_names() if name != "envvars")
        if self._cloud in names:
            return ""
        return f" clouds.yaml has {', '.join(names)}." if names else " There is no clouds.yaml, or no cloud in it."

    def _parameters(self) -> dict[str, Any]:
        """What comes before a cloud's own parameters, as with OpenStackClient; without a cloud variables suffice."""
        if self._cloud:
            variables = {name: os.environ.get(f"OS_{name.upper()}") for name in _PARAMETERS}
            return {name: value for name, value in variables.items() if value}
        kind = os.environ.get("OS_AUTH_TYPE", "password")
        user = os.environ.get("OS_USERNAME") or os.environ.get("OS_USER_ID")
        if kind.endswith("password") and user and not os.environ.get("OS_PASSWORD") and sys.stdin.isatty():
            import getpass

            os.environ["OS_PASSWORD"] = getpass.getpass("Password: ")
        return {}


_VARIABLES = frozenset({"OS_CLOUD", *(f"OS_{name.upper()}" for name in (*_PARAMETERS, *_PLACE))})
