"""How OpenStackClient finds this client: names, options, and a client made from its connection."""

from __future__ import annotations

import importlib
import logging
import os
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import argparse

LOG = logging.getLogger(__name__)

DEFAULT_DATA_PROCESSING_API_VERSION = "1.1"
API_VERSION_OPTION = "os_data_processing_api_version"
API_NAME = "data_processing"
API_VERSIONS = {
    "1.1": "saharaclient.api.client.Client",
    "2": "saharaclient.api.client.ClientV2",
}


def make_client(instance: Any) -> Any:
    """The client for OpenStackClient's connection.

    Args:
        instance: OpenStackClient's client manager.

    Returns:
        `saharaclient.api.client.Client` or `saharaclient.api.client.ClientV2`.
    """
    module, _, name = API_VERSIONS[instance._api_version[API_NAME]].rpartition(".")
    # by name and at each call: programs replace these classes in their tests
    cls = getattr(importlib.import_module(module), name)
    LOG.debug("Data processing client: %s", cls)
    options = {
        "region_name": instance._region_name,
        "endpoint_type": instance._interface,
        "sahara_url": instance._cli_options.data_processing_url,
    }
    return cls(session=instance.session, **{k: v for k, v in options.items() if v})


def build_option_parser(parser: argparse.ArgumentParser) -> argparse.ArgumentParser:
    """Add this client's global options to OpenStackClient's.

    Args:
        parser: OpenStackClient's parser.

    Returns:
        The parser.
    """
    parser.add_argument(
        "--os-data-processing-api-version",
        metavar="<data-processing-api-version>",
        default=os.environ.get("OS_DATA_PROCESSING_API_VERSION") or DEFAULT_DATA_PROCESSING_API_VERSION,
        choices=[*API_VERSIONS],
        help="Data processing API version, default: %(default)s; connect() has 2 (Env: OS_DATA_PROCESSING_API_VERSION)",
    )
    parser.add_argument(
        "--os-data-processing-url",
        metavar="<data-processing-url>",
        default=os.environ.get("OS_DATA_PROCESSING_URL"),
        help="Data processing endpoint in place of the service catalog's (Env: OS_DATA_PROCESSING_URL)",
    )
    return parser
