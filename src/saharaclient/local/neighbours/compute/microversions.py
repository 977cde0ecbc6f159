"""Microversions of compute: which one a request asks for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from saharaclient.local.web.calls import whole_number
from saharaclient.local.web.errors import ApiError

if TYPE_CHECKING:
    from saharaclient.local.web.calls import Call

NEWEST = "2.79"  # the newest whose facts about flavors, key pairs and servers this service keeps


def microversion(call: Call) -> tuple[int, int]:
    """The microversion asked for. Raises 406 for one this service does not know."""
    asked = call.request.headers.get("openstack-api-version", "").removeprefix("compute").strip()
    asked = asked or call.request.headers.get("x-openstack-nova-api-version", "2.1")
    newest = tuple(map(int, NEWEST.split(".")))
    if asked == "latest":
        return newest[0], newest[1]
    major, minor = (whole_number(number) for number in asked.partition(".")[::2])
    if major is None or minor is None or not (2, 1) <= (major, minor) <= newest:
        raise ApiError(406, f"Version {asked} is not supported by the API. Minimum is 2.1 and maximum is {NEWEST}.")
    return major, minor
