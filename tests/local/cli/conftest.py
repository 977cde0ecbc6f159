"""Commands at the embedded service alone: what others don't have, and what takes a service of its own."""

from tests.cli.conftest import cloud_environment, forks, lasting, openstack, prefix, service, templates

__all__ = ["cloud_environment", "forks", "lasting", "openstack", "prefix", "service", "templates"]
